"""What a reviewer compares: where a recommendation stands, what is proposed, and what approval would do."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from recommendations.choices import Sensitivity
from recommendations.models import StatusUpdate
from recommendations.rules.status import approved_of, asks_of, derive_status, fields_of
from recommendations.text.diff import word_runs


@dataclass(frozen=True)
class Row:
    """One line of the comparison; ``look`` says how the template shows it."""

    name: str
    label: str
    look: str
    before: object
    after: object
    runs: list = field(default_factory=list)

    @property
    def changed(self):
        """Whether something was there before and is different now."""
        return self.before != self.after


@dataclass(frozen=True)
class Outcome:
    """What approval would do: whether the update would count for what it is about, and what follows."""

    counts: bool
    status: str
    split: dict
    verified_on: date | None
    review_on: date


def previous_of(update, person):
    """Return the approved update that ``update`` is read against, or None.

    It is the one that it corrects, else the latest of its kind that stands. One that ``person`` may not
    see is as if it were not there.
    """
    if update.corrects_id:
        wanted = StatusUpdate.objects.filter(pk=update.corrects_id)
    else:
        in_force = StatusUpdate.objects.in_force().filter(recommendation=update.recommendation_id)
        wanted = in_force.filter(kind=update.kind, ask=update.ask_id).exclude(pk=update.pk).newest_first()
    return wanted.visible_to(person).select_related("author", "approved_by").first()


def rows(update, previous):
    """Return the lines of the comparison, empty ones left out.

    Args:
        update: what is proposed.
        previous: the approved update it is read against, or None.
    """
    lines = [_plain(update, previous, name, look) for name, look in _plain_fields(update)]
    lines.append(_places(update, previous))
    lines += [_words(update, previous, name) for name in _text_fields(update)]
    if update.is_assessment:
        lines.insert(-2, _plain(update, previous, "claimed_status", "status"))
    return [row for row in lines if row.before or row.after]


def outcome(update):
    """Return what approval of ``update`` would do: ``derive_status`` with it among the approved."""
    recommendation = update.recommendation
    approved = [one for one in approved_of(recommendation) if one.pk != update.pk]
    proposed = [] if update.sensitivity == Sensitivity.RESTRICTED else [update]
    found = derive_status([*approved, *proposed], *asks_of(recommendation))
    place = found.by_ask[update.ask_id] if update.ask_id else found.whole
    fields = fields_of(recommendation, found)
    return Outcome(
        counts=place.current == update,
        status=found.whole.status,
        split=found.split,
        verified_on=fields["last_verified_on"],
        review_on=fields["next_review_on"],
    )


def _plain_fields(update):
    if update.is_assessment:
        return [
            ("status", "status"),
            ("confidence", "confidence"),
            ("direction", "direction"),
            ("as_of", "day"),
            ("sensitivity", "sensitivity"),
        ]
    return [("as_of", "day"), ("sensitivity", "sensitivity")]


def _text_fields(update):
    if update.is_assessment:
        return ["reason", "government_claim", "public_text", "internal_note"]
    return ["public_text", "internal_note"]


def label_of(name):
    """Return what a field of an update is called, its evidence and places among them, as its page does."""
    others = {
        "ask": _("What it is about"),
        "evidence": _("Evidence"),
        "places": _("Where we looked"),
        "public_text": _("What was found"),
        "sensitivity": _("Who may read it"),
    }
    described: Any = None if name in others else StatusUpdate._meta.get_field(name)
    return others.get(name) or capfirst(str(described.verbose_name))


def _plain(update, previous, name, look):
    before = getattr(previous, name) if previous else None
    return Row(name=name, label=label_of(name), look=look, before=before, after=getattr(update, name))


def _words(update, previous, name):
    before = getattr(previous, name) if previous else ""
    after = getattr(update, name)
    runs = word_runs(before, after) if before else [("same", after)] if after else []
    return Row(name=name, label=label_of(name), look="text", before=before, after=after, runs=runs)


def _places(update, previous):
    return Row(
        name="places",
        label=label_of("places"),
        look="places",
        before=[(row.place, row.looked_on) for row in previous.places.all()] if previous else [],
        after=[(row.place, row.looked_on) for row in update.places.all()],
    )
