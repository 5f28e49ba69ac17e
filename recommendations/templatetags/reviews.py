"""What reviewers say: who has an update in review, and comments beside the fields they are about."""

from django import template

from recommendations.choices.update_fields import named_today
from recommendations.selectors.comparison import label_of

register = template.Library()


@register.filter
def held_by(update, now):
    """Return the reviewer who has an update in review, or None."""
    return update.held_by(now)


@register.inclusion_tag("recommendations/_remark.html")
def remark(review, name):
    """Show what a review says on one field, beside that field; nothing where it says nothing."""
    words = named_today(review.remarks).get(name) if review else ""
    return {"words": words, "name": name, "reviewer": review.reviewer if review else ""}


@register.filter
def remarks_by_field(review):
    """Return (label, words) of each comment on a field, in the order of the update."""
    return [(label_of(name), words) for name, words in named_today(review.remarks).items()]
