"""The list of evidence, the page of one item, adding one on its own, correcting its details."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from recommendations import vault
from recommendations.choices import Role, Sensitivity
from recommendations.errors import Refused
from recommendations.files import types
from recommendations.filters.evidence import EvidenceFilter
from recommendations.forms.evidence import ChangeForm
from recommendations.forms.typed import sends
from recommendations.models import Citation, Evidence
from recommendations.rules.conflicts import EditConflict
from recommendations.selectors import access_history, held_back, search_passages
from recommendations.services import grants
from recommendations.services.evidence import custody, details
from recommendations.views.access import needs_role
from recommendations.views.errors import overtaken
from recommendations.views.evidence import previews
from recommendations.views.lookup import evidence_or_404

PAGE_SIZE = 50
MEMBERS_SHOWN = 200


@require_safe
def evidence_list(request):
    """Show the evidence that the person can see, filtered, sorted and paged as the address says."""
    filters = EvidenceFilter(request.GET, reader=request.user)
    page = Paginator(filters.qs, PAGE_SIZE).get_page(request.GET.get("page"))
    items = list(page)
    query = filters.form.cleaned_data.get("q") if filters.form.is_valid() else ""
    context = {
        "filters": filters,
        "active": filters.active(),
        "page": page,
        "items": items,
        "snippets": search_passages.snippets(items, query or "", request.user),
        "now": timezone.now(),
    }
    return render(request, "evidence/list.html", context)


@require_safe
def evidence_detail(request, key):
    """Show one item: what it is, where it came from, who can see it, what it supports."""
    person = request.user
    item = evidence_or_404(person, key)
    if request.method == "GET":
        custody.note_view(item=item, person=person, now=timezone.now())
    if item.is_removed:
        return _removed(request, item)
    citations = Citation.objects.visible_to(person).filter(evidence=item)
    mark = vault.officers.known_mark_of(item.sha256)
    context = {
        "item": item,
        "citations": citations.select_related("update__recommendation", "update__author", "update__repeats"),
        "may_change": details.may_change(item=item, person=person),
        "restricted": item.sensitivity == Sensitivity.RESTRICTED,
        "may_grant": item.sensitivity == Sensitivity.RESTRICTED
        and grants.may_decide(item=item, person=person),
        "grants": grants.grants_on(item=item) if item.sensitivity == Sensitivity.RESTRICTED else [],
        "let_in": access_history.on_item(item) if item.sensitivity == Sensitivity.RESTRICTED else [],
        "members": _members(item),
        "held": held_back.held(item),
        "twins": Evidence.objects.visible_to(person).twins_of(item, mark),
        **previews.context_of(item, person),
    }
    return render(request, "evidence/detail.html", context)


def _removed(request, item):
    """Show what is left of an item that was removed: its record, and what cites it."""
    citations = Citation.objects.visible_to(request.user).filter(evidence=item)
    context = {
        "item": item,
        "citations": citations.select_related("update__recommendation", "update__author", "update__repeats"),
    }
    return render(request, "evidence/removed.html", context)


def _members(item):
    """Return the first members of a ZIP file and how many there are, or None for what is none."""
    if types.extension_of(item.original_name) != "zip":
        return None
    try:
        with vault.open_object(item.object_name) as stream:
            members = types.listing(stream)
    except (Refused, vault.Damaged):
        return {"broken": True}
    shown = [(types.shown(name), size) for name, size in members[:MEMBERS_SHOWN]]
    return {"shown": shown, "count": len(members), "more": len(members) - len(shown)}


@sends(ChangeForm)
@needs_role(Role.CONTRIBUTOR)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request, key):
    """Put the details of an item right; its content stays as it is."""
    person = request.user
    item = evidence_or_404(person, key)
    if not details.may_change(item=item, person=person):
        words = _("Only the person who added it and reviewers can change its details.")
        if request.method == "POST":
            return overtaken(request, words, item.get_absolute_url())
        messages.info(request, words)
        return redirect(item)
    form = ChangeForm(request.POST or None, instance=evidence_or_404(person, key))
    if request.method == "GET":
        custody.note_view(item=item, person=person, now=timezone.now())
    if request.method == "POST" and form.is_valid() and _changed(form, item, person):
        messages.success(request, _saved(item))
        seen = Evidence.objects.visible_to(person).filter(pk=item.pk).exists()
        return redirect(item if seen else "evidence-list")
    context = {"form": form, "item": item, "cited_outside": held_back.is_cited_outside(item)}
    return render(request, "evidence/change.html", context)


def _saved(item):
    if held_back.held(Evidence.objects.get(pk=item.pk)):
        return _("Saved. It is not told outside until another reviewer says that it may be.")
    return _("Saved.")


def _changed(form, item, person):
    """Put right what a whole form says. Returns whether it was done; why not is on the form."""
    said = {name: form.cleaned_data[name] for name in form.Meta.fields}
    reason = form.cleaned_data["grading_reason"]
    try:
        about = {"item": item, "actor": person, "now": timezone.now(), "seen": form.cleaned_data["seen"]}
        details.change(details=said, grading_reason=reason, **about)
    except EditConflict as conflict:
        form.show_conflict(conflict)
    except Refused as refused:
        form.add_error("sensitivity", str(refused))
    except ValidationError as error:
        form.add_error(None, error)
    else:
        return True
    return False
