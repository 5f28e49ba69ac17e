"""Checked again at the moment of sending: can this person still be told, and do they want to be?"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from recommendations.choices import (
    UNSTOPPABLE,
    Decision,
    DigestFrequency,
    EventKind,
    MailKind,
    ReminderChoice,
    Role,
    Sensitivity,
)
from recommendations.models import Advocacy, Event, Mail, Review, StatusUpdate, User
from recommendations.models.people import RANKS
from recommendations.selectors.decided_mails import reviews_of
from recommendations.selectors.mailing import pause_words
from recommendations.selectors.reminder_validity import StillDue
from recommendations.selectors.told_outside import may_be_told

# How the keys of digests for outside partners begin: they hold what is public.
FOR_PARTNERS = "digest:partner:"
# The period of a digest for which its reader asked between the regular ones.
ASKED_FOR = "asked"


def reason_to_hold_back(mail: Mail, now: datetime, is_local: bool) -> str:
    return Suppression([mail]).reason_to_hold_back(mail, now, is_local)


class Suppression:
    """What decides whether mails can be sent, read for all of them at once.

    Args:
        mails: with their recipients.
    """

    def __init__(self, mails: Sequence[Mail]) -> None:
        reminders = [mail for mail in mails if mail.kind == MailKind.REMINDER]
        digests = [mail for mail in mails if mail.kind == MailKind.DIGEST and mail.to_seq is not None]
        self._closed: dict[tuple[int, int], bool] = {}
        self._still_due = StillDue(reminders)
        telling = reminders + digests
        self._made_restricted: list[str] = _made_restricted_since(telling) if telling else []
        self._roles = _changed_roles(digests) if digests else {}
        decisions = [mail for mail in mails if mail.kind == MailKind.DECISION]
        self._closed_comments = _closed_comments(decisions) if decisions else set()

    def reason_to_hold_back(self, mail: Mail, now: datetime, is_local: bool) -> str:
        """Return why a mail is not sent after all, as a sentence; empty when it is.

        Args:
            is_local: whether the mail stays on this machine (files), where nobody is mailed.

        Both managers and the person read the sentence, so it names neither.
        """
        person = mail.recipient
        is_for_partners = mail.key.startswith(FOR_PARTNERS)
        # A notice of what a manager did goes out whatever became of the account: they could silence it
        # by taking the account away until the mail is held back.
        if mail.kind not in UNSTOPPABLE and (why_not := _reason_in_account(person, is_for_partners)):
            return why_not
        if person.is_example and not is_local:
            return _("A fictional person of the demonstration, who never gets mail.")
        if person.bouncing_since and mail.fixed_address in ("", person.email):
            return _("The mail server refused the address twice in a row. Managers can see what to do.")
        is_regular = mail.kind == MailKind.DIGEST and mail.period != ASKED_FOR
        if is_regular and person.digest_frequency == DigestFrequency.NEVER:
            return _("Digests are turned off in the settings.")
        if mail.kind == MailKind.DIGEST and self._names_what_was_closed(mail, is_for_partners):
            return _(
                "It names something that has been restricted, changed or removed, or is not published "
                "any more. The next digest will contain the rest."
            )
        if mail.kind == MailKind.DIGEST and self._was_for_a_reviewer(mail, person):
            return _("It was written for a reviewer, but the person is no longer a reviewer.")
        if mail.pk in self._closed_comments:
            return _("It has comments on something that has been restricted since. They are on the site.")
        if mail.kind == MailKind.REMINDER:
            return self._reason_to_hold_back_reminder(mail, person, now)
        return ""

    @cached_property
    def _may_be_told(self) -> set[str]:
        """What may be told outside at this moment."""
        return may_be_told()

    def _names_what_was_closed(self, mail: Mail, is_for_partners: bool) -> bool:
        """Say whether a digest tells something that its reader may not be told any more.

        One for partners is compared with all that may be told outside now; one for the team, with the items
        that were restricted or removed since. Digests about the same days are asked about once.
        """
        if mail.to_seq is None:
            return False
        if is_for_partners:
            # From a version that did not keep what a digest tells, there is none.
            return mail.tells is None or not self._may_be_told.issuperset(mail.tells)
        if self._names_what_was_made_restricted(mail):
            return True
        window = (mail.from_seq or 0, mail.to_seq)
        if window not in self._closed:
            self._closed[window] = _was_closed(*window)
        return self._closed[window]

    def _names_what_was_made_restricted(self, mail: Mail) -> bool:
        """Say whether a mail links to an update or advocacy entry that became restricted since."""
        return any(key in mail.text for key in self._made_restricted)

    def _was_for_a_reviewer(self, mail: Mail, person: User) -> bool:
        """Say whether a digest was written for a reviewer, with more in it, who is no longer one."""
        told_up_to, changes = mail.to_seq or 0, self._roles.get(person.pk, [])
        before = next((role for seq, role in changes if seq > told_up_to), "")
        return RANKS.get(before, 0) >= RANKS[Role.REVIEWER] and not person.is_reviewer

    def _reason_to_hold_back_reminder(self, mail: Mail, person: User, now: datetime) -> str:
        if person.reminders == ReminderChoice.NONE:
            return _("Reminders are turned off in the settings.")
        if pause := pause_words(person, person.today(now)):
            return pause
        if self._names_what_was_made_restricted(mail):
            return _(
                "It names something that has been restricted since. The next reminder will say what is due."
            )
        if not self._still_due.is_any_open(mail, person, now):
            return _("Everything that it was about is done.")
        return ""


def _reason_in_account(person: User, is_for_partners: bool) -> str:
    if not person.is_active:
        return _("The account is no longer active.")
    if person.is_partner and not is_for_partners:
        return _("It was written for a member of the team, but the person is now an outside partner.")
    if not person.is_partner and not person.has_role(Role.VIEWER):
        return _("The account no longer has a role.")
    return ""


def _made_restricted_since(mails: Sequence[Mail]) -> list[str]:
    """Return the keys, as in links, of what may have become restricted after a mail was written.

    No reminder or digest links to what was restricted before.
    """
    since = min(mail.created_at for mail in mails)
    keys = []
    for model in (StatusUpdate, Advocacy):
        closed = model.objects.filter(sensitivity=Sensitivity.RESTRICTED, changed_at__gte=since)
        keys += [str(key) for key in closed.values_list("key", flat=True)]
    return keys


def _closed_comments(decisions: Sequence[Mail]) -> set[int]:
    """Return the mails that bring comments on an update which, or an item of which, was restricted since."""
    reviews = reviews_of(mail for mail in decisions if not mail.tells_of_restricted)
    if not reviews:
        return set()
    returned = Review.objects.filter(pk__in=reviews.values(), decision=Decision.RETURN)
    closed = Event.objects.filter(
        kind=EventKind.EVIDENCE_CHANGED,
        payload__after=Sensitivity.RESTRICTED,
        at__gte=OuterRef("decided_at"),
        evidence__citations__update=OuterRef("update"),
    )
    since = returned.filter(Q(update__sensitivity=Sensitivity.RESTRICTED) | Exists(closed))
    held = set(since.order_by().values_list("pk", flat=True))
    return {pk for pk, review in reviews.items() if review in held}


def _changed_roles(digests: Sequence[Mail]) -> dict[int, list[tuple[int, str]]]:
    """Return {person pk: [(number of the event, the role before), …]} of changes since the first of these."""
    since = min(mail.to_seq or 0 for mail in digests)
    changed = Event.objects.filter(kind=EventKind.ROLE_CHANGED, seq__gt=since).order_by("seq")
    roles = defaultdict(list)
    for seq, payload in changed.values_list("seq", "payload"):
        roles[payload["person"]].append((seq, payload["before"]))
    return roles


def _was_closed(from_seq: int, to_seq: int) -> bool:
    """Say whether an item in the events of a period was closed to the team since."""
    restricted = Q(kind=EventKind.EVIDENCE_CHANGED, payload__after=Sensitivity.RESTRICTED)
    since = Event.objects.filter(restricted | Q(kind=EventKind.REMOVED), seq__gt=to_seq)
    closed = since.exclude(evidence=None).values("evidence")
    told = Event.objects.filter(seq__gt=from_seq, seq__lte=to_seq)
    return told.filter(kind=EventKind.EVIDENCE_ADDED, evidence__in=closed).exists()
