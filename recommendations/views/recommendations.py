"""The list of recommendations, the page of one, and what reviewers set on it."""

from datetime import date, timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from recommendations.choices import CURRENT_CRITERIA, Role, criterion
from recommendations.filters.recommendations import RecommendationFilter
from recommendations.forms.recommendations import SETTINGS_FORMS
from recommendations.forms.typed import sends
from recommendations.models import Recommendation
from recommendations.selectors import history, list_queries, source
from recommendations.selectors.handed_in import waiting_of
from recommendations.text.spans import cut
from recommendations.views.access import needs_role

PAGE_SIZE = 50


class CountedPaginator(Paginator):
    """A paginator that was told the count, so that it does not ask again."""

    def __init__(self, count):
        super().__init__([], PAGE_SIZE)
        self.count = count


@require_safe
def recommendation_list(request):
    """Show recommendations, filtered, sorted and paged as the address says."""
    person, now = request.user, timezone.now()
    reports = list_queries.report_choices(person, request.GET.get("report"))
    filters = RecommendationFilter(request.GET, reader=person, reports=reports, now=now)
    lines, page = page_of(filters.qs, person, request.GET.get("page"))
    report = filters.chosen_report
    context = {
        "now": now,
        "today": filters.today,
        "filters": filters,
        "active": filters.active(),
        "lines": lines,
        "page": page,
        "loosened": [] if lines or not filters.form.is_valid() else filters.loosened(),
        "several_reports": report is None and sum(one.is_followed for one in reports) > 1,
        "apart": report is None and any(not one.is_followed for one in reports),
        "current_report": report or (reports[0] if len(reports) == 1 else _("All that are followed")),
        "report_choices": list_queries.switch(reports, report, reverse("recommendation-list")),
    }
    return render(request, "recommendations/list.html", context)


def page_of(recommendations, person, number):
    """Return (lines, page) of the page of this number; the last one where there are fewer pages."""
    is_number = number and number.isascii() and number.isdecimal() and len(number) < 8
    number = max(1, int(number)) if is_number else 1
    first = (number - 1) * PAGE_SIZE
    lines, count = list_queries.counted_lines(recommendations, person, first=first, size=PAGE_SIZE)
    if not lines and number > 1:
        count = recommendations.count()
        number = max(1, -(-count // PAGE_SIZE))
        first = (number - 1) * PAGE_SIZE
        lines, count = list_queries.counted_lines(recommendations, person, first=first, size=PAGE_SIZE)
    return lines, CountedPaginator(count).get_page(number)


def recommendation_or_404(person, reference):
    """Return the recommendation of this reference; one that ``person`` cannot see is not found."""
    try:
        return history.recommendation_for(person, reference)
    except Recommendation.DoesNotExist:
        raise Http404 from None


@require_safe
def recommendation_detail(request, reference):
    """Show one recommendation: its words, where it stands and why, and everything that led there."""
    person, now = request.user, timezone.now()
    recommendation = recommendation_or_404(person, reference)
    reports = list_queries.report_choices(person, recommendation.report.slug)
    story = history.story(recommendation, person)
    entries = story.entries
    asks = history.asks_of(recommendation)
    context = {
        "now": now,
        "today": person.today(now),
        "recommendation": recommendation,
        "report": recommendation.report,
        "asks": asks,
        "pieces": cut(recommendation.text, asks),
        "passage": source.passage(recommendation),
        "entries": entries,
        "own_work": history.own_work(recommendation, person, person.today(now)),
        "open_updates": story.open_updates,
        "handed_in": waiting_of(story.open_updates, person, now),
        "criterion": criterion_of(recommendation),
        "earlier_criteria": earlier_criteria(recommendation.current_update),
        "review_reason": why_next_review(recommendation),
        "further_reviews": further_reviews(recommendation),
        "current": next((one for one in entries if one.update.pk == recommendation.current_update_id), None),
        "coverage": history.coverage(recommendation, entries, person.today(now)),
        "current_report": recommendation.report,
        "report_choices": list_queries.switch(reports, recommendation.report, reverse("recommendation-list")),
    }
    return render(request, "recommendations/detail.html", context)


def criterion_of(recommendation):
    """Return the criterion of the present status: of the update that decides, as it was submitted."""
    decides = recommendation.current_update
    if decides is None:
        return criterion(recommendation.status, recommendation.nature)
    decides.recommendation = recommendation
    return decides.criterion


def earlier_criteria(decides):
    """Return the version of the criteria by which an update was judged, where it is not that of today."""
    return decides.criteria if decides and decides.criteria not in (None, CURRENT_CRITERIA) else None


def why_next_review(recommendation):
    """Return in words where the next review date comes from (docs/domain.md, "When something is due")."""
    days = {"days": recommendation.interval_days}
    due = recommendation.next_review_on
    if due != (recommendation.answered_on or recommendation.imported_on) + timedelta(**days):
        titles = [one["before"] for one in recommendation.further_dates if one["on"] == due.isoformat()]
        if title := next(filter(None, titles), ""):
            return _("Set before “%(title)s”; otherwise every %(days)s days.") % {**days, "title": title}
        return _("A date set for once; otherwise every %(days)s days.") % days
    if recommendation.answered_on:
        return _("%(days)s days after it was last looked at.") % days
    return _("%(days)s days after the import: nobody has looked at it since.") % days


def further_reviews(recommendation):
    """Return the (date, what it is for) of the dates after the next review that were set and are open."""
    dated = [(date.fromisoformat(one["on"]), one["before"]) for one in recommendation.further_dates]
    if recommendation.one_off_on:
        dated.append((recommendation.one_off_on, ""))
    return sorted(one for one in dated if one[0] > recommendation.next_review_on)


@sends(*SETTINGS_FORMS.values())
@needs_role(Role.REVIEWER)
@require_http_methods(["GET", "HEAD", "POST"])
def recommendation_settings(request, reference):
    """Let reviewers say who answers for a recommendation, when it is looked at, and what we call it.

    Three small forms on one page; ``save`` says which of them was sent.
    """
    recommendation = recommendation_or_404(request.user, reference)
    sent = request.POST.get("save")
    forms = {
        name: form(request.POST if name == sent else None, recommendation=recommendation)
        for name, form in SETTINGS_FORMS.items()
    }
    if sent in forms and forms[sent].save(actor=request.user, now=timezone.now()):
        messages.success(request, forms[sent].done)
        return redirect(recommendation)
    context = {
        "recommendation": recommendation,
        "forms": forms,
        "current_report": recommendation.report,
    }
    return render(request, "recommendations/recommendation_settings.html", context)
