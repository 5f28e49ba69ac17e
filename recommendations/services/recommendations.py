"""What reviewers set on a recommendation: who owns it, and what we call it."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any, TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from recommendations.audit import log
from recommendations.choices import EventKind, Role
from recommendations.errors import Refused
from recommendations.models import Recommendation, User
from recommendations.models.locking import locked
from recommendations.rules.answering import NEEDS
from recommendations.rules.conflicts import merged, values_of


def _locked_for(actor: User, recommendation: Recommendation) -> Recommendation:
    if not actor.has_role(Role.REVIEWER):
        raise Refused(_("Only reviewers and managers can change owners and titles."))
    return locked(recommendation)


def _merged(
    recommendation: Recommendation, actor: User, kind: EventKind, seen: Mapping[str, str] | None, **given: Any
) -> dict[str, Any]:
    """Return the values to write; somebody else's change stays where this person changed nothing."""
    return merged(
        given,
        current=values_of(recommendation, given),
        seen=seen,
        by=lambda: log.last_actor(kind, recommendation=recommendation),
        actor=actor,
    )


class People(TypedDict, total=False):
    """Who answers for a recommendation; None for nobody."""

    owner: User | None
    deputy: User | None
    reviewer: User | None


@transaction.atomic
def assign(
    *,
    recommendation: Recommendation,
    actor: User,
    now: datetime,
    seen: Mapping[str, str] | None = None,
    **people: Unpack[People],
) -> Recommendation:
    """Name the owner, the deputy, and the reviewer who is told first when a review is long overdue.

    Args:
        people: those to name; who is left out stays.
        seen: here and below, what the form showed, for ``conflicts.merged``.

    Raises: Refused when the actor is not allowed to; EditConflict; ValidationError per
    field.
    """
    recommendation = _locked_for(actor, recommendation)
    given = _merged(recommendation, actor, EventKind.ASSIGNED, seen, **people)
    if given == values_of(recommendation, given):
        return recommendation
    for name, person in given.items():
        setattr(recommendation, name, person)
        role, sentence = NEEDS[name]
        if person and not person.has_role(role):
            raise ValidationError({name: sentence % {"name": person}})
    if recommendation.owner and recommendation.owner == recommendation.deputy:
        raise ValidationError({"deputy": _("The deputy must be somebody other than the owner.")})
    recommendation.save(update_fields=list(given))
    named = {name: getattr(recommendation, f"{name}_id") for name in NEEDS}
    log.record(EventKind.ASSIGNED, now=now, actor=actor, recommendation=recommendation, **named)
    return recommendation


@transaction.atomic
def retitle(
    *,
    recommendation: Recommendation,
    actor: User,
    short_title: str,
    pillar: str,
    now: datetime,
    nature: str = "",
    seen: Mapping[str, str] | None = None,
) -> Recommendation:
    """Set the short title, the pillar and the nature, which are ours; the verbatim text is never changed.

    Args:
        nature: of ``Nature``; empty leaves it.

    Raises: Refused when the actor is not allowed to; EditConflict; ValidationError when
    empty.
    """
    recommendation = _locked_for(actor, recommendation)
    given = {"short_title": short_title, "pillar": pillar, "nature": nature or recommendation.nature}
    before = values_of(recommendation, given)
    kinds = (EventKind.RETITLED, EventKind.NATURE_CHANGED)
    by = partial(log.last_actor, *kinds, recommendation=recommendation)
    after = merged(given, current=before, seen=seen, by=by, actor=actor)
    if not after["short_title"].strip():
        raise ValidationError({"short_title": _("Enter a short title.")})
    for name, value in after.items():
        setattr(recommendation, name, value)
    recommendation.save(update_fields=list(after))
    record = partial(log.record, now=now, actor=actor, recommendation=recommendation)
    if (before["short_title"], before["pillar"]) != (after["short_title"], after["pillar"]):
        title = {"before": before["short_title"], "after": after["short_title"]}
        record(EventKind.RETITLED, **title, pillar=after["pillar"])
    if before["nature"] != after["nature"]:
        record(EventKind.NATURE_CHANGED, before=before["nature"], after=after["nature"])
    return recommendation
