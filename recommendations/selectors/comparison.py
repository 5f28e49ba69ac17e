"""What a reviewer compares: the current status, the proposed one, and what approval would do."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from recommendations.choices.fields import Shape, UpdateField
from recommendations.choices.update_fields import BY_NAME, FIELDS
from recommendations.models import StatusUpdate, User
from recommendations.rules.following import answers_of, fields_of, if_counted
from recommendations.text.diff import Run, word_runs


@dataclass(frozen=True)
class Row:
    """One line of the comparison; ``look`` says how it is shown, ``inside`` that only the team reads it."""

    name: str
    label: str
    look: str
    before: object
    after: object
    inside: bool = False
    runs: list[Run] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        """Whether something was there before and is different now."""
        return self.before != self.after


@dataclass(frozen=True)
class Outcome:
    """What approval would do: whether the update would decide about its subject, and what follows.

    ``moves_whole`` says of a recommendation with asks that the whole of it moves with the update; ``of_part``
    is the status of what it is about, which is not its own where it is a look, or is not the latest.
    """

    decides: bool
    of_part: str
    moves_whole: bool
    status: str
    split: dict[str, int]
    verified_on: date | None
    review_on: date


@dataclass(frozen=True)
class Repeated:
    """The finding that an update was begun with, if the reader can see it, and if its reason is the same."""

    reference: str
    finding: StatusUpdate | None
    is_same: bool


# The review page shows them beside the comparison.
ELSEWHERE = ("ask", "evidence")


def previous_of(update: StatusUpdate, person: User) -> StatusUpdate | None:
    """Return the approved update that ``update`` is read against, or None.

    It is the one that it corrects, else the latest of its kind in force; None if ``person`` cannot see it.
    """
    shown = StatusUpdate.objects.visible_to(person).select_related("author", "approved_by")
    return shown.filter(pk=compared_with(update) or 0).first()


def hides_previous(update: StatusUpdate, previous: StatusUpdate | None) -> bool:
    """Say whether something counts that ``update`` is read against, and is not shown: it is restricted."""
    return previous is None and StatusUpdate.objects.counting().filter(pk=compared_with(update) or 0).exists()


def repeated_by(update: StatusUpdate, person: User) -> Repeated | None:
    """Return the finding of an earlier report with which ``update`` was begun; None without one.

    Of a finding that ``person`` cannot see there is the reference alone, which the history tells too.
    """
    if not update.repeats_id:
        return None
    rows = StatusUpdate.objects.filter(pk=update.repeats_id)
    reference = rows.values_list("recommendation__reference", flat=True).get()
    finding = StatusUpdate.objects.visible_to(person).filter(pk=update.repeats_id).first()
    return Repeated(reference, finding, bool(finding and finding.reason.split() == update.reason.split()))


def compared_with(update: StatusUpdate) -> int | None:
    """Return the primary key of what an update is read against, whoever can see it; None for nothing."""
    if update.corrects_id:
        return update.corrects_id
    in_force = StatusUpdate.objects.in_force().filter(recommendation=update.recommendation_id)
    wanted = in_force.filter(kind=update.kind, ask=update.ask_id).exclude(pk=update.pk).newest_first()
    return wanted.values_list("pk", flat=True).first()


def rows(update: StatusUpdate, previous: StatusUpdate | None) -> list[Row]:
    """Return the lines of the comparison with what ``previous_of`` found, empty ones left out."""
    compared = [one for one in FIELDS if update.kind in one.kinds and one.name not in ELSEWHERE]
    lines = [row_of(one, _value(one, previous), _value(one, update), _runs) for one in compared]
    return [row for row in lines if row.before or row.after]


def outcome(update: StatusUpdate) -> Outcome:
    """Return what approval of ``update`` would do if it counts: ``derive_status`` with it approved last."""
    recommendation = update.recommendation
    found = if_counted(update)
    place = found.by_ask[update.ask_id] if update.ask_id else found.whole
    fields = fields_of(recommendation, found, answers_of(recommendation, found))
    return Outcome(
        decides=place.current == update,
        of_part=place.status,
        moves_whole=bool(found.split) and found.whole.status != recommendation.status,
        status=found.whole.status,
        split=found.split,
        verified_on=fields["last_verified_on"],
        review_on=fields["next_review_on"],
    )


def row_of(
    one: UpdateField, before: Any, after: Any, runs_of: Callable[[str, str], list[Run]] = word_runs
) -> Row:
    runs = runs_of(before, after) if one.shape is Shape.TEXT else []
    if one.look == "plain":
        before, after = one.in_words(before), one.in_words(after)
    return Row(one.name, str(one.label), one.look, before, after, one.inside, runs)


def _runs(before: str, after: str) -> list[Run]:
    """Return the runs of words; if there was nothing before, nothing is marked as new."""
    return word_runs(before, after) if before else [("same", after)] if after else []


def _value(one: UpdateField, update: StatusUpdate | None) -> Any:
    if update is None:
        return ""
    if one.name == "places":
        return [(row.place, row.looked_on) for row in update.places.all()]
    return getattr(update, one.name)


def label_of(name: str) -> str:
    """Return what a field of an update is called, its evidence and places among them, as its page does."""
    return str(BY_NAME[name].label)
