"""The marks for long lists: each is drawn once for a value and then taken from memory.

A page of fifty rows would otherwise render some 250 templates of one mark each.
"""

from functools import lru_cache

from django import template
from django.template.loader import get_template
from django.utils.translation import get_language

from recommendations.templatetags import status as marks

register = template.Library()


@lru_cache(maxsize=4096)
def drawn(_language, name, *arguments):
    """Return the HTML of one mark; the language is a part of what it is kept under."""
    return get_template(f"_marks.html#{name}").render(getattr(marks, name)(*arguments))


@register.filter
def status_mark(value):
    """Show a status, as ``{% status %}`` does."""
    return drawn(get_language(), "status", value)


@register.filter
def confidence_mark(value):
    """Show a confidence, as ``{% confidence %}`` does."""
    return drawn(get_language(), "confidence", value) if value else ""


@register.filter
def movement_mark(value):
    """Show a movement, as ``{% movement %}`` does."""
    return drawn(get_language(), "movement", value) if value else ""


@register.filter
def due_mark(value, today):
    """Show a date by which something is due, as ``{% due %}`` does."""
    return drawn(get_language(), "due", value, today)


@register.filter
def day_mark(value, today):
    """Show a date, or an instant's date in the reader's zone, as ``{% day %}`` does."""
    return drawn(get_language(), "day", marks.local_date(value), today) if value else ""


@register.filter
def sensitivity_mark(value):
    """Show who may read it, as ``{% sensitivity %}`` does."""
    return drawn(get_language(), "sensitivity", value)


@register.simple_tag
def age_mark(value, interval, today):
    """Show the age of a verification in a column that has the words as its head."""
    return drawn(get_language(), "last_verified", value, interval, True, today)


@register.inclusion_tag("_sort_heading.html", takes_context=True)
def sort_heading(context, name, label, css=""):
    """Show the head of a column that sorts by ``name``; a second click turns the order around.

    The address keeps its filters and goes back to the first page.
    """
    query = context["request"].GET.copy()
    query.pop("page", None)
    chosen = query.get("sort", "position")
    query["sort"] = f"-{name}" if chosen == name else name
    direction = {name: "ascending", f"-{name}": "descending"}.get(chosen, "")
    return {"label": label, "css": css, "query": query.urlencode(), "sorted": direction}
