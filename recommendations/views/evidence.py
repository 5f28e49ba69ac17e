"""The list of evidence, the page of one item, adding one on its own, putting its details right."""

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from recommendations import filetypes, vault
from recommendations.choices import EvidenceForm, Role, Sensitivity
from recommendations.errors import Refused
from recommendations.filters.evidence import EvidenceFilter
from recommendations.forms.citations import Shelf
from recommendations.forms.evidence import AddForm, ChangeForm
from recommendations.models import Citation, Evidence
from recommendations.services import access, custody, details, evidence
from recommendations.views import intake, previews
from recommendations.views.access import needs_role
from recommendations.views.lookup import evidence_or_404

PAGE_SIZE = 50
MEMBERS_SHOWN = 200


@require_safe
def evidence_list(request):
    """Show the evidence that the person may see, filtered, sorted and paged as the address says."""
    filters = EvidenceFilter(request.GET, reader=request.user)
    page = Paginator(filters.qs, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"filters": filters, "active": filters.active(), "page": page, "now": timezone.now()}
    return render(request, "recommendations/evidence_list.html", context)


@require_safe
def evidence_detail(request, key):
    """Show one item: what it is, where it came from, who may see it, what it supports."""
    person = request.user
    item = evidence_or_404(person, key)
    if request.method == "GET":
        custody.note_view(item=item, person=person, now=timezone.now())
    citations = Citation.objects.visible_to(person).filter(evidence=item)
    context = {
        "item": item,
        "citations": citations.select_related("update__recommendation", "update__author"),
        "may_change": details.may_change(item, person),
        "restricted": item.sensitivity == Sensitivity.RESTRICTED,
        "may_grant": item.sensitivity == Sensitivity.RESTRICTED and access.may_decide(item, person),
        "grants": access.grants_on(item) if item.sensitivity == Sensitivity.RESTRICTED else [],
        "members": _members(item),
        "twins": _twins(item, person),
        **previews.context_of(item, person),
    }
    return render(request, "recommendations/evidence_detail.html", context)


def _members(item):
    """Return the first members of a ZIP file and how many there are, or None for what is none."""
    if filetypes.extension_of(item.original_name) != "zip":
        return None
    try:
        with vault.open_object(item.object_name) as stream:
            members = filetypes.listing(stream)
    except (Refused, vault.Damaged):
        return {"broken": True}
    shown = [(filetypes.shown(name), size) for name, size in members[:MEMBERS_SHOWN]]
    return {"shown": shown, "count": len(members), "more": len(members) - len(shown)}


def _twins(item, person):
    """Return the other items, among those the person sees, that hold the very same bytes."""
    if not item.is_file:
        return []
    return Evidence.objects.visible_to(person).filter(sha256=item.sha256).exclude(pk=item.pk)


@needs_role(Role.CONTRIBUTOR)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request):
    """Add a file or a link on its own, to be cited later."""
    shape = EvidenceForm.LINK if request.GET.get("shape") == EvidenceForm.LINK else EvidenceForm.FILE
    if request.method == "POST":
        return _add(request, shape)
    initial = {"form_key": uuid.uuid4(), "sensitivity": ""}
    form = AddForm(initial=initial, shape=shape, shelf=Shelf([], None, []))
    return render(request, "recommendations/evidence_add.html", {"form": form, "shape": shape})


def _add(request, shape):
    person, now, data = request.user, timezone.now(), request.POST.copy()
    form_key = intake.uuid_or_none(data.get("form_key")) or uuid.uuid4()
    data["form_key"] = str(form_key)
    refusal = ""
    if "file" in request.FILES:
        try:
            data["staged"] = str(intake.stage_received(person, request.FILES["file"], form_key, now, {}))
        except Refused as refused:
            refusal = str(refused)
    staged = evidence.staged_for(uploader=person, form_key=form_key)
    held = Evidence.objects.filter(key=intake.uuid_or_none(data.get("staged")), uploaded_by=person).first()
    if held:
        return redirect(held)
    form = AddForm(data, shape=shape, shelf=Shelf([], None, staged))
    if form.is_valid() and not refusal:
        item = _make(form, person, form_key, now)
        if item:
            messages.success(request, _("Added. You can cite it in any update now."))
            if item.content_type == filetypes.OPAQUE:
                messages.warning(request, _("Its content is not what its name says. Is it the right file?"))
            return redirect(item)
    if refusal:
        form.errors.pop("file", None)
        form.add_error("file", refusal)
    return render(request, "recommendations/evidence_add.html", {"form": form, "shape": shape})


def _make(form, person, form_key, now):
    """Make the item of a whole form. Returns it, or None with the reason on the form."""
    about = {"uploader": person, "details": form.details(), "now": now}
    try:
        if form.shape == EvidenceForm.FILE:
            return evidence.add_file(key=form.cleaned_data["staged"], **about)
        url = form.cleaned_data["url"]
        key = evidence.item_key(uploader=person, form_key=form_key, content=url)
        return evidence.add_link(key=key, url=url, **about)
    except Refused as refused:
        form.add_error(None, str(refused))
    except ValidationError as error:
        form.add_error(None, error)
    return None


@needs_role(Role.CONTRIBUTOR)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request, key):
    """Put the details of an item right; its content stays as it is."""
    person = request.user
    item = evidence_or_404(person, key)
    if not details.may_change(item, person):
        messages.info(request, _("Only the person who added it, and reviewers, change its details."))
        return redirect(item)
    form = ChangeForm(request.POST or None, instance=evidence_or_404(person, key))
    if request.method == "GET":
        custody.note_view(item=item, person=person, now=timezone.now())
    if request.method == "POST" and form.is_valid() and _changed(form, item, person):
        messages.success(request, _("Changed."))
        seen = Evidence.objects.visible_to(person).filter(pk=item.pk).exists()
        return redirect(item if seen else "evidence-list")
    return render(request, "recommendations/evidence_change.html", {"form": form, "item": item})


def _changed(form, item, person):
    """Put right what a whole form says. Returns whether it was done; why not is on the form."""
    said = {name: form.cleaned_data[name] for name in form.Meta.fields}
    reason = form.cleaned_data["grading_reason"]
    try:
        details.change(item=item, actor=person, details=said, grading_reason=reason, now=timezone.now())
    except Refused as refused:
        form.add_error("sensitivity", str(refused))
    except ValidationError as error:
        form.add_error(None, error)
    else:
        return True
    return False
