"""What becomes of the open work on a report: moved to the next report, or withdrawn before it is closed."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from recommendations.audit import log
from recommendations.choices import EventKind, MailKind, Role, UpdateState
from recommendations.errors import Refused
from recommendations.mail import notices, outbox
from recommendations.models import Recommendation, Report, StatusUpdate, User
from recommendations.selectors.open_work import OpenUpdate, judged, successors_of

# Later the author has long seen it on their pages.
USEFUL_FOR = timedelta(days=6)


@dataclass(frozen=True)
class Done:
    """What was done, and what was not: each of these says why (``OpenUpdate``)."""

    done: list[OpenUpdate]
    left: list[OpenUpdate]


@transaction.atomic
def move(*, updates: Collection[StatusUpdate], actor: User, now: datetime) -> Done:
    """Move open updates to the recommendations to which confirmed lines tie theirs.

    One that waits for review is a draft again. A moved one is about the whole recommendation and corrects
    nothing; its words, places and citations stay. Its author is told by mail if somebody else moves it.

    Args:
        actor: the author, or a manager who can see them.

    Returns: what was moved, and what was not. One that is no longer open or that the actor cannot see is
    neither.

    Raises: Refused when the actor can write nothing.
    """
    if not actor.has_role(Role.CONTRIBUTOR):
        raise Refused(_("With your role, you can read updates but not move them."))
    found = _held(updates, actor, now, with_successors=True)
    moved = [one for one in found if not one.why_not_moved]
    for one in moved:
        _write_move(one, now)
    _tell_authors(moved, "moved", actor, now)
    for one in moved:
        log.record(
            EventKind.MOVED,
            now=now,
            actor=actor,
            recommendation=one.successor,
            update=one.update,
            from_reference=one.update.brought_from.reference if one.update.brought_from else "",
        )
    return Done(moved, [one for one in found if one.why_not_moved])


@transaction.atomic
def withdraw(*, updates: Collection[StatusUpdate], actor: User, now: datetime) -> Done:
    """Withdraw open updates: the author their own, a manager also what others handed in.

    They stay on record and have no effect. The author is told by mail if a manager withdraws it.

    Args, Returns: as ``move``.
    """
    found = _held(updates, actor, now)
    gone = [one for one in found if not one.why_not_withdrawn]
    for one in gone:
        one.update.state = UpdateState.WITHDRAWN
        one.update.taken_by = one.update.taken_at = None
        one.update.changed_at = now
        one.update.save(update_fields=["state", "taken_by", "taken_at", "changed_at"])
    _tell_authors(gone, "withdrawn", actor, now)
    for one in gone:
        if not one.is_own:
            about = one.update.recommendation
            log.record(EventKind.WITHDRAWN, now=now, actor=actor, recommendation=about, update=one.update)
    return Done(gone, [one for one in found if one.why_not_withdrawn])


def _held(
    updates: Collection[StatusUpdate], actor: User, now: datetime, *, with_successors: bool = False
) -> list[OpenUpdate]:
    """Lock updates with all that moving them concerns, and say what the actor can do with each, as it is now.

    Reports first, as whoever confirms a line or closes one does, then recommendations, then updates.
    """
    keys = [update.pk for update in updates]
    homes = set(StatusUpdate.objects.filter(pk__in=keys).values_list("recommendation", flat=True))
    if with_successors:
        homes |= {row.pk for row in successors_of(homes).values()}
        reports = Recommendation.objects.filter(pk__in=homes).order_by().values("report")
        _lock(Report.objects.light().filter(pk__in=reports))
    _lock(Recommendation.objects.filter(pk__in=homes))
    _lock(StatusUpdate.objects.filter(pk__in=keys))
    rows = StatusUpdate.objects.visible_to(actor).filter(pk__in=keys, recommendation__in=homes)
    found = judged(rows.order_by("recommendation__position", "pk"), actor, now)
    # A line that was confirmed while we waited leads to a recommendation that is not locked.
    return [one for one in found if not one.successor or one.successor.pk in homes or not with_successors]


def _lock(rows: QuerySet[Any]) -> None:
    list(rows.select_for_update(no_key=True).order_by("pk"))


def _write_move(one: OpenUpdate, now: datetime) -> None:
    update = one.update
    assert one.successor
    update.brought_from, update.recommendation = update.recommendation, one.successor
    update.ask = update.corrects = None
    update.earlier_finding = ""
    if update.state == UpdateState.SUBMITTED:
        update.state = UpdateState.DRAFT
    update.taken_by = update.taken_at = None
    update.changed_at = now
    update.save()


def _tell_authors(acts: Iterable[OpenUpdate], what: str, actor: User, now: datetime) -> None:
    """Queue one mail for each author of whose updates somebody else disposed, in the same transaction."""
    by_author: defaultdict[User, list[StatusUpdate]] = defaultdict(list)
    for one in acts:
        if not one.is_own:
            by_author[one.update.author].append(one.update)
    for author, updates in by_author.items():
        first = min(updates, key=lambda update: update.pk)
        outbox.enqueue(
            key=f"{what}:{first.pk}:{now:%Y-%m-%d-%H%M%S}:{author.pk}",
            kind=MailKind.DECISION,
            recipient=author,
            letter=notices.put_away(author, updates, what, actor=actor),
            now=now,
            useful_for=USEFUL_FOR,
        )
