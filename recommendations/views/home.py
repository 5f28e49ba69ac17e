"""My work: what waits for this person, and the recommendations at a glance."""

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from recommendations.models import Recommendation
from recommendations.summaries import glance


@require_safe
def home(request):
    """Show what is due, returned and waiting for the reader, then one report's recommendations."""
    person, now = request.user, timezone.now()
    today = person.today(now)
    reports = glance.report_choices(person, request.GET.get("report"))
    report = chosen_report(reports, request.GET.get("report"))
    recommendations = Recommendation.objects.visible_to(person).filter(report=report).order_by("position")
    context = {
        "now": now,
        "today": today,
        "report": report,
        "lines": glance.lines(recommendations, person) if report else [],
        "current_report": report,
        "report_choices": switch(reports, report, reverse("home")),
    }
    if person.is_contributor:
        context |= {
            "due": glance.due_for(person, today),
            "unfinished": glance.unfinished_by(person),
            "waiting": glance.waiting_for(person),
        }
    return render(request, "recommendations/home.html", context)


def chosen_report(reports, slug):
    """Return the report that ``slug`` names, or the first; None when there is none at all."""
    if not slug:
        return reports[0] if reports else None
    for report in reports:
        if report.slug == slug:
            return report
    raise Http404


def switch(reports, current, address):
    """Return the choices of the report switch: (address, name, is current)."""
    return [(f"{address}?report={one.slug}", name_in_switch(one), one == current) for one in reports]


def name_in_switch(report):
    """Return the name of a report, with the reason where it is set apart."""
    if report.archived_at:
        return _("%(report)s (archived)") % {"report": report}
    return str(report) if report.is_followed else _("%(report)s (earlier)") % {"report": report}
