"""The reports: their list, and each with its stored text."""

import io

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from recommendations.files import types
from recommendations.forms.reports import AsOfForm
from recommendations.models import BaselineClaim, Report
from recommendations.selectors import source
from recommendations.selectors.lines import neighbours
from recommendations.selectors.list_queries import FOLLOWED_FIRST
from recommendations.selectors.report_work import followed_again_at, has_work, lines_to_earlier
from recommendations.views.attachments import attachment
from recommendations.views.lookup import report_or_404

PAGE_SIZE = 50


@require_safe
def report_list(request):
    """Show the reports: those that are followed, then the closed ones."""
    reports = (
        Report.objects.visible_to(request.user)
        .light()
        .annotate(size=Count("recommendations", filter=Q(recommendations__gone_since=None)))
    )
    page = Paginator(reports.order_by(*FOLLOWED_FIRST), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "followed": [one for one in page if one.is_followed],
        "apart": [one for one in page if not one.is_followed],
        "page": page,
        "countries": sorted({(one.country_code, one.country_name) for one in page}, key=lambda one: one[1]),
        "now": timezone.now(),
    }
    return render(request, "reports/list.html", context)


@require_safe
def report_document(request, slug):
    """Send the document of a report as it was received."""
    report = get_object_or_404(Report.objects.visible_to(request.user).with_slug(slug).defer("text"))
    named = types.clean_name(report.source_name or f"{report.slug}.txt")
    return attachment(request, io.BytesIO(bytes(report.source_bytes)), named)


@require_safe
def report_detail(request, slug):
    """Show one report: where it came from, and its text as received with the passages marked."""
    report = report_or_404(request.user, slug)
    rows = report.recommendations.visible_to(request.user).order_by("position").defer("text")
    sections = list(report.sections.order_by("start"))
    everything = list(rows)
    found = [one for one in everything if one.gone_since is None]
    context = {
        "report": report,
        "sections": [(source.anchor_of(section), section) for section in sections],
        "recommendations": found,
        "gone": [one for one in everything if one.gone_since],
        "versions": list(report.versions.light().select_related("brought_by").order_by("-number")),
        "reading": source.reading(report, sections, found, _claims_of(report, request.user)),
        "as_of_form": AsOfForm(initial={"as_of": request.user.today(timezone.now())}),
        "now": timezone.now(),
        "followed_again_at": followed_again_at(report),
        "current_report": report,
        "may_be_undone": request.user.is_manager and not has_work(report, request.user),
    }
    return render(request, "reports/detail.html", context | _others_of(report, request.user))


def _others_of(report, person):
    """Return the reports of the country before and after it, and whether lines to the earlier ones wait."""
    earlier, later = neighbours(report, person)
    waits = report.is_followed and earlier and person.is_reviewer
    return {
        "earlier": earlier,
        "next_report": later,
        "no_line_yet": waits and not lines_to_earlier(report).exclude(confirmed_at=None).exists(),
    }


def _claims_of(report, person):
    """Return the baseline claims on its recommendations."""
    claims = BaselineClaim.objects.visible_to(person).filter(removed_at=None, recommendation__report=report)
    return list(claims.order_by("pk"))
