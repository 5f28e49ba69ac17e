"""My work: what waits for this person, and the dashboard for reading."""

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from recommendations.summaries import glance
from recommendations.summaries.dashboard import dashboard
from recommendations.summaries.flow import approvals


@require_safe
def home(request):
    """Show what is due, returned and waiting for the reader, then the dashboard."""
    person, now = request.user, timezone.now()
    today = person.today(now)
    reports = glance.report_choices(person, request.GET.get("report"))
    report = glance.chosen_of(reports, request.GET.get("report"))
    if report is None and request.GET.get("report"):
        raise Http404
    context = {
        "now": now,
        "today": today,
        "report": report,
        "current_report": report,
        "several_reports": len(reports) > 1,
        "report_choices": glance.switch(reports, report, reverse("home")),
    }
    if report:
        context |= {
            "board": dashboard(person, report, today),
            "months": approvals(person, report, today),
            "address": reverse("recommendation-list"),
        }
    if person.is_contributor:
        unfinished, handed_in = glance.open_of(person, now)
        context |= {
            "due": glance.due_for(person, today),
            "steps": glance.next_steps_of(person, today),
            "unfinished": unfinished,
            "handed_in": handed_in,
            "waiting": glance.waiting_for(person),
        }
    return render(request, "recommendations/home.html", context)
