"""How recommendations descend from those of earlier reports: the lines that a reviewer confirmed."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from recommendations.choices import SAME_DEMAND, LineageKind
from recommendations.models.constraints import one_of
from recommendations.models.recommendations import Recommendation
from recommendations.models.reports import Report
from recommendations.models.visible import VisibleQuerySet


class LineageQuerySet(VisibleQuerySet):
    """Reads of lineage."""

    def between(self, earlier: Report, later: Report) -> Self:
        """Return the rows about the recommendations of two reports, open ends included."""
        both = Q(earlier__report=earlier, later__report=later)
        gone = Q(earlier__report=earlier, later=None, against=later)
        come = Q(later__report=later, earlier=None, against=earlier)
        return self.filter(both | gone | come)

    def of_the_same_demand(self, before: datetime | None = None) -> Self:
        """Return the confirmed lines to the same demand in an earlier report, the latest report first.

        Args:
            before: leaves out what was confirmed at this instant or later.
        """
        lines = self.filter(kind__in=SAME_DEMAND, confirmed_at__isnull=False)
        lines = lines.filter(earlier__report__year__lt=F("later__report__year"))
        if before:
            lines = lines.filter(confirmed_at__lt=before)
        lines = lines.select_related("earlier__report").defer(
            "earlier__report__source_bytes", "earlier__report__text"
        )
        return lines.order_by("-earlier__report__year", "earlier__position")


class Lineage(models.Model):
    """How a recommendation relates to one of an earlier report.

    An open end says *new*, *dropped* or *not known*, and ``against`` which report it was compared with. Of
    what was split or merged, each tie is a row.
    """

    earlier = models.ForeignKey(
        Recommendation, models.PROTECT, null=True, blank=True, related_name="descendants"
    )
    later = models.ForeignKey(Recommendation, models.PROTECT, null=True, blank=True, related_name="ancestors")
    kind = models.CharField(_("relation"), max_length=12, choices=LineageKind)
    against = models.ForeignKey(
        Report, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("compared with")
    )
    note = models.TextField(_("note"), blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)

    objects = LineageQuerySet.as_manager()

    class Meta:
        verbose_name = _("lineage")
        verbose_name_plural = _("lineages")
        constraints = [
            models.UniqueConstraint(fields=["earlier", "later"], name="lineage_pair_unique"),
            models.UniqueConstraint(
                fields=["earlier", "against"], condition=models.Q(later=None), name="lineage_gone_unique"
            ),
            models.UniqueConstraint(
                fields=["later", "against"], condition=models.Q(earlier=None), name="lineage_come_unique"
            ),
            models.CheckConstraint(condition=~models.Q(earlier=None, later=None), name="lineage_has_an_end"),
            models.CheckConstraint(
                condition=models.Q(earlier__isnull=False, later__isnull=False, against=None)
                | (models.Q(against__isnull=False) & (models.Q(earlier=None) | models.Q(later=None))),
                name="lineage_open_end_says_against_what",
            ),
            one_of("kind", LineageKind, "lineage_kind_valid"),
        ]

    def __str__(self):
        return f"{self.earlier_id or '–'} → {self.later_id or '–'}: {self.get_kind_display()}"
