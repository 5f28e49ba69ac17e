"""Asked again at the moment of sending: may this person still be told, and do they want to be?"""

from django.db.models import Q
from django.utils.translation import gettext as _

from recommendations.choices import DigestFrequency, EventKind, MailKind, ReminderChoice, Role, Sensitivity
from recommendations.models import Event, MailItem
from recommendations.outbox.prepared import Prepared
from recommendations.summaries.duties import is_open
from recommendations.summaries.mailing import pause_words

# How the keys of digests for outside partners begin: they hold what is public.
FOR_PARTNERS = "digest:partner:"
# What is asked of what a reminder is about: where it stands.
STANDING = (
    "mail",
    "since",
    "recommendation__next_review_on",
    "recommendation__owner",
    "recommendation__deputy",
    "recommendation__report__archived_at",
    "recommendation__report__tracked_until",
    "update__author",
    "update__state",
    "advocacy__next_on",
    "advocacy__next_owner",
    "advocacy__done_at",
)
# The period of a digest for which its reader asked between the regular ones.
ASKED_FOR = "asked"


def reason_to_hold_back(mail, now, is_local):
    """Return why a mail is not sent after all, as a sentence; empty when it is.

    Args:
        mail: the claimed mail.
        now: the clock.
        is_local: whether the mail stays on this machine (files), where nobody is mailed.

    The sentence is read by managers and by the person alike, so it names neither.
    """
    person = mail.recipient
    if not person.is_active:
        return _("The account is not active any more.")
    is_for_partners = mail.key.startswith(FOR_PARTNERS)
    # What a notice about their sign-in says concerns them alone, whatever they are.
    if person.is_partner and not is_for_partners and mail.kind != MailKind.SIGN_IN:
        return _("It was written for a member of the team, and the account is an outside partner's now.")
    if not person.is_partner and not person.has_role(Role.VIEWER):
        return _("The account has no role any more.")
    if person.is_example and not is_local:
        return _("A made-up person of the demonstration, who is never mailed.")
    if person.bouncing_since and mail.fixed_address in ("", person.email):
        return _("The mail server refused the address twice in a row. Managers see what to do.")
    is_regular = mail.kind == MailKind.DIGEST and mail.period != ASKED_FOR
    if is_regular and person.digest_frequency == DigestFrequency.NEVER:
        return _("Digests are turned off in the settings.")
    if mail.kind == MailKind.DIGEST and _names_what_was_closed(mail, is_for_partners):
        return _("It names an item that was made restricted or removed. The next digest tells the rest.")
    if mail.kind == MailKind.REMINDER:
        return _reason_to_hold_back_reminder(mail, person, person.today(now))
    return ""


def _names_what_was_closed(mail, is_for_partners):
    """Say whether an item that a digest tells of was closed to its reader, or removed, since."""
    if mail.to_seq is None:
        return False
    closed = _closed_to_partners if is_for_partners else _closed_to_members
    return bool(closed(mail.from_seq or 0, mail.to_seq))


def _closed_to(levels):
    """Return the read of one event of the window that tells of an item whose level became one of these."""

    def told_of(from_seq, to_seq):
        restricted = Q(kind=EventKind.EVIDENCE_CHANGED, payload__after__in=levels)
        since = Event.objects.filter(restricted | Q(kind=EventKind.REMOVED), seq__gt=to_seq)
        closed = since.exclude(evidence=None).values("evidence")
        told = Event.objects.filter(seq__gt=from_seq, seq__lte=to_seq)
        return told.filter(kind=EventKind.EVIDENCE_ADDED, evidence__in=closed).only("seq")[:1]

    seq = Event._meta.get_field("seq")
    return Prepared(told_of, (seq, 987_654_321), (seq, 987_654_322))


_closed_to_members = _closed_to([Sensitivity.RESTRICTED])
_closed_to_partners = _closed_to([Sensitivity.RESTRICTED, Sensitivity.INTERNAL])


def _reason_to_hold_back_reminder(mail, person, today):
    if person.reminders == ReminderChoice.NONE:
        return _("Reminders are turned off in the settings.")
    if pause := pause_words(person, today):
        return pause
    if not any(is_open(item, person) for item in _told_of(mail.pk)):
        return _("All that it was about is done.")
    return ""


def _items(mail):
    told = MailItem.objects.filter(mail=mail, superseded=False)
    return told.select_related("recommendation__report", "update", "advocacy").only(*STANDING)


_told_of = Prepared(_items, (MailItem._meta.get_field("mail"), 987_654_321))
