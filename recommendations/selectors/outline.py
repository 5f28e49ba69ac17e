"""What a digest tells one reader: the news since their last one, and the state of things today."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypedDict

from django.db.models import Max, Min, OuterRef, Subquery
from django.utils.functional import cached_property

from recommendations.choices import (
    DigestFrequency,
    MailKind,
    Role,
    Sensitivity,
    UpdateState,
)
from recommendations.models import Event, Mail, Recommendation, Report, StatusUpdate, User
from recommendations.models.people import UserQuerySet
from recommendations.rules.dates import local_morning, one_period_before
from recommendations.selectors.audience import anybody, involved
from recommendations.selectors.due_items import matter_of_update
from recommendations.selectors.matrix import Matrices, Matrix
from recommendations.selectors.news import Chronicle, News
from recommendations.selectors.overdue import Overdue, overdue_for
from recommendations.selectors.published import PublishedMatrix, PublishedSource
from recommendations.selectors.reminder_planner import stand_ins
from recommendations.selectors.scope import NO_LIMIT, TOLD_STATES, Limit, Scope, news_within, scope_of
from recommendations.selectors.team_news import TeamLog, TeamNews
from recommendations.selectors.unconfirmed import kept_apart

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class Told(TypedDict):
    """What is read about a reader beside their row."""

    is_involved: bool
    considered_at: datetime | None
    told_at: datetime | None
    told_seq: int | None
    first_seq: int | None


type Reader = WithAnnotations[User, Told]


@dataclass
class Outline:
    """All that a digest says, before it is worded; ``reminded`` is how much the day's reminder says."""

    news: News
    matrices: list[Matrix] | list[PublishedMatrix]
    waiting: list[StatusUpdate]
    restricted_waiting: int
    since: date
    is_first: bool
    today: date
    newly_waiting: bool
    overdue: list[Overdue] = field(default_factory=list)
    # Those that the reader answers for in place of their owner.
    stood_in_for: Collection[int] = ()
    reminded: int = 0
    # {pk of a recommendation: since when an update of the reader's waits for review}
    handed_in: dict[int, datetime | None] = field(default_factory=dict)
    # The last hash of the record of events, for those who review: their mails are where it is published.
    chain_head: str = ""
    team: TeamNews = field(default_factory=TeamNews)
    scope: Scope = field(default_factory=lambda: Scope(0))

    @property
    def limited_to(self) -> list[Report]:
        """The reports that it is limited to; none for all."""
        return [one.report for one in self.matrices] if self.scope.only else []

    @property
    def is_empty(self) -> bool:
        """Whether nothing happened: no news, nothing that the team did, nothing newly overdue or waiting."""
        days = (self.today - self.since).days
        newly_overdue = any(row.days_overdue <= days for one in self.overdue for row in one.rows)
        return self.news.is_empty and not self.team.did and not newly_overdue and not self.newly_waiting


class Sources:
    """What digests are made of, read once for all readers who can see the same.

    People who wrote, added or were given access to something restricted see more than others of their role,
    so their digests are read separately. All others are told what ``audience.anybody`` of their role can see,
    which is nothing that one of them cannot see.
    """

    def __init__(self, viewer: User | None = None) -> None:
        """Fix the place in the sequence at which the digests end.

        Args:
            viewer: a manager who previews; what they cannot see themselves is left out.
        """
        self.viewer = viewer
        latest = Event.objects.order_by("-seq").values_list("seq", "hash").first()
        self.head, self.chain_head = latest or (0, "")
        self._shared: dict[Role, Source] = {}
        self._places: dict[datetime, int] = {}
        self._stand_ins: Mapping[int, set[int]] | None = None

    def of(self, reader: Reader) -> "Source | PublishedSource":
        if reader.is_partner:
            return self._published
        if reader.is_involved:
            return Source(reader, self.head, self.viewer)
        role = Role.REVIEWER if reader.is_reviewer else Role.VIEWER
        if role not in self._shared:
            self._shared[role] = Source(anybody(role), self.head, self.viewer)
        return self._shared[role]

    @cached_property
    def _published(self) -> PublishedSource:
        return PublishedSource(self.head)

    @cached_property
    def handed_in(self) -> Mapping[int, dict[int, datetime | None]]:
        """{author pk: {recommendation pk: since when}} of waiting updates, without restricted ones."""
        waiting = StatusUpdate.objects.awaiting_review().exclude(sensitivity=Sensitivity.RESTRICTED)
        found: defaultdict[int, dict[int, datetime | None]] = defaultdict(dict)
        for author, recommendation, since in waiting.values_list("author", "recommendation", "submitted_at"):
            found[author].setdefault(recommendation, since)
        return found

    @cached_property
    def team_log(self) -> TeamLog:
        """What the team did and what comes next, which all members are told alike."""
        return TeamLog(self.head)

    @cached_property
    def apart(self) -> Mapping[int, set[int]]:
        """Who cannot decide on whose updates, read once for all."""
        return kept_apart()

    def stood_in_for(
        self, reader: Reader, recommendations: Collection[Recommendation], now: datetime
    ) -> Collection[int]:
        """Return which recommendations a reader answers for today in place of their owner. Asked once."""
        if not reader.is_contributor:
            return ()
        if self._stand_ins is None:
            self._stand_ins = stand_ins(recommendations, now)
        return self._stand_ins.get(reader.pk, ())

    def place_of(self, morning: datetime) -> int:
        """Return the number of the last event before a moment."""
        if morning not in self._places:
            self._places[morning] = Event.objects.filter(at__lt=morning).aggregate(seq=Max("seq"))["seq"] or 0
        return self._places[morning]


class Source:
    """The news, the table and what waits for review, as one person or everybody of a role can see them."""

    def __init__(self, person: User, head: int, viewer: User | None) -> None:
        self.person, self.viewer = person, viewer
        self.chronicle = Chronicle(person, head, viewer)

    @cached_property
    def matrices(self) -> Matrices:
        """The status of all tracked recommendations."""
        return Matrices(self.person, self.viewer)

    @cached_property
    def waiting(self) -> list[StatusUpdate]:
        """What waits for review; nothing for those who do not decide."""
        if not self.person.is_reviewer:
            return []
        waiting = StatusUpdate.objects.decidable_by(self.person)
        waiting = waiting.filter(recommendation__report__closed_at=None)
        if self.viewer is not None:
            waiting = waiting.visible_to(self.viewer)
        return list(waiting.select_related("recommendation", "author"))


def readers() -> UserQuerySet[Reader]:
    """Return the people with what their digests depend on: their latest ones, and whether they see more.

    ``considered_at`` is when the latest digest was planned or found empty; ``told_at`` and ``told_seq``
    are of the last one that was sent to them; ``first_seq`` is where the first one ever began.
    """
    digests = Mail.objects.filter(recipient=OuterRef("pk"), kind=MailKind.DIGEST)
    told = digests.filter(state__in=TOLD_STATES, to_seq__isnull=False).order_by("-to_seq", "-created_at")
    begun = digests.order_by().values("recipient").annotate(seq=Min("from_seq"))
    return User.objects.with_rank().annotate(
        is_involved=involved(),
        considered_at=Subquery(digests.order_by("-created_at").values("created_at")[:1]),
        told_at=Subquery(told.values("created_at")[:1]),
        told_seq=Subquery(told.values("to_seq")[:1]),
        first_seq=Subquery(begun.values("seq")),
    )


def outline_for(
    reader: Reader,
    now: datetime,
    sources: Sources,
    *,
    day: date | None = None,
    reminded: Collection[str] = (),
    limit: Limit = NO_LIMIT,
) -> Outline:
    """Return what a digest written now would tell ``reader``.

    It begins where the last digest sent to this reader ended. The first one ever begins one period back:
    a new colleague is told about the last week, not about all the years.

    Args:
        day: the day on which it falls; today when left out.
        reminded: what the reminder of today has told this reader (``DueItem.matter``), which is left out.
        limit: the reports that its reader limits digests to.
    """
    today, source = reader.today(now), sources.of(reader)
    since, from_seq = _beginning(reader, sources, day or today)
    scope = scope_of(limit, from_seq, reader.first_seq)
    not_theirs = {reader.pk, *sources.apart.get(reader.pk, ())}
    to_decide = (update for update in source.waiting if update.author_id not in not_theirs)
    waiting = [update for update in to_decide if scope.tells(update.recommendation.report_id)]
    restricted = sum(update.sensitivity == Sensitivity.RESTRICTED for update in waiting)
    left = [update for update in waiting if _matter(update, reader) not in reminded]
    # For mypy: whichever table it is, it stays one.
    matrices: Any = [one for one in source.matrices.on(today) if scope.tells(one.report.pk)]
    stood_in_for = sources.stood_in_for(reader, source.matrices.recommendations, now)
    overdue = list(overdue_for(reader, matrices, stood_in_for, reminded))
    team = TeamNews() if reader.is_partner else sources.team_log.news(scope, today, reminded)
    told_there = len(waiting) - len(left) + sum(len(one.overdue) for one in matrices) + team.reminded
    return Outline(
        news=news_within(source.chronicle, scope),
        scope=scope,
        matrices=matrices,
        waiting=[update for update in left if update.sensitivity != Sensitivity.RESTRICTED],
        restricted_waiting=restricted,
        overdue=overdue,
        stood_in_for=stood_in_for,
        reminded=told_there - sum(len(one.rows) for one in overdue),
        since=since,
        is_first=reader.told_at is None,
        today=today,
        team=team,
        chain_head=sources.chain_head if reader.is_reviewer else "",
        handed_in=sources.handed_in.get(reader.pk, {}),
        newly_waiting=any(
            one.submitted_at and one.submitted_at.astimezone(reader.zone).date() >= since for one in left
        ),
    )


def _matter(update: StatusUpdate, reader: Reader) -> str:
    """Return what a reminder to this reader calls an update that waits for review."""
    assert update.submitted_at is not None  # it waits
    return matter_of_update(
        update.pk, UpdateState.SUBMITTED, update.submitted_at.astimezone(reader.zone).date()
    )


def _beginning(reader: Reader, sources: Sources, day: date) -> tuple[date, int]:
    """Return (the first day of the digest, the number of the last event before it)."""
    if reader.told_at is not None and reader.told_seq is not None:
        return reader.told_at.astimezone(reader.zone).date(), reader.told_seq
    frequency = reader.digest_frequency
    if frequency == DigestFrequency.NEVER:
        frequency = DigestFrequency.WEEKLY
    since = one_period_before(frequency, day)
    # One that was never sent keeps its place.
    if reader.first_seq is not None:
        return since, reader.first_seq
    return since, sources.place_of(local_morning(since, reader.zone))
