"""Splitting a recommendation that bundles several asks: each ask is tied to its words in the text.

Splitting alone changes no status (``rules.status``). An ask is never deleted: one that should no longer count
is retired, and its updates stay in the history.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommendations.accounts import oversight
from recommendations.audit import log
from recommendations.choices import EventKind, Role, Sensitivity, Status
from recommendations.errors import Refused
from recommendations.importing.nature import nature_within
from recommendations.models import Ask, Recommendation, User
from recommendations.models.locking import locked, still_there
from recommendations.rules.conflicts import merged, values_of
from recommendations.rules.following import asks_of, follow
from recommendations.selectors.retiring import NOT_TOLD, retiring, told, told_with
from recommendations.text.spans import chosen_places

# What of an ask can be changed, and the event that says so.
CHANGED = {"title": EventKind.ASK_RENAMED, "nature": EventKind.NATURE_CHANGED}


@transaction.atomic
def add(
    *,
    recommendation: Recommendation,
    actor: User,
    title: str,
    words: str,
    now: datetime,
    start: int | None = None,
) -> Ask:
    """Split an ask off a recommendation.

    Args:
        actor: a reviewer.
        title: our name for it.
        words: the words of the text that it is tied to, as typed or chosen.
        start: where they begin, in characters of the text, if they were chosen there; it says which
            place is meant if the words are in the text several times.

    Raises: Refused when the actor is not allowed to; ValidationError per field when the words are not found,
    are in the text more than once, or belong to another ask, and when the ask would move the whole: that
    takes two people and a reason, and splitting has neither.
    """
    recommendation = _locked_for(actor, recommendation)
    before = recommendation.status
    told_before = told(told_with(recommendation, asks_of(recommendation)[0]))
    title = _titled(title)
    at, end = _place(words, recommendation, start)
    ask = Ask.objects.create(
        recommendation=recommendation,
        position=recommendation.asks.count() + 1,
        title=title,
        nature=nature_within(recommendation.text, at, end),
        start=at,
        end=end,
        created_at=now,
        created_by=actor,
    )
    follow(recommendation)
    _refuse_to_move(recommendation, before)
    _refuse_to_tell(recommendation, told_before)
    _record(EventKind.SPLIT, ask, [], actor, now, title=title, start=at, end=end)
    return ask


def _refuse_to_move(recommendation: Recommendation, before: str) -> None:
    """Refuse an ask that has moved the whole from the status ``before``. Raises: ValidationError."""
    if recommendation.status != before:
        words = _(
            "With this ask, the whole recommendation would move from “%(before)s” to “%(after)s”: the last "
            "assessment of the whole stands beside an ask without a finding. Log an assessment of the whole "
            "recommendation that says where it stands today. Then add the ask."
        )
        now_and_then = {"before": Status(before).label, "after": Status(recommendation.status).label}
        raise ValidationError({"words": words % now_and_then})


def _refuse_to_tell(recommendation: Recommendation, before: tuple[str, str]) -> None:
    """Refuse an ask that has brought another status outside; one may go. Raises: ValidationError."""
    after = told(told_with(recommendation, asks_of(recommendation)[0]))
    if after not in (before, NOT_TOLD):
        words = _(
            "With this ask, another status of the whole would be told outside: “%(after)s”. Withdraw what "
            "was published of it before, or publish where it stands today. Then add the ask."
        )
        raise ValidationError({"words": words % {"after": Status(after[0]).label}})


@transaction.atomic
def rename(
    *,
    ask: Ask,
    actor: User,
    title: str,
    now: datetime,
    nature: str = "",
    seen: Mapping[str, str] | None = None,
) -> Ask:
    """Give an ask another title, or correct its nature; its words stay.

    Args:
        nature: of ``Nature``; empty leaves it.
        seen: what the form showed, for ``conflicts.merged``.

    Raises: as ``add``; EditConflict.
    """
    recommendation = _locked_for(actor, ask.recommendation)
    ask = still_there(recommendation.asks.all(), ask.pk)
    given = {"title": _titled(title), "nature": nature or ask.nature}
    before, about = values_of(ask, given), {"recommendation": recommendation, "payload__ask": ask.pk}
    by = partial(log.last_actor, *CHANGED.values(), **about)
    after = merged(given, current=before, seen=seen, by=by, actor=actor)
    ask.title, ask.nature = after["title"], after["nature"]
    ask.save(update_fields=list(after))
    for name, kind in CHANGED.items():
        if before[name] != after[name]:
            _record(kind, ask, [], actor, now, before=before[name], after=after[name])
    return ask


@transaction.atomic
def retire(*, ask: Ask, actor: User, reason: str, now: datetime) -> Ask:
    """Retire an ask, so that it no longer counts; it and its updates stay in the history.

    One that has a finding, or without which the whole would stand elsewhere, inside or outside, waits for a
    second reviewer: that takes two people, as an approval does.

    Returns: the ask; one that is retired already, or proposed for it, as it is. Raises: Refused when the
    actor may not; ValidationError without a reason.
    """
    recommendation = _locked_for(actor, ask.recommendation)
    ask = still_there(recommendation.asks.all(), ask.pk)
    if ask.retired_at or ask.retire_proposed_at:
        return ask
    if not reason.strip():
        raise ValidationError({"reason": _("Say why it should no longer apply.")})
    ask.retire_reason = reason.strip()
    ask.recommendation = recommendation
    if not retiring(ask).takes_two:
        return _retire(ask, actor, now)
    ask.retire_proposed_by, ask.retire_proposed_at = actor, now
    ask.save(update_fields=["retire_reason", "retire_proposed_by", "retire_proposed_at"])
    _record(EventKind.ASK_RETIRING, ask, [], actor, now, reason=ask.retire_reason)
    return ask


@transaction.atomic
def confirm_retiring(*, ask: Ask, actor: User, now: datetime, seen: str | None = None) -> Ask:
    """Retire an ask that another reviewer has proposed to retire.

    Args:
        seen: ``Retiring.seen`` of what the actor read; None for who read nothing.

    Returns: the ask; one that is retired already as it is. Raises: Refused when the actor may not, when
    the proposal was cancelled, and when it would change something else than the actor read.
    """
    recommendation = _locked_for(actor, ask.recommendation)
    ask = still_there(recommendation.asks.select_related("retire_proposed_by"), ask.pk)
    if ask.retired_at:
        return ask
    if refusal := reason_not_to_confirm(ask=ask, person=actor):
        raise Refused(refusal)
    ask.recommendation = recommendation
    if seen is not None and seen != retiring(ask).seen:
        raise Refused(
            _(
                "After you opened this page, something changed: the asks, where they stand, or what is "
                "published. Read it again, then confirm."
            )
        )
    return _retire(ask, actor, now)


def reason_not_to_confirm(*, ask: Ask, person: User) -> str:
    """Return why ``person`` cannot confirm that an ask is retired, as a sentence; empty when they can."""
    proposer = ask.retire_proposed_by
    if proposer is None:
        return _("This ask is not proposed for retiring any more. Nothing was changed.")
    if not person.has_role(Role.REVIEWER):
        return _("Only reviewers and managers can confirm that an ask is retired.")
    if proposer == person:
        return _("You proposed it, so another reviewer has to confirm it.")
    return oversight.one_hand(person, proposer)


@transaction.atomic
def keep(*, ask: Ask, actor: User, now: datetime) -> Ask:
    """Cancel the proposal to retire an ask: any reviewer may.

    Returns: the ask; one that is not proposed as it is. Raises: Refused when the actor may not, or when it
    was retired meanwhile.
    """
    recommendation = _locked_for(actor, ask.recommendation)
    ask = still_there(recommendation.asks.all(), ask.pk)
    if ask.retired_at:
        raise Refused(_("This ask has been retired in the meantime. Nothing was changed."))
    if not ask.retire_proposed_at:
        return ask
    ask.retire_reason, ask.retire_proposed_by, ask.retire_proposed_at = "", None, None
    ask.save(update_fields=["retire_reason", "retire_proposed_by", "retire_proposed_at"])
    _record(EventKind.ASK_KEPT, ask, [], actor, now)
    return ask


def _retire(ask: Ask, actor: User, now: datetime) -> Ask:
    ask.retired_at = now
    ask.save(update_fields=["retire_reason", "retired_at"])
    moved = follow(ask.recommendation)
    _record(EventKind.ASK_RETIRED, ask, moved, actor, now, reason=ask.retire_reason)
    return ask


def _locked_for(actor: User, recommendation: Recommendation) -> Recommendation:
    if not actor.has_role(Role.REVIEWER):
        raise Refused(_("Only reviewers and managers can split a recommendation into asks."))
    return locked(recommendation)


def _titled(title: str) -> str:
    title = " ".join(title.split())
    longest = Ask._meta.get_field("title").max_length or 0
    if not title:
        raise ValidationError({"title": _("Enter a short title for the ask.")})
    if len(title) > longest:
        raise ValidationError({"title": _("Use at most %(n)s characters.") % {"n": longest}})
    return title


def _place(words: str, recommendation: Recommendation, start: int | None) -> tuple[int, int]:
    """Return where the words are; raise a ValidationError that says what to do if that is not clear."""
    if not words.strip():
        raise ValidationError({"words": _("Choose the words of the recommendation that ask for it.")})
    found = chosen_places(words, recommendation.text, start)
    if not found:
        raise ValidationError(
            {"words": _("These words are not in the recommendation. Copy them from its text above.")}
        )
    if len(found) > 1:
        times = ngettext("%(n)s time", "%(n)s times", len(found)) % {"n": len(found)}
        raise ValidationError(
            {
                "words": _(
                    "These words are in the recommendation %(times)s. Add the words before or "
                    "after them until it is clear which are meant."
                )
                % {"times": times}
            }
        )
    for ask in recommendation.asks.filter(retired_at=None, lost_words=""):
        if found[0][0] < ask.end and ask.start < found[0][1]:
            raise ValidationError(
                {"words": _("Some of these words already belong to the ask “%(ask)s”.") % {"ask": ask}}
            )
    return found[0]


def _record(
    kind: EventKind,
    ask: Ask,
    moved: Iterable[tuple[object, str, str]],
    actor: User,
    now: datetime,
    **payload: Any,
) -> None:
    """Record the act, then the change of status: the news points to the update that decides now."""
    recommendation = ask.recommendation
    record = partial(log.record, now=now, actor=actor, recommendation=recommendation)
    record(kind, ask=ask.pk, **payload)
    because = {"because": kind, "ask": ask.pk, "reason": payload.get("reason", "")}
    for what, before, after in moved:
        if what == recommendation:
            update = recommendation.current_update
            # The move is told to everybody, and an event about a restricted update to few.
            update = None if update and update.sensitivity == Sensitivity.RESTRICTED else update
            record(EventKind.STATUS_CHANGED, update=update, before=before, after=after, **because)
