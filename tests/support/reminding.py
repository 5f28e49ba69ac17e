"""What the tests of reminders share: one review that is due on a Friday, and a day that goes out."""

from datetime import UTC, date, datetime, timedelta

from recommendations.choices import MailState
from recommendations.models import Mail, Recommendation, User
from recommendations.services.mail.reminders import queue_reminders
from tests.support.factories import EVERY_DAY

DUE = date(2024, 9, 20)  # a Friday
MORNING = datetime(2024, 9, 20, 8, 0, tzinfo=UTC)


def bring_near(team, recommendation):
    """Let one recommendation alone be due: the author's, on a Friday; everybody works every day.

    Returns: the recommendation as it is then.
    """
    recommendation.report.recommendations.update(next_review_on=date(2030, 1, 1))
    Recommendation.objects.filter(pk=recommendation.pk).update(
        next_review_on=DUE, owner=team["author"], deputy=team["other"]
    )
    User.objects.update(working_days=EVERY_DAY)
    recommendation.refresh_from_db()
    return recommendation


def let_go_out(now):
    """Say that the mail server has accepted all that is queued."""
    Mail.objects.filter(state=MailState.PENDING).update(state=MailState.SENT, sent_at=now)


def tell(now):
    """Queue what is due and let it go out. Returns: how many mails."""
    queued = queue_reminders(now=now)
    let_go_out(now)
    return queued


def told(person):
    """Return the subjects of a person's reminders, oldest first."""
    return list(Mail.objects.filter(recipient=person).order_by("pk").values_list("subject", flat=True))


def run_days(first, last):
    """Tick every eight hours from one offset of the due date to another; return when mails were queued."""
    days = {}
    for hour in range(24 * first, 24 * last, 8):
        now = MORNING - timedelta(hours=8) + timedelta(hours=hour)
        if tell(now):
            days.setdefault(hour // 24, now.hour)
    return days
