"""What the desk shows: the queue first, then where everything stands, then whether the machine runs."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count, Q, Subquery

from recommendations.choices import MailState, Role, Status, UpdateState
from recommendations.dates import age_in_days
from recommendations.models import Heartbeat, Mail, Recommendation, StatusUpdate, User
from recommendations.pulse import TICK, is_silent

# What fits into one look; the rest is behind "all".
QUEUE_ROWS = 5
MATRIX_ROWS = 25
RETURNED_ROWS = 5


def waiting(user):
    """Return the updates that ``user`` sees waiting for review or for their author, longest first."""
    return (
        StatusUpdate.objects.visible_to(user)
        .filter(state__in=[UpdateState.SUBMITTED, UpdateState.RETURNED])
        .select_related("recommendation", "author", "ask")
        .defer("recommendation__text", "reason", "government_claim", "public_text", "internal_note")
        .order_by("submitted_at", "pk")
    )


@dataclass
class Health:
    """Whether mails and jobs run, and how many people can review."""

    mails_failed: int
    mails_unknown: int
    bouncing: int
    ticked_at: datetime | None
    reviewers: int
    silent: bool


@dataclass
class Owner:
    """One person's overdue recommendations; ``pk`` is None where nobody answers for them."""

    pk: int | None
    name: str
    overdue: int


@dataclass
class Desk:
    """Everything on the start page."""

    today: date
    queue: list = field(default_factory=list)
    returned: list = field(default_factory=list)
    matrix: list = field(default_factory=list)
    total: int = 0
    counts: list = field(default_factory=list)
    owners: list = field(default_factory=list)
    health: Health | None = None

    @property
    def own(self):
        """How many waiting updates are the reader's own, which another reviewer decides on."""
        return sum(update.is_own for update in self.queue)

    @property
    def overdue(self):
        """How many tracked recommendations are overdue."""
        return sum(owner.overdue for owner in self.owners)

    @property
    def queue_shown(self):
        """The head of the queue."""
        return self.queue[:QUEUE_ROWS]

    @property
    def returned_shown(self):
        """The head of those that wait for their authors."""
        return self.returned[:RETURNED_ROWS]

    @property
    def stuck_alone(self):
        """Whether own updates wait because nobody else could decide on them."""
        return bool(self.own) and self.health is not None and self.health.reviewers < 2


def desk(user, now):
    """Return what the desk shows to ``user``; three statements, however many rows there are.

    Args:
        user: a reviewer or manager.
        now: the clock; ages count in the person's own days.
    """
    today = user.today(now)
    result = Desk(today=today, health=health(user, now))
    for update in waiting(user):
        update.is_own = update.author_id == user.pk
        update.days_waiting = age_in_days(_since(update).astimezone(user.zone).date(), today)
        (result.queue if update.state == UpdateState.SUBMITTED else result.returned).append(update)
    tracked = _tracked(user)
    result.total = len(tracked)
    result.matrix = tracked[:MATRIX_ROWS]
    result.counts = _counts(tracked)
    result.owners = _owners(tracked, today)
    return result


def health(user, now):
    """Return whether mails and jobs run, in one statement."""
    mails = Mail.objects.visible_to(user).order_by().values("state").annotate(n=Count("pk")).values("n")
    row = (
        User.objects.filter(pk=user.pk)
        .values(
            failed=Subquery(mails.filter(state=MailState.FAILED)),
            unknown=Subquery(mails.filter(state=MailState.UNKNOWN)),
            bouncing=Subquery(_bouncing()),
            ticked_at=Subquery(Heartbeat.objects.filter(name=TICK).values("at")),
            reviewers=Subquery(_reviewers()),
        )
        .get()
    )
    ticked_at = row["ticked_at"]
    return Health(
        mails_failed=row["failed"] or 0,
        mails_unknown=row["unknown"] or 0,
        bouncing=row["bouncing"] or 0,
        ticked_at=ticked_at,
        reviewers=row["reviewers"] or 0,
        silent=ticked_at is None or is_silent(ticked_at, now),
    )


def _reviewers():
    """Count the people who may decide; grouped by what they all share, so that it is one row."""
    may_decide = Q(is_superuser=True) | Q(groups__name__in=[Role.REVIEWER, Role.MANAGER])
    return (
        User.objects.filter(is_active=True)
        .filter(may_decide)
        .order_by()
        .values("is_active")
        .annotate(n=Count("pk", distinct=True))
        .values("n")
    )


def _bouncing():
    """Count the people whose address refuses mail, as ``_reviewers`` does."""
    refused = User.objects.filter(is_active=True, bouncing_since__isnull=False)
    return refused.order_by().values("is_active").annotate(n=Count("pk")).values("n")


def _since(update):
    return update.submitted_at if update.state == UpdateState.SUBMITTED else update.returned_at


def _tracked(user):
    """Return the recommendations of followed reports, newest report first, with only what the desk shows."""
    return list(
        Recommendation.objects.visible_to(user)
        .tracked()
        .select_related("owner")
        .only(
            "reference",
            "position",
            "short_title",
            "status",
            "split",
            "confidence",
            "direction",
            "last_verified_on",
            "next_review_on",
            "interval_days",
            "owner__name",
            "owner__email",
        )
        .order_by("-report__year", "report__country_name", "position")
    )


def _counts(tracked):
    """Return (status, number) for each status, in the vocabulary's order."""
    counted = Counter(recommendation.status for recommendation in tracked)
    return [(status, counted[status]) for status in Status]


def _owners(tracked, today):
    """Return who has overdue recommendations, the most first; those of nobody lead."""
    counted: Counter[int | None] = Counter()
    names: dict[int | None, str] = {}
    for recommendation in tracked:
        if recommendation.next_review_on < today:
            counted[recommendation.owner_id] += 1
            names[recommendation.owner_id] = str(recommendation.owner or "")
    owners = [Owner(pk=pk, name=names[pk], overdue=number) for pk, number in counted.items()]
    return sorted(owners, key=lambda owner: (owner.pk is not None, -owner.overdue, owner.name))
