"""The advocacy log: what we did ourselves, with whom, and what is next."""

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from recommendations.choices import Role
from recommendations.errors import Refused
from recommendations.filters.advocacy import AdvocacyFilter
from recommendations.forms.advocacy import AdvocacyForm
from recommendations.forms.typed import sends
from recommendations.models import Advocacy, Moment
from recommendations.rules.conflicts import EditConflict
from recommendations.rules.moments import coming
from recommendations.selectors.cut_lists import Cut
from recommendations.services import advocacy as service
from recommendations.views.access import needs_role
from recommendations.views.errors import overtaken

PAGE_SIZE = 50
MOMENTS_SHOWN = 5


def _entry_or_404(person, key):
    rows = Advocacy.objects.visible_to(person).select_related("author", "next_owner")
    return get_object_or_404(rows, key=key)


@require_safe
def advocacy_list(request):
    """Show what the person can see of the log, filtered, sorted and paged as the address says."""
    person, now = request.user, timezone.now()
    filters = AdvocacyFilter(request.GET, reader=person, now=now)
    rows = filters.qs.select_related("author", "next_owner").prefetch_related("recommendations")
    moments = coming(Moment.objects.visible_to(person).still_coming(filters.today), filters.today)
    context = {
        "filters": filters,
        "active": filters.active(),
        "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "all_address": reverse("advocacy-list"),
        "moments": Cut(moments[:MOMENTS_SHOWN], len(moments)),
        "now": now,
        "today": filters.today,
    }
    return render(request, "advocacy/list.html", context)


@sends(AdvocacyForm)
@needs_role(Role.CONTRIBUTOR)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request):
    """Log something that we did."""
    person, now = request.user, timezone.now()
    initial = {"form_key": uuid.uuid4(), "held_on": person.today(now)}
    form = AdvocacyForm(request.POST or None, reader=person, initial=initial)
    if request.method == "POST" and form.is_valid():
        key = form.cleaned_data["form_key"] or uuid.uuid4()
        entry = _try(form, service.log, author=person, key=key, now=now)
        if entry:
            messages.success(request, _("Saved."))
            return redirect(entry)
    return render(request, "advocacy/form.html", {"form": form, "entry": None})


@require_safe
def detail(request, key):
    """Show one entry."""
    person = request.user
    entry = _entry_or_404(person, key)
    context = {
        "entry": entry,
        "recommendations": entry.recommendations.visible_to(person),
        "items": entry.evidence.visible_to(person).order_by("title", "pk"),
        "readers": entry.readers.all(),
        "may_change": entry.author_id == person.pk,
        "may_finish": (
            entry.is_step_open
            and person.pk in (entry.author_id, entry.next_owner_id)
            and person.has_role(Role.CONTRIBUTOR)
        ),
        "today": person.today(timezone.now()),
    }
    return render(request, "advocacy/detail.html", context)


@sends(AdvocacyForm)
@needs_role(Role.CONTRIBUTOR)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request, key):
    """Put an entry right; its author's alone."""
    person = request.user
    entry = _entry_or_404(person, key)
    if entry.author_id != person.pk:
        words = _("Only %(name)s, who logged it, can change it.") % {"name": entry.author}
        if request.method == "POST":
            return overtaken(request, words, entry.get_absolute_url())
        messages.info(request, words)
        return redirect(entry)
    form = AdvocacyForm(request.POST or None, reader=person, instance=_entry_or_404(person, key))
    if request.method == "POST" and form.is_valid():
        about = {"entry": entry, "actor": person, "now": timezone.now(), "seen": form.cleaned_data["seen"]}
        if _try(form, service.change, **about):
            messages.success(request, _("Saved."))
            return redirect(entry)
    return render(request, "advocacy/form.html", {"form": form, "entry": entry})


def _try(form, act, **about):
    """Do it, and return what came of it; None with the reason on the form."""
    try:
        return act(**about, **form.given())
    except EditConflict as conflict:
        form.show_conflict(conflict)
    except Refused as refusal:
        form.add_error(None, str(refusal))
    except ValidationError as error:
        form.add_error(None, error)
    return None


@needs_role(Role.CONTRIBUTOR)
@require_POST
def finish(request, key):
    """Mark the next step as done."""
    entry = _entry_or_404(request.user, key)
    try:
        service.finish(entry=entry, actor=request.user, now=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The next step is marked as done. Log its result as a new entry."))
    return redirect(entry)
