"""What managers do with a whole report: close it, follow it again, take its import back. Each asks first."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from recommendations.choices import Role
from recommendations.errors import Refused
from recommendations.selectors.report_work import has_work, open_work
from recommendations.services import following
from recommendations.views.access import needs_role
from recommendations.views.lookup import report_or_404


@needs_role(Role.MANAGER)
@require_http_methods(["GET", "HEAD", "POST"])
def close(request, slug):
    """Show what is open on a report; close it."""
    report = report_or_404(request.user, slug)
    if request.method == "POST":
        following.close(report=report, actor=request.user, now=timezone.now())
        messages.success(request, _("%(report)s is closed. It can still be read.") % {"report": report})
        return redirect(report)
    context = {
        "report": report,
        "work": open_work(report, request.user),
        "number": report.recommendations.count(),
        "current_report": report,
    }
    return render(request, "reports/close.html", context)


@needs_role(Role.MANAGER)
@require_http_methods(["GET", "HEAD", "POST"])
def reopen(request, slug):
    """Follow a closed report again."""
    report = report_or_404(request.user, slug)
    if request.method == "POST":
        following.reopen(report=report, actor=request.user, now=timezone.now())
        messages.success(request, _("%(report)s is followed again.") % {"report": report})
        return redirect(report)
    context = {"report": report, "current_report": report}
    return render(request, "reports/reopen.html", context)


@needs_role(Role.MANAGER)
@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request, slug):
    """Take an import back, while nobody has worked on it."""
    report = report_or_404(request.user, slug)
    if request.method == "POST":
        try:
            following.take_back(report=report, actor=request.user, now=timezone.now())
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect(report)
        messages.success(request, _("The import of %(report)s is undone.") % {"report": report})
        return redirect("report-list")
    context = {
        "report": report,
        "has_work": has_work(report),
        "number": report.recommendations.count(),
        "current_report": report,
    }
    return render(request, "reports/take_back.html", context)
