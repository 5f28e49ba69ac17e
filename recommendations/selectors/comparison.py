"""What a reviewer compares: the current status, the proposed one, and what approval would do."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from recommendations.choices.fields import Shape, UpdateField
from recommendations.choices.update_fields import BY_NAME, FIELDS
from recommendations.models import StatusUpdate, User
from recommendations.rules.following import fields_of, if_approved
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
    """What approval would do: whether the update would count for what it is about, and what follows.

    ``moves_whole`` says of an update about an ask that the whole recommendation moves with it; ``of_part``
    is the status of what it is about, which is not its own where it is a look, or is not the latest.
    """

    counts: bool
    of_part: str
    moves_whole: bool
    status: str
    split: dict[str, int]
    verified_on: date | None
    review_on: date


# The review page shows them beside the comparison.
ELSEWHERE = ("ask", "evidence")


def previous_of(update: StatusUpdate, person: User) -> StatusUpdate | None:
    """Return the approved update that ``update`` is read against, or None.

    It is the one that it corrects, else the latest of its kind in force. One that ``person`` cannot see
    does not count.
    """
    if update.corrects_id:
        wanted = StatusUpdate.objects.filter(pk=update.corrects_id)
    else:
        in_force = StatusUpdate.objects.in_force().filter(recommendation=update.recommendation_id)
        wanted = in_force.filter(kind=update.kind, ask=update.ask_id).exclude(pk=update.pk).newest_first()
    return wanted.visible_to(person).select_related("author", "approved_by").first()


def rows(update: StatusUpdate, previous: StatusUpdate | None) -> list[Row]:
    """Return the lines of the comparison with what ``previous_of`` found, empty ones left out."""
    compared = [one for one in FIELDS if update.kind in one.kinds and one.name not in ELSEWHERE]
    lines = [row_of(one, _value(one, previous), _value(one, update), _runs) for one in compared]
    return [row for row in lines if row.before or row.after]


def outcome(update: StatusUpdate) -> Outcome:
    """Return what approval of ``update`` would do: ``derive_status`` with it approved last."""
    recommendation = update.recommendation
    found = if_approved(update)
    place = found.by_ask[update.ask_id] if update.ask_id else found.whole
    fields = fields_of(recommendation, found)
    return Outcome(
        counts=place.current == update,
        of_part=place.status,
        moves_whole=bool(update.ask_id) and found.whole.status != recommendation.status,
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
