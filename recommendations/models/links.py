"""What was found when a link was looked up."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from recommendations.choices import LinkOutcome
from recommendations.models.constraints import one_of
from recommendations.models.evidence import Evidence
from recommendations.querysets import ExaminationQuerySet


class LinkCheck(models.Model):
    """One look at the page behind a link: when, what the site answered, and the title it had then."""

    evidence = models.ForeignKey(Evidence, models.CASCADE, related_name="link_checks")
    checked_at = models.DateTimeField(_("checked"))
    outcome = models.CharField(_("outcome"), max_length=12, choices=LinkOutcome)
    status = models.PositiveSmallIntegerField(_("status"), null=True, blank=True)
    final_url = models.TextField(_("final address"), blank=True)
    title = models.CharField(_("title"), max_length=200, blank=True)
    detail = models.CharField(_("detail"), max_length=200, blank=True)

    objects = ExaminationQuerySet.as_manager()

    class Meta:
        verbose_name = _("link check")
        verbose_name_plural = _("link checks")
        ordering = ["-checked_at", "-pk"]
        constraints = [one_of("outcome", LinkOutcome, "link_check_outcome_valid")]
        indexes = [models.Index(fields=["evidence", "-checked_at"], name="link_check_latest")]

    def __str__(self):
        return f"{self.get_outcome_display()}, {self.evidence_id}"
