"""Constraints that several models share."""

from django.db.models import CheckConstraint, Q


def one_of(field, choices, name):
    """Return a constraint by which ``field`` holds one of ``choices``: Django alone asks only forms."""
    return CheckConstraint(
        condition=Q(**{f"{field}__in": list(choices.values)}),
        name=name,
    )
