"""Moments: the dates at which a state can be moved, once or again and again."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from recommendations.choices import MomentKind
from recommendations.models.constraints import one_of
from recommendations.models.recommendations import Recommendation
from recommendations.models.visible import VisibleQuerySet


class MomentQuerySet(VisibleQuerySet):
    """Reads of the calendar of moments."""

    def still_coming(self, today: date) -> Self:
        """Return those that come back or are not over; ``rules.moments`` says on which days."""
        comes_back = Q(every_years__isnull=False) & (Q(until=None) | Q(until__gte=today))
        return self.filter(comes_back | Q(on__gte=today))

    def bearing_on(self, recommendation: Recommendation) -> Self:
        """Return those that bear on a recommendation: it is named there, or none is."""
        named = Moment.recommendations.through.objects.filter(moment=OuterRef("pk"))
        return self.filter(Exists(named.filter(recommendation=recommendation)) | ~Exists(named))


class Moment(models.Model):
    """A date at which a state can be moved; review dates are set so many weeks before it.

    One with ``every_years`` comes back; its days are computed (``rules.moments``). It bears on the
    recommendations that it names, or on all where it names none.
    """

    kind = models.CharField(gettext_lazy("kind"), max_length=12, choices=MomentKind)
    title = models.CharField(gettext_lazy("title"), max_length=120)
    on = models.DateField(gettext_lazy("date"))
    every_years = models.PositiveSmallIntegerField(gettext_lazy("how often"), null=True, blank=True)
    until = models.DateField(gettext_lazy("comes back until"), null=True, blank=True)
    recommendations = models.ManyToManyField(
        Recommendation, blank=True, related_name="moments", verbose_name=gettext_lazy("recommendations")
    )
    note = models.CharField(gettext_lazy("note"), max_length=300, blank=True)
    kept_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(gettext_lazy("changed"))

    objects = MomentQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("advocacy moment")
        verbose_name_plural = gettext_lazy("advocacy moments")
        ordering = ["on", "pk"]
        constraints = [
            one_of("kind", MomentKind, "moment_kind_valid"),
            models.CheckConstraint(
                condition=Q(every_years=None, until=None)
                | Q(every_years__isnull=False, every_years__gte=1, every_years__lte=10),
                name="moment_comes_back",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("on")), name="moment_ends_after_it_begins"
            ),
        ]

    def __str__(self):
        return f"{self.title}, {self.on:%Y-%m-%d}"

    def named_on(self, day: date) -> str:
        """Return its title, with the year for one that comes back."""
        return f"{self.title} {day.year}" if self.every_years else self.title

    @property
    def rhythm(self) -> str:
        """How often it comes back, in words; empty for one that falls once."""
        if not self.every_years:
            return ""
        words = ngettext("every year", "every %(n)s years", self.every_years) % {"n": self.every_years}
        if self.until:
            until = {"rhythm": words, "day": date_format(self.until, "j M Y")}
            return _("%(rhythm)s until %(day)s") % until
        return words
