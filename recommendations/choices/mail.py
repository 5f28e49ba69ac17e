"""Mails and what becomes of them."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class MailKind(TextChoices):
    """The mails that the tracker sends."""

    REMINDER = "reminder", _("Reminder")
    DIGEST = "digest", _("Digest")
    DECISION = "decision", _("Review decision")
    SIGN_IN = "sign_in", _("Notice about your sign-in")
    ACCESS = "access", _("Notice about a restricted item")
    TEAM = "team", _("Notice about who reviews and manages")


class MailState(TextChoices):
    """Where a queued mail stands; the last six are final."""

    PENDING = "pending", _("Waiting to be sent")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Accepted by the mail server")
    WRITTEN = "written", _("Written to a file, sent to nobody")
    FAILED = "failed", _("Failed")
    UNKNOWN = "unknown", _("Unknown: it may or may not have been accepted")
    SUPPRESSED = "suppressed", _("Not sent, on purpose")
    EXPIRED = "expired", _("Not sent: too late to be useful")


# What a mail told in these states counts as told: it left the tracker, or may have.
GONE_STATES = (MailState.SENT, MailState.WRITTEN, MailState.UNKNOWN)


class MailAct(TextChoices):
    """What a manager may do about a mail that has come to an end."""

    SEND_AGAIN = "send_again", _("Send again")
    MARK_DELIVERED = "mark_delivered", _("Mark as delivered")


# Each tells of a manager's act: whoever did it must not be able to hold it back by another.
UNSTOPPABLE = (MailKind.SIGN_IN, MailKind.ACCESS, MailKind.TEAM)
# Of these nobody knows that they were accepted, and the sender leaves them alone.
RESENDABLE_STATES = (MailState.FAILED, MailState.UNKNOWN, MailState.EXPIRED)
