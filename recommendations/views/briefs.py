"""Briefs: what is published of one recommendation, of several or of a report, as a document."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from recommendations.exports.briefs import FORMATS, brief_of
from recommendations.forms.briefs import BriefForm, how_much
from recommendations.forms.typed import sends
from recommendations.models.organisation import ours
from recommendations.selectors import outside
from recommendations.services.exports import note_brief
from recommendations.views.lookup import recommendation_or_404, report_or_404


@sends(BriefForm)
@require_http_methods(["GET", "HEAD", "POST"])
def recommendation_brief(request, reference):
    """Make a brief on one recommendation."""
    one = recommendation_or_404(request.user, reference)
    return _brief(request, outside.public_today([one]), one.report, one)


@sends(BriefForm)
@require_http_methods(["GET", "HEAD", "POST"])
def report_brief(request, slug):
    """Make a brief on recommendations of a report, all or some."""
    report = report_or_404(request.user, slug)
    return _brief(request, outside.public_of(report), report, report)


def _brief(request, told, report, parent):
    now = timezone.now()
    form = BriefForm(request.POST or None, told=told)
    if request.method == "POST" and form.is_valid():
        return _file(request.user, form, report, parent, now)
    context = {
        "form": form,
        "parent": parent,
        "report": report,
        "current_report": report,
        "how_much": how_much(told[0]) if len(told) == 1 else "",
        "nothing": not any(one.said for one in told),
        "has_name": bool(ours().name),
    }
    return render(request, "recommendations/brief.html", context)


def _file(person, form, report, parent, now):
    """Record that a brief is taken out, and send it."""
    made_as, today = form.cleaned_data["made_as"], now.astimezone(person.zone).date()
    kind = FORMATS[made_as]
    made = kind.make(brief_of(form.chosen, report, today))
    references = [one.reference for one in form.chosen]
    note_brief(actor=person, references=references, made_as=made_as, now=now)
    about = getattr(parent, "reference", None) or parent.slug
    response = HttpResponse(made, content_type=kind.content_type)
    response["Content-Disposition"] = (
        f'attachment; filename="{about}-brief-{today:%Y-%m-%d}-published.{made_as}"'
    )
    return response
