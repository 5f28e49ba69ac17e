"""Reads of what was made of evidence, and of how that went: as visible as the item itself."""

from recommendations.querysets.base import VisibleQuerySet, rows_of


class DerivedQuerySet(VisibleQuerySet):
    """Reads of what was made of items."""

    def _visible(self, user):
        return self.filter(derived_from__in=rows_of("Evidence").visible_to(user).values("pk"))


class ExaminationQuerySet(VisibleQuerySet):
    """Reads of what is done with items in the background."""

    def _visible(self, user):
        return self.filter(evidence__in=rows_of("Evidence").visible_to(user).values("pk"))
