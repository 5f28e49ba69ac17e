"""How long an evidence item is kept, and what remains of a removed one."""

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, F, Q
from django.utils.translation import gettext_lazy as _

from recommendations.choices import Retention
from recommendations.models.constraints import one_of


class Retained(models.Model):
    """The fields of retention, beside what an item is.

    Removing takes two people: one proposes, with reason, legal basis and day; another approves. On one row,
    so that the database itself can refuse a tombstone that one person made alone.
    """

    retention = models.CharField(
        _("retention"), max_length=12, choices=Retention, default=Retention.ACTIVE, db_index=True
    )
    hold_reason = models.CharField(_("why it is on hold"), max_length=500, blank=True)
    removal_reason = models.CharField(_("why it is removed"), max_length=500, blank=True)
    removal_basis = models.CharField(_("legal basis"), max_length=300, blank=True)
    removal_on = models.DateField(_("to be removed on"), null=True, blank=True)
    removal_proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("removal proposed by"),
    )
    removal_proposed_at = models.DateTimeField(_("removal proposed"), null=True, blank=True)
    removal_approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("removal approved by"),
    )
    removal_approved_at = models.DateTimeField(_("removal approved"), null=True, blank=True)
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def is_removed(self) -> bool:
        """Whether only its record is left."""
        return self.retention == Retention.TOMBSTONED


_UNDECIDED = Q(
    removal_reason="",
    removal_basis="",
    removal_on=None,
    removal_proposed_by=None,
    removal_proposed_at=None,
    removal_approved_by=None,
    removal_approved_at=None,
)
_PROPOSED = (
    ~Q(removal_reason="")
    & ~Q(removal_basis="")
    & Q(removal_on__isnull=False, removal_proposed_by__isnull=False, removal_proposed_at__isnull=False)
)
_APPROVED = Q(removal_approved_by__isnull=False, removal_approved_at__isnull=False)

RETENTION_RULES = [
    one_of("retention", Retention, "evidence_retention_valid"),
    CheckConstraint(
        condition=Q(removal_approved_by=None) | ~Q(removal_approved_by=F("removal_proposed_by")),
        name="evidence_removal_four_eyes",
    ),
    CheckConstraint(
        condition=Q(retention=Retention.ACTIVE, hold_reason="", removed_at=None) & _UNDECIDED
        | Q(retention=Retention.HOLD, removed_at=None) & ~Q(hold_reason="") & _UNDECIDED
        | Q(retention=Retention.SCHEDULED, hold_reason="", removed_at=None) & _PROPOSED
        | Q(retention=Retention.TOMBSTONED, hold_reason="", removed_at__isnull=False) & _PROPOSED & _APPROVED,
        name="evidence_retention_whole",
    ),
]
