"""Editions: their hash, and what one reader sees of them, less what was closed to them since."""

import hashlib
import json
from datetime import date

from recommendations.choices import EventKind, Sensitivity
from recommendations.models import Edition, Event, Evidence


def edition_for(edition, person, *, only_public=False):
    """Return the recommendations of an edition with their dates as dates.

    What is stored is never changed. An item of evidence that was restricted after the edition was frozen
    is left out for those who may not see it now, one that was removed for all; ``closed`` counts them.

    Args:
        only_public: leave out what was internal or is by now, as a reader outside would have to, and who
            wrote and approved.
    """
    named = {cited["evidence"] for part in _parts(edition) for cited in _citations(part)}
    seen = Evidence.objects.visible_to(person).filter(key__in=named, removed_at=None)
    if only_public:
        seen = seen.filter(sensitivity=Sensitivity.PUBLIC)
    open_now = {str(key) for key in seen.values_list("key", flat=True)}
    return [_shown(one, open_now, only_public) for one in edition.content["recommendations"]]


def _parts(edition):
    for one in edition.content["recommendations"]:
        yield one
        yield from one["asks"]


def _citations(part):
    return part["update"]["citations"] if part["update"] else []


def _shown(part, open_now, only_public):
    update, closed = part["update"], 0
    if update and only_public and update["sensitivity"] != Sensitivity.PUBLIC:
        update = None
    if update:
        cited = update["citations"]
        if only_public:
            cited = [one for one in cited if one["sensitivity"] == Sensitivity.PUBLIC]
        kept = [one for one in cited if one["evidence"] in open_now]
        closed = len(cited) - len(kept)
        note = "" if only_public else update["internal_note"]
        update = {**update, "citations": kept, "internal_note": note, "as_of": _day(update["as_of"])}
    return {
        **part,
        "update": update,
        "closed": closed,
        "last_verified_on": _day(part["last_verified_on"]),
        "asks": [_shown(ask, open_now, only_public) for ask in part.get("asks", [])],
    }


def _day(iso):
    return date.fromisoformat(iso) if iso else None


def digest(content):
    """Return the SHA-256 of the content of an edition, as canonical JSON."""
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def breaches():
    """Yield editions whose content is not what was frozen: by its own hash, or by the event of that day."""
    recorded = {
        (event.report_id, event.payload.get("edition")): event.payload.get("sha256")
        for event in Event.objects.filter(kind=EventKind.EDITION, redacted_at=None)
    }
    for edition in Edition.objects.select_related("report").iterator():
        found = {digest(edition.content), recorded.get((edition.report_id, edition.number))}
        if found != {edition.sha256}:
            yield f"{edition.report.slug}, edition {edition.number}: it is not what was frozen."
