"""When jobs last finished."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from recommendations.models.visible import VisibleQuerySet


class HeartbeatQuerySet(VisibleQuerySet):
    """Reads and writes of when a job last ran to its end."""

    def beat(self, name: str, at: datetime, **detail: object) -> None:
        """Write that a job ran to its end, unless it did so later already.

        A command may be told to act as of a moment that is past. One that lies ahead of the database's clock
        was never true, and is replaced: it would hide a silence.

        Args:
            name: the job.
            at: when it ran.
            detail: what it did.
        """
        older = self.filter(name=name).filter(Q(at__lte=at) | Q(at__gt=Now()))
        if not older.update(at=at, detail=detail):
            self.get_or_create(name=name, defaults={"at": at, "detail": detail})


class Heartbeat(models.Model):
    """When a job last ran to its end; silence is an alarm."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()
    detail = models.JSONField(default=dict, blank=True)

    objects = HeartbeatQuerySet.as_manager()

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")

    def __str__(self):
        return self.name
