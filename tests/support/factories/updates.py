"""Updates: written, submitted, decided on; checks; who is let in on what is restricted."""

import uuid

from recommendations.choices import (
    Confidence,
    Decision,
    Extent,
    GovernmentAnswer,
    Movement,
    Sensitivity,
    Status,
    UpdateKind,
    UpdateState,
)
from recommendations.models import Grant, StatusUpdate
from recommendations.services import reviews, updates
from tests.support.factories.moments import AS_OF, DAY, NOW, at_noon


def write(
    author,
    recommendation,
    now=None,
    *,
    kind=UpdateKind.ASSESSMENT,
    as_of=None,
    cites=(),
    citations=(),
    places=("KCNA",),
    key=None,
    **fields,
):
    """Write a draft with all that it needs: an assessment, unless another kind is asked for.

    Args:
        now: when it is written; noon of the day as of which it speaks, unless said.
        as_of: the day before ``now``, or ``AS_OF``, unless said.
        cites: evidence items that support it.
        citations: (evidence item, stance, where in it).
        places: names of the places that were looked at on that day.
    """
    if fields.get("government_claim"):
        fields.setdefault("government_answer", GovernmentAnswer.CLAIMS)
    as_of = as_of or ((now - DAY).date() if now else AS_OF)
    assessed = {
        "status": Status.NO_ACTION,
        "confidence": Confidence.MEDIUM,
        "movement": Movement.SAME,
        "reason": "Nothing was published.",
    }
    return updates.save_draft(
        author=author,
        recommendation=recommendation,
        key=key or uuid.uuid4(),
        now=now or at_noon(as_of),
        fields={
            "kind": kind,
            "as_of": as_of,
            **(assessed if kind == UpdateKind.ASSESSMENT else {}),
            **fields,
        },
        places=[(place, as_of) for place in places],
        citations=[*((item, "supports", "") for item in cites), *citations],
    )


def submit(author, recommendation, now=None, **fields):
    """Write and submit an update. See ``write``."""
    update = write(author, recommendation, now, **fields)
    return updates.submit(update=update, actor=author, now=now or at_noon(update.as_of))


def decide(
    update,
    reviewer,
    decision=Decision.APPROVE,
    *,
    now=None,
    comment="",
    extent=Extent.NOTHING,
    earlier="",
    counts=False,
):
    """Have a submitted update decided on: approved, and nothing of it published, unless told.

    Args: ``counts`` lets a restricted one count. Returns: the update as it is then.
    """
    now, outside = now or at_noon(update.as_of), reviews.Outside(extent, earlier)
    said = {"comment": comment, "outside": outside, "counts": counts}
    reviews.decide(update=update, reviewer=reviewer, decision=decision, now=now, **said)
    update.refresh_from_db()
    return update


def approve(author, recommendation, now=None, *, reviewer, extent=Extent.NOTHING, earlier="", **fields):
    """Write, submit and approve an update. Returns: the update as it is then; the recommendation follows."""
    fields.setdefault("proposed_extent", extent)
    update = submit(author, recommendation, now, **fields)
    update = decide(update, reviewer, now=now, extent=extent, earlier=earlier)
    recommendation.refresh_from_db()
    return update


def publish(author, recommendation, now=None, *, reviewer, extent=Extent.WORDS_AND_STATUS, **fields):
    """Write, submit and approve an update, and publish it whole, unless told. See ``approve``."""
    fields.setdefault("public_text", "Seen by all.")
    return approve(author, recommendation, now, reviewer=reviewer, extent=extent, **fields)


def approve_restricted(author, recommendation, now=None, *, reviewer, counts=False, **fields):
    """Write and submit a restricted assessment, let its reviewer in on it, and have it approved.

    Args: ``counts`` lets it count; ``extent`` and ``earlier`` are of ``decide``.
    """
    outside = {name: fields.pop(name) for name in ("extent", "earlier") if name in fields}
    fields.setdefault("proposed_extent", outside.get("extent", Extent.NOTHING))
    update = submit(author, recommendation, now, sensitivity=Sensitivity.RESTRICTED, **fields)
    grant(reviewer, update=update)
    decide(update, reviewer, now=now, counts=counts, **outside)
    recommendation.refresh_from_db()
    return update


def hide(update):
    """Make an approved update restricted, as one is that nobody let count."""
    StatusUpdate.objects.filter(pk=update.pk).update(
        sensitivity=Sensitivity.RESTRICTED, counts_at=None, counts_by=None
    )


def send_back(author, recommendation, *, reviewer, comment, **fields):
    """Write and submit an assessment, and have it returned."""
    return decide(submit(author, recommendation, **fields), reviewer, Decision.RETURN, comment=comment)


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


def grant(person, *, update=None, evidence=None, reason="Reviews it."):
    """Let a person in on a restricted update or item."""
    return Grant.objects.create(
        person=person,
        update=update,
        evidence=evidence,
        granted_by=(update.author if update else evidence.uploaded_by),
        granted_at=NOW,
        reason=reason,
    )


def unsaved_assessment(recommendation_id, team, days):
    """Return an approved assessment that is not saved yet."""
    return StatusUpdate(
        key=uuid.uuid4(),
        recommendation_id=recommendation_id,
        kind=UpdateKind.ASSESSMENT,
        state=UpdateState.APPROVED,
        status=Status.NO_ACTION,
        author=team["author"],
        as_of=(NOW - days * DAY).date(),
        created_at=NOW,
        changed_at=NOW,
        approved_at=NOW,
        approved_by=team["reviewer"],
        counts_at=NOW,
        counts_by=team["reviewer"],
    )
