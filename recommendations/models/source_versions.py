"""The source versions of a report: each document that was brought for it, with what was read from it."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from recommendations.choices import SourceForm, Tier, VersionReason
from recommendations.models.constraints import one_of
from recommendations.models.recommendations import Recommendation
from recommendations.models.reports import Report
from recommendations.models.visible import VisibleQuerySet

# What a report repeats of its newest version, and a recommendation of its newest wording.
REPEATED = ("source_name", "source_bytes", "source_form", "sha256", "text", "heading", "complete", "warnings")
WORDED = ("position", "text", "start", "end")


class SourceVersionQuerySet(VisibleQuerySet):
    """Reads of source versions."""

    def light(self) -> Self:
        """Return them without the document and its text, which lists do not need."""
        return self.defer("source_bytes", "text", "sections")

    def newest_before(self, moment: datetime) -> Self:
        """Return those that had been brought just before ``moment``, the newest first."""
        return self.filter(brought_at__lt=moment).order_by("-number")


class SourceVersion(models.Model):
    """One document of a report as it was received, and what was read from it.

    The report and its recommendations repeat what its newest version says. A version is never changed
    (``audit.triggers``); it is deleted only when it, or the import of the report, is undone.
    """

    report = models.ForeignKey(Report, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField(_("number"))
    reason = models.CharField(_("why it was brought"), max_length=10, choices=VersionReason)
    source_name = models.CharField(_("file name"), max_length=255, blank=True)
    source_url = models.URLField(_("address of the source"), max_length=500, blank=True)
    source_bytes = models.BinaryField(_("document as received"))
    source_form = models.CharField(_("read from"), max_length=4, choices=SourceForm, default=SourceForm.TEXT)
    sha256 = models.CharField(_("SHA-256 of the document"), max_length=64, unique=True)
    text = models.TextField(_("full text"))
    heading = models.CharField(_("heading in the source"), max_length=250, blank=True)
    tier = models.CharField(_("tier"), max_length=10, choices=Tier, default=Tier.NOT_STATED, blank=True)
    complete = models.BooleanField(_("list of recommendations is complete"))
    warnings = models.JSONField(_("warnings of the import"), default=list, blank=True)
    # [{"kind", "heading", "start", "end"}, …]
    sections = models.JSONField(_("sections"), default=list, blank=True)
    # What of the report's facts it changed, as they were before.
    facts_before = models.JSONField(_("facts before"), default=dict, blank=True)
    brought_at = models.DateTimeField(_("brought"))
    brought_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("brought by"),
    )

    objects = SourceVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("source version")
        verbose_name_plural = _("source versions")
        ordering = ["report", "number"]
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="source_version_number_unique"),
            one_of("reason", VersionReason, "source_version_reason_valid"),
            one_of("tier", Tier, "source_version_tier_valid"),
            one_of("source_form", SourceForm, "source_version_source_form_valid"),
        ]

    def __str__(self):
        return f"{self.report}, {self.number}"

    def get_absolute_url(self):
        return reverse("source-version", args=[self.report.slug, self.number])


class Wording(models.Model):
    """The words of a recommendation in one source version, and their place in its text."""

    version = models.ForeignKey(SourceVersion, models.CASCADE, related_name="wordings")
    recommendation = models.ForeignKey(Recommendation, models.CASCADE, related_name="wordings")
    position = models.PositiveSmallIntegerField(_("position"))
    text = models.TextField(_("text"))
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("wording")
        verbose_name_plural = _("wordings")
        ordering = ["version", "position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="wording_position_unique"),
            models.UniqueConstraint(fields=["version", "recommendation"], name="wording_once_in_a_version"),
        ]

    def __str__(self):
        return f"{self.recommendation_id}, {self.version_id}"
