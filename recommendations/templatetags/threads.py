"""The picture of threads: a line for each demand, with the shape of its status in each year."""

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommendations.choices import Absence
from recommendations.selectors.through_years import DRAWN, drawn_as

register = template.Library()


@register.inclusion_tag("countries/_shapes.html")
def absence_shapes():
    """Define the shape of each absence once on a page; the picture points to them."""
    return {"absences": DRAWN}


@register.filter
def drawn(absence):
    """Return the absence whose shape stands for this one; empty for an empty place."""
    return drawn_as(absence) or ""


@register.inclusion_tag("_marks.html#absence")
def absence_in_legend(value):
    """Show what the shape of an absence means wherever the picture draws it."""
    words = {
        Absence.UNCONFIRMED: _("Nobody has confirmed a line yet"),
        Absence.NOT_KNOWN: _("Not known: no report is here, or its list is not whole"),
        Absence.DROPPED: _("Not in this report"),
    }
    return {"value": str(value), "label": words[value]}


@register.filter
def century(year):
    """Return the first figures of a year, which a phone leaves out."""
    return str(year)[:-2]


@register.filter
def year_of_century(year):
    """Return the last two figures of a year."""
    return str(year)[-2:]


@register.filter
def cells_with_lines(thread):
    """Return (cell, how the line runs through it) of each year, such as "from to"."""
    made = thread.years
    return [(cell, _line_through(cell, made)) for cell in thread.cells]


def _line_through(cell, made):
    parts = [
        name
        for name, runs in (
            ("from", made[0] < cell.year <= made[-1]),
            ("to", made[0] <= cell.year < made[-1]),
        )
        if runs
    ]
    return " ".join([*parts, *([] if cell.steps else ["gap"])])


@register.filter
def since_words(thread):
    """Return since when a demand is made, as far as that is known."""
    first, times = thread.years[0], len(thread.years)
    begin = _("since %(year)s") if thread.begins_surely else _("at least since %(year)s")
    if times == 1:
        return _("new in %(year)s") % {"year": first} if thread.begins_surely else begin % {"year": first}
    reports = ngettext("in %(n)s report", "in %(n)s reports", times) % {"n": times}
    return f"{begin % {'year': first}}, {reports}"


@register.filter
def period_words(thread):
    """Return in which years a demand was made that the last report does not have: "2015–2018"."""
    first, last = thread.years[0], thread.years[-1]
    return str(first) if first == last else f"{first}–{last}"
