"""My work: what waits for this person, and the dashboard."""

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from recommendations.selectors import list_queries
from recommendations.selectors.dashboard import dashboard, others_followed
from recommendations.selectors.flow import approvals


@require_safe
def home(request):
    """Show what is due, returned and waiting for the reader, then the dashboard."""
    person, now = request.user, timezone.now()
    today = person.today(now)
    reports = list_queries.report_choices(person, request.GET.get("report"))
    report = list_queries.chosen_of(reports, request.GET.get("report"))
    if report is None and request.GET.get("report"):
        raise Http404
    context = {
        "now": now,
        "today": today,
        "report": report,
        "current_report": report,
        "several_reports": len(reports) > 1,
        "report_choices": list_queries.switch(reports, report, reverse("home")),
    }
    if report:
        context |= {
            "board": dashboard(person, report, today),
            "others": others_followed(reports, report, person, today),
            "months": approvals(person, report, today),
            "address": reverse("recommendation-list"),
        }
    if person.is_contributor:
        unfinished, handed_in = list_queries.open_of(person, now)
        context |= {
            "due": list_queries.due_for(person, today),
            "steps": list_queries.next_steps_of(person, today),
            "unfinished": unfinished,
            "handed_in": handed_in,
            "waiting": list_queries.waiting_for(person),
        }
    return render(request, "recommendations/home.html", context)
