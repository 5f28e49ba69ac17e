"""Reads of queued mails."""

from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Now

from recommendations.choices import GONE_STATES, MailState, Role
from recommendations.querysets.base import VisibleQuerySet, rows_of


class MailQuerySet(VisibleQuerySet):
    """Reads of queued mails."""

    def _visible(self, user):
        """One's own; managers keep the mail log and see all."""
        return self if user.has_role(Role.MANAGER) else self.filter(recipient=user)

    def readable_again(self):
        """Return those that went out, or may have, with their words.

        One that waits or was held back may name an item that was closed to its reader since.
        """
        return self.filter(state__in=GONE_STATES).with_words()

    def with_words(self):
        """Return those whose words are kept."""
        return self.filter(Exists(rows_of("MailWords").filter(mail=OuterRef("pk"))))

    def sendable(self, now):
        """Return the pending ones whose moment has come, oldest first."""
        return self.filter(state=MailState.PENDING, next_attempt_at__lte=now).order_by(
            "next_attempt_at", "pk"
        )

    def with_recipient(self):
        """Return them with their recipient, whose rank is in ``recipient_rank``, by the same statement."""
        person = rows_of("User").with_rank().filter(pk=OuterRef("recipient"))
        return self.select_related("recipient").annotate(recipient_rank=Subquery(person.values("rank")))

    def handed_over(self):
        """Return those whose bytes have left, and of which the server has not said what it does with them."""
        return self.filter(state=MailState.SENDING, phase="dot")

    def held(self, now):
        """Return those that a sender holds."""
        return self.filter(state=MailState.SENDING, lease_until__gte=now)

    def stale(self, now):
        """Return those whose sender's lease has run out: it was killed, or is lost."""
        return self.filter(state=MailState.SENDING, lease_until__lt=now)


class MailWordsQuerySet(VisibleQuerySet):
    """Reads of what mails say."""

    def _visible(self, user):
        """One's own alone; what a manager may read of another's is ``Mail.text_for``."""
        return self.filter(mail__recipient=user)


class OfMailQuerySet(VisibleQuerySet):
    """Reads of what belongs to one mail and is seen with it."""

    def _visible(self, user):
        return self.filter(mail__in=rows_of("Mail").visible_to(user).values("pk"))


class MailItemQuerySet(OfMailQuerySet):
    """Reads of what mails are about."""

    def _visible(self, user):
        """Those about updates that can be seen: that a restricted one is late is its author's to know."""
        updates = rows_of("StatusUpdate").visible_to(user)
        steps = rows_of("Advocacy").visible_to(user)
        about_open = Q(update=None) | Q(update__in=updates.values("pk"))
        about_open &= Q(advocacy=None) | Q(advocacy__in=steps.values("pk"))
        return super()._visible(user).filter(about_open | Q(recipient=user))


class HeartbeatQuerySet(VisibleQuerySet):
    """Reads and writes of when a job last ran to its end."""

    def beat(self, name, at, **detail):
        """Write that a job ran to its end, unless it did so later already.

        A command may be told to act as of a moment that is past. One that lies ahead of the database's clock
        was never true, and is replaced: it would hide a silence.

        Args:
            name: the job.
            at: when it ran.
            detail: what it did.
        """
        older = self.filter(name=name).filter(Q(at__lte=at) | Q(at__gt=Now()))
        if not older.update(at=at, detail=detail):
            self.get_or_create(name=name, defaults={"at": at, "detail": detail})
