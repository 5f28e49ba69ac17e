"""Reads of what was made of evidence, and of how that went: as visible as the item itself."""

from recommendations.choices import Sensitivity
from recommendations.querysets.base import VisibleQuerySet, rows_of


class DerivedQuerySet(VisibleQuerySet):
    """Reads of what was made of items."""

    def _visible(self, user):
        return self.filter(derived_from__in=rows_of("Evidence").visible_to(user).values("pk"))


class ExaminationQuerySet(VisibleQuerySet):
    """Reads of what is done with items in the background."""

    def _visible(self, user):
        return self.filter(evidence__in=rows_of("Evidence").visible_to(user).values("pk"))


class CaptureQuerySet(ExaminationQuerySet):
    """Reads of copies of pages."""

    def kept(self):
        """Return those that are in the vault."""
        return self.exclude(object_name="")


class PassageQuerySet(VisibleQuerySet):
    """Reads of the words of documents."""

    def _visible(self, user):
        """Those of items that can be seen and are not restricted, should one be left of such an item."""
        items = rows_of("Evidence").visible_to(user).exclude(sensitivity=Sensitivity.RESTRICTED)
        return self.filter(evidence__in=items.values("pk"))

    def holding(self, term):
        """Return the passages in which an ``indexing.Term`` stands."""
        return self.filter(tokens__words=term)
