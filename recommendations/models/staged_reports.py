"""A narrative that somebody brought to import it, before they confirm it."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from recommendations.choices import SourceForm
from recommendations.models.constraints import one_of
from recommendations.models.people import User
from recommendations.models.visible import VisibleQuerySet


class StagedReportQuerySet(VisibleQuerySet):
    """Reads of what is brought: nobody but the person who brought it sees it."""

    def _visible(self, user: User) -> Self:
        return self.filter(brought_by=user)


class StagedReport(models.Model):
    """A document that was read and is not imported yet, with its list as its person has corrected it.

    Nothing of the domain is stored before it is confirmed. It is swept a day after it was brought.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    brought_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    brought_at = models.DateTimeField(_("brought"), db_index=True)
    source_name = models.CharField(_("file name"), max_length=255, blank=True)
    source_bytes = models.BinaryField(_("document as received"))
    source_form = models.CharField(_("read from"), max_length=4, choices=SourceForm, default=SourceForm.TEXT)
    text = models.TextField(_("full text"))
    # What its person said because the text does not.
    country = models.CharField(_("country code"), max_length=2, blank=True)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    # The list: [[start, end], …] in characters of the text.
    spans = models.JSONField(_("list of recommendations"), default=list)
    expected = models.PositiveSmallIntegerField(_("recommendations expected"), null=True, blank=True)

    # Lines to an earlier report that its person chose: [{"old": references, "new": [[start, end], …], …}, …].
    lines = models.JSONField(_("lines to an earlier report"), default=list)

    objects = StagedReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report before its import")
        verbose_name_plural = _("reports before their import")
        ordering = ["-brought_at", "pk"]
        constraints = [one_of("source_form", SourceForm, "staged_report_source_form_valid")]

    def __str__(self):
        return self.source_name or str(self.key)

    def get_absolute_url(self):
        return reverse("report-check", args=[self.key])
