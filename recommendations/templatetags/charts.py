"""Charts drawn on the server as SVG; each page has a table of the same beside it for screen readers."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from recommendations.choices import Status

register = template.Library()

# A cell is a shape of 16 with a little air (units of the drawing, which are pixels at its usual size).
CELL = 18


@register.inclusion_tag("dashboard/_shapes.html")
def shapes():
    """Define the shape of each status once on a page; the strips point to them."""
    return {"statuses": list(Status)}


@register.inclusion_tag("dashboard/_strip.html")
def strip(quarters):
    """Draw the status at the end of each quarter, by its shape and its colour."""
    cells = [(CELL * n + 1, quarter, quarter_words(quarter)) for n, quarter in enumerate(quarters)]
    return {"cells": cells, "width": CELL * len(quarters), "height": CELL}


@register.filter
def quarter_words(quarter):
    """Return what stood at the end of a quarter, in words."""
    return Status(quarter.status).label if quarter.status else _("not followed yet")


@register.simple_tag
def share(part, whole):
    """Draw a share as a bar; the numbers stand beside it."""
    width = round(100 * part / whole) if whole else 0
    bar = '<rect width="{}" height="6"/>' if width else "{}"
    return format_html(
        '<svg class="share" viewBox="0 0 100 6" width="100" height="6" preserveAspectRatio="none" '
        'aria-hidden="true" focusable="false"><rect class="whole" width="100" height="6"/>{}</svg>',
        format_html(bar, width) if width else mark_safe(""),
    )
