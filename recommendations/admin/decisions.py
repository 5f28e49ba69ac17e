"""The two decisions on several updates: approving, and returning to the authors."""

from django.contrib import admin
from django.utils.translation import gettext_lazy, ngettext

from recommendations.admin.bulk_acts import Act, ActsOnSeveral
from recommendations.choices import Decision
from recommendations.forms.desk import ReturnForm
from recommendations.services import reviews


class Approve(Act):
    """Approve each of them."""

    name, decision = "approve", Decision.APPROVE
    template = "admin/recommendations/statusupdate/decide.html"
    related = ("recommendation", "author", "ask")
    too_many = gettext_lazy("Choose at most %(n)s at once: you have to read each of them.")
    done = gettext_lazy("%(what)s: approved.")

    def title(self, number):
        return ngettext("Approve %(n)s update", "Approve %(n)s updates", number) % {"n": number}

    def named(self, update):
        return f"{update.recommendation}, {update}"

    def why_not(self, update):
        return reviews.reason_not_to_decide(
            update=update, reviewer=self.actor, decision=self.decision, now=self.now
        )

    def describe(self, update, given):
        update.version = update.versions.last()

    def shown(self, update):
        return update.version.number if update.version else ""

    def do(self, update, given, shown):
        reviews.decide(
            update=update,
            reviewer=self.actor,
            decision=self.decision,
            comment=given.get("comment", ""),
            seen_version=int(shown) if shown.isdecimal() else 0,
            now=self.now,
        )


class SendBack(Approve):
    """Return each of them, with one comment for all."""

    name, decision, form = "send_back", Decision.RETURN, ReturnForm
    done = gettext_lazy("%(what)s: returned.")

    def title(self, number):
        return ngettext("Return %(n)s update", "Return %(n)s updates", number) % {"n": number}


class DecidesOnUpdates(ActsOnSeveral):
    """A list of updates from which reviewers decide on several."""

    actions = ["approve", "send_back"]

    @admin.action(description=gettext_lazy("Approve…"))
    def approve(self, request, queryset):
        """Show what would be approved; on the second press approve each of them by itself."""
        return self.ask_or_do(request, queryset, Approve(request.user))

    @admin.action(description=gettext_lazy("Return to the authors…"))
    def send_back(self, request, queryset):
        """Ask for the comment, then return each of them by itself."""
        return self.ask_or_do(request, queryset, SendBack(request.user))
