"""What the cast does, in one call each: write, submit, decide, add evidence."""

import uuid
from datetime import UTC, datetime, time, timedelta

from recommendations.choices import Decision, Sensitivity, Status, UpdateKind
from recommendations.models import Evidence, Grant
from recommendations.services import reviews, updates
from tests.support.cast import NOW

AS_OF = NOW.date() - timedelta(days=3)


def evidence(person, title="Statement", *, sensitivity=Sensitivity.INTERNAL, source="", origin=""):
    """Add a link as evidence."""
    return Evidence.objects.create(
        form="link",
        title=title,
        url="https://example.org/statement",
        sensitivity=sensitivity,
        source=source,
        origin=origin,
        uploaded_by=person,
        uploaded_at=NOW,
    )


def write(author, recommendation, *, cites=(), as_of=AS_OF, places=("KCNA",), key=None, **fields):
    """Write a draft of an assessment; ``cites`` are evidence items, ``places`` names of places."""
    return updates.save_draft(
        author=author,
        recommendation=recommendation,
        key=key or uuid.uuid4(),
        now=at_noon(as_of),
        fields={
            "kind": UpdateKind.ASSESSMENT,
            "as_of": as_of,
            "status": Status.NO_ACTION,
            "confidence": "medium",
            "direction": "same",
            "reason": "Nothing was published.",
            **fields,
        },
        places=[(place, as_of) for place in places],
        citations=[(item, "supports", "") for item in cites],
    )


def submit(author, recommendation, **fields):
    """Write and submit an assessment."""
    update = write(author, recommendation, **fields)
    return updates.submit(update=update, actor=author, now=at_noon(update.as_of))


def approve(author, recommendation, *, reviewer, **fields):
    """Write, submit and approve an assessment. Returns the update as it is then."""
    update = submit(author, recommendation, **fields)
    reviews.decide(update=update, reviewer=reviewer, decision=Decision.APPROVE, now=at_noon(update.as_of))
    update.refresh_from_db()
    recommendation.refresh_from_db()
    return update


def grant(person, *, update=None, evidence=None):
    """Let a person in on a restricted update or item."""
    return Grant.objects.create(
        person=person,
        update=update,
        evidence=evidence,
        granted_by=(update.author if update else evidence.uploaded_by),
        granted_at=NOW,
        reason="Reviews it.",
    )


def approve_restricted(author, recommendation, *, reviewer, **fields):
    """Write and submit a restricted assessment, let its reviewer in on it, and have it approved."""
    update = submit(author, recommendation, sensitivity=Sensitivity.RESTRICTED, **fields)
    grant(reviewer, update=update)
    reviews.decide(update=update, reviewer=reviewer, decision=Decision.APPROVE, now=at_noon(update.as_of))
    recommendation.refresh_from_db()
    update.refresh_from_db()
    return update


def check(author, recommendation, *, reviewer, as_of=AS_OF, places=("KCNA",), note=""):
    """Record a check and have it approved."""
    update = updates.record_check(
        author=author,
        recommendation=recommendation,
        key=uuid.uuid4(),
        as_of=as_of,
        places=[(place, as_of) for place in places],
        internal_note=note,
        now=at_noon(as_of),
    )
    reviews.decide(update=update, reviewer=reviewer, decision=Decision.APPROVE, now=at_noon(as_of))
    recommendation.refresh_from_db()
    return update


def send_back(author, recommendation, *, reviewer, comment, **fields):
    """Write and submit an assessment, and have it returned."""
    update = submit(author, recommendation, **fields)
    reviews.decide(
        update=update,
        reviewer=reviewer,
        decision=Decision.RETURN,
        comment=comment,
        now=at_noon(update.as_of),
    )
    update.refresh_from_db()
    return update


def at_noon(day):
    """Return noon of a day, in UTC."""
    return datetime.combine(day, time(12), tzinfo=UTC)
