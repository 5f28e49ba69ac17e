"""Filters under a name: saving those of a list, renaming, sharing and deleting one's own."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from recommendations.choices import ListName, Role
from recommendations.errors import Refused
from recommendations.filters.advocacy import AdvocacyFilter
from recommendations.filters.evidence import EvidenceFilter
from recommendations.filters.recommendations import RecommendationFilter
from recommendations.filters.updates import UpdateFilter
from recommendations.forms.saved_filters import SavedFilterForm
from recommendations.forms.typed import sends
from recommendations.models import SavedFilter
from recommendations.models.lists import PAGES
from recommendations.rules.conflicts import EditConflict
from recommendations.services import saved_filters as service
from recommendations.views.access import needs_role
from recommendations.views.confirming import ask, is_confirmed

FILTERS: dict[str, Any] = {
    ListName.RECOMMENDATIONS: RecommendationFilter,
    ListName.UPDATES: UpdateFilter,
    ListName.EVIDENCE: EvidenceFilter,
    ListName.ADVOCACY: AdvocacyFilter,
}


def query_of(listed, data):
    """Return the filters among the parameters of an address, as an address; others are left out."""
    query = QueryDict(mutable=True)
    for name in FILTERS[listed].base_filters:
        if data.get(name):
            query[name] = data[name]
    return query.urlencode()


def _listed_or_404(name):
    if name not in ListName.values:
        raise Http404
    return ListName(name)


@sends(SavedFilterForm)
@needs_role(Role.VIEWER)
@require_http_methods(["GET", "HEAD", "POST"])
def saved_filters(request, listed):
    """Keep the filters in the address under a name; show those that there are."""
    listed = _listed_or_404(listed)
    person, query = request.user, query_of(listed, request.GET)
    form = SavedFilterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            about = {"owner": person, "listed": listed, "query": query, "now": timezone.now()}
            given = {name: form.cleaned_data[name] for name in ("name", "is_shared")}
            saved = service.keep(**about, **given)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Saved as “%(name)s”.") % {"name": saved.name})
            return redirect(saved)
    rows = SavedFilter.objects.visible_to(person).filter(listed=listed).select_related("owner")
    context = {
        "listed": listed,
        "page_address": reverse(PAGES[listed]),
        "query": query,
        "form": form,
        "saved": rows,
    }
    return render(request, "recommendations/saved_filters.html", context)


@sends(SavedFilterForm)
@needs_role(Role.VIEWER)
@require_http_methods(["GET", "HEAD", "POST"])
def saved_filter(request, listed, pk):
    """Rename, share or delete one's own; another's shared one can be used and not changed."""
    listed, person = _listed_or_404(listed), request.user
    rows = SavedFilter.objects.visible_to(person).filter(listed=listed).select_related("owner")
    saved = get_object_or_404(rows, pk=pk)
    initial = {"name": saved.name, "is_shared": saved.is_shared}
    form = SavedFilterForm(request.POST or None, initial=initial)
    try:
        if request.method == "POST" and request.POST.get("act") == "delete":
            if saved.owner_id == person.pk and not is_confirmed(request):
                return _ask(request, saved)
            service.delete(saved=saved, actor=person)
            messages.success(request, _("“%(name)s” is deleted.") % {"name": saved.name})
            return redirect("saved-filters", listed)
        if request.method == "POST" and form.is_valid():
            service.change(saved=saved, actor=person, **form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect("saved-filters", listed)
    except EditConflict as conflict:
        form.show_conflict(conflict)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("saved-filters", listed)
    except ValidationError as error:
        form.add_error(None, error)
    context = {"listed": listed, "saved": saved, "form": form, "is_own": saved.owner_id == person.pk}
    return render(request, "recommendations/saved_filter.html", context)


def _ask(request, saved):
    """Say what goes with a saved filter; of a shared one, for whom."""
    everybody = _("It is shared: it disappears from everybody’s menu.")
    return ask(
        request,
        title=_("Delete “%(name)s”?") % {"name": saved.name},
        sentences=[
            _("The name and its filters are deleted. The list itself does not change."),
            *([everybody] if saved.is_shared else []),
        ],
        button=_("Delete"),
        back=reverse("saved-filter", args=[saved.listed, saved.pk]),
        keep=_("Cancel"),
    )
