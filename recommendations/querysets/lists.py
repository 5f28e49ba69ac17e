"""Reads of saved filters."""

from django.db.models import Q

from recommendations.querysets.base import VisibleQuerySet


class SavedFilterQuerySet(VisibleQuerySet):
    """Reads of saved filters."""

    def _visible(self, user):
        """One's own, and those that somebody shares; a manager reads over nobody's shoulder."""
        return self.filter(Q(owner=user) | Q(is_shared=True))
