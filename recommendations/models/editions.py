"""Editions: a report as it stood on a day, frozen under a name."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from recommendations.models.reports import Report
from recommendations.models.visible import VisibleQuerySet


class Edition(models.Model):
    """A frozen report. Its address and its content never change; ``safeguards`` refuses it in the database.

    ``content`` is what is public or internal and nothing restricted; ``sha256`` is the hash of it as
    canonical JSON, and is in the event sequence too. ``known_until`` is the instant up to which
    approvals count.
    """

    report = models.ForeignKey(Report, models.PROTECT, related_name="editions")
    number = models.PositiveSmallIntegerField(_("number"))
    name = models.CharField(_("name"), max_length=120)
    as_of = models.DateField(_("as it stood on"))
    known_until = models.DateTimeField(_("what was approved before"))
    content = models.JSONField(_("content"))
    sha256 = models.CharField(_("SHA-256 of the content"), max_length=64)
    frozen_at = models.DateTimeField(_("frozen"))
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("frozen by")
    )

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ["report", "-number"]
        constraints = [models.UniqueConstraint(fields=["report", "number"], name="edition_number_unique")]

    def __str__(self):
        return f"{self.report}, {self.name}"

    def get_absolute_url(self):
        return reverse("edition-detail", args=[self.report.slug, self.number])
