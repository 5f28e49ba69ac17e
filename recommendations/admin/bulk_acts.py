"""Acts on several rows at once: a form first, then what will happen to whom, then each row by itself."""

from abc import ABC, abstractmethod
from typing import Any

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recommendations.errors import Gone, Refused
from recommendations.rules.conflicts import EditConflict


class Act(ABC):
    """One act on several rows: what its page says of each, and what is done to each.

    ``most`` is how many a person can still look through before saying yes to all of them; ``related`` are
    the relations that the page shows. ``form`` asks for what is said of all; where the page before shows it
    with the rows (``admin/several.html``), the step that it sends is ``said``, else ``confirmed``.
    """

    name = ""
    template = "admin/several.html"
    form: Any = None
    most = 50
    related: tuple[str, ...] = ()
    too_many = gettext_lazy("Choose at most %(n)s at once.")
    done = gettext_lazy("%(what)s: done.")

    def __init__(self, actor):
        self.actor, self.now = actor, timezone.now()

    @abstractmethod
    def title(self, number):
        """Return the heading of the page that asks, for so many rows that it can be done to."""

    def named(self, row):
        """Return what a row is called in the message that says what became of it."""
        return str(row)

    def why_not(self, row):
        """Return why a row is left as it is, as a sentence; empty where it is not."""
        return ""

    @abstractmethod
    def describe(self, row, given):
        """Write into a row what the page says of it; ``given`` is what the form said, empty before that."""

    def shown(self, row):
        """Return what the page carries of a row, and hands to ``do``: what whoever confirms has seen."""
        return ""

    @abstractmethod
    def do(self, row, given, shown):
        """Do it to one row, by its service. Raises: Refused, Gone, EditConflict, ValidationError."""


class ActsOnSeveral(admin.ModelAdmin):
    """A list with acts that ask first and then tell row by row what became of it."""

    def ask_or_do(self, request, queryset, act):
        """Show what would become of each chosen row, and ask for what is to be said; on the last press do it.

        Returns: a page that asks, or None when it is done.
        """
        step = request.POST.get("step", "")
        if step:
            # What was listed counts, not what the list's filters leave after somebody else was faster.
            queryset = self.get_queryset(request).filter(pk__in=request.POST.getlist(ACTION_CHECKBOX_NAME))
        rows = list((queryset.select_related(*act.related) if act.related else queryset)[: act.most + 1])
        if len(rows) > act.most:
            self.message_user(request, act.too_many % {"n": act.most}, "error")
            return None
        form = act.form(request.POST if step else None) if act.form else None
        is_said = form is None or (bool(step) and form.is_valid())
        given = form.cleaned_data if form and is_said else {}
        if is_said and step == "confirmed":
            for row in rows:
                self._one(request, row, act, given)
            return None
        return self._ask(request, rows, act, {"form": form, "given": given, "is_said": is_said})

    def _ask(self, request, rows, act, said):
        """Return the page: the rows that it can be done to, and the others with the reason."""
        for row in rows:
            row.why_not = act.why_not(row)
            act.describe(row, said["given"])
            row.shown = act.shown(row)
        ready = [row for row in rows if not row.why_not]
        context = {
            **self.admin_site.each_context(request),
            **said,
            "title": act.title(len(ready)),
            "opts": self.opts,
            "ready": ready,
            "others": [row for row in rows if row.why_not],
            "action": act.name,
            "checkbox": ACTION_CHECKBOX_NAME,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, act.template, context)

    def _one(self, request, row, act, given):
        """Do it to one row, and say what became of it."""
        words = {"what": act.named(row)}
        try:
            act.do(row, given, request.POST.get(f"{row.pk}-shown", ""))
        except Gone:
            words["why"] = _("It no longer exists.")
        except EditConflict as conflict:
            words["why"] = conflict.who
        except Refused as refusal:
            words["why"] = str(refusal)
        except ValidationError as error:
            words["why"] = " ".join(error.messages)
        else:
            self.message_user(request, act.done % words, "success")
            return
        self.message_user(request, _("%(what)s: not done. %(why)s") % words, "error")
