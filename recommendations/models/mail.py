"""Queued mails: one row is one mail to one person, complete from the moment it is queued."""

import re
from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from recommendations.choices import GONE_STATES, MailKind, MailState, Role
from recommendations.models.advocacy import Advocacy
from recommendations.models.constraints import one_of
from recommendations.models.leases import Leased, LeasedQuerySet, leased_while
from recommendations.models.people import User
from recommendations.models.recommendations import Recommendation
from recommendations.models.updates import StatusUpdate
from recommendations.models.visible import VisibleQuerySet

# A sender's right to a mail. Longer than the ten minutes that a server may take after the dot (RFC 5321,
# 4.5.3.2.6), three commands of 30 s, and the four minutes over which one run's clock is spread.
LEASE = timedelta(minutes=20)
DOT = "dot"
# The link that ends mails acts for its bearer, so it is its recipient's alone.
OWN_LINK = re.compile(r"/u/[\w-]+")


class MailQuerySet(LeasedQuerySet):
    """Reads of queued mails."""

    def _visible(self, user: User) -> Self:
        """One's own; managers keep the mail log and see all."""
        return self if user.has_role(Role.MANAGER) else self.filter(recipient=user)

    def readable_again(self) -> Self:
        """Return those that went out, or may have, with their words.

        One that waits or was held back may name an item that was closed to its reader since.
        """
        return self.filter(state__in=GONE_STATES).with_words()

    def with_words(self) -> Self:
        """Return those whose words are kept."""
        return self.filter(Exists(MailWords.objects.filter(mail=OuterRef("pk"))))

    def sendable(self, now: datetime) -> Self:
        """Return the pending ones whose moment has come, oldest first."""
        return self.filter(state=MailState.PENDING, next_attempt_at__lte=now).order_by(
            "next_attempt_at", "pk"
        )

    def with_recipient(self) -> "MailQuerySet[Any]":
        """Return them with their recipient, whose rank is in ``recipient_rank``, by the same statement."""
        person: QuerySet[Any] = User.objects.with_rank().filter(pk=OuterRef("recipient"))
        return self.select_related("recipient").annotate(recipient_rank=Subquery(person.values("rank")))

    def handed_over(self) -> Self:
        """Return those whose bytes have left, and of which the server has not said what it does with them."""
        return self.in_hand().filter(phase=DOT)

    def in_hand(self) -> Self:
        """Return those that a sender has taken; an index finds them by their state."""
        return self.filter(state=MailState.SENDING)


class Mail(Leased):
    """A mail that is queued for one person, and what became of it.

    ``key`` is made of ids and dates alone and is unique, so that planning twice queues once. Subject,
    ``words``, Message-ID and date are fixed when the mail is planned: a second attempt is the same mail.
    ``phase`` is ``dot`` from just before the message's bytes leave the machine; until then a killed
    sender has cost nothing.
    """

    key = models.CharField(max_length=200)
    kind = models.CharField(_("kind"), max_length=12, choices=MailKind)
    # Indexed below, with the kind: each index of its own is written again whenever one is taken.
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="mails", db_index=False
    )
    period = models.CharField(_("period"), max_length=20, blank=True)
    from_seq = models.PositiveBigIntegerField(null=True, blank=True)
    to_seq = models.PositiveBigIntegerField(null=True, blank=True)
    # What a digest for partners tells of what is published (``told_outside``); asked again when it is sent.
    tells = models.JSONField(null=True, blank=True, editable=False)
    # Of a digest: the reports that it was limited to; none for all.
    limited_to = models.JSONField(default=list, blank=True)
    # Where it goes if not to the recipient's address of that moment: a notice that the address was changed.
    fixed_address = models.EmailField(_("sent to this address alone"), blank=True)
    to_address = models.EmailField(_("sent to"), blank=True)
    subject = models.CharField(_("subject"), max_length=250)
    tells_of_restricted = models.BooleanField(default=False)
    message_id = models.CharField(max_length=120)
    date_header = models.DateTimeField()
    state = models.CharField(_("state"), max_length=12, choices=MailState, default=MailState.PENDING)
    reason = models.CharField(_("why"), max_length=300, blank=True)
    phase = models.CharField(max_length=4, blank=True)
    ambiguous = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(_("queued since"))
    next_attempt_at = models.DateTimeField(_("next attempt"))
    not_after = models.DateTimeField(_("useful until"))
    # Host, process and thread of the sender that took it last.
    last_holder = models.CharField(max_length=100, blank=True)
    last_code = models.CharField(max_length=10, blank=True)
    last_error = models.CharField(_("the server's words"), max_length=300, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    purged_at = models.DateTimeField(_("text removed"), null=True, blank=True)

    objects = MailQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["key"], name="mail_key_once"),
            one_of("kind", MailKind, "mail_kind_valid"),
            one_of("state", MailState, "mail_state_valid"),
            leased_while(Q(state=MailState.SENDING), "mail_leased_while_sending"),
            models.CheckConstraint(
                condition=~Q(state__in=[MailState.SENT, MailState.WRITTEN]) | Q(sent_at__isnull=False),
                name="mail_sent_has_time",
            ),
        ]
        indexes = [
            # In the order in which mails are taken up, so that the next few are found without sorting all.
            # An index for each question: one over all states would be written again at every step of a mail.
            models.Index(
                fields=["next_attempt_at", "id"], condition=Q(state=MailState.PENDING), name="mail_sendable"
            ),
            models.Index(fields=["id"], condition=Q(state=MailState.SENDING), name="mail_in_hand"),
            models.Index(fields=["id"], condition=Q(state=MailState.FAILED), name="mail_failed"),
            models.Index(fields=["id"], condition=Q(state=MailState.UNKNOWN), name="mail_unknown"),
            models.Index(fields=["recipient", "kind", "-to_seq"], name="mail_by_recipient"),
            models.Index(fields=["created_at"], condition=Q(purged_at=None), name="mail_with_words"),
        ]

    def __str__(self):
        return self.subject or f"{self.get_kind_display()} {self.created_at:%Y-%m-%d}"

    @property
    def text(self) -> str:
        """The text as its recipient reads it; empty where no words are kept."""
        return self.words.text if self.has_words else ""

    @property
    def html(self) -> str:
        """The HTML as its recipient reads it; empty where no words are kept."""
        return self.words.html if self.has_words else ""

    @property
    def has_words(self) -> bool:
        """Whether its words are kept: it was written, and they were not removed since."""
        return hasattr(self, "words")

    def text_for(self, reader: User) -> str:
        """Return the text that ``reader`` may read here: whole for its recipient alone."""
        if not self.has_words or reader.pk == self.recipient_id:
            return self.text
        return OWN_LINK.sub("/u/…", self.words.shared_text if self.tells_of_restricted else self.text)

    def html_for(self, reader: User) -> str:
        """Return the HTML that ``reader`` may read here: whole for its recipient alone."""
        if not self.has_words or reader.pk == self.recipient_id:
            return self.html
        return OWN_LINK.sub("/u/…", self.words.shared_html if self.tells_of_restricted else self.html)


class MailWordsQuerySet(VisibleQuerySet):
    """Reads of what mails say."""

    def _visible(self, user: User) -> Self:
        """One's own alone; what a manager may read of another's is ``Mail.text_for``."""
        return self.filter(mail__recipient=user)


class MailWords(models.Model):
    """What a mail says; apart from the mail, whose row is rewritten at each step of sending it.

    Where the mail tells that something restricted changed, the ``shared`` bodies leave that out: they are
    what a manager reads of somebody else's mail.
    """

    mail = models.OneToOneField(Mail, models.CASCADE, primary_key=True, related_name="words")
    text = models.TextField(_("text"))
    html = models.TextField(_("HTML"), blank=True)
    shared_text = models.TextField(blank=True)
    shared_html = models.TextField(blank=True)
    headers = models.JSONField(default=dict, blank=True)
    # Of a reminder: the keys of what it lists; a digest of the same morning does not list it again.
    lists = models.JSONField(default=list, blank=True)

    objects = MailWordsQuerySet.as_manager()

    class Meta:
        verbose_name = _("text of a mail")
        verbose_name_plural = _("texts of mails")

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"


class OfMailQuerySet(VisibleQuerySet):
    """Reads of what belongs to one mail and is seen with it."""

    def _visible(self, user: User) -> Self:
        return self.filter(mail__in=Mail.objects.visible_to(user).values("pk"))


class MailItemQuerySet(OfMailQuerySet):
    """Reads of what mails are about."""

    def _visible(self, user: User) -> Self:
        """Those about updates that can be seen: that a restricted one is late is its author's to know."""
        updates = StatusUpdate.objects.visible_to(user)
        steps = Advocacy.objects.visible_to(user)
        about_open = Q(update=None) | Q(update__in=updates.values("pk"))
        about_open &= Q(advocacy=None) | Q(advocacy__in=steps.values("pk"))
        return super()._visible(user).filter(about_open | Q(recipient=user))


class MailItem(models.Model):
    """One thing that a mail is about, at one stage: told once to one person.

    ``since`` is the date that the stage counts from; when it has moved, the matter is closed. A stage
    that a newer one overtook before it was told is recorded as ``superseded`` with the mail that told
    the newer one.
    """

    mail = models.ForeignKey(Mail, models.CASCADE, related_name="items")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    item_key = models.CharField(max_length=200)
    recommendation = models.ForeignKey(Recommendation, models.PROTECT, null=True, related_name="+")
    update = models.ForeignKey(StatusUpdate, models.CASCADE, null=True, related_name="+")
    advocacy = models.ForeignKey(Advocacy, models.CASCADE, null=True, related_name="+")
    since = models.DateField(null=True)
    superseded = models.BooleanField(default=False)

    objects = MailItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail item")
        verbose_name_plural = _("mail items")
        constraints = [models.UniqueConstraint(fields=["recipient", "item_key"], name="mail_item_once")]

    def __str__(self):
        return self.item_key


class MailAttempt(models.Model):
    """One try at sending one mail; only ever added to."""

    mail = models.ForeignKey(Mail, models.CASCADE, related_name="tries", db_index=False)
    number = models.PositiveSmallIntegerField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=20, blank=True)
    code = models.CharField(max_length=10, blank=True)
    error = models.CharField(max_length=300, blank=True)

    objects = OfMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ["mail", "number"]
        constraints = [models.UniqueConstraint(fields=["mail", "number"], name="mail_attempt_once")]

    def __str__(self):
        return f"{self.mail_id} #{self.number}"
