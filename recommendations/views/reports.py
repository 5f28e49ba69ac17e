"""The reports: their list, each with its stored text, and the import of a new one."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from recommendations.choices import Role, Tier
from recommendations.errors import Refused
from recommendations.forms.reports import AsOfForm, ConfirmedReportForm, ReportForm, confirming
from recommendations.forms.typed import sends
from recommendations.importing import NotANarrative, parse
from recommendations.models import Report
from recommendations.selectors import source
from recommendations.selectors.list_queries import FOLLOWED_FIRST
from recommendations.selectors.report_work import has_work
from recommendations.services import reports as service
from recommendations.views.access import needs_role
from recommendations.views.lookup import report_or_404

PAGE_SIZE = 50


@require_safe
def report_list(request):
    """Show the reports: those that are followed, then the closed ones."""
    reports = Report.objects.visible_to(request.user).light().annotate(size=Count("recommendations"))
    page = Paginator(reports.order_by(*FOLLOWED_FIRST), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "followed": [one for one in page if one.is_followed],
        "apart": [one for one in page if not one.is_followed],
        "page": page,
        "now": timezone.now(),
    }
    return render(request, "reports/list.html", context)


@require_safe
def report_detail(request, slug):
    """Show one report: where it came from, and its text as received with the passages marked."""
    report = report_or_404(request.user, slug)
    recommendations = report.recommendations.visible_to(request.user).order_by("position")
    sections = list(report.sections.order_by("start"))
    found = list(recommendations.defer("text"))
    context = {
        "report": report,
        "sections": [(source.anchor_of(section), section) for section in sections],
        "recommendations": found,
        "pieces": source.pieces(report, sections, found),
        "as_of_form": AsOfForm(initial={"as_of": request.user.today(timezone.now())}),
        "now": timezone.now(),
        "current_report": report,
        "may_be_taken_back": request.user.is_manager and not has_work(report),
    }
    return render(request, "reports/detail.html", context)


@sends(ReportForm)
@needs_role(Role.MANAGER)
@require_http_methods(["GET", "HEAD", "POST"])
def report_import(request):
    """Take a narrative in two steps: read it and show what would be stored, then store it."""
    if "content" in request.POST:
        return _confirmed(request)
    form = ReportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        document, given = form.cleaned_data["document"], _given(form)
        data = document.read()
        try:
            parsed = parse(data, **given)
        except NotANarrative as refusal:
            form.add_error("document", str(refusal))
        else:
            return _preview(request, parsed, confirming(data, name=document.name, **given))
    return render(request, "reports/import.html", {"form": form})


def _given(form):
    return {"country": form.cleaned_data["country"], "year": form.cleaned_data["year"]}


def _preview(request, parsed, form):
    """Show what an import would store; nothing is stored yet."""
    context = {
        "parsed": parsed,
        "tier": Tier(parsed.tier).label,
        "conflict": service.conflicting_report(parsed=parsed),
        "outlook": service.outlook(parsed=parsed),
        "there": Report.objects.filter(sha256=parsed.sha256).light().first(),
        "form": form,
    }
    return render(request, "reports/preview.html", context)


def _confirmed(request):
    """Import the document that was shown."""
    form = ConfirmedReportForm(request.POST)
    upload = ReportForm()
    if form.is_valid():
        try:
            report, made = service.import_report(
                data=form.cleaned_data["content"],
                source_name=form.cleaned_data["name"],
                actor=request.user,
                now=timezone.now(),
                **_given(form),
            )
        except (NotANarrative, Refused) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _what_came_of_it(report, made))
            return redirect(report)
    return render(request, "reports/import.html", {"form": upload, "refused": form})


def _what_came_of_it(report, made):
    """Return in words what an import did, and what it left as it was."""
    about = {"report": report}
    if not made:
        return _("%(report)s was already imported; nothing changed.") % about
    if not report.is_followed:
        return _("%(report)s is imported as closed, because there is a newer report. It can be read.") % about
    others = service.outlook(parsed=report).followed
    if not others:
        return _("%(report)s is imported and followed from now on.") % about
    about["others"] = ", ".join(str(one) for one in others)
    return (
        _("%(report)s is imported and followed from now on. %(others)s: followed until you close it.") % about
    )
