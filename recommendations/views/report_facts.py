"""The facts of a report, which a manager corrects: its release, what it covers, its tier and source."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from recommendations.choices import Role
from recommendations.forms.reports import FactsForm
from recommendations.forms.typed import sends
from recommendations.rules.conflicts import EditConflict
from recommendations.services.report_facts import correct
from recommendations.views.access import needs_role
from recommendations.views.lookup import report_or_404


@sends(FactsForm)
@needs_role(Role.MANAGER)
@require_http_methods(["GET", "HEAD", "POST"])
def report_facts(request, slug):
    """Show the facts of a report in a form, and save what a manager corrects."""
    report = report_or_404(request.user, slug)
    form = FactsForm(request.POST or None, report=report)
    if request.method == "POST" and form.is_valid() and _saved(request, report, form):
        messages.success(request, _("The facts of %(report)s are saved.") % {"report": report})
        return redirect(report)
    return render(request, "reports/facts.html", {"report": report, "form": form, "current_report": report})


def _saved(request, report, form):
    """Save what was typed. Returns: whether it was saved; if not, the form says why."""
    try:
        correct(report=report, actor=request.user, now=timezone.now(), **form.cleaned_data)
    except EditConflict as conflict:
        form.show_conflict(conflict)
    except ValidationError as problems:
        form.add_error(None, problems)
    return form.is_valid()
