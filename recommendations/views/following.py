"""What managers do with a whole report: correct its facts, close it, follow it again, undo its import."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from recommendations.choices import Role
from recommendations.errors import Refused
from recommendations.selectors.before_closing import open_dates_of, successions
from recommendations.selectors.open_work import movable, open_work
from recommendations.selectors.report_work import has_work
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
        number := report.recommendations.listed().count(),
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
        report=report,
        work=(work := open_work(report, request.user, timezone.now())),
        movable=movable(work),
        **_still_to_do(report, request.user),
    )


def _still_to_do(report, person):
    """Return what the page says of lines and review dates: what was carried over is not asked for again."""
    lines, dates = successions(report, person), open_dates_of(report)
    return {
        "successions": lines,
        "is_prepared": all(one.is_done for one in lines),
        "dates": [one for one in dates if not one.already_at],
        "carried_dates": [one for one in dates if one.already_at],
    }


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
def undo_import(request, slug):
    """Undo an import, while nobody has worked on it."""
    report = report_or_404(request.user, slug)
    if request.method == "POST":
        try:
            following.undo_import(report=report, actor=request.user, now=timezone.now())
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect(report)
        messages.success(request, _("The import of %(report)s is undone.") % {"report": report})
        return redirect("report-list")
    if has_work(report, request.user):
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
        sentences=[
            goes % {"n": number},
            _(
                "Lines that were confirmed with the import go too, and so does what was carried over. The "
                "earlier report keeps everything."
            ),
        ],
        button=_("Undo the import"),
    )


def _ask(request, current, *, title, **said):
    """Return the page that asks, whose way back leads to the report."""
    address = current.get_absolute_url()
    crumbs = [(_("Reports"), reverse("report-list")), (current, address)]
    more = {"crumbs": crumbs, "current_report": current}
    return ask(request, title=title % {"report": current}, back=address, keep=_("Cancel"), **more, **said)
