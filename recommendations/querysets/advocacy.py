"""Reads of the advocacy log."""

from django.db.models import Exists, OuterRef, Q

from recommendations.choices import Sensitivity
from recommendations.querysets.base import VisibleQuerySet, rows_of


class AdvocacyQuerySet(VisibleQuerySet):
    """Reads of the advocacy log."""

    def _visible(self, user):
        """Public and internal entries; a restricted one for its author, its next owner, and whom it names."""
        named = rows_of("Advocacy").filter(pk=OuterRef("pk"), readers=user)
        theirs = Q(author=user) | Q(next_owner=user) | Exists(named)
        return self.filter(~Q(sensitivity=Sensitivity.RESTRICTED) | theirs)

    def with_open_step(self):
        """Return those whose next step is not done."""
        return self.filter(done_at=None, next_on__isnull=False)
