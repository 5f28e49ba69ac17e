"""What the tests of reminders share: one review that is due on a Friday, and a day that goes out."""

from datetime import UTC, date, datetime

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
