"""The mail log, and the state of the jobs."""

from django.conf import settings
from django.contrib import admin
from django.utils import formats, timezone
from django.utils.translation import gettext_lazy as _

from recommendations.admin.base import DeskAdmin, VisibleInline
from recommendations.admin.resend import ResendsMails
from recommendations.choices import RESENDABLE_STATES, MailState, Role
from recommendations.models import Heartbeat, Mail, MailAttempt, MailItem, UnsubscribeToken
from recommendations.selectors.decided_mails import is_closed_to
from recommendations.selectors.mailroom import mailroom


class AttemptInline(VisibleInline):
    """Each try at sending a mail."""

    model = MailAttempt
    see_role = Role.MANAGER
    fields = ["number", "started_at", "ended_at", "outcome", "code", "error"]


class ItemInline(VisibleInline):
    """What a mail is about."""

    model = MailItem
    see_role = Role.MANAGER
    fields = ["item_key"]


@admin.register(Mail)
class MailAdmin(ResendsMails, DeskAdmin):
    """Every mail that is queued or was sent, and what became of it."""

    see_role = Role.MANAGER
    list_display = [
        "told",
        "recipient",
        "state",
        "last_error",
        "created_at",
        "sent_at",
        "kind",
        "attempts",
    ]
    list_filter = ["state", "kind", ("recipient", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["subject", "to_address", "recipient__name", "key"]
    date_hierarchy = "created_at"
    list_select_related = ["recipient"]
    inlines = [AttemptInline, ItemInline]
    fieldsets = [
        (None, {"fields": ["kind", "recipient", "to_address", "subject", "readable_text"]}),
        (
            _("State"),
            {
                "fields": [
                    "state",
                    "reason",
                    "attempts",
                    "ambiguous",
                    "created_at",
                    "next_attempt_at",
                    "not_after",
                    "sent_at",
                    "last_code",
                    "last_error",
                ]
            },
        ),
        (_("Identity"), {"fields": ["key", "period", "from_seq", "to_seq", "message_id", "date_header"]}),
    ]

    def changelist_view(self, request, extra_context=None):
        """Head the list with how the sending goes."""
        if self.has_view_permission(request):
            extra_context = {"mailroom": mailroom(request.user, timezone.now()), **(extra_context or {})}
        return super().changelist_view(request, extra_context)

    def get_object(self, request, object_id, from_field=None):
        """Return the mail with the text that this reader may read of it."""
        mail = super().get_object(request, object_id, from_field)
        if mail:
            mail.text_to_show = mail.text_for(request.user)
            if not mail.tells_of_restricted and is_closed_to(mail, request.user):
                mail.text_to_show = _("This mail is only for its recipient.")
            mail.may_be_sent_again = mail.state in RESENDABLE_STATES
            mail.may_be_marked = mail.state == MailState.UNKNOWN
        return mail

    @admin.display(description=_("text"))
    def readable_text(self, mail):
        """Return the text; of somebody else's mail without what tells of restricted items."""
        if mail.purged_at:
            words = _("Removed on %(day)s: the text of mails is stored for %(n)s days.")
            day = formats.date_format(mail.purged_at, "j M Y")
            return words % {"day": day, "n": settings.MAIL_WORDS_DAYS}
        return mail.text_to_show

    @admin.display(description=_("mail"), ordering="subject")
    def told(self, mail):
        """Return the subject, or what is shown instead of it."""
        return mail.subject or str(mail)


@admin.register(MailAttempt)
class MailAttemptAdmin(DeskAdmin):
    """Each try at sending."""

    see_role = Role.MANAGER
    list_display = ["mail", "number", "started_at", "ended_at", "outcome", "code", "error"]
    list_filter = ["outcome", "code"]
    search_fields = ["mail__subject", "error"]
    date_hierarchy = "started_at"
    list_select_related = ["mail"]


@admin.register(MailItem)
class MailItemAdmin(DeskAdmin):
    """What each mail was about: told once to one person."""

    see_role = Role.MANAGER
    list_display = ["item_key", "recipient", "mail"]
    list_filter = [("recipient", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["item_key", "recipient__name"]
    list_select_related = ["mail", "recipient"]


@admin.register(UnsubscribeToken)
class UnsubscribeTokenAdmin(DeskAdmin):
    """Which links to end a mail are out; the links themselves are kept hashed."""

    see_role = Role.MANAGER
    list_display = ["person", "kind", "created_at"]
    list_filter = ["kind"]
    search_fields = ["person__name"]
    list_select_related = ["person"]
    fields = ["person", "kind", "created_at"]


@admin.register(Heartbeat)
class HeartbeatAdmin(DeskAdmin):
    """When each job last ran to its end."""

    list_display = ["name", "at"]
    list_filter = ["name"]
    search_fields = ["name"]
