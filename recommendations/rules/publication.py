"""What of an update can be said outside, and the status of a recommendation there.

The rules are in docs/domain.md, "What may be said outside".
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

from django.utils.translation import gettext as _

from recommendations.choices import LEAST_ADVANCED_FIRST, Extent, UpdateKind, UpdateState
from recommendations.rules.facts import AskFacts, UpdateFacts, WrittenUpdate
from recommendations.rules.status import DerivedStatus, PartStatus, derive_status, is_look


def cannot_publish(update: WrittenUpdate, extent: str, *, counts: bool | None = None) -> str:
    """Return why so much of ``update`` cannot be said outside, as a sentence; empty when it can.

    Args:
        counts: whether it counts, where that is being decided; left out, an approved one counts or not, and
            any other may come to count.
    """
    if counts is None:
        counts = update.state != UpdateState.APPROVED or update.counts_at is not None
    if extent == Extent.NOTHING:
        return ""
    if not update.public_text.strip():
        return _("There is nothing to publish: “What was found” is empty.")
    if not counts and update.corrects and update.corrects.counts_at:
        return _("It does not count, so it corrects nothing yet. It can be published once it counts.")
    if extent == Extent.WORDS:
        return ""
    if update.kind == UpdateKind.CHECK:
        return _("A check has no status to publish. Choose “Words only”.")
    if not counts:
        return _("It does not count for the status, so its status cannot be published.")
    return ""


def told_status(
    counting: Sequence[UpdateFacts], published: Collection[int], asks: Sequence[AskFacts]
) -> DerivedStatus:
    """Return where a recommendation stands outside: what follows from updates published with their status.

    A look that was no status inside, since a finding stood, is none outside.
    That of a whole with asks is told while each part that decides it inside has a published status of its
    own; a part that was not published yet, or was split off since, takes the whole away.

    Args:
        counting: its updates that count inside, with their ``FACTS``.
        published: the primary keys of those that are published with their status.
        asks: its asks that count.
    """
    told = told_with_status(counting, published)
    outside = derive_status(told, asks)
    if not asks:
        return outside
    inside = derive_status(counting, asks)
    parts = [(inside.by_ask[ask.pk], outside.by_ask[ask.pk]) for ask in asks]
    # While an ask has no finding of its own, the last finding of the whole stands beside the others.
    if any(part.status not in LEAST_ADVANCED_FIRST for part, _told in parts):
        parts.append((derive_status(counting, []).whole, derive_status(told, []).whole))
    if any(part.current and not said.current for part, said in parts):
        return replace(outside, whole=PartStatus(), split={})
    return outside


def told_with_status(counting: Sequence[UpdateFacts], published: Collection[int]) -> list[UpdateFacts]:
    """Return the updates of which a status can be told outside, if the part they are about has one there.

    Args: as ``told_status``.
    """
    valid = _uncorrected(counting)
    return [one for one in valid if one.pk in published and not _is_look_after_a_finding(one, valid)]


def told_since(
    counting: Sequence[UpdateFacts], published: Collection[int], asks: Sequence[AskFacts]
) -> dict[int | None, date]:
    """Return since which day each part has the status that it is told to have outside: {ask, or None: day}.

    It is the first day from which on that status was told without a break; parts without one are left out.
    Args: as ``told_status``.
    """
    valid = _uncorrected(counting)
    standing = _told_parts(told_status(valid, published, asks))
    since = {key: part.as_of for key, part in standing.items()}
    unbroken = {key: part.status for key, part in standing.items()}
    for day in sorted({one.as_of for one in told_with_status(valid, published)}, reverse=True):
        then = _told_parts(told_status([one for one in valid if one.as_of <= day], published, asks))
        unbroken = {
            key: status
            for key, status in unbroken.items()
            if day > since[key] or (key in then and then[key].status == status)
        }
        since |= {key: min(day, since[key]) for key in unbroken}
    return since


def _told_parts(stood: DerivedStatus) -> dict[int | None, UpdateFacts]:
    """Return {ask, or None for the whole: what gives its status}, of those that have one."""
    parts: list[tuple[int | None, PartStatus]] = [(None, stood.whole), *stood.by_ask.items()]
    return {key: part.current for key, part in parts if part.current}


def _uncorrected(counting: Sequence[UpdateFacts]) -> list[UpdateFacts]:
    corrected = {update.corrects_id for update in counting}
    return [one for one in counting if one.pk not in corrected]


def _is_look_after_a_finding(update: UpdateFacts, valid: Sequence[UpdateFacts]) -> bool:
    """Say whether an update is a look that came when its part had a finding, or one set aside, by its day."""
    earlier = (one for one in valid if one.ask_id == update.ask_id and one.as_of <= update.as_of)
    return is_look(update) and any(one.kind == UpdateKind.ASSESSMENT and not is_look(one) for one in earlier)
