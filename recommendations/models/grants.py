"""Who was given access to restricted items."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from recommendations.models.evidence import Evidence
from recommendations.models.people import User
from recommendations.models.updates import StatusUpdate
from recommendations.models.visible import VisibleQuerySet


class GrantQuerySet(VisibleQuerySet):
    """Reads of who was let in on what."""

    def _visible(self, user: User) -> Self:
        """Those on items that can be seen; one's own are among them."""
        updates = StatusUpdate.objects.visible_to(user)
        items = Evidence.objects.visible_to(user)
        return self.filter(Q(update__in=updates.values("pk")) | Q(evidence__in=items.values("pk")))


class Grant(models.Model):
    """Lets one person see one restricted evidence item or update; given by a manager or its uploader."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="grants")
    evidence = models.ForeignKey(Evidence, models.CASCADE, null=True, blank=True, related_name="grants")
    update = models.ForeignKey(StatusUpdate, models.CASCADE, null=True, blank=True, related_name="grants")
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    granted_at = models.DateTimeField(_("granted"))
    reason = models.CharField(_("reason"), max_length=300)

    objects = GrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("grant")
        verbose_name_plural = _("grants")
        constraints = [
            models.CheckConstraint(
                condition=Q(evidence=None, update__isnull=False) | Q(evidence__isnull=False, update=None),
                name="grant_on_one_item",
            ),
            models.UniqueConstraint(
                fields=["person", "evidence"], condition=Q(update=None), name="grant_evidence_once"
            ),
            models.UniqueConstraint(
                fields=["person", "update"], condition=Q(evidence=None), name="grant_update_once"
            ),
        ]

    def __str__(self):
        return f"{self.person_id} on {self.evidence_id or self.update_id}"
