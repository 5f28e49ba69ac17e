"""Changes of what is told outside of an item, each of which waits for a second person."""

from typing import Self

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from recommendations.models.evidence import Evidence, OfEvidenceQuerySet


class HeldChangeQuerySet(OfEvidenceQuerySet):
    """Reads of changes that keep items back from outside."""

    def waiting(self) -> Self:
        """Return those that nobody has confirmed: their items are not told outside meanwhile."""
        return self.filter(confirmed_at=None)


class HeldChange(models.Model):
    """One person raised an item to public, or changed what is told of it, while a published update cites it.

    The item is not told outside until another person confirms it (docs/domain.md, "What may be said
    outside"). ``before`` holds what was changed as it was: {name of a field: value}.
    """

    evidence = models.ForeignKey(Evidence, models.CASCADE, related_name="held_changes")
    before = models.JSONField(_("as it was"), encoder=DjangoJSONEncoder)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("changed by")
    )
    changed_at = models.DateTimeField(_("changed"))
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("confirmed by"),
    )
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)

    objects = HeldChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change held back from outside")
        verbose_name_plural = _("changes held back from outside")
        ordering = ["changed_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_at=None)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False)
                & ~Q(confirmed_by=F("changed_by")),
                name="held_change_four_eyes",
            )
        ]
        indexes = [
            models.Index(fields=["evidence"], condition=Q(confirmed_at=None), name="held_change_waiting")
        ]

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"
