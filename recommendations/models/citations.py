"""The ties between updates and evidence."""

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from recommendations.choices import Stance, UpdateState
from recommendations.models.constraints import one_of
from recommendations.models.evidence import Evidence
from recommendations.models.updates import StatusUpdate
from recommendations.models.visible import VisibleQuerySet


class CitationQuerySet(VisibleQuerySet):
    """Reads of the ties between updates and evidence."""

    def _visible(self, user):
        """Those of which both ends can be seen; asked row by row, since a page reads few of very many."""
        updates = StatusUpdate.objects.visible_to(user).filter(pk=OuterRef("update"))
        items = Evidence.objects.visible_to(user).filter(pk=OuterRef("evidence"))
        return self.filter(Exists(updates), Exists(items))

    def counted_for(self, user):
        """Return what counts as evidence for ``user``: visible items that visible approved updates cite.

        Every "n items" and "lacks evidence" on pages and in filters counts these and no others.
        """
        return self.visible_to(user).filter(update__state=UpdateState.APPROVED)


class Citation(models.Model):
    """The tie between an update and an evidence item: supports or contradicts, and where in it."""

    update = models.ForeignKey(StatusUpdate, models.CASCADE, related_name="citations")
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="citations")
    stance = models.CharField(_("stance"), max_length=12, choices=Stance, default=Stance.SUPPORTS)
    locator = models.CharField(_("where in it (page, time, passage)"), max_length=200, blank=True)

    objects = CitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("citation")
        verbose_name_plural = _("citations")
        ordering = ["update", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["update", "evidence", "locator"], name="citation_once"),
            one_of("stance", Stance, "citation_stance_valid"),
        ]

    def __str__(self):
        return f"{self.get_stance_display()}: {self.locator or self.evidence_id}"
