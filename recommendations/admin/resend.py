"""The two acts on mails that came to an end: each asks first, then tells row by row what became of it."""

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from recommendations.choices import MailAct, MailState
from recommendations.errors import Refused
from recommendations.services.mail import resend as service

# What a person can still look through before saying yes to all of it.
MOST_AT_ONCE = 50


class ResendsMails(admin.ModelAdmin):
    """A list of mails from which managers send again or mark as delivered."""

    actions = ["send_again", "mark_delivered"]

    @admin.action(description=gettext_lazy("Send again…"))
    def send_again(self, request, queryset):
        """Show what would go out and to whom; on the second press queue each of them by itself."""
        return self._act(request, queryset, MailAct.SEND_AGAIN)

    @admin.action(description=gettext_lazy("Mark as delivered…"))
    def mark_delivered(self, request, queryset):
        """Show what would count as delivered; on the second press mark each of them by itself."""
        return self._act(request, queryset, MailAct.MARK_DELIVERED)

    def _act(self, request, queryset, act):
        if "confirmed" in request.POST:
            # What was listed counts, not what the list's filters leave after somebody else was faster.
            queryset = self.get_queryset(request).filter(pk__in=request.POST.getlist(ACTION_CHECKBOX_NAME))
        mails = list(queryset.select_related("recipient")[: MOST_AT_ONCE + 1])
        if len(mails) > MOST_AT_ONCE:
            words = _("Choose at most %(n)s at once: you have to check each of them.") % {"n": MOST_AT_ONCE}
            self.message_user(request, words, "error")
            return None
        if "confirmed" in request.POST:
            for mail in mails:
                self._one(request, mail, act)
            return None
        return self._ask(request, mails, act)

    def _one(self, request, mail, act):
        """Do it to one mail, and say what became of it."""
        words = {"what": mail.subject, "who": mail.recipient}
        seen = request.POST.get(f"state-{mail.pk}", "")
        try:
            service.act_on(mail=mail, act=act, actor=request.user, seen_state=seen, now=timezone.now())
        except Refused as refusal:
            words["why"] = str(refusal)
            self.message_user(request, _("“%(what)s” to %(who)s: not done. %(why)s") % words, "error")
            return
        if act == MailAct.SEND_AGAIN:
            sentence = _("“%(what)s” to %(who)s: waits to be sent again.")
        else:
            sentence = _("“%(what)s” to %(who)s: marked as delivered.")
        self.message_user(request, sentence % words, "success")

    def _ask(self, request, mails, act):
        """Show each chosen mail with its recipient, or why it is left as it is."""
        now = timezone.now()
        for mail in mails:
            mail.why_not = service.reason_against(mail=mail, act=act, now=now)
            mail.may_be_double = mail.ambiguous or mail.state == MailState.UNKNOWN
        ready = [mail for mail in mails if not mail.why_not]
        title = (
            ngettext("Send %(n)s mail again", "Send %(n)s mails again", len(ready))
            if act == MailAct.SEND_AGAIN
            else ngettext("Mark %(n)s mail as delivered", "Mark %(n)s mails as delivered", len(ready))
        )
        context = {
            **self.admin_site.each_context(request),
            "title": title % {"n": len(ready)},
            "opts": self.opts,
            "ready": ready,
            "others": [mail for mail in mails if mail.why_not],
            "action": str(act),
            "checkbox": ACTION_CHECKBOX_NAME,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/recommendations/mail/confirm.html", context)
