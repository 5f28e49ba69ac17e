"""What a person chooses about their mails outside the settings: to end a kind of mail, to be mailed again."""

from django.utils.translation import gettext as _

from recommendations.choices import DigestFrequency, MailKind, ReminderChoice, Role
from recommendations.errors import Refused
from recommendations.mail.outbox import bounces
from recommendations.mail.outbox.queue import token_digest
from recommendations.models import UnsubscribeToken, User

# The setting that ends a kind of mail.
ENDED_BY = {
    MailKind.DIGEST: ("digest_frequency", DigestFrequency.NEVER),
    MailKind.REMINDER: ("reminders", ReminderChoice.NONE),
}


def trust_address(*, actor: User, person: User) -> bool:
    """Send mails again to an address that refused two in a row: somebody has looked at it.

    Mails that were held back meanwhile are not sent late; the next reminder and digest contain their news.

    Args:
        actor: the person, or a manager.

    Returns: whether the address was marked. Raises: Refused for anybody else.
    """
    if actor.pk != person.pk and not actor.has_role(Role.MANAGER):
        raise Refused(_("Only managers can change people and their roles."))
    return bool(bounces.believe(User.objects.filter(pk=person.pk, bouncing_since__isnull=False)))


def find_unsubscribe_token(*, token: str) -> UnsubscribeToken | None:
    """Return the row of an unsubscribe token, or None when there is no such token."""
    return UnsubscribeToken.objects.filter(digest=token_digest(token)).select_related("person").first()


def unsubscribe(*, ticket: UnsubscribeToken) -> None:
    """End only the kind of mail that a token names, for its person. Doing it twice is harmless."""
    field, value = ENDED_BY[MailKind(ticket.kind)]
    User.objects.filter(pk=ticket.person_id).update(**{field: value})


def is_unsubscribed(*, ticket: UnsubscribeToken) -> bool:
    """Say whether the mails that a token would end have ended already."""
    field, value = ENDED_BY[MailKind(ticket.kind)]
    return bool(getattr(ticket.person, field) == value)
