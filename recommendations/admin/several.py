"""Acts on several rows at once: what is to be said, then what will happen to whom, then each by itself."""

from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recommendations.errors import Refused
from recommendations.forms.desk import DayForm, OwnerForm
from recommendations.rules.conflicts import EditConflict, fingerprint
from recommendations.services import recommendations as service

# What a person can still look through before saying yes to all of it.
MOST_AT_ONCE = 100


@dataclass(frozen=True)
class Act:
    """One act on several rows.

    ``before`` says in words what stands in a row, ``after`` what the form would put there; ``do`` is called
    with (row, cleaned data, what the page showed). ``field`` is the one that is replaced, if one is.
    """

    name: str
    title: str
    form: Any
    before: Any
    after: Any
    do: Any
    field: str = ""


class ActsOnSeveral(admin.ModelAdmin):
    """A list with acts that ask first and then tell row by row what became of it."""

    def ask_or_do(self, request, queryset, act):
        """Show the form; then what would become of each chosen row; on the third press do it to each.

        Returns: a page that asks, or None when it is done.
        """
        step = request.POST.get("step", "")
        if step:
            # What was listed counts, not what the list's filters leave after somebody else was faster.
            queryset = self.get_queryset(request).filter(pk__in=request.POST.getlist(ACTION_CHECKBOX_NAME))
        rows = list(queryset.order_by("pk")[: MOST_AT_ONCE + 1])
        if len(rows) > MOST_AT_ONCE:
            self.message_user(request, _("Choose at most %(n)s at once.") % {"n": MOST_AT_ONCE}, "error")
            return None
        form = act.form(request.POST if step else None)
        is_said = bool(step) and form.is_valid()
        if is_said and step == "confirmed":
            for row in rows:
                self._one(request, row, act, form.cleaned_data)
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": act.title,
            "opts": self.opts,
            "rows": [_line(row, act, form.cleaned_data if is_said else None) for row in rows],
            "form": form,
            "is_said": is_said,
            "action": act.name,
            "checkbox": ACTION_CHECKBOX_NAME,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/several.html", context)

    def _one(self, request, row, act, given):
        """Do it to one row, and say what became of it."""
        words = {"what": row}
        shown = request.POST.get(f"{row.pk}-shown")
        try:
            act.do(row, given, {act.field: shown} if shown else None)
        except EditConflict as conflict:
            words["why"] = conflict.who
        except Refused as refusal:
            words["why"] = str(refusal)
        except ValidationError as error:
            words["why"] = " ".join(error.messages)
        else:
            self.message_user(request, _("%(what)s: done.") % words, "success")
            return
        self.message_user(request, _("%(what)s: not done. %(why)s") % words, "error")


def _line(row, act, given):
    """Return what the page says of a row: what stands there, and what would; and what it carries."""
    return {
        "row": row,
        "before": act.before(row),
        "after": act.after(given) if given else "",
        "shown": fingerprint(getattr(row, act.field)) if act.field else "",
    }


def _day(day):
    return date_format(day, "j M Y")


class SetsSeveral(ActsOnSeveral):
    """Recommendations: their owner, or their next review, for several at once."""

    actions = ["assign", "set_date"]

    @admin.action(description=gettext_lazy("Name an owner…"))
    def assign(self, request, queryset):
        """Name one owner for all of them; the deputies stay."""

        def do(row, given, shown):
            # The rows before this one took their time: a deputy who was named meanwhile stays.
            seen = {**(shown or {}), "deputy": fingerprint(row.deputy)}
            about = {"recommendation": row, "actor": request.user, "now": timezone.now(), "seen": seen}
            now_owned = service.assign(owner=given["owner"], deputy=row.deputy, **about)
            if now_owned.owner != given["owner"]:
                words = _("%(name)s was named after you opened it, so this was not changed.")
                raise Refused(words % {"name": now_owned.owner or _("Nobody")})

        act = Act(
            name="assign",
            title=_("Name an owner"),
            form=OwnerForm,
            field="owner",
            before=lambda row: str(row.owner or _("nobody")),
            after=lambda given: str(given["owner"] or _("nobody")),
            do=do,
        )
        return self.ask_or_do(request, queryset, act)

    @admin.action(description=gettext_lazy("Set a review date…"))
    def set_date(self, request, queryset):
        """Add one date, which counts once, to all of them; what was set before stays beside it."""

        def do(row, given, _seen):
            about = {"recommendation": row, "actor": request.user, "now": timezone.now()}
            service.add_date(on=given["day"], before="", **about)

        act = Act(
            name="set_date",
            title=_("Set a review date"),
            form=DayForm,
            before=lambda row: _("next review %(day)s") % {"day": _day(row.next_review_on)},
            after=lambda given: _("also %(day)s") % {"day": _day(given["day"])},
            do=do,
        )
        return self.ask_or_do(request, queryset, act)
