"""A document that was brought for a report that is there: what it would change, and adding it."""

from datetime import timedelta

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from recommendations.choices import Role, SourceChange
from recommendations.errors import Refused
from recommendations.forms.further_versions import FurtherVersionForm
from recommendations.forms.typed import sends
from recommendations.models import SourceVersion, StagedReport
from recommendations.selectors import source_versions as selector
from recommendations.services import source_versions, staged_reports
from recommendations.views.access import needs_role

# As long as a second press of the same button can take.
JUST_NOW = timedelta(minutes=1)
CHANGED = _lazy("This is what your choices mean. Nothing has been added yet: read it, then add the version.")


@sends(FurtherVersionForm)
@needs_role(Role.MANAGER)
@require_http_methods(["GET", "HEAD", "POST"])
def further_version(request, key):
    """Show what a document would change as a further version of its report; add it.

    Choices that were changed are shown first in what they mean, and added once that was read.
    """
    if request.method == "POST" and (version := _added_just_now(request, key)):
        messages.info(request, _("%(version)s is added already.") % {"version": version})
        return redirect(version.report)
    staged = get_object_or_404(StagedReport.objects.visible_to(request.user), key=key)
    parsed = staged_reports.as_corrected(staged=staged)
    report = selector.report_of(parsed)
    if report is None or selector.version_with(parsed.sha256):
        return redirect(staged)
    try:
        proposed = selector.further_version(report, parsed)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(staged)
    form = FurtherVersionForm(request.POST or None, further=proposed)
    further, is_changed = proposed, False
    if request.method == "POST":
        is_valid = form.is_valid()
        further = selector.further_version(report, parsed, form.choices)
        form.mark_chosen_twice(further)
        is_valid = form.is_valid()
        if is_valid and request.POST.get("seen") != further.mark:
            is_changed = not further.problems
        elif is_valid and (done := _add(request, staged, further, form)):
            return done
    context = {
        "staged": staged,
        "report": report,
        "parsed": parsed,
        "further": further,
        "notice": CHANGED if is_changed else "",
        "form": form,
        "different": [(entry, field) for entry in further.entries if (field := form.field_of(entry))],
        "same": further.of(SourceChange.SAME),
        "leaving": selector.with_work(further.leaving, request.user),
        "current_report": report,
    }
    return render(request, "reports/further_version.html", context)


def _added_just_now(request, key):
    """Return the version that this person added a moment ago, if what the form is about is gone."""
    if StagedReport.objects.visible_to(request.user).filter(key=key).exists():
        return None
    mine = SourceVersion.objects.visible_to(request.user).light().select_related("report")
    mine = mine.filter(brought_by=request.user, brought_at__gt=timezone.now() - JUST_NOW, number__gt=1)
    return mine.order_by("-brought_at", "-pk").first()


def _add(request, staged, further, form):
    """Add the version. Returns: where to go on, or None when it is refused, which the form says."""
    try:
        version, made = source_versions.add(
            report=further.report,
            document=staged_reports.document_of(staged=staged),
            parsed=further.parsed,
            seen=further.mark,
            choices=form.choices,
            takes_tier=form.takes_tier,
            source_name=staged.source_name,
            source_url=form.cleaned_data["source_url"],
            actor=request.user,
            now=timezone.now(),
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return None
    staged_reports.drop(staged=staged)
    messages.success(request, _what_came_of_it(version, further, made))
    return redirect(further.report)


def _what_came_of_it(version, further, made):
    about = {"report": further.report, "number": version.number}
    if not made:
        return _("This document is source version %(number)s of %(report)s already; nothing changed.") % about
    new, corrected = (len(further.of(one)) for one in (SourceChange.NEW, SourceChange.CORRECTED))
    about["new"] = ngettext("%(n)s recommendation is new", "%(n)s recommendations are new", new) % {"n": new}
    about["corrected"] = ngettext("%(n)s is corrected", "%(n)s are corrected", corrected) % {"n": corrected}
    about["gone"] = len(further.leaving)
    return (
        _(
            "%(report)s has source version %(number)s now: %(new)s, %(corrected)s, "
            "%(gone)s not in it any more."
        )
        % about
    )
