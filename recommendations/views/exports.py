"""Exporting a list as a file: the same rows that the list shows, with the columns that one chooses."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from recommendations.choices import Role, Sensitivity
from recommendations.exports import advocacy, columns
from recommendations.exports.formats import FORMATS
from recommendations.exports.tables import Table
from recommendations.filters.advocacy import AdvocacyFilter
from recommendations.filters.evidence import EvidenceFilter
from recommendations.filters.recommendations import RecommendationFilter
from recommendations.filters.updates import UpdateFilter
from recommendations.forms.exports import ExportForm
from recommendations.forms.typed import sends
from recommendations.models import Advocacy, Recommendation, StatusUpdate
from recommendations.selectors import list_queries
from recommendations.services.exports import note_export
from recommendations.views.access import needs_role

# Levels up to each one.
UP_TO = {
    Sensitivity.INTERNAL: [Sensitivity.PUBLIC, Sensitivity.INTERNAL],
    Sensitivity.RESTRICTED: list(Sensitivity),
}


# Filters of updates and evidence whose value may be told with what is published. The others name somebody on
# the team, or say what is not published: a status, words of a note, what an update that stays inside cites.
TOLD_OUTSIDE = ("report", "kind", "form", "since", "until")


@dataclass(frozen=True)
class Listed:
    """A list that can be taken out: its title, its page, its filters and its columns.

    ``levelled`` says whether its rows have a level, ``published`` whether some of them can be outside.
    """

    title: Any
    page: str
    filters: Callable
    columns: Callable
    levelled: bool = True
    published: bool = True


def _reported(filter_set):
    def filters(data, person, now):
        reports = list_queries.report_choices(person, data.get("report"))
        return filter_set(data, reader=person, reports=reports, now=now)

    return filters


LISTS = {
    "recommendations": Listed(
        gettext_lazy("Recommendations"),
        "recommendation-list",
        _reported(RecommendationFilter),
        columns.recommendation_columns,
        levelled=False,
    ),
    "updates": Listed(
        gettext_lazy("Updates"), "update-list", _reported(UpdateFilter), columns.update_columns
    ),
    "evidence": Listed(
        gettext_lazy("Evidence"),
        "evidence-list",
        lambda data, person, now: EvidenceFilter(data, reader=person),
        columns.evidence_columns,
    ),
    "advocacy": Listed(
        gettext_lazy("Advocacy"),
        "advocacy-list",
        lambda data, person, now: AdvocacyFilter(data, reader=person, now=now),
        advocacy.advocacy_columns,
        published=False,
    ),
}


@sends(ExportForm)
@needs_role(Role.VIEWER)
@require_http_methods(["GET", "HEAD", "POST"])
def export(request, listed):
    """Ask what the file shall hold; then stream it. The address carries the filters of the list."""
    wanted = LISTS.get(listed)
    if wanted is None:
        raise Http404
    person, now = request.user, timezone.now()
    filters = wanted.filters(request.GET, person, now)
    form = ExportForm(
        request.POST or None,
        formats=FORMATS,
        columns=wanted.columns(),
        levelled=wanted.levelled,
        published=wanted.published,
    )
    if request.method == "POST" and form.is_valid() and filters.form.is_valid():
        rows = _rows(filters, wanted, form, person)
        if rows.exists():
            return _download(request, listed, wanted, filters, form, rows, now)
        form.add_error(None, _("There is nothing to export: no row that you can see matches all of this."))
    context = {
        "listed": listed,
        "title": wanted.title,
        "form": form,
        "filters": filters,
        "active": filters.active(),
        "count": filters.qs.count() if filters.form.is_valid() else 0,
        "back": f"{reverse(wanted.page)}?{request.GET.urlencode()}",
        "now": now,
    }
    return render(request, "recommendations/export.html", context)


def _rows(filters, wanted, form, person):
    rows = filters.qs
    if not wanted.levelled:
        return columns.with_cited(rows, person)
    is_of_updates = rows.model is StatusUpdate
    if is_of_updates:
        rows = columns.with_days(rows)
    if form.highest != Sensitivity.PUBLIC:
        rows = rows.filter(sensitivity__in=UP_TO[form.highest])
        if rows.model is Advocacy:
            return advocacy.with_references(rows)
        return columns.with_grades(rows) if is_of_updates else rows
    return columns.published_updates(rows) if is_of_updates else columns.published_items(rows)


def _download(request, listed, wanted, filters, form, rows, now):
    """Record that the list is taken out, and send it as it is made."""
    person, made_as = request.user, form.cleaned_data["made_as"]
    number = note_export(
        actor=person,
        listed=listed,
        made_as=made_as,
        columns=[one.name for one in form.chosen],
        filters=[one.name for one in filters.active()],
        level=form.highest,
        rows=rows,
        now=now,
    )
    here = now.astimezone(person.zone)
    table = Table(
        name=listed,
        title=str(wanted.title),
        face=_face(person, filters, form, rows, number, here),
        columns=form.chosen,
        rows=rows,
        zone=person.zone,
    )
    kind = FORMATS[made_as]
    response = StreamingHttpResponse(kind.make(table), content_type=kind.content_type)
    response["Content-Disposition"] = f'attachment; filename="{_name(listed, form, here)}.{made_as}"'
    return response


def _name(listed, form, here):
    """Return the name of a file, which says who can see it: a table alone says nothing of itself."""
    level = {Sensitivity.PUBLIC: "published", Sensitivity.RESTRICTED: "RESTRICTED"}
    return f"{listed}-{here:%Y-%m-%d}-{level.get(form.highest, 'internal')}"


def _face(person, filters, form, rows, number, here):
    """Return what a file says of itself: as of when, by whom, at which sensitivity, through which filters.

    What may be quoted outside names nobody on the team, and no filter that tells what is not published.
    """
    levels = {
        Sensitivity.PUBLIC: _("published: may be quoted outside"),
        Sensitivity.INTERNAL: _("internal: only for the team"),
        Sensitivity.RESTRICTED: _("RESTRICTED: only for the people who have access to these rows"),
    }
    outside = form.highest == Sensitivity.PUBLIC
    shown = [one for one in filters.active() if not outside or one.name in TOLD_OUTSIDE]
    used = [f"{one.label}: {one.value}" for one in shown]
    if len(shown) < len(filters.active()):
        used.append(_("others that only the team is told"))
    return [
        _("As of: %(when)s") % {"when": date_format(here, "j M Y, H:i T")},
        *([] if outside else [_("Exported by: %(who)s") % {"who": person}]),
        _("Who can see this: %(level)s") % {"level": levels[form.highest]},
        _("Filters: %(filters)s") % {"filters": "; ".join(used) or _("none")},
        *_reports_of(rows),
        _("Rows: %(n)s") % {"n": number},
    ]


def _reports_of(rows):
    """Return the line that names the reports of the rows, where rows are of a report."""
    path = {Recommendation: "report", StatusUpdate: "recommendation__report"}.get(rows.model)
    if path is None:
        return []
    named = rows.order_by(f"{path}__country_name", f"{path}__year")
    named = named.values_list(f"{path}__country_name", f"{path}__year").distinct()
    reports = ", ".join(f"{country} {year}" for country, year in named)
    return [_("Reports: %(reports)s") % {"reports": reports}]
