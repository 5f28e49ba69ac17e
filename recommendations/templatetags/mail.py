"""Words that mails say in their text and HTML parts alike."""

from django import template
from django.conf import settings
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from recommendations.choices import PARTNER, PARTNER_LABEL, Confidence, Movement, Role, Status
from recommendations.selectors.mailing import in_reports
from recommendations.templatetags.status import asks_words

register = template.Library()
# Of a mail's line alone: "same" says nothing there, where no heading says of what it tells.
MOVED = {
    Movement.BETTER: gettext_lazy("better than before"),
    Movement.SAME: gettext_lazy("as before"),
    Movement.WORSE: gettext_lazy("worse than before"),
}


@register.filter
def whole(path):
    """Return the whole address of a page of the tracker."""
    return settings.SITE_URL + str(path)


@register.filter
def with_address(person):
    """Return a person's name with their address, which nobody else can have."""
    return _("%(name)s (%(address)s)") % {"name": person, "address": person.email}


@register.filter
def role_words(role):
    """Return the word of a role."""
    return dict([*Role.choices, (PARTNER, PARTNER_LABEL), ("", _("no role"))])[role]


@register.filter
def plain_day(value):
    """Return a date as "Fri 6 Sep 2024"."""
    return formats.date_format(value, "D j M Y")


@register.filter
def due_words(days):
    """Return how far from its date something is, ``days`` after it (negative: before)."""
    if days > 0:
        return ngettext("%(n)s day overdue", "%(n)s days overdue", days) % {"n": days}
    if days == 0:
        return _("due today")
    return ngettext("due in %(n)s day", "due in %(n)s days", -days) % {"n": -days}


@register.filter
def days_after(day, today):
    """Return how many days ``today`` is after a day; negative before it."""
    return (today - day).days


@register.filter
def lain_words(days):
    """Return for how long something has lain."""
    return ngettext("for %(n)s day", "for %(n)s days", days) % {"n": days}


@register.filter
def status_word(value):
    """Return the word of a status."""
    return Status(value).label


@register.simple_tag
def rating_words(recommendation):
    """Return confidence and movement of a recommendation in words; empty before an assessment."""
    words = []
    if recommendation.confidence:
        sureness = Confidence(recommendation.confidence).label
        words.append(_("%(how)s confidence") % {"how": sureness.lower()})
    if recommendation.movement in MOVED:
        words.append(str(MOVED[Movement(recommendation.movement)]))
    return ", ".join(words)


@register.filter
def split_words(recommendation):
    """Return in words how many asks of a recommendation have which status; empty where it has none."""
    return asks_words(recommendation.split)


@register.filter
def handed_in_since(outline, recommendation):
    """Return since when an update of a digest's reader on this recommendation waits for review, or None."""
    return outline.handed_in.get(recommendation.pk)


@register.filter
def one_line(words):
    """Return words of several lines on one, for the text part, which is wrapped afterwards."""
    return " ".join(str(words).split())


@register.filter
def rest(rows, shown):
    """Return how many rows are left out when ``shown`` of them are listed."""
    return max(len(rows) - shown, 0)


@register.filter
def in_several(rows):
    """Return ", in 2 reports" if what is counted is of several; empty otherwise."""
    words = in_reports(row.recommendation for row in rows)
    return f", {words}" if words else ""
