"""The list of recommendations, the page of one, and what reviewers set on it."""

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
from recommendations.selectors.baselines import shown_to
from recommendations.selectors.handed_in import waiting_of
from recommendations.selectors.narrative import claims_of
from recommendations.selectors.review_dates import open_dates
from recommendations.selectors.threads import country_of, line_of, work_on
from recommendations.selectors.wordings import earlier_wordings, words_before
from recommendations.text.spans import cut
from recommendations.views.access import needs_role
from recommendations.views.lookup import recommendation_or_404

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
    lines, page, in_reports = page_of(filters.qs, person, request.GET.get("page"))
    report = filters.chosen_report
    context = {
        "now": now,
        "today": filters.today,
        "filters": filters,
        "active": filters.active(),
        "lines": lines,
        "page": page,
        "in_reports": in_reports,
        "loosened": [] if lines or not filters.form.is_valid() else filters.loosened(),
        "several_reports": report is None and sum(one.is_followed for one in reports) > 1,
        "apart": report is None and any(not one.is_followed for one in reports),
        "current_report": report or (reports[0] if len(reports) == 1 else _("All that are followed")),
        "report_choices": list_queries.switch(reports, report, reverse("recommendation-list")),
    }
    return render(request, "recommendations/list.html", context)


def page_of(recommendations, person, number):
    """Return (lines, page, number of reports) of the page of this number; the last one if there are fewer."""
    is_number = number and number.isascii() and number.isdecimal() and len(number) < 8
    number = max(1, int(number)) if is_number else 1
    first = (number - 1) * PAGE_SIZE
    lines, count, reports = list_queries.counted_lines(recommendations, person, first=first, size=PAGE_SIZE)
    if not lines and number > 1:
        count = recommendations.count()
        number = max(1, -(-count // PAGE_SIZE))
        first = (number - 1) * PAGE_SIZE
        found = list_queries.counted_lines(recommendations, person, first=first, size=PAGE_SIZE)
        lines, count, reports = found
    return lines, CountedPaginator(count).get_page(number), reports


def _recommendation_or_404(person, reference, today):
    """Return a recommendation; one that ``person`` cannot see is not found."""
    try:
        return history.recommendation_for(person, reference, today)
    except Recommendation.DoesNotExist:
        raise Http404 from None


@require_safe
def recommendation_detail(request, reference):
    """Show one recommendation: its words, where it stands and why, and everything that led there."""
    person, now = request.user, timezone.now()
    today = person.today(now)
    recommendation = _recommendation_or_404(person, reference, today)
    reports = list_queries.report_choices(person, recommendation.report.slug)
    story = history.story(recommendation, person)
    entries = story.entries
    by_pk = {entry.update.pk: entry for entry in entries}
    asks = history.asks_of(recommendation, by_pk)
    context = {
        "now": now,
        "today": today,
        "recommendation": recommendation,
        "report": recommendation.report,
        "asks": asks,
        "pieces": cut(recommendation.text, [ask for ask in asks if not ask.lost_words]),
        **_earlier_words(recommendation),
        "passage": source.passage(recommendation),
        "claims": claims_of(recommendation, person) if recommendation.has_claims else [],
        "tags": recommendation.tags.visible_to(person) if recommendation.has_tags else [],
        "entries": entries,
        "own_work": history.own_work(recommendation, person, today, has_moments=recommendation.has_moments),
        "open_updates": story.open_updates,
        "handed_in": waiting_of(story.open_updates, person, now),
        "criterion": criterion_of(recommendation),
        "earlier_criteria": earlier_criteria(recommendation.current_update),
        "baseline": shown_to(recommendation, person) if recommendation.is_tied else None,
        "review_dates": open_dates(recommendation),
        **(_through_years(recommendation, person) if recommendation.is_tied else {}),
        "current": by_pk.get(recommendation.current_update_id),
        "hides_reason": recommendation.current_update_id not in (None, *by_pk),
        "coverage": history.coverage(recommendation, entries, today),
        "current_report": recommendation.report,
        "report_choices": list_queries.switch(reports, recommendation.report, reverse("recommendation-list")),
    }
    return render(request, "recommendations/detail.html", context)


def _through_years(recommendation, person):
    """Return the line of a recommendation through the reports of its country. Eight statements."""
    country = country_of(recommendation.report.country_code, person)
    if country is None:
        return {}
    line = line_of(recommendation, country, person)
    year = recommendation.report.year
    earlier = [step.recommendation.pk for cell in line.cells if cell.year < year for step in cell.steps]
    return {"country": country, "line": line, "earlier_work": work_on(earlier, person) if earlier else None}


def _earlier_words(recommendation):
    """Return the words that it had before the source was corrected, and whether it was assessed by them."""
    if not recommendation.is_reworded:
        return {}
    decides = recommendation.current_update
    return {
        "earlier_words": earlier_wordings(recommendation),
        "judged_by_earlier_words": decides and words_before(recommendation, decides.submitted_at),
    }


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


@sends(*SETTINGS_FORMS.values())
@needs_role(Role.REVIEWER)
@require_http_methods(["GET", "HEAD", "POST"])
def recommendation_settings(request, reference):
    """Let reviewers say who answers for a recommendation, how often it is looked at, and what we call it.

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
