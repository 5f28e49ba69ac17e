"""Source documents: one report for one country and year, kept as it was received."""

from typing import Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from recommendations.choices import SectionKind, SourceForm, Tier
from recommendations.models.constraints import one_of
from recommendations.models.visible import VisibleQuerySet


class ReportQuerySet(VisibleQuerySet):
    """Reads of reports."""

    def light(self) -> Self:
        """Return them without the document and its text, which lists do not need."""
        return self.defer("source_bytes", "text")

    def with_slug(self, slug: str) -> Self:
        """Return the one that ``slug`` (``TIP-2024-KP``) names, or none."""
        parts = slug.split("-")
        if len(parts) != 3 or parts[0] != "TIP" or not (parts[1].isascii() and parts[1].isdecimal()):
            return self.none()
        if len(parts[1]) != 4:
            return self.none()
        return self.filter(year=int(parts[1]), country_code=parts[2])


class Report(models.Model):
    """One source document for one country and year, with its tier and its full text.

    A report covers the year before its publication (the 2024 report: April 2023 to March 2024); its
    recommendations are followed from its import until a manager closes it; the next report ends nothing
    (docs/domain.md, "Reports and their period").
    """

    country_code = models.CharField(_("country code"), max_length=2)
    country_name = models.CharField(_("country"), max_length=100)
    year = models.PositiveSmallIntegerField(_("year"))
    heading = models.CharField(_("heading in the source"), max_length=250, blank=True)
    tier = models.CharField(_("tier"), max_length=10, choices=Tier, default=Tier.NOT_STATED, blank=True)
    source_name = models.CharField(_("file name"), max_length=255, blank=True)
    source_url = models.URLField(_("address of the source"), max_length=500, blank=True)
    source_bytes = models.BinaryField(_("document as received"))
    source_form = models.CharField(_("read from"), max_length=4, choices=SourceForm, default=SourceForm.TEXT)
    sha256 = models.CharField(_("SHA-256 of the document"), max_length=64, unique=True)
    text = models.TextField(_("full text"))
    complete = models.BooleanField(_("list of recommendations is complete"), default=True)
    warnings = models.JSONField(_("warnings of the import"), default=list, blank=True)
    period_start = models.DateField(_("covers from"))
    period_end = models.DateField(_("covers to"))
    released_on = models.DateField(_("released"))
    imported_at = models.DateTimeField(_("imported"))
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["-year", "country_name"]
        constraints = [
            models.UniqueConstraint(fields=["country_code", "year"], name="report_one_per_country_and_year"),
            models.CheckConstraint(
                condition=models.Q(period_end__gte=models.F("period_start")), name="report_period_in_order"
            ),
            one_of("tier", Tier, "report_tier_valid"),
            one_of("source_form", SourceForm, "report_source_form_valid"),
        ]

    def __str__(self):
        return f"{self.country_name} {self.year}"

    def get_absolute_url(self):
        return reverse("report-detail", args=[self.slug])

    @property
    def is_followed(self) -> bool:
        """Whether its recommendations are followed: nobody closed it."""
        return self.closed_at is None

    @property
    def slug(self) -> str:
        """The readable part of the report's address, such as ``TIP-2024-KP``."""
        return f"TIP-{self.year}-{self.country_code}"


class Section(models.Model):
    """A part of a report's text; ``start`` and ``end`` are character offsets in the kept text."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="sections")
    kind = models.CharField(_("section"), max_length=20, choices=SectionKind)
    heading = models.CharField(_("heading in the source"), max_length=250, blank=True)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering = ["report", "start"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(end__gte=models.F("start")), name="section_offsets_in_order"
            ),
        ]

    def __str__(self):
        return str(self.get_kind_display())
