"""The marks that are on every page: status, movement, confidence, age, sensitivity and dates.

Each is a shape with its word beside it; the shapes are drawn in ``templates/_marks.html``.
"""

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommendations.choices import SEALED, SEALED_LABEL, Absence, Confidence, Movement, Sensitivity, Status

register = template.Library()

# An age grows heavier at a third, two thirds and the whole of the review interval (days).
DEFAULT_INTERVAL = 90
MINUTE = 60  # seconds


def local_date(value):
    """Return the calendar date of a date or an aware datetime in the reader's time zone; None stays None."""
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


def days_since(value, today=None):
    """Return whole days from ``value`` to today in the reader's time zone; negative when it lies ahead."""
    return ((today or timezone.localdate()) - local_date(value)).days


def age_class(days, interval=DEFAULT_INTERVAL):
    """Return how heavy an age of ``days`` is shown: fresh, ageing, old, or stale from one interval on."""
    if days is None:
        return "never"
    for name, part in (("fresh", 1), ("ageing", 2), ("old", 3)):
        if days * 3 < interval * part:
            return name
    return "stale"


@register.filter
def distance(value, today=None):
    """Return a date's distance from today in words: "21 days ago", "yesterday", "today", "in 3 days"."""
    days = days_since(value, today)
    if days in (-1, 0, 1):
        return {-1: _("tomorrow"), 0: _("today"), 1: _("yesterday")}[days]
    if days < 0:
        return ngettext("in %(n)s day", "in %(n)s days", -days) % {"n": -days}
    return ngettext("%(n)s day ago", "%(n)s days ago", days) % {"n": days}


@register.filter
def verified_words(value, today=None):
    """Return "last verified 43 days ago" or "never verified", as mails say it too."""
    if value is None:
        return _("never verified")
    return _("last verified %(when)s") % {"when": distance(value, today)}


@register.inclusion_tag("_marks.html#status")
def status(value, size=""):
    """Show an implementation status: its shape, then its word. ``size="large"`` for the head of a page."""
    return {"value": Status(value), "label": Status(value).label, "size": size}


@register.inclusion_tag("_marks.html#asks_by_status")
def asks_by_status(split):
    """Show how many asks have which status, such as "3 asks: 1 contrary action, 2 initial steps"."""
    return {"words": asks_words(split)}


@register.filter
def asks_words(split):
    """Return in words how many asks have which status; empty where there are none."""
    if not split:
        return ""
    total = sum(split.values())
    # In the vocabulary's order: PostgreSQL keeps the keys of such a value in an order of its own.
    parts = ", ".join(f"{split[one]} {one.label.lower()}" for one in Status if one in split)
    return ngettext("%(n)s ask: %(parts)s", "%(n)s asks: %(parts)s", total) % {"n": total, "parts": parts}


@register.inclusion_tag("_marks.html#status_shape")
def status_shape(value):
    """Draw the shape of a status alone, for places where its word stands beside it already."""
    return {"value": Status(value)}


@register.inclusion_tag("_marks.html#absence")
def absence(value):
    """Show why a thread has no recommendation in a year: its shape, then its words."""
    return {"value": str(value), "label": Absence(value).label}


@register.inclusion_tag("_marks.html#status_change")
def status_change(before, after):
    """Show that a status moved: the old one, an arrow read as "to", the new one."""
    return {"before": Status(before), "after": Status(after)}


@register.inclusion_tag("_marks.html#movement")
def movement(value):
    """Show which way it went since the last approved assessment. Nothing is shown for an empty value."""
    return {"value": value, "label": Movement(value).label if value else ""}


@register.inclusion_tag("_marks.html#confidence")
def confidence(value, short=False):
    """Show how sure we are, as one to three bars with the words. Nothing is shown for an empty value.

    ``short`` leaves out the word "confidence", for a column that has it as its head.
    """
    if not value:
        return {"bars": 0}
    level = Confidence(value)
    bars = {Confidence.HIGH: 3, Confidence.MEDIUM: 2, Confidence.LOW: 1}[level]
    label = level.label if short else _("%(level)s confidence") % {"level": level.label}
    return {"bars": bars, "label": label}


@register.inclusion_tag("_marks.html#sensitivity")
def sensitivity(value):
    """Show who may read it: a lock and the level's name."""
    if value == SEALED:
        return {"value": SEALED, "label": SEALED_LABEL}
    return {"value": Sensitivity(value), "label": Sensitivity(value).label}


@register.inclusion_tag("_marks.html#last_verified")
def last_verified(value, interval=DEFAULT_INTERVAL, short=False, today=None):
    """Show the age of the last verification; it grows bolder against the review interval (days).

    ``short`` leaves out the words "last verified", for a column that has them as its head.
    """
    days = None if value is None else days_since(value, today)
    words = _("never") if short else _("never verified")
    if value is not None:
        words = distance(value, today) if short else verified_words(value, today)
    return {"date": local_date(value), "words": words, "age": age_class(days, interval)}


@register.inclusion_tag("_marks.html#day")
def day(value, today=None):
    """Show a date as "3 Nov 2026 (21 days ago)"; a datetime counts in the reader's time zone."""
    return {"date": local_date(value), "words": distance(value, today) if value else ""}


@register.inclusion_tag("_marks.html#moment")
def moment(value):
    """Show an aware datetime with its hour: "3 Nov 2026, 14:05 KST" in the reader's time zone."""
    return {"at": timezone.localtime(value) if value else None}


@register.filter
def ago(value):
    """Return how long an aware datetime lies back: "2 hours ago", or "just now" within a minute."""
    if (timezone.now() - value).total_seconds() < MINUTE:
        return _("just now")
    return _("%(time)s ago") % {"time": timesince(value, depth=1)}


@register.inclusion_tag("_marks.html#due")
def due(value, today=None):
    """Show a date by which something is due: "24 Dec 2026 (in 30 days)" or "3 Nov 2026 (21 days overdue)"."""
    if value is None:
        return {"date": None}
    days, words = days_since(value, today), distance(value, today)
    if days > 0:
        words = ngettext("%(n)s day overdue", "%(n)s days overdue", days) % {"n": days}
    urgency = "overdue" if days > 0 else "today" if days == 0 else ""
    return {"date": local_date(value), "words": words, "urgency": urgency}
