"""How mails are usually sent, for the controls: what this loses and doubles, the harness must see."""

from datetime import timedelta

from django.core.mail import mailers

from recommendations.choices import MailState
from recommendations.models import Mail
from tests.faults.naive_tasks import hand_over


def select_send_mark(now):
    """Send every mail that is not marked as sent, then mark it. Returns: how many."""
    port, sent = mailers["default"].port, 0
    for mail in Mail.objects.filter(state=MailState.PENDING).select_related("recipient").order_by("pk"):
        hand_over(port, mail.recipient.email, mail.message_id)
        Mail.objects.filter(pk=mail.pk).update(state=MailState.SENT, sent_at=now + timedelta(seconds=1))
        sent += 1
    return sent
