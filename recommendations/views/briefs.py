"""Briefs: one recommendation, several or a whole report as a document, for people outside or for the team."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from recommendations.exports.briefs import FORMATS, brief_of
from recommendations.forms.briefs import BriefForm, how_much
from recommendations.forms.typed import sends
from recommendations.models import Recommendation
from recommendations.models.organisation import ours
from recommendations.selectors import inside, outside
from recommendations.services.exports import note_brief
from recommendations.views.lookup import recommendation_or_404, report_or_404


@sends(BriefForm)
@require_http_methods(["GET", "HEAD", "POST"])
def recommendation_brief(request, reference):
    """Make a brief on one recommendation."""
    one = recommendation_or_404(request.user, reference)
    return _brief(request, Recommendation.objects.filter(pk=one.pk), one.report, one)


@sends(BriefForm)
@require_http_methods(["GET", "HEAD", "POST"])
def report_brief(request, slug):
    """Make a brief on recommendations of a report, all or some."""
    report = report_or_404(request.user, slug)
    return _brief(request, report.recommendations.listed(), report, report)


def _brief(request, rows, report, parent):
    rows = rows.visible_to(request.user).select_related("report").order_by("position")
    public = outside.public_today(rows)
    form = BriefForm(request.POST or None, public=public)
    if request.method == "POST" and form.is_valid():
        return _file(request.user, form, rows, parent)
    context = {
        "form": form,
        "parent": parent,
        "report": report,
        "current_report": report,
        "how_much": how_much(public[0]) if len(public) == 1 else "",
        "nothing": not any(one.said for one in public),
        "has_name": bool(ours().name),
    }
    return render(request, "recommendations/brief.html", context)


def _file(person, form, rows, parent):
    """Record that a brief is taken out, and send it."""
    now, made_as = timezone.now(), form.cleaned_data["made_as"]
    today = now.astimezone(person.zone).date()
    reader = person if form.is_for_team else None
    # The rows are read once more: those that the form was made of have the words that are told outside.
    chosen = rows.all().filter(reference__in=form.references)
    told = inside.team_today(chosen, person) if reader else outside.public_today(chosen)
    kind = FORMATS[made_as]
    made = kind.make(brief_of(told, chosen[0].report, today, for_team=reader))
    level = form.cleaned_data["made_for"]
    note_brief(actor=person, references=form.references, made_as=made_as, level=level, now=now)
    about = getattr(parent, "reference", None) or parent.slug
    name = f"{about}-brief-{today:%Y-%m-%d}-{'internal' if reader else 'published'}.{made_as}"
    response = HttpResponse(made, content_type=kind.content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
