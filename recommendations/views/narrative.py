"""What the narrative says of a recommendation: passages kept as baseline claims, cited, and tags."""

import io
import uuid
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from recommendations import vault
from recommendations.choices import EvidenceKind, Retention, Role, Sensitivity
from recommendations.errors import Refused
from recommendations.forms.narrative import PassageForm, TagsForm
from recommendations.forms.typed import sends
from recommendations.importing.folding import fold, shorten
from recommendations.models import Evidence, Tag
from recommendations.selectors import source
from recommendations.selectors.narrative import claims_of, offered_tags
from recommendations.services import narrative as service
from recommendations.services.evidence import items, uploads
from recommendations.views.access import needs_role
from recommendations.views.lookup import recommendation_or_404

# Of a passage, in the place of a citation; the rest of its 200 characters say where it is.
LONGEST_QUOTE = 140
# Names the files that reports become, so that one person cites one item.
_REPORTS = uuid.UUID("7d0c0ab0-3d4f-4f0e-9f0b-1f9f2a6c5b11")


@sends(PassageForm, TagsForm)
@needs_role(Role.CONTRIBUTOR)
@require_http_methods(["GET", "HEAD", "POST"])
def narrative(request, reference):
    """Show the narrative to choose a passage from; keep it, cite it, take a claim off, choose tags."""
    recommendation = recommendation_or_404(request.user, reference)
    reading = _reading(recommendation.report)
    act = request.POST.get("act")
    passage = PassageForm(request.POST if act in ("keep", "cite") else None)
    tags = _tags_form(recommendation, request.POST if act == "tags" else None)
    if request.method == "POST":
        form = tags if act == "tags" else passage
        if done := _ACTS.get(act, _nothing)(request, recommendation, form, reading.start):
            return done
    context = {
        "recommendation": recommendation,
        "report": recommendation.report,
        "reading": reading,
        "claims": [
            (claim, request.user.is_reviewer or claim.kept_by == request.user)
            for claim in claims_of(recommendation, request.user)
        ],
        "form": passage,
        "tags_form": tags,
        "current_report": recommendation.report,
    }
    return render(request, "recommendations/narrative.html", context)


def _reading(report):
    rows = report.recommendations.listed().order_by("position")
    return source.reading(report, list(report.sections.order_by("start")), list(rows))


def _tags_form(recommendation, data=None):
    confirmed = list(Tag.objects.filter(recommendation=recommendation).values_list("kind", "value"))
    return TagsForm(data, confirmed=confirmed, offered=offered_tags(recommendation))


def _keep(request, recommendation, form, offset):
    if not form.is_valid():
        return None
    said = form.cleaned_data
    try:
        service.keep_claim(
            recommendation=recommendation,
            actor=request.user,
            words=said["quote"],
            start=None if said["start"] is None else said["start"] + offset,
            about=said["about"],
            now=timezone.now(),
        )
    except ValidationError as problems:
        form.add_error(None, problems)
        return None
    messages.success(request, _("The passage is added as a baseline claim."))
    return redirect("recommendation-narrative", reference=recommendation.reference)


def _cite(request, recommendation, form, offset):
    """Make an evidence item of the report if there is none, and open the form of an update that cites it."""
    if not form.is_valid():
        return None
    said, report = form.cleaned_data, recommendation.report
    try:
        start = None if said["start"] is None else said["start"] + offset
        at, end = service.place_in(report=report, words=said["quote"], start=start)
        item = _item_of(report, request.user)
    except ValidationError as problems:
        form.add_error(None, problems)
        return None
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return None
    quote = shorten(fold(report.text[at:end]), LONGEST_QUOTE)
    where = _("“%(quote)s” (characters %(start)s to %(end)s)") % {"quote": quote, "start": at, "end": end}
    address = reverse("update-add", args=[recommendation.reference])
    return redirect(f"{address}?{urlencode({'cite': item.key, 'where': where})}")


def _item_of(report, person):
    """Return the evidence item that holds the document of a report; it is made where there is none."""
    held = Evidence.objects.visible_to(person).filter(sha256=report.sha256, sensitivity=Sensitivity.PUBLIC)
    if item := held.exclude(retention=Retention.TOMBSTONED).order_by("pk").first():
        return item
    now = timezone.now()
    key = uploads.stage(
        incoming=vault.receive(io.BytesIO(bytes(report.source_bytes))),
        name=report.source_name or f"{report.slug}.txt",
        uploader=person,
        form_key=uuid.uuid5(_REPORTS, report.sha256),
        now=now,
    )
    title = _("Trafficking in Persons Report %(year)s: %(country)s")
    details = {
        "title": title % {"year": report.year, "country": report.country_name},
        "kind": EvidenceKind.OTHER,
        "source": _("United States Department of State"),
        "published_on": report.released_on,
        "sensitivity": Sensitivity.PUBLIC,
    }
    return items.add_file(key=key, uploader=person, details=details, now=now)


def _take_off(request, recommendation, _form, _offset):
    number = request.POST.get("claim", "")
    claim = int(number) if number.isascii() and number.isdecimal() and len(number) < 16 else 0
    try:
        done = service.take_off_claim(
            recommendation=recommendation, claim=claim, actor=request.user, now=timezone.now()
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        words = _("The claim is taken off.") if done else _("This claim was taken off already.")
        messages.success(request, words)
    return redirect("recommendation-narrative", reference=recommendation.reference)


def _choose_tags(request, recommendation, form, _offset):
    if not form.is_valid():
        return None
    try:
        service.choose_tags(
            recommendation=recommendation,
            actor=request.user,
            shown=form.cleaned_data["shown"],
            chosen=form.cleaned_data["tags"],
            now=timezone.now(),
        )
    except ValidationError as problems:
        form.add_error("tags", problems)
        return None
    messages.success(request, _("The tags are saved."))
    return redirect("recommendation-narrative", reference=recommendation.reference)


def _nothing(request, recommendation, _form, _offset):
    messages.error(request, _("Nothing was done. Choose one of the buttons of this page."))
    return redirect("recommendation-narrative", reference=recommendation.reference)


_ACTS = {"keep": _keep, "cite": _cite, "off": _take_off, "tags": _choose_tags}
