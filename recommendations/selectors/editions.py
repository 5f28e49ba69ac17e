"""Editions: their hash, and what one reader sees of them, without what they can no longer see."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from recommendations.choices import EventKind, Status
from recommendations.choices.update_fields import named_today
from recommendations.models import Citation, Edition, Event, StatusUpdate, User
from recommendations.selectors.as_of import report_as_of

# What an edition stores of where a part stood.
STANDING = ("status", "confidence", "movement", "split")

# A part of the JSON of an edition, as ``services.editions`` stored it, or as a reader is shown it. What is in
# it depends on the version that froze it.
type Part = dict[str, Any]


def edition_for(edition: Edition, person: User) -> list[Part]:
    """Return the recommendations of an edition with their dates as dates. Seven statements.

    What is stored is never changed. For an evidence item, it holds only the key; title, source and place are
    today's. They are left out with the item for people who cannot see it now, or for everybody once it is
    removed; ``closed`` counts these items. ``is_there`` says whether an update can be opened. ``is_told``
    says whether the status of a part is shown: not if it is based on an update that the edition does not
    hold, and that did not count by a reviewer's word when it was frozen. ``is_dated`` says whether the day
    of its last verification is shown: only if today's rule finds the
    same day, since an edition frozen while restricted checks counted can hold a day that nobody can see.
    What an edition shows outside is read by ``editions_outside``.
    """
    named = {part["update"]["key"] for part in _parts(edition) if part["update"]}
    there = StatusUpdate.objects.visible_to(person).filter(key__in=named).values_list("key", flat=True)
    cited = Citation.objects.visible_to(person).filter(update__key__in=named, evidence__removed_at=None)
    reading = _Reading(
        updates={str(key) for key in there},
        citations={
            (str(one.update.key), str(one.evidence.key)): one
            for one in cited.select_related("evidence", "update")
        },
        verified=_verified(edition, person),
    )
    return [_shown(one, reading) for one in edition.content["recommendations"]]


@dataclass(frozen=True)
class _Reading:
    """What one reader can open today of what an edition names."""

    updates: set[str]
    citations: dict[tuple[str, str], Citation]
    # (reference, words of the ask or None) -> the day, of what counts.
    verified: dict[tuple[str, str | None], str | None]

    def open(self, update: Part, held: Part) -> Part | None:
        """Return what can be shown of a citation that the edition holds; None when it is closed."""
        one = self.citations.get((update["key"], held["evidence"]))
        if one is None:
            return None
        words = {"title": one.evidence.title, "source": one.evidence.source, "locator": one.locator}
        return {**held, **words}


def _verified(edition: Edition, person: User) -> dict[tuple[str, str | None], str | None]:
    """Return when each part was last verified by then, as an ISO date, by updates that count."""
    found: dict[tuple[str, str | None], str | None] = {}
    for row in report_as_of(edition.report, edition.known_until, person):
        for part in [row.whole, *row.asks]:
            day = part.derived.last_verified_on
            words = part.ask.words if part.ask else None
            found[row.recommendation.reference, words] = day.isoformat() if day else None
    return found


def _parts(edition: Edition) -> Iterator[Part]:
    for one in edition.content["recommendations"]:
        yield one
        yield from one["asks"]


def _shown(part: Part, reading: _Reading, reference: str | None = None) -> Part:
    name = (reference or part["reference"], part["words"] if reference else None)
    part = named_today(part)
    update, closed = part["update"], 0
    if update:
        held = update["citations"]
        kept = [told for told in (reading.open(update, one) for one in held) if told]
        closed = len(held) - len(kept)
        update = {
            **update,
            "citations": kept,
            "as_of": _day(update["as_of"]),
            "is_there": update["key"] in reading.updates,
        }
    asks = [_shown(ask, reading, part["reference"]) for ask in part.get("asks", [])]
    is_told = _is_told(part, update, asks)
    is_dated = is_told and name in reading.verified and reading.verified[name] == part["last_verified_on"]
    told = {name: part[name] for name in STANDING if name in part} if is_told else {}
    return {
        **{name: value for name, value in part.items() if name not in STANDING},
        **told,
        "is_told": is_told,
        "update": update,
        "closed": closed,
        "is_dated": is_dated,
        "last_verified_on": _day(part["last_verified_on"]) if is_dated else None,
        "looked_on": _day(part.get("looked_on")) if is_dated else None,
        "asks": asks,
    }


def _is_told(part: Part, update: Part | None, asks: list[Part]) -> bool:
    """Say whether the status of a part can be shown: what it is based on is, or counts though restricted."""
    untouched = part["status"] == Status.NOT_ASSESSED
    is_based = bool(update) or untouched or part.get("reason_is_restricted", False)
    return is_based and all(ask["is_told"] for ask in asks)


def _day(iso: str | None) -> date | None:
    return date.fromisoformat(iso) if iso else None


def digest(content: Part) -> str:
    """Return the SHA-256 of the content of an edition, as canonical JSON."""
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def breaches() -> Iterator[str]:
    """Yield editions whose content is not what was frozen: by its own hash, or by the event of that day."""
    recorded = {
        (event.report_id, event.payload.get("edition")): event.payload.get("sha256")
        for event in Event.objects.filter(kind=EventKind.EDITION, redacted_at=None)
    }
    for edition in Edition.objects.select_related("report").iterator():
        found = {digest(edition.content), recorded.get((edition.report_id, edition.number))}
        if found != {edition.sha256}:
            yield f"{edition.report.slug}, edition {edition.number}: it is not what was frozen."
