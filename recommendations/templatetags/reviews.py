"""What reviewers say: who has an update in review, and comments beside the fields they are about."""

from typing import Any

from django import template
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from recommendations.models import StatusUpdate

register = template.Library()


@register.filter
def held_by(update, now):
    """Return the reviewer who has an update in review, or None."""
    return update.held_by(now)


@register.inclusion_tag("recommendations/_remark.html")
def remark(review, name):
    """Show what a review says on one field, beside that field; nothing where it says nothing."""
    words = review.remarks.get(name) if review else ""
    return {"words": words, "name": name, "reviewer": review.reviewer if review else ""}


@register.filter
def remarks_by_field(review):
    """Return (label, words) of each comment on a field, in the order of the update."""
    return [(label_of(name), words) for name, words in review.remarks.items()]


def label_of(name):
    """Return what a field of an update is called."""
    others = {"evidence": _("Evidence"), "places": _("Where they looked"), "ask": _("What it is about")}
    described: Any = None if name in others else StatusUpdate._meta.get_field(name)
    return others.get(name) or capfirst(str(described.verbose_name))
