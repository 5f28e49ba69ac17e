"""The full history of a recommendation, and a report as it stood on a day."""

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from recommendations.forms.reports import AsOfForm
from recommendations.rules.dates import day_ends
from recommendations.selectors import versions as history
from recommendations.selectors.as_of import corrections_after, report_as_of
from recommendations.views.lookup import recommendation_or_404, report_or_404

PER_PAGE = 50


@require_safe
def full_history(request, reference):
    """Show every version with who, when and why; compare two of them word by word."""
    person = request.user
    recommendation = recommendation_or_404(person, reference)
    everything = history.versions_of(recommendation, person)
    page = Paginator(everything, PER_PAGE).get_page(request.GET.get("page"))
    shown = list(page)
    before, after = (_chosen(everything, request.GET.get(end)) for end in ("from", "to"))
    corrections = history.corrected_by(shown, person)
    corrected = history.readable_corrected(shown, person)
    for version in shown:
        version.corrected_by = corrections.get(version.update_id)
        version.corrects = corrected.get(version.update.corrects_id or 0)
    context = {
        "recommendation": recommendation,
        "page": page,
        "versions": shown,
        "before": before,
        "after": after,
        "rows": history.compared(before, after, person) if before and after else [],
        "happenings": history.happenings(recommendation, person),
        "now": timezone.now(),
        "current_report": recommendation.report,
    }
    return render(request, "recommendations/history.html", context)


def _chosen(everything, number):
    """Return the version that an address names; None when it names none. One not to be read is not found."""
    if not number:
        return None
    if not (number.isascii() and number.isdecimal() and len(number) < 19):
        raise Http404
    found = everything.filter(pk=number).first()
    if found is None:
        raise Http404
    return found


@require_safe
def report_as_it_stood(request, slug):
    """Show a report as it stood at the end of a day."""
    person, now = request.user, timezone.now()
    report = report_or_404(person, slug)
    form = AsOfForm(request.GET if "as_of" in request.GET else None, initial={"as_of": person.today(now)})
    day = form.cleaned_data["as_of"] if form.is_valid() else person.today(now)
    moment = min(day_ends(day, person.zone), now)
    context = {
        "report": report,
        "form": form,
        "day": day,
        "moment": moment,
        "is_over": moment < now,
        "rows": report_as_of(report, moment, person),
        "corrections": corrections_after(report, moment, person),
        "now": now,
        "current_report": report,
    }
    return render(request, "reports/as_of.html", context)
