"""Reads of the event sequence."""

from django.db.models import Q

from recommendations.querysets.base import VisibleQuerySet, rows_of


class EventQuerySet(VisibleQuerySet):
    """Reads of the event sequence."""

    def _visible(self, user):
        """Events about nothing narrower than a recommendation, or about rows that can be seen."""
        updates = rows_of("StatusUpdate").visible_to(user)
        items = rows_of("Evidence").visible_to(user)
        return self.filter(
            Q(update=None) | Q(update__in=updates.values("pk")),
            Q(evidence=None) | Q(evidence__in=items.values("pk")),
        )
