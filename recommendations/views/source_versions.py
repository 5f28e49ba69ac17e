"""The source versions of a report: each can be read and downloaded, and the newest one can be undone."""

import io

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_safe

from recommendations.choices import Role
from recommendations.errors import Gone, Refused
from recommendations.files import types
from recommendations.importing import ParsedSection
from recommendations.models import BaselineClaim, SourceVersion
from recommendations.selectors import source
from recommendations.selectors.report_work import worked_on_since
from recommendations.selectors.wordings import changes_of, worded_in
from recommendations.services import undoing_versions
from recommendations.views.access import needs_role
from recommendations.views.attachments import attachment
from recommendations.views.confirming import ask
from recommendations.views.lookup import report_or_404

NOT_UNDONE = _lazy(
    "Only the newest source version is undone; the first one goes with the import of the report."
)


def _version_or_404(person, report, number):
    return get_object_or_404(SourceVersion.objects.visible_to(person), report=report, number=number)


@require_safe
def source_version(request, slug, number):
    """Show one version of a report: where it came from, what it changed, and its text."""
    report = report_or_404(request.user, slug)
    version = _version_or_404(request.user, report, number)
    newest = report.versions.count()
    claims = BaselineClaim.objects.visible_to(request.user).filter(
        removed_at=None, recommendation__report=report, sha256=version.sha256
    )
    context = {
        "report": report,
        "version": version,
        "newest": newest,
        "numbers": range(1, newest + 1),
        "reading": source.reading(version, _sections(version), worded_in(version), list(claims)),
        "changes": changes_of(version) if number > 1 else [],
        "may_be_undone": _may_be_undone(request.user, report, version, newest),
        "now": timezone.now(),
        "current_report": report,
    }
    return render(request, "reports/version.html", context)


def _sections(version):
    return [ParsedSection(**part) for part in version.sections]


def _may_be_undone(person, report, version, newest):
    is_newest = 1 < version.number == newest
    return is_newest and person.is_manager and not worked_on_since(report, version, person)


@require_safe
def source_document(request, slug, number):
    """Send the document of a version as it was received."""
    report = report_or_404(request.user, slug)
    version = _version_or_404(request.user, report, number)
    named = types.clean_name(version.source_name or f"{report.slug}-{number}.txt")
    return attachment(request, io.BytesIO(bytes(version.source_bytes)), named)


@needs_role(Role.MANAGER)
@require_http_methods(["GET", "HEAD", "POST"])
def undo(request, slug, number):
    """Undo the newest version of a report, until somebody works on it."""
    report = report_or_404(request.user, slug)
    version = _version_or_404(request.user, report, number)
    if request.method == "POST":
        try:
            undoing_versions.undo(report=report, number=number, actor=request.user, now=timezone.now())
        except Refused as refusal:
            messages.error(request, str(refusal))
        except Gone:
            messages.info(request, _("This is not the newest source version any more: nothing was changed."))
        else:
            words = _("Source version %(number)s of %(report)s is undone.")
            messages.success(request, words % {"number": number, "report": report})
        return redirect(report)
    newest = report.versions.count()
    if not _may_be_undone(request.user, report, version, newest):
        messages.error(request, undoing_versions.WORKED_ON if 1 < number == newest else NOT_UNDONE)
        return redirect(version)
    about = {"report": report, "number": number, "before": number - 1}
    goes = _(
        "%(report)s says again what source version %(before)s says. What version %(number)s alone has is "
        "deleted, its document too. Nobody has worked on the report since. The record of events keeps that "
        "the version was here, and that you undid it."
    )
    return ask(
        request,
        title=_("Undo source version %(number)s of %(report)s?") % about,
        sentences=[goes % about],
        button=_("Undo the version"),
        back=version.get_absolute_url(),
        keep=_("Cancel"),
        crumbs=[(_("Reports"), reverse("report-list")), (report, report.get_absolute_url())],
        current_report=report,
    )
