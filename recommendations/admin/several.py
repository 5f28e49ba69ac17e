"""Acts on several rows at once: asked first, then done to each by itself, with its own result."""

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recommendations.errors import Refused
from recommendations.forms.desk import DayForm, OwnerForm
from recommendations.services import recommendations as service

# What a person can still look through before saying yes to all of it.
MOST_AT_ONCE = 100


class ActsOnSeveral(admin.ModelAdmin):
    """A list with acts that ask first and then tell row by row what became of it."""

    def ask_or_do(self, request, queryset, *, action, title, form, act):
        """Show the chosen rows and the form; on the second press do it to each of them.

        Args:
            action: the name of the action.
            title: what will be done, in words.
            form: a bound or unbound form of what is to be said once for all; None without one.
            act: called with (row, cleaned data); refuses by ``Refused`` or ``ValidationError``.

        Returns: a page that asks, or None when it is done.
        """
        confirmed = "confirmed" in request.POST
        if confirmed:
            # What was listed counts, not what the list's filters leave after somebody else was faster.
            queryset = self.get_queryset(request).filter(pk__in=request.POST.getlist(ACTION_CHECKBOX_NAME))
        rows = list(queryset.order_by("pk")[: MOST_AT_ONCE + 1])
        if len(rows) > MOST_AT_ONCE:
            self.message_user(request, _("Choose at most %(n)s at once.") % {"n": MOST_AT_ONCE}, "error")
            return None
        if confirmed and (form is None or form.is_valid()):
            for row in rows:
                self._one(request, row, act, form.cleaned_data if form else {})
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "rows": rows,
            "form": form,
            "action": action,
            "checkbox": ACTION_CHECKBOX_NAME,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/several.html", context)

    def _one(self, request, row, act, given):
        """Do it to one row, and say what became of it."""
        words = {"what": row}
        try:
            act(row, given)
        except Refused as refusal:
            words["why"] = str(refusal)
        except ValidationError as error:
            words["why"] = " ".join(error.messages)
        else:
            self.message_user(request, _("%(what)s: done.") % words, "success")
            return
        self.message_user(request, _("%(what)s: not done. %(why)s") % words, "error")


def _posted(request):
    return request.POST if "confirmed" in request.POST else None


class SetsSeveral(ActsOnSeveral):
    """Recommendations: their owner, or their next review, for several at once."""

    actions = ["assign", "set_date"]

    @admin.action(description=gettext_lazy("Name an owner…"))
    def assign(self, request, queryset):
        """Name one owner for all of them; the deputies stay."""

        def act(row, given):
            about = {"recommendation": row, "actor": request.user, "now": timezone.now()}
            service.assign(owner=given["owner"], deputy=row.deputy, **about)

        return self.ask_or_do(
            request,
            queryset,
            action="assign",
            title=_("Name an owner"),
            form=OwnerForm(_posted(request)),
            act=act,
        )

    @admin.action(description=gettext_lazy("Set a review date…"))
    def set_date(self, request, queryset):
        """Add one date, which counts once, to all of them; what was set before stays beside it."""

        def act(row, given):
            about = {"recommendation": row, "actor": request.user, "now": timezone.now()}
            service.add_date(on=given["day"], before="", **about)

        return self.ask_or_do(
            request,
            queryset,
            action="set_date",
            title=_("Set a review date"),
            form=DayForm(_posted(request)),
            act=act,
        )
