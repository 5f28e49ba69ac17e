"""The list of all updates: what changed, since when, by whom."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from recommendations.choices.update_fields import TEXTS
from recommendations.filters.updates import UpdateFilter
from recommendations.models import Event
from recommendations.selectors import list_queries

PAGE_SIZE = 50


@require_safe
def update_list(request):
    """Show the updates that the person can see, filtered, sorted and paged as the address says."""
    person, now = request.user, timezone.now()
    reports = list_queries.report_choices(person, request.GET.get("report"))
    filters = UpdateFilter(request.GET, reader=person, reports=reports, now=now)
    rows = filters.qs.select_related("recommendation", "author", "approved_by")
    rows = rows.with_repeated().defer("recommendation__text", *TEXTS)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    moves = moves_of(page.object_list)
    for update in page.object_list:
        update.moved_from = moves.get(update.pk)
    context = {
        "now": now,
        "today": filters.today,
        "filters": filters,
        "active": filters.active(),
        "page": page,
        "in_reports": filters.qs.order_by().values("recommendation__report").distinct().count(),
        "all_address": reverse("update-list"),
    }
    return render(request, "recommendations/update_list.html", context)


def moves_of(updates):
    """Return {update pk: the status before it} of those that moved one. One statement."""
    events = Event.objects.moving_by_update().filter(update__in=[one.pk for one in updates])
    return {
        pk: payload.get("moved_from") or payload["before"]
        for pk, payload in events.values_list("update", "payload")
    }
