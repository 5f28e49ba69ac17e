"""What people keep of a narrative: baseline claims on a recommendation, and tags of what it names."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommendations.audit import log
from recommendations.choices import EventKind, Role, TagKind
from recommendations.errors import Refused
from recommendations.models import BaselineClaim, Recommendation, Report, Tag, User
from recommendations.models.locking import locked
from recommendations.selectors.narrative import offered_tags
from recommendations.text.spans import chosen_places


@transaction.atomic
def keep_claim(
    *,
    recommendation: Recommendation,
    actor: User,
    words: str,
    now: datetime,
    start: int | None = None,
    about: str = "",
) -> BaselineClaim:
    """Keep a passage of the narrative on a recommendation of its report.

    Args:
        actor: a contributor. Nobody reviews it: the words are those of the report.
        words: the passage, as it was chosen or pasted.
        start: where it begins, in characters of the report's text, if it was chosen there.
        about: what it says, in a few words of ours.

    Returns: the claim; the one that is there if the same passage is kept already.

    Raises: Refused when the actor is no contributor; Gone; ValidationError for words that are not found or
    are there more than once.
    """
    recommendation = _locked_for(actor, recommendation)
    at, end = place_in(report=recommendation.report, words=words, start=start)
    place: dict[str, Any] = {"sha256": recommendation.report.sha256, "start": at, "end": end}
    kept = BaselineClaim.objects.filter(recommendation=recommendation, removed_at=None, **place).first()
    if kept:
        return kept
    claim = BaselineClaim.objects.create(
        recommendation=recommendation,
        words=recommendation.report.text[at:end],
        about=" ".join(about.split()),
        kept_by=actor,
        kept_at=now,
        **place,
    )
    log.record(
        EventKind.CLAIM_KEPT, now=now, actor=actor, recommendation=recommendation, claim=claim.pk, **place
    )
    return claim


@transaction.atomic
def take_off_claim(
    *, recommendation: Recommendation, claim: int, actor: User, now: datetime
) -> BaselineClaim | None:
    """Take a baseline claim off its recommendation; it remains on record.

    Args:
        actor: who kept it, or a reviewer.
        claim: its key.

    Returns: the claim; None where it is not there any more.

    Raises: Refused when the actor is not allowed to; Gone.
    """
    recommendation = _locked_for(actor, recommendation)
    found = BaselineClaim.objects.filter(recommendation=recommendation, pk=claim, removed_at=None).first()
    if found is None:
        return None
    if actor != found.kept_by and not actor.has_role(Role.REVIEWER):
        raise Refused(_("Only who kept a claim, or a reviewer, can take it off."))
    found.removed_by, found.removed_at = actor, now
    found.save(update_fields=["removed_by", "removed_at"])
    log.record(EventKind.CLAIM_TAKEN_OFF, now=now, actor=actor, recommendation=recommendation, claim=found.pk)
    return found


@transaction.atomic
def choose_tags(
    *,
    recommendation: Recommendation,
    actor: User,
    shown: Collection[tuple[str, str]],
    chosen: Collection[tuple[str, str]],
    now: datetime,
) -> list[Tag]:
    """Confirm the tags that a person ticked, and take off those that they unticked.

    Args:
        actor: a contributor.
        shown: kind and value of each tag that was ticked when the page was made: what somebody else has
            confirmed since then stays.
        chosen: those that are ticked now. Only what the rule found, or what is confirmed, can be.

    Returns: the tags as they are then.

    Raises: Refused when the actor is no contributor; Gone; ValidationError for a tag that was not offered.
    """
    recommendation = _locked_for(actor, recommendation)
    there = {(tag.kind, tag.value): tag for tag in Tag.objects.filter(recommendation=recommendation)}
    added = [one for one in chosen if one not in there]
    gone = [one for one in shown if one in there and one not in chosen]
    if set(added) - set(offered_tags(recommendation)):
        raise ValidationError(_("This tag is not offered any more. The page shows those that are."))
    for kind, value in added:
        Tag.objects.create(
            recommendation=recommendation,
            kind=TagKind(kind),
            value=value,
            confirmed_by=actor,
            confirmed_at=now,
        )
    Tag.objects.filter(pk__in=[there[one].pk for one in gone]).delete()
    if added or gone:
        log.record(
            EventKind.TAGGED,
            now=now,
            actor=actor,
            recommendation=recommendation,
            added=[list(one) for one in added],
            taken_off=[list(one) for one in gone],
        )
    return list(Tag.objects.filter(recommendation=recommendation))


def place_in(*, report: Report, words: str, start: int | None) -> tuple[int, int]:
    """Return where a passage is in the text of a report. Raises: ValidationError saying what to do."""
    if not words.strip():
        raise ValidationError({"quote": _("Select or paste a passage of the narrative.")})
    found = chosen_places(words, report.text, start)
    if not found:
        raise ValidationError({"quote": _("This passage is not in the text. Copy it from the narrative.")})
    if len(found) > 1:
        times = ngettext("%(n)s time", "%(n)s times", len(found)) % {"n": len(found)}
        sentence = _("This passage is in the text %(times)s. Take in more of the words around it.")
        raise ValidationError({"quote": sentence % {"times": times}})
    return found[0]


def _locked_for(actor: User, recommendation: Recommendation) -> Recommendation:
    if not actor.has_role(Role.CONTRIBUTOR):
        raise Refused(_("Only contributors can keep passages and tags."))
    return locked(recommendation)
