"""The decisions on what may be said outside, one row for each."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Max, Q
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from recommendations.choices import Extent, Sensitivity
from recommendations.models.constraints import one_of
from recommendations.models.of_updates import OfUpdateQuerySet
from recommendations.models.people import User
from recommendations.models.updates import StatusUpdate


class PublicationQuerySet(OfUpdateQuerySet):
    """Reads of what was decided about what may be said outside."""

    def last_acts(self, known_until: datetime | None = None) -> Self:
        """Return the last act on each update.

        Args:
            known_until: leaves out what was decided at this instant or later; nothing, when left out. For an
                instant that is past the answer never changes: a withdrawal decided later is seen later.
        """
        decided = self if known_until is None else self.filter(decided_at__lt=known_until)
        last = decided.order_by().values("update").annotate(last=Max("pk")).values("last")
        return decided.filter(pk__in=last)

    def published(self, known_until: datetime | None = None) -> Self:
        """Return for each update that is outside the act that says how much of it.

        The one read of what may be said outside (docs/domain.md, "What may be said outside").
        Args: as ``last_acts``.
        """
        return self.last_acts(known_until).exclude(extent=Extent.NOTHING)

    def decide(
        self, *, update: StatusUpdate, extent: str, by: User | None, at: datetime, **said: Any
    ) -> "Publication":
        """Append an act on ``update``; the caller holds its lock. Args: ``said``, further columns."""
        about = {"update": update, "is_example": update.author.is_example}
        act = Publication(**about, extent=extent, decided_by=by, decided_at=at, **said)
        act.save(force_insert=True)
        return act

    def overtake(
        self, acts: Iterable["Publication"], *, by_update: StatusUpdate, by: User, at: datetime
    ) -> list["Publication"]:
        """Append the withdrawal of what an update has overtaken; the caller holds the lock.

        It names nobody where the update is restricted: others read it beside what was overtaken.
        """
        named = None if by_update.sensitivity == Sensitivity.RESTRICTED else by
        why = _("Overtaken by the update as of %(day)s.") % {"day": date_format(by_update.as_of, "j M Y")}
        return [
            self.decide(update=one.update, extent=Extent.NOTHING, by=named, at=at, reason=why) for one in acts
        ]


class Publication(models.Model):
    """One decision on how much of an approved update may be said outside; only ever appended to.

    The last one on an update holds. What is outside was proposed by one person and decided by another; a
    withdrawal is one person's, with a reason, and ``proposed_by`` is empty then. ``decided_by`` is empty too
    where a restricted update has overtaken it. ``triggers`` refuses in the database to change one.
    """

    update = models.ForeignKey(StatusUpdate, models.PROTECT, related_name="publications")
    extent = models.CharField(_("said outside"), max_length=20, choices=Extent)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("proposed by"),
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided"))
    reason = models.TextField(_("reason"), blank=True)
    is_example = models.BooleanField(_("example for the demonstration"), default=False)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        ordering = ["update", "pk"]
        constraints = [
            one_of("extent", Extent, "publication_extent_valid"),
            models.CheckConstraint(
                condition=Q(proposed_by=None) | ~Q(proposed_by=F("decided_by")), name="publication_four_eyes"
            ),
            models.CheckConstraint(
                condition=Q(proposed_by__isnull=False) | Q(extent=Extent.NOTHING) & ~Q(reason=""),
                name="publication_withdrawal_says_why",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=False) | Q(extent=Extent.NOTHING),
                name="publication_by_somebody",
            ),
        ]

    def __str__(self):
        return f"{self.get_extent_display()} ({self.decided_at:%Y-%m-%d})"


class PublicationProposal(models.Model):
    """That more of an approved update be said outside; it waits for a second person, and goes when answered.

    That it was made and what was answered is in the event sequence.
    """

    update = models.OneToOneField(StatusUpdate, models.CASCADE, related_name="publication_proposal")
    extent = models.CharField(_("said outside"), max_length=20, choices=Extent)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("proposed by")
    )
    proposed_at = models.DateTimeField(_("proposed"))

    objects = OfUpdateQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal to publish")
        verbose_name_plural = _("proposals to publish")
        ordering = ["proposed_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(extent__in=[Extent.WORDS, Extent.WORDS_AND_STATUS]),
                name="publication_proposal_says_something",
            )
        ]

    def __str__(self):
        return f"{self.get_extent_display()} ({self.proposed_at:%Y-%m-%d})"
