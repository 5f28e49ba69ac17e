"""Dated reasons: the days beside the interval on which a recommendation is reviewed, with their sources."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from recommendations.choices import DateSource
from recommendations.models.constraints import one_of
from recommendations.models.moments import Moment
from recommendations.models.recommendations import Recommendation
from recommendations.models.visible import VisibleQuerySet


class DatedReasonQuerySet(VisibleQuerySet):
    """Reads of dated reasons."""

    def still_open(self) -> Self:
        """Return those that no update has answered."""
        return self.filter(answered_by=None)

    def answered(self) -> Self:
        """Return those that an update has answered."""
        return self.exclude(answered_by=None)


class DatedReason(models.Model):
    """A day on which a recommendation is to be reviewed, and why.

    ``answered_by`` follows from the approved updates (``rules.dated_reasons``) and is written by
    ``following`` alone; ``check_data`` verifies it. One that is set some weeks before a moment moves with
    the moment; ``what_for`` has the title of a moment that is gone.
    """

    recommendation = models.ForeignKey(Recommendation, models.PROTECT, related_name="dated_reasons")
    on = models.DateField(gettext_lazy("review on"))
    source = models.CharField(gettext_lazy("source"), max_length=12, choices=DateSource)
    moment = models.ForeignKey(
        Moment, models.PROTECT, null=True, blank=True, related_name="dated_reasons", verbose_name="moment"
    )
    # The day of the moment that is meant: one that comes back has several.
    moment_on = models.DateField(gettext_lazy("day of the moment"), null=True, blank=True)
    weeks_before = models.PositiveSmallIntegerField(gettext_lazy("weeks before"), null=True, blank=True)
    what_for = models.CharField(gettext_lazy("what for"), max_length=200, blank=True)
    # Empty for those from before sources were kept.
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=gettext_lazy("set by"),
    )
    set_at = models.DateTimeField(gettext_lazy("set"))
    answered_by = models.ForeignKey(
        "recommendations.StatusUpdate",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=gettext_lazy("answered by"),
    )

    objects = DatedReasonQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("review date")
        verbose_name_plural = gettext_lazy("review dates")
        ordering = ["on", "pk"]
        constraints = [
            one_of("source", DateSource, "dated_reason_source_valid"),
            models.CheckConstraint(
                condition=Q(moment=None, moment_on=None, weeks_before=None)
                | Q(
                    source=DateSource.MOMENT,
                    moment__isnull=False,
                    moment_on__isnull=False,
                    weeks_before__isnull=False,
                ),
                name="dated_reason_moment_is_whole",
            ),
        ]

    def __str__(self):
        return f"{self.on:%Y-%m-%d}: {self.words}"

    @property
    def what(self) -> str:
        """What it is for: the moment, the promise, or our own words; empty where nobody said."""
        if self.moment and self.moment_on:
            return self.moment.named_on(self.moment_on)
        return self.what_for

    @property
    def words(self) -> str:
        """Its source, in words for a page."""
        if self.source == DateSource.PROMISE:
            return _("promised by the government: “%(what)s”") % {"what": self.what}
        if self.source == DateSource.MOMENT and self.weeks_before:
            weeks = ngettext(
                "%(n)s week before “%(what)s”", "%(n)s weeks before “%(what)s”", self.weeks_before
            )
            return weeks % {"n": self.weeks_before, "what": self.what}
        if self.source == DateSource.MOMENT:
            return _("before “%(what)s”") % {"what": self.what}
        return _("set for once: “%(what)s”") % {"what": self.what} if self.what else _("set for once")
