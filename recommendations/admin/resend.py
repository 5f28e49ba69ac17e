"""The two acts on mails that have ended: sending again, and marking as delivered."""

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from recommendations.admin.bulk_acts import Act, ActsOnSeveral
from recommendations.choices import MailAct, MailState
from recommendations.services.mail import resend as service


class SendAgain(Act):
    """Queue each of them once more."""

    name = str(MailAct.SEND_AGAIN)
    template = "admin/recommendations/mail/confirm.html"
    related = ("recipient",)
    too_many = gettext_lazy("Choose at most %(n)s at once: you have to check each of them.")
    done = gettext_lazy("%(what)s: waits to be sent again.")

    def title(self, number):
        return ngettext("Send %(n)s mail again", "Send %(n)s mails again", number) % {"n": number}

    def named(self, mail):
        return _("“%(what)s” to %(who)s") % {"what": mail.subject, "who": mail.recipient}

    def why_not(self, mail):
        return service.reason_against(mail=mail, act=MailAct(self.name), now=self.now)

    def describe(self, mail, given):
        mail.may_be_double = mail.ambiguous or mail.state == MailState.UNKNOWN

    def shown(self, mail):
        return mail.state

    def do(self, mail, given, shown):
        act = MailAct(self.name)
        service.act_on(mail=mail, act=act, actor=self.actor, seen_state=shown, now=self.now)


class MarkDelivered(SendAgain):
    """Count each of them as sent, since its recipient says so."""

    name = str(MailAct.MARK_DELIVERED)
    done = gettext_lazy("%(what)s: marked as delivered.")

    def title(self, number):
        words = ngettext("Mark %(n)s mail as delivered", "Mark %(n)s mails as delivered", number)
        return words % {"n": number}


class ResendsMails(ActsOnSeveral):
    """A list of mails from which managers send again or mark as delivered."""

    actions = ["send_again", "mark_delivered"]

    @admin.action(description=gettext_lazy("Send again…"))
    def send_again(self, request, queryset):
        """Show what would go out and to whom; on the second press queue each of them by itself."""
        return self.ask_or_do(request, queryset, SendAgain(request.user))

    @admin.action(description=gettext_lazy("Mark as delivered…"))
    def mark_delivered(self, request, queryset):
        """Show what would count as delivered; on the second press mark each of them by itself."""
        return self.ask_or_do(request, queryset, MarkDelivered(request.user))
