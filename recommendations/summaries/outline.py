"""What a digest tells one reader: the news since their last one, and how things stand today."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Max, Min

from recommendations.choices import DigestFrequency, MailKind, MailState, Sensitivity
from recommendations.dates import local_morning, one_period_before
from recommendations.models import Event, Mail, StatusUpdate
from recommendations.summaries.matrix import matrices
from recommendations.summaries.news import News, news_for

# Digests of these states count as read. What failed, came too late or was held back is told again.
TOLD_STATES = (MailState.PENDING, MailState.SENDING, MailState.SENT, MailState.UNKNOWN)


@dataclass
class Outline:
    """All that a digest says, before it is worded."""

    news: News
    matrices: list
    waiting: list
    restricted_waiting: int
    since: date
    is_first: bool
    today: date
    newly_waiting: bool
    # The last hash of the record of events, for those who review: their mails are where it is published.
    chain_head: str = ""

    @property
    def is_empty(self):
        """Whether nothing happened: no news, nothing newly overdue, nothing newly waiting for review."""
        days = (self.today - self.since).days
        newly_overdue = any(row.days_overdue <= days for matrix in self.matrices for row in matrix.overdue)
        return self.news.is_empty and not newly_overdue and not self.newly_waiting


def outline_for(reader, now, *, day=None, viewer=None):
    """Return what a digest written now would tell ``reader``.

    It begins where the last digest that this reader was sent ended. The first one ever begins one
    period back: a new colleague is told of the last week, not of all the years.

    Args:
        now: the clock.
        day: the day on which it falls; today when left out.
        viewer: a manager who previews it; what they may not see themselves is left out.
    """
    today, last = reader.today(now), last_digest(reader)
    if last:
        since = last.created_at.astimezone(reader.zone).date()
        from_seq = last.to_seq
    else:
        frequency = reader.digest_frequency
        weekly = DigestFrequency.WEEKLY
        since = one_period_before(weekly if frequency == DigestFrequency.NEVER else frequency, day or today)
        from_seq = _first_seq(reader, since)
    waiting = _waiting(reader, viewer)
    to_seq, chain_head = _head()
    open_ones = [update for update in waiting if update.sensitivity != Sensitivity.RESTRICTED]
    return Outline(
        news=news_for(reader, from_seq, to_seq, viewer),
        matrices=matrices(reader, today, viewer),
        waiting=open_ones,
        restricted_waiting=len(waiting) - len(open_ones),
        since=since,
        is_first=last is None,
        today=today,
        chain_head=chain_head if reader.is_reviewer else "",
        newly_waiting=any(update.submitted_at.astimezone(reader.zone).date() >= since for update in waiting),
    )


def last_digest(reader):
    """Return the last digest that this reader was sent, or None."""
    told = _digests(reader).filter(state__in=TOLD_STATES, to_seq__isnull=False)
    return told.order_by("-to_seq", "-created_at").first()


def _digests(reader):
    return Mail.objects.filter(recipient=reader, kind=MailKind.DIGEST)


def _first_seq(reader, since):
    """Return the number after which a first digest begins; one that was never sent keeps its place."""
    earlier = _digests(reader).aggregate(seq=Min("from_seq"))["seq"]
    if earlier is not None:
        return earlier
    morning = local_morning(since, reader.zone)
    return Event.objects.filter(at__lt=morning).aggregate(seq=Max("seq"))["seq"] or 0


def _head():
    """Return the number and the hash of the latest event; 0 and nothing before any."""
    return Event.objects.order_by("-seq").values_list("seq", "hash").first() or (0, "")


def _waiting(reader, viewer):
    """Return what waits for this reader's decision; nothing for those who do not decide."""
    if not reader.is_reviewer:
        return []
    waiting = StatusUpdate.objects.decidable_by(reader).filter(recommendation__report__archived_at=None)
    if viewer is not None:
        waiting = waiting.visible_to(viewer)
    return list(waiting.select_related("recommendation", "author"))


def considered_since():
    """Return {reader pk: when their latest digest was planned or found empty}."""
    rows = Mail.objects.filter(kind=MailKind.DIGEST).order_by().values("recipient")
    return {row["recipient"]: row["latest"] for row in rows.annotate(latest=Max("created_at"))}
