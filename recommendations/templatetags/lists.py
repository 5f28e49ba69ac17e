"""What stands beside every list that can be filtered."""

from django import template

from recommendations.models import SavedFilter

register = template.Library()

# What fits on a menu; the page of saved filters has the rest.
OFFERED = 12


@register.simple_tag(takes_context=True)
def saved_filters(context, listed):
    """Return the saved filters of a list that the reader finds on its menu: their own first."""
    person = context["user"]
    rows = SavedFilter.objects.visible_to(person).filter(listed=listed).select_related("owner")
    return sorted(rows[: 4 * OFFERED], key=lambda one: one.owner_id != person.pk)[:OFFERED]
