"""How much of what happened a digest tells: from which place in the event sequence on, and of which reports.

Readers can limit their digests to some reports. What happens in others meanwhile is not lost: each digest
keeps what it was limited to, and of each report the next one begins where a digest last told of it. What is
tied to no report is always told.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from recommendations.choices import GONE_STATES, MailKind, MailState
from recommendations.models import Mail, User
from recommendations.selectors.news import News

# Digests of these states count as read. What failed, came too late or was held back is told again.
TOLD_STATES = (MailState.PENDING, MailState.SENDING, *GONE_STATES)


@dataclass(frozen=True)
class Limit:
    """What a reader's digests are limited to; ``told`` has their earlier ones, if any of them was limited.

    ``told`` is (end in the sequence, reports that it was limited to), the newest first. No reports: all.
    """

    only: frozenset[int] = frozenset()
    told: tuple[tuple[int, frozenset[int]], ...] = ()


NO_LIMIT = Limit()


@dataclass(frozen=True)
class Scope:
    """From where on a digest tells what: ``places`` of reports of which less was told than of the others."""

    from_seq: int
    only: frozenset[int] = frozenset()
    elsewhere: int | None = None
    places: Mapping[int, int] = field(default_factory=dict)

    def place(self, report: int | None) -> int:
        """Return the last event of a report that this reader was told; of what has no report for None."""
        if report is None or self.elsewhere is None:
            return self.from_seq
        return self.places.get(report, self.elsewhere)

    def tells(self, report: int | None) -> bool:
        """Say whether a report is told of at all."""
        return report is None or not self.only or report in self.only

    @property
    def is_whole(self) -> bool:
        """Whether it tells of all reports from one place on."""
        return not self.only and self.elsewhere is None

    @property
    def seqs(self) -> set[int]:
        """The places from which on something is told."""
        some = self.only or {None, *self.places}
        seqs = {self.from_seq, *(self.place(report) for report in some)}
        return seqs if self.only or self.elsewhere is None else {*seqs, self.elsewhere}

    @property
    def goes_further_back(self) -> bool:
        """Whether of some report it tells more than since the last digest."""
        return min(self.seqs) < self.from_seq


class Told(Protocol):
    """What happened up to a place in the sequence, from any place on."""

    to_seq: int

    def since(self, from_seq: int) -> News:
        """Return the news after a place."""


def news_within(chronicle: Told, scope: Scope) -> News:
    """Return what a chronicle tells within a scope: of each report from its own place on."""
    if scope.is_whole:
        return chronicle.since(scope.from_seq)
    news = News(min(scope.seqs), chronicle.to_seq)
    for seq in sorted(scope.seqs):
        news.add(chronicle.since(seq), partial(_begins_at, scope, seq))
    return news


def _begins_at(scope: Scope, seq: int, report: int | None) -> bool:
    return scope.tells(report) and scope.place(report) == seq


def scope_of(limit: Limit, from_seq: int, first_seq: int | None) -> Scope:
    """Return the scope of a digest.

    Args:
        from_seq: the end of the last digest.
        first_seq: where the reader's first one ever began.
    """
    if not limit.told:
        return Scope(from_seq, limit.only)
    places: dict[int, int] = {}
    elsewhere = from_seq if first_seq is None else first_seq
    for to_seq, reports in limit.told:
        if not reports:
            elsewhere = to_seq
            break
        for report in reports:
            places.setdefault(report, to_seq)
    return Scope(from_seq, limit.only, elsewhere, places)


def limits_of(people: Sequence[User]) -> dict[int, Limit]:
    """Return {person pk: ``Limit``} of those whose digests are, or ever were, limited. Two statements.

    Only reports that are followed limit: one that is closed drops out, and where none is left, nothing does.

    Args:
        people: in the order of their keys.
    """
    if not people:
        return {}
    first, last = people[0].pk, people[-1].pk
    only: defaultdict[int, set[int]] = defaultdict(set)
    chosen = User.digest_reports.through.objects.filter(user__gte=first, user__lte=last)
    for person, report in chosen.filter(report__closed_at=None).values_list("user", "report"):
        only[person].add(report)
    digests = Mail.objects.filter(kind=MailKind.DIGEST, recipient__gte=first, recipient__lte=last)
    digests = digests.filter(state__in=TOLD_STATES, to_seq__isnull=False)
    ever_limited = digests.exclude(limited_to=[]).order_by().values("recipient")
    told: defaultdict[int, list[tuple[int, frozenset[int]]]] = defaultdict(list)
    rows = digests.filter(recipient__in=ever_limited).order_by("-to_seq", "-created_at")
    for person, to_seq, reports in rows.values_list("recipient", "to_seq", "limited_to"):
        told[person].append((to_seq or 0, frozenset(reports)))
    return {pk: Limit(frozenset(only.get(pk, ())), tuple(told.get(pk, ()))) for pk in {*only, *told}}
