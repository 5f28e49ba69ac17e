"""What the desk shows beside the dashboard: what waits for somebody, and whether the background jobs run."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Case, Count, F, QuerySet, Subquery, Sum, When, Window
from django.db.models.functions import RowNumber

from recommendations.choices import MailState, UpdateState
from recommendations.choices.update_fields import TEXTS
from recommendations.heartbeat import MAIL_SERVER, SENDING, TICK, is_silent
from recommendations.models import AccountChange, Heartbeat, Mail, StatusUpdate, User
from recommendations.rules.dates import age_in_days
from recommendations.selectors.cut_lists import report_words, reports_in
from recommendations.selectors.flow import Month, review_flow
from recommendations.selectors.mailroom import Trouble, handed_over_first, trouble_of
from recommendations.selectors.unconfirmed import Apart, apart_from

# What fits into one look; the rest is behind its number.
LYING_ROWS = 3


def waiting(user: User) -> QuerySet[StatusUpdate]:
    """Return the updates that ``user`` sees waiting for review or for their author, longest first."""
    return (
        StatusUpdate.objects.visible_to(user)
        .filter(state__in=[UpdateState.SUBMITTED, UpdateState.RETURNED])
        .select_related("recommendation", "author", "ask")
        .with_holders()
        .defer("recommendation__text", *TEXTS)
        .order_by("submitted_at", "pk")
    )


@dataclass
class Health:
    """Whether mails and jobs run, and how many people can review."""

    mails_failed: int
    mails_unknown: int
    bouncing: int
    trouble: Trouble | None
    unsent_since: datetime | None
    ticked_at: datetime | None
    reviewers: int
    in_doubt: int
    silent: bool


@dataclass
class Lying:
    """Updates that wait for the same thing: the head of them, and how many there are in all."""

    shown: list[StatusUpdate] = field(default_factory=list)
    total: int = 0
    own: int = 0
    apart: int = 0
    of_reports: str = ""

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.total - len(self.shown)


@dataclass
class Desk:
    """What waits for somebody, how reviews proceed, and whether the background jobs run."""

    today: date
    queue: Lying
    returned: Lying
    flow: list[Month]
    health: Health

    @property
    def stuck_alone(self) -> bool:
        """Whether own updates wait because nobody else could decide on them."""
        return bool(self.queue.own) and self.health.reviewers < 2


def desk(user: User, now: datetime) -> Desk:
    """Return what the desk shows to ``user`` beside the dashboard; three statements, four where an account
    waits to be confirmed.

    Args:
        user: a reviewer or manager.
        now: ages count in the person's own days.
    """
    today, runs = user.today(now), health(user, now)
    queue, returned = lying(user, today, apart_from(user) if runs.in_doubt else {})
    return Desk(today, queue, returned, flow=review_flow(user, today), health=runs)


def lying(user: User, today: date, apart: Mapping[int, Apart]) -> tuple[Lying, Lying]:
    """Return (what waits for review, what waits for its author), the longest waiting first.

    One statement, which brings no more than the rows that are shown.

    Args:
        apart: as ``apart_from`` returns it.
    """
    own = Case(When(author=user, then=1), default=0)
    not_theirs = Case(When(author__in=list(apart), then=1), default=0)
    since = Case(When(state=UpdateState.SUBMITTED, then="submitted_at"), default="returned_at")
    ranked = waiting(user).annotate(
        since=since,
        place=Window(RowNumber(), partition_by="state", order_by=[since, "pk"]),
        of_state=Window(Count("pk"), partition_by="state"),
        own_of_state=Window(Sum(own), partition_by="state"),
        apart_of_state=Window(Sum(not_theirs), partition_by="state"),
        reports=reports_in("recommendation__report", "state"),
        # Three columns instead of the whole report, which would be sorted with each row.
        country_code=F("recommendation__report__country_code"),
        country_name=F("recommendation__report__country_name"),
        year=F("recommendation__report__year"),
    )
    found = {UpdateState.SUBMITTED: Lying(), UpdateState.RETURNED: Lying()}
    for update in ranked.filter(place__lte=LYING_ROWS).order_by("place"):
        update.is_own, update.apart = update.author_id == user.pk, apart.get(update.author_id)
        update.days_waiting = age_in_days(update.since.astimezone(user.zone).date(), today)
        group = found[UpdateState(update.state)]
        group.shown.append(update)
        group.of_reports = report_words(update.reports, f"{update.country_name} {update.year}")
        group.total, group.own, group.apart = update.of_state, update.own_of_state, update.apart_of_state
    return found[UpdateState.SUBMITTED], found[UpdateState.RETURNED]


def health(user: User, now: datetime) -> Health:
    """Return whether mails and jobs run, in one statement."""
    mails = Mail.objects.visible_to(user).order_by().values("state").annotate(n=Count("pk")).values("n")
    row = (
        User.objects.filter(pk=user.pk)
        .values(
            failed=Subquery(mails.filter(state=MailState.FAILED)),
            unknown=Subquery(mails.filter(state=MailState.UNKNOWN)),
            bouncing=Subquery(_bouncing()),
            handed_over=Subquery(handed_over_first()),
            sending_at=Subquery(Heartbeat.objects.filter(name=SENDING).values("at")),
            trouble=Subquery(Heartbeat.objects.filter(name=MAIL_SERVER).values("detail")),
            ticked_at=Subquery(Heartbeat.objects.filter(name=TICK).values("at")),
            reviewers=Subquery(_reviewers()),
            in_doubt=Subquery(_in_doubt(user)),
        )
        .get()
    )
    ticked_at, sending_at = row["ticked_at"], row["sending_at"]
    trouble = trouble_of(row["trouble"], row["handed_over"], now)
    return Health(
        mails_failed=row["failed"] or 0,
        mails_unknown=row["unknown"] or 0,
        bouncing=row["bouncing"] or 0,
        trouble=trouble,
        unsent_since=sending_at if sending_at and not trouble and is_silent(sending_at, now) else None,
        ticked_at=ticked_at,
        reviewers=row["reviewers"] or 0,
        in_doubt=row["in_doubt"] or 0,
        silent=ticked_at is None or is_silent(ticked_at, now),
    )


def _reviewers() -> QuerySet[User, Mapping[str, object]]:
    """Count the people who can decide; grouped by a constant, so that it is one row."""
    return User.objects.reviewers().order_by().values("is_active").annotate(n=Count("pk")).values("n")


def _in_doubt(user: User) -> QuerySet[AccountChange, Mapping[str, object]]:
    """Count the changes of accounts that nobody confirmed and that ``user`` sees, as ``_reviewers`` does."""
    doubtful = AccountChange.objects.visible_to(user).filter(confirmed_at=None)
    return doubtful.order_by().values("confirmed_at").annotate(n=Count("pk")).values("n")


def _bouncing() -> QuerySet[User, Mapping[str, object]]:
    """Count the people whose address refuses mail, as ``_reviewers`` does."""
    refused = User.objects.filter(is_active=True, bouncing_since__isnull=False)
    return refused.order_by().values("is_active").annotate(n=Count("pk")).values("n")
