"""A country through the years: each demand as one thread over all its reports."""

from django.http import Http404, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from recommendations.choices import Role, Sensitivity
from recommendations.exports.formats import FORMATS
from recommendations.exports.threads import ThreadTable, thread_columns, tiers
from recommendations.forms.exports import ExportForm
from recommendations.forms.typed import sends
from recommendations.models import Recommendation
from recommendations.selectors.threads import country_of, threads_of
from recommendations.selectors.through_years import summary_of
from recommendations.services.exports import note_export
from recommendations.views.access import needs_role


def country_or_404(person, code):
    """Return the country of this code, of which there are reports that ``person`` can see."""
    country = country_of(code, person)
    if country is None:
        raise Http404
    return country


@require_safe
def country(request, code):
    """Show all threads of a country: a picture, then a table with the figures."""
    found = country_or_404(request.user, code)
    threads = threads_of(found, request.user)
    context = {
        "country": found,
        "threads": threads,
        "summary": summary_of(found, threads),
        "now": timezone.now(),
    }
    return render(request, "countries/detail.html", context)


@sends(ExportForm)
@needs_role(Role.VIEWER)
@require_http_methods(["GET", "HEAD", "POST"])
def country_export(request, code):
    """Ask what the file of a country's threads shall hold; then send it."""
    person, now = request.user, timezone.now()
    found = country_or_404(person, code)
    form = ExportForm(
        request.POST or None, formats=FORMATS, columns=thread_columns(), levelled=False, published=False
    )
    threads = threads_of(found, person)
    if request.method == "POST" and form.is_valid():
        return _download(person, found, threads, form.cleaned_data["made_as"], form.chosen, now)
    title = _("%(country)s through the years") % {"country": found.name}
    context = {
        "title": title,
        "form": form,
        "count": len(threads),
        "back": found.get_absolute_url(),
        "now": now,
    }
    return render(request, "recommendations/export.html", context)


def _download(person, country, threads, made_as, columns, now):
    """Record that the threads are exported, and send them."""
    note_export(
        actor=person,
        listed="threads",
        made_as=made_as,
        columns=[one.name for one in columns],
        filters=["country"],
        level=Sensitivity.INTERNAL,
        rows=Recommendation.objects.visible_to(person).listed().filter(report__in=country.known),
        now=now,
    )
    here = now.astimezone(person.zone)
    face = [
        _("As of: %(when)s") % {"when": date_format(here, "j M Y, H:i T")},
        _("Exported by: %(who)s") % {"who": person},
        _("Who can see this: %(level)s") % {"level": _("internal: only for the team")},
        _("Tier: %(tiers)s") % {"tiers": tiers(country)},
        _("Of a closed report, each status is the one that stood when it was closed."),
        _("Rows: %(n)s") % {"n": len(threads)},
    ]
    table = ThreadTable(
        name="threads",
        title=_("%(country)s through the years") % {"country": country.name},
        face=face,
        columns=columns,
        rows=Recommendation.objects.none(),
        zone=person.zone,
        threads=threads,
        country=country,
    )
    kind = FORMATS[made_as]
    response = StreamingHttpResponse(kind.make(table), content_type=kind.content_type)
    name = f"threads-{country.code}-{here:%Y-%m-%d}-internal.{made_as}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
