"""What is shown beside every list that can be filtered."""

from django import template
from django.db.models import Case, When

from recommendations.models import SavedFilter
from recommendations.selectors.cut_lists import Cut, cut_rows

register = template.Library()

# What fits on a menu; the page of saved filters has the rest.
OFFERED = 12


@register.simple_tag(takes_context=True)
def saved_filters(context, listed):
    """Return the ``Cut`` of saved filters that the reader finds on a list's menu: their own first."""
    person = context["user"]
    rows = SavedFilter.objects.visible_to(person).filter(listed=listed).select_related("owner")
    own_first = Case(When(owner=person, then=0), default=1)
    return cut_rows(rows.order_by(own_first, "name", "pk"), OFFERED)


@register.filter
def first_of(rows, most):
    """Return the ``Cut`` of a list after its first ``most``, a number."""
    return Cut(rows[:most], len(rows))
