"""What managers do with a whole report: close it, follow it again, undo its import. Each asks first."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from recommendations.choices import Role
from recommendations.errors import Refused
from recommendations.selectors.report_work import has_work, open_work
from recommendations.services import following
from recommendations.views.access import needs_role
from recommendations.views.confirming import ask
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
    if not report.is_followed:
        messages.info(request, _("%(report)s is closed already.") % {"report": report})
        return redirect(report)
    leaves = ngettext(
        "Its recommendation leaves the lists of followed recommendations; it can still be read under "
        "the report.",
        "Its %(n)s recommendations leave the lists of followed recommendations; they can still be read "
        "under the report.",
        number := report.recommendations.count(),
    )
    return _ask(
        request,
        report,
        title=_("Close %(report)s?"),
        sentences=[
            leaves % {"n": number},
            _(
                "No more reminders are sent about its reviews, its drafts or its updates that wait "
                "for review."
            ),
            _("A manager can follow it again later."),
        ],
        button=_("Close this report"),
        template="reports/close.html",
        work=open_work(report, request.user),
    )


@needs_role(Role.MANAGER)
@require_http_methods(["GET", "HEAD", "POST"])
def reopen(request, slug):
    """Follow a closed report again."""
    report = report_or_404(request.user, slug)
    if request.method == "POST":
        following.reopen(report=report, actor=request.user, now=timezone.now())
        messages.success(request, _("%(report)s is followed again.") % {"report": report})
        return redirect(report)
    returns = _(
        "Its recommendations return to the lists with the owners and review dates that they had. The next "
        "reminders will include what is overdue."
    )
    return _ask(
        request,
        report,
        title=_("Follow %(report)s again?"),
        sentences=[returns],
        button=_("Follow again"),
        style="primary",
    )


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
    if has_work(report):
        messages.error(request, following.WORKED_ON)
        return redirect(report)
    goes = ngettext(
        "The document and its recommendation are deleted. Nobody has worked on it yet. The record of events "
        "keeps that it was imported, and that you undid the import.",
        "The document and its %(n)s recommendations are deleted. Nobody has worked on them yet. The record "
        "of events keeps that they were imported, and that you undid the import.",
        number := report.recommendations.count(),
    )
    return _ask(
        request,
        report,
        title=_("Undo the import of %(report)s?"),
        sentences=[goes % {"n": number}],
        button=_("Undo the import"),
    )


def _ask(request, report, *, title, **said):
    """Return the page that asks, whose way back leads to the report."""
    address = report.get_absolute_url()
    crumbs = [(_("Reports"), reverse("report-list")), (report, address)]
    more = {"crumbs": crumbs, "current_report": report}
    return ask(request, title=title % {"report": report}, back=address, keep=_("Cancel"), **more, **said)
