"""What people keep of a narrative beside its recommendations: baseline claims, and tags of what it names."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from recommendations.choices import TagKind
from recommendations.importing.countries import plain_name
from recommendations.models.constraints import one_of
from recommendations.models.recommendations import Recommendation
from recommendations.models.visible import VisibleQuerySet


class BaselineClaim(models.Model):
    """A passage of the narrative, kept on a recommendation: what the report says was so when it came out.

    It keeps its words and the document in which they stand, so that another version of the text does not
    move it. It is never changed; one that was kept by mistake is taken off, and remains on record.
    """

    recommendation = models.ForeignKey(Recommendation, models.PROTECT, related_name="baseline_claims")
    sha256 = models.CharField(_("SHA-256 of the document"), max_length=64)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    words = models.TextField(_("its words in the narrative"))
    about = models.CharField(_("what it says"), max_length=120, blank=True)
    kept_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    kept_at = models.DateTimeField(_("kept"))
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    removed_at = models.DateTimeField(_("taken off"), null=True, blank=True)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("baseline claim")
        verbose_name_plural = _("baseline claims")
        ordering = ["recommendation", "start", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["recommendation", "sha256", "start", "end"],
                condition=models.Q(removed_at=None),
                name="baseline_claim_once",
            ),
            models.CheckConstraint(
                condition=models.Q(end__gt=models.F("start")), name="baseline_claim_offsets_in_order"
            ),
            models.CheckConstraint(
                condition=models.Q(removed_at=None, removed_by=None)
                | models.Q(removed_at__isnull=False, removed_by__isnull=False),
                name="baseline_claim_taken_off_by_somebody",
            ),
        ]

    def __str__(self):
        return self.about or self.words[:60]

    def get_absolute_url(self):
        report = self.recommendation.report
        page = report if self.sha256 == report.sha256 else report.versions.get(sha256=self.sha256)
        return f"{page.get_absolute_url()}#{self.anchor}"

    @property
    def anchor(self) -> str:
        """By which name the address of the report's page points to its place."""
        return f"claim-{self.pk}"


class Tag(models.Model):
    """An instrument or a country that a recommendation concerns: found by rule, confirmed by a person.

    ``value`` is a country's ISO 3166 code, or the name of an instrument as we write it.
    """

    recommendation = models.ForeignKey(Recommendation, models.CASCADE, related_name="tags")
    kind = models.CharField(_("kind"), max_length=12, choices=TagKind)
    value = models.CharField(_("value"), max_length=80)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(_("confirmed"))

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["recommendation", "kind", "value"]
        constraints = [
            models.UniqueConstraint(fields=["recommendation", "kind", "value"], name="tag_once"),
            one_of("kind", TagKind, "tag_kind_valid"),
        ]

    def __str__(self):
        return tag_label(self.kind, self.value)

    def get_absolute_url(self):
        return f"{reverse('recommendation-list')}?tag={self.kind}:{self.value}"


def tag_label(kind: str, value: str) -> str:
    """Return what pages call a tag."""
    return plain_name(value) if kind == TagKind.COUNTRY else value
