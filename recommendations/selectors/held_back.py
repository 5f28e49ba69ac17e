"""Public evidence that is not told outside yet: somebody changed it since a second person decided on it."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from recommendations.choices import EventKind, Sensitivity
from recommendations.models import (
    TOLD_FIELDS,
    Citation,
    Event,
    Evidence,
    HeldChange,
    Publication,
    Recommendation,
    StatusUpdate,
    User,
)
from recommendations.selectors.told_words import corrected_alone

# The level is told with the rest, since raising an item to public is what puts it outside.
SHOWN = ("sensitivity", *TOLD_FIELDS)


def told_items() -> QuerySet[Evidence]:
    """Return the items that can be told outside where a published update cites them."""
    public = Evidence.objects.filter(sensitivity=Sensitivity.PUBLIC, removed_at=None)
    return public.filter(~Exists(HeldChange.objects.waiting().filter(evidence=OuterRef("pk"))))


def is_cited_outside(item: Evidence) -> bool:
    """Say whether an update that is outside cites an item."""
    return Publication.objects.published().filter(update__citations__evidence=item).exists()


def fingerprint(item: Evidence) -> str:
    """Return what stands for all that is told of an item outside: another, once any of it is changed."""
    told = [str(getattr(item, name)) for name in (*TOLD_FIELDS, "url", "original_name")]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:32]


def told_fingerprint(update: StatusUpdate) -> str:
    """Return what stands for all that would be told with ``update``, as it is now: its public evidence, and
    the words of its recommendation.
    """
    cited = Citation.objects.filter(update=update, evidence__in=told_items()).select_related("evidence")
    words = Recommendation.objects.values_list("text", flat=True).get(pk=update.recommendation_id)
    told = [words, *sorted(f"{one.pk} {fingerprint(one.evidence)}" for one in cited)]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:32]


def told_has_changed() -> str:
    """Return the sentence for a person who would publish with it other things than they read."""
    return _(
        "The public evidence that this update cites, or the words of the recommendation, changed after you "
        "opened the page. Read it again, then decide."
    )


def changed_it_alone(update: StatusUpdate, person: User, since: datetime) -> str:
    """Return why ``person`` cannot publish ``update``: they changed what would be told with it since it was
    proposed, its evidence or the words of the report, and nobody else has read that. Empty when they did not.
    """
    if corrected_alone(update.recommendation, person.pk, since):
        return _(
            "After this was proposed, you brought a source version that corrected the words of the "
            "recommendation. Another reviewer has to publish it."
        )
    acts = Event.objects.filter(kind__in=[EventKind.EVIDENCE_CHANGED, EventKind.GRADED], actor=person)
    cited = Citation.objects.filter(update=update, evidence__in=told_items()).values("evidence")
    for act in acts.filter(evidence__in=cited, at__gte=since):
        if act.kind == EventKind.GRADED or {*SHOWN} & {*act.payload.get("fields", ())}:
            return _(
                "After this was proposed, you changed evidence that would be told with it. Another reviewer "
                "has to publish it."
            )
    return ""


@dataclass(frozen=True)
class Held:
    """An item that is held back, with what was changed of it by whom.

    ``before`` is the item as it was when it was told last, and ``fields`` what differs since. ``seen`` stands
    for this state of it.
    """

    item: Evidence
    changes: Sequence[HeldChange]
    before: Evidence
    fields: Sequence[str]

    @property
    def seen(self) -> str:
        return str(max(change.pk for change in self.changes))

    @property
    def lines(self) -> list[tuple[str, str, str]]:
        """What was changed: (label, as it was, as it is now)."""
        return [
            (
                capfirst(str(_field(name).verbose_name)),
                _words(self.before, name),
                _words(self.item, name),
            )
            for name in self.fields
        ]

    @property
    def changed_by(self) -> list[User]:
        """Who changed it, each once, the first first."""
        return list(dict.fromkeys(change.changed_by for change in self.changes))


def _field(name: str) -> Any:  # Django's type of a field may be a relation, which none of these is
    return Evidence._meta.get_field(name)


def _words(item: Evidence, name: str) -> str:
    value = getattr(item, name)
    if isinstance(value, date):
        return date_format(value, "j M Y")
    shown = getattr(item, f"get_{name}_display", None)
    return str(shown() if shown else value or "–")


def held_of(update: StatusUpdate) -> QuerySet[Citation]:
    """Return the citations of an update that are not told with it, since their public items are held back."""
    public = Evidence.objects.filter(sensitivity=Sensitivity.PUBLIC, removed_at=None)
    cited = Citation.objects.told().filter(update=update, evidence__in=public)
    cited = cited.exclude(evidence__in=told_items())
    return cited.select_related("evidence")


def held_items(person: User) -> list[Held]:
    """Return what ``person`` sees, a published update cites, and is held back; the longest wait first."""
    changes = HeldChange.objects.visible_to(person).waiting()
    public = changes.filter(evidence__sensitivity=Sensitivity.PUBLIC, evidence__removed_at=None)
    published = Publication.objects.published().values("update")
    cited = public.filter(evidence__citations__update__in=published).distinct()
    return _held(cited.select_related("evidence", "changed_by").order_by("changed_at", "pk"))


def held(item: Evidence) -> Held | None:
    """Return what is held back of an item that a published update cites; None where nothing is."""
    if item.sensitivity != Sensitivity.PUBLIC or item.is_removed or not is_cited_outside(item):
        return None
    changes = item.held_changes.waiting().select_related("evidence", "changed_by")
    return next(iter(_held(changes.order_by("changed_at", "pk"))), None)


def _held(changes: Iterable[HeldChange]) -> list[Held]:
    by_item: dict[int, list[HeldChange]] = {}
    for change in changes:
        by_item.setdefault(change.evidence_id, []).append(change)
    return [_one(found) for found in by_item.values()]


def _one(changes: Sequence[HeldChange]) -> Held:
    item, before = changes[0].evidence, Evidence()
    for name in SHOWN:
        setattr(before, name, getattr(item, name))
    for change in reversed(changes):
        for name, value in change.before.items():
            setattr(before, name, _field(name).to_python(value))
    fields = [name for name in SHOWN if getattr(before, name) != getattr(item, name)]
    return Held(item, changes, before, fields)
