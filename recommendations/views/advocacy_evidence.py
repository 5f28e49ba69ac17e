"""The files and links of an entry of the advocacy log: evidence items, which its author adds and removes."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from recommendations.choices import Retention, Role
from recommendations.errors import Refused
from recommendations.filters.evidence import EvidenceFilter
from recommendations.forms.advocacy import ItemsForm
from recommendations.forms.typed import sends
from recommendations.models import Advocacy, Evidence
from recommendations.selectors.cut_lists import cut_rows
from recommendations.services import advocacy as service
from recommendations.text.keys import uuid_or_none
from recommendations.views.access import needs_role
from recommendations.views.errors import overtaken

# Items that are offered at once; others are found by their words.
OFFERED = 20


@sends(ItemsForm)
@needs_role(Role.CONTRIBUTOR)
@require_http_methods(["GET", "HEAD", "POST"])
def evidence(request, key):
    """Offer the newest items that the author can see, or those found; add what is chosen, or remove one."""
    person = request.user
    rows = Advocacy.objects.visible_to(person).select_related("author")
    entry = get_object_or_404(rows, key=key)
    if entry.author_id != person.pk:
        words = _("Only %(name)s, who logged it, can change it.") % {"name": entry.author}
        return overtaken(request, words, entry.get_absolute_url())
    seen = Evidence.objects.visible_to(person)
    held = seen.exclude(retention=Retention.TOMBSTONED).exclude(pk__in=entry.evidence.values("pk"))
    if request.POST.get("act") == "remove":
        return _remove(request, entry, seen)
    form = ItemsForm(request.POST if request.method == "POST" else None, held=held)
    if request.method == "POST" and form.is_valid() and _added(form, entry, person):
        messages.success(request, _("Saved."))
        return redirect("advocacy-evidence", key=key)
    words = request.GET.get("q", "").strip()[:200]
    found = EvidenceFilter({"q": words}, reader=person).qs.filter(pk__in=held.values("pk"))
    context = {
        "entry": entry,
        "items": entry.evidence.visible_to(person).order_by("title", "pk"),
        "form": form,
        "offered": cut_rows(found, OFFERED),
        "words": words,
    }
    return render(request, "advocacy/evidence.html", context)


def _added(form, entry, person):
    """Add what was chosen. Returns whether it was done; why not is on the form."""
    try:
        service.add_evidence(entry=entry, actor=person, items=form.cleaned_data["items"], now=timezone.now())
    except Refused as refusal:
        form.add_error("items", str(refusal))
    return form.is_valid()


def _remove(request, entry, seen):
    """Remove one item from the entry."""
    item = seen.filter(key=uuid_or_none(request.POST.get("item"))).first()
    if item is None:
        raise Http404
    service.remove_evidence(entry=entry, actor=request.user, item=item, now=timezone.now())
    messages.success(
        request, _("“%(title)s” is removed from this entry. The item itself stays.") % {"title": item.title}
    )
    return redirect("advocacy-evidence", key=entry.key)
