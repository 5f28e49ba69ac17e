"""The first two steps of an import: a report is brought, then what was read is checked and corrected."""

from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from recommendations.choices import Role, Tier
from recommendations.documents import read
from recommendations.errors import Refused
from recommendations.forms.reports import ActForm, ExpectedForm, ReportForm
from recommendations.forms.typed import sends
from recommendations.importing import NotANarrative
from recommendations.models import StagedReport
from recommendations.rules.list_corrections import CannotCorrect
from recommendations.selectors import source
from recommendations.selectors.source_versions import report_of
from recommendations.services import reports as service
from recommendations.services import staged_reports
from recommendations.services.staged_reports import STAGED_FOR, Act, mark_of
from recommendations.views.access import needs_role


@sends(ReportForm)
@needs_role(Role.MANAGER)
@require_http_methods(["GET", "HEAD", "POST"])
def report_import(request):
    """Take a narrative, and keep it for its person until they have checked what was read."""
    is_sent = request.method == "POST"
    form = ReportForm(request.POST, request.FILES) if is_sent else ReportForm()
    if form.is_valid():
        data, name = form.narrative()
        try:
            staged = staged_reports.bring(
                document=read(data),
                source_name=name,
                person=request.user,
                now=timezone.now(),
                country=form.cleaned_data["country"],
                year=form.cleaned_data["year"],
            )
        except NotANarrative as refusal:
            form.add_error(form.given_in, str(refusal))
        else:
            return redirect(staged)
    brought = StagedReport.objects.visible_to(request.user).defer("source_bytes", "text")
    brought = brought.filter(brought_at__gt=timezone.now() - STAGED_FOR)
    return render(request, "reports/import.html", {"form": form, "brought": brought})


@sends(ActForm, ExpectedForm)
@needs_role(Role.MANAGER)
@require_http_methods(["GET", "HEAD", "POST"])
def report_check(request, key):
    """Show what was read from a document beside its text; correct the list."""
    staged = get_object_or_404(StagedReport.objects.visible_to(request.user), key=key)
    forms: dict = {}
    if request.method == "POST":
        acts = {"expect": _expect, "again": _read_again}
        done = acts.get(request.POST.get("act", ""), _correct)(request, staged, forms)
        if done is not None:
            return done
        staged.refresh_from_db()
    return render(request, "reports/check.html", _context(staged, forms))


def _context(staged, forms):
    read, parsed = staged_reports.as_read(staged=staged), staged_reports.as_corrected(staged=staged)
    return {
        "staged": staged,
        "kept_until": staged.brought_at + STAGED_FOR,
        "parsed": parsed,
        "is_corrected": parsed.recommendations != read.recommendations,
        "pieces": source.pieces(parsed, parsed.sections, parsed.recommendations),
        "tier": Tier(parsed.tier).label,
        "conflict": service.conflicting_report(parsed=parsed),
        "further_of": report_of(parsed),
        "there": service.is_there(parsed=parsed),
        "seen": mark_of(staged=staged),
        "expected": forms.get("expect") or ExpectedForm(initial={"expected": staged.expected}),
        "act": forms.get("act"),
    }


def _correct(request, staged, forms):
    """Do one act on the list. Returns: where to go on, or None when it is refused, which the form says."""
    form = forms["act"] = ActForm(request.POST)
    if not form.is_valid():
        form.add_error(None, _("This is no act on the list."))
        return None
    said = form.cleaned_data
    act: Act = {"name": said["act"], "number": said["number"] or 0, "words": said["passage"]}
    try:
        staged_reports.correct(staged=staged, act=act, seen=request.POST.get("seen", ""))
    except (CannotCorrect, Refused) as refusal:
        form.add_error("passage" if said["act"] in ("split", "add") else None, str(refusal))
        return None
    return redirect(f"{staged.get_absolute_url()}#{_next_to(act)}")


def _next_to(act):
    """Return the place on the page that one looks at after an act."""
    number = {"up": act["number"] - 1, "down": act["number"] + 1, "remove": act["number"] - 1}
    return f"item-{max(number.get(act['name'], act['number']), 1)}" if act["number"] else "list"


def _expect(request, staged, forms):
    form = forms["expect"] = ExpectedForm(request.POST)
    if not form.is_valid():
        return None
    try:
        staged_reports.expect(
            staged=staged, number=form.cleaned_data["expected"], seen=request.POST.get("seen", "")
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return None
    if request.POST.get("then") == "next":
        return redirect("report-meets", staged.key)
    return redirect(f"{staged.get_absolute_url()}#expect")


def _read_again(request, staged, forms):
    try:
        staged_reports.read_again(staged=staged, seen=request.POST.get("seen", ""))
    except Refused as refusal:
        form = forms["expect"] = ExpectedForm({"expected": staged.expected})
        form.add_error(None, str(refusal))
        return None
    return redirect(f"{staged.get_absolute_url()}#list")
