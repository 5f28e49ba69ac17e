"""The one sequence of what happened; digests, history and custody read from it."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from recommendations.choices import EventKind
from recommendations.models.constraints import one_of
from recommendations.models.evidence import Evidence
from recommendations.models.people import User
from recommendations.models.recommendations import Recommendation
from recommendations.models.reports import Report
from recommendations.models.updates import StatusUpdate
from recommendations.models.visible import VisibleQuerySet


class EventQuerySet(VisibleQuerySet):
    """Reads of the event sequence."""

    def _visible(self, user: User) -> Self:
        """Events about nothing narrower than a recommendation, or about rows that can be seen."""
        updates = StatusUpdate.objects.visible_to(user)
        items = Evidence.objects.visible_to(user)
        return self.filter(
            Q(update=None) | Q(update__in=updates.values("pk")),
            Q(evidence=None) | Q(evidence__in=items.values("pk")),
        )

    def moving_by_update(self) -> Self:
        """Return those that name an update which moved the status of its recommendation.

        Of a restricted one it is the event of the act: ``moved_from`` in it is the status before.
        """
        moves = Q(kind=EventKind.STATUS_CHANGED) | Q(payload__has_key="moved_from")
        return self.filter(moves, update__isnull=False)


class Event(models.Model):
    """One thing that happened. ``seq`` follows the order of the commits, without a gap or a late arrival.

    Each row carries the hash of the one before it, so that a row changed or removed is found by
    ``check_data``. What an event says enters the hash through a salted digest, so that a row can be
    redacted lawfully: its words go, the chain stays. ``audit.log`` is the only writer.
    """

    seq = models.PositiveBigIntegerField(primary_key=True)
    kind = models.CharField(_("what"), max_length=20, choices=EventKind)
    at = models.DateTimeField(_("when"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who"),
    )
    report = models.ForeignKey(Report, models.PROTECT, null=True, blank=True, related_name="events")
    recommendation = models.ForeignKey(
        Recommendation, models.PROTECT, null=True, blank=True, related_name="events"
    )
    update = models.ForeignKey(StatusUpdate, models.PROTECT, null=True, blank=True, related_name="events")
    evidence = models.ForeignKey(Evidence, models.PROTECT, null=True, blank=True, related_name="events")
    payload = models.JSONField(default=dict)
    salt = models.CharField(max_length=32, blank=True)
    digest = models.CharField(max_length=64)
    redacted_at = models.DateTimeField(null=True, blank=True)
    previous_hash = models.CharField(max_length=64, unique=True)
    hash = models.CharField(max_length=64)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-seq"]
        constraints = [one_of("kind", EventKind, "event_kind_valid")]
        indexes = [models.Index(fields=["recommendation", "-seq"], name="event_by_recommendation")]

    def __str__(self):
        return f"{self.seq} {self.get_kind_display()}"
