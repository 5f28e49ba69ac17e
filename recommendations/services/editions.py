"""A manager freezes a report under a name: what it says at that time stays readable at its address."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from recommendations.audit import log
from recommendations.choices import EventKind, Role, Sensitivity
from recommendations.choices.fields import Place
from recommendations.choices.update_fields import listed_at
from recommendations.errors import Refused
from recommendations.models import Citation, Edition, Report, StatusUpdate, User
from recommendations.models.locking import locked
from recommendations.rules.dates import day_ends
from recommendations.selectors.as_of import Part, Row, report_as_of
from recommendations.selectors.editions import digest


@transaction.atomic
def freeze(*, report: Report, actor: User, name: str, as_of: date, now: datetime) -> Edition:
    """Freeze a report as it stood at the end of a day, or as it stands now if the day is today.

    An edition holds what is public or internal, and of restricted updates that count only where things stand,
    whatever its maker can see: every member can read it.

    Args:
        actor: a manager.
        name: its name, such as "Before the Council's session".
        as_of: a day up to today, in the actor's time zone.

    Returns: the edition; the last one if it has the same name, day and content, as after a double click:
    an edition is never removed. Raises: Refused when the actor is not allowed to; ValidationError per field.
    """
    if not actor.has_role(Role.MANAGER):
        raise Refused(_("Only managers can freeze editions."))
    report = locked(report)
    name = " ".join(name.split())
    if not name:
        raise ValidationError({"name": _("Enter a name for the edition.")})
    known_until, content = as_it_stood(report=report, actor=actor, as_of=as_of, now=now)
    last = report.editions.order_by("-number").first()
    if last and (last.name, last.as_of, last.sha256) == (name, as_of, digest(content)):
        return last
    edition = Edition.objects.create(
        report=report,
        number=last.number + 1 if last else 1,
        name=name,
        as_of=as_of,
        known_until=known_until,
        content=content,
        sha256=digest(content),
        frozen_at=now,
        frozen_by=actor,
    )
    log.record(
        EventKind.EDITION, now=now, actor=actor, report=report, edition=edition.number, sha256=edition.sha256
    )
    return edition


def as_it_stood(
    *, report: Report, actor: User, as_of: date, now: datetime
) -> tuple[datetime, dict[str, Any]]:
    """Return (until when things were known, what an edition holds). Raises: ValidationError for the day."""
    if as_of > actor.today(now):
        raise ValidationError({"as_of": _("This day is in the future. Enter today or an earlier day.")})
    known_until = min(day_ends(as_of, actor.zone), now)
    rows = report_as_of(report, known_until, actor)
    if not rows:
        raise ValidationError(
            {"as_of": _("The report had not been imported by that day. Enter a later day.")}
        )
    return known_until, {"report": str(report), "recommendations": [_recommendation(row) for row in rows]}


def _recommendation(row: Row) -> dict[str, Any]:
    recommendation = row.recommendation
    return {
        "reference": recommendation.reference,
        "position": recommendation.position,
        "title": recommendation.short_title,
        "text": recommendation.text,
        "split": row.split,
        **_part(row.whole),
        "asks": [
            {"title": part.ask.title, "words": part.ask.words, **_part(part)} for part in row.asks if part.ask
        ],
    }


def _part(part: Part) -> dict[str, Any]:
    fields, update = dict[str, Any](part.derived.fields()), part.update
    del fields["current_update"]
    for day in ("last_verified_on", "looked_on"):
        fields[day] = _iso(fields[day])
    open_update = update if update and update.sensitivity != Sensitivity.RESTRICTED else None
    return {
        **fields,
        "update": _update(open_update, part.citations) if open_update else None,
        "reason_is_restricted": bool(part.derived.current and not open_update),
    }


def _update(update: StatusUpdate, citations: Iterable[Citation]) -> dict[str, Any]:
    return {
        "key": str(update.key),
        "as_of": _iso(update.as_of),
        "author": str(update.author),
        "approved_by": str(update.approved_by),
        "is_example": update.is_example,
        **{field.name: field.as_json(getattr(update, field.name)) for field in listed_at(Place.EDITION)},
        "citations": [
            {
                # No word of the item, since it may be restricted or removed later, and this is never changed.
                "evidence": str(citation.evidence.key),
                "stance": citation.stance,
                "sensitivity": citation.evidence.sensitivity,
            }
            for citation in citations
            if citation.evidence.sensitivity != Sensitivity.RESTRICTED
        ],
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
