"""Addresses that a mail server refuses permanently: marked after two refusals in a row.

A sender that keeps mailing an address that does not exist is taken for a sender of spam, and then nobody's
mail arrives. So further mails to this address are held back until somebody has looked at it.
"""

import smtplib
from datetime import datetime

from django.db.models import F, QuerySet

from recommendations.mail.outbox.leases import Lease
from recommendations.mail.outbox.transport import RECIPIENT_REFUSED
from recommendations.models import Mail, User

# One refusal may be the fault of a full or a badly kept server (docs/mail.md, "What becomes of an answer").
REFUSALS_IN_A_ROW = 2
# Beside refusals of the recipient those of the message count: to the sender they look alike. Of what a
# provider answers, only what is told of the recipient: other answers of 4xx may be about our own account.
ABOUT_THE_ADDRESS = (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, *RECIPIENT_REFUSED)


def note_refusal(lease: Lease, error: Exception, now: datetime) -> None:
    """Count a permanent refusal, and mark the address at the second in a row.

    Args:
        error: what smtplib or the provider's backend raised; the caller has checked that it is permanent.
    """
    if not isinstance(error, ABOUT_THE_ADDRESS):
        return
    # An address that was changed while the mail was under way is not the one that was refused.
    same = User.objects.filter(pk=lease.mail.recipient_id, email=lease.mail.to_address)
    same.update(refusals=F("refusals") + 1)
    same.filter(refusals__gte=REFUSALS_IN_A_ROW, bouncing_since=None).update(bouncing_since=now)


def note_acceptance(mail: Mail) -> None:
    """Forget the refusals of an address that took a mail. Without refusals it costs no statement."""
    if mail.recipient.refusals:
        believe(User.objects.filter(pk=mail.recipient_id, email=mail.to_address))


def believe(people: QuerySet[User]) -> int:
    """Remove the mark from these people's addresses. Returns: how many."""
    return people.update(refusals=0, bouncing_since=None)
