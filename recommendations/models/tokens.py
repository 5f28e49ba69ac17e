"""The personal tokens by which programs of members read the API."""

import uuid
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from recommendations.choices import ApiLevel
from recommendations.models.constraints import one_of
from recommendations.models.people import User
from recommendations.models.visible import OwnQuerySet, VisibleQuerySet


class ApiTokenQuerySet(OwnQuerySet):
    """Reads of personal tokens."""

    def live(self, now: datetime) -> Self:
        """Return those that open the API at ``now``, if their persons still may."""
        return self.filter(revoked_at=None, expires_at__gt=now)


class ApiToken(models.Model):
    """Lets a program read the API by the right of its person, until a day; kept hashed.

    ``start`` is its first characters, by which people recognize it. Only the day of its last use is
    kept: when somebody works is nobody's to read.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_tokens", verbose_name=_("person")
    )
    name = models.CharField(_("name"), max_length=80)
    level = models.CharField(_("reads"), max_length=8, choices=ApiLevel)
    start = models.CharField(_("begins with"), max_length=16)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(_("made"))
    expires_at = models.DateTimeField(_("expires"))
    last_used_on = models.DateField(_("last used"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("revoked by"),
        db_index=False,
    )

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ["-made_at", "-pk"]
        constraints = [
            one_of("level", ApiLevel, "api_token_level_valid"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="api_token_expires"),
            models.CheckConstraint(
                condition=Q(revoked_by=None) | Q(revoked_at__isnull=False), name="api_token_revoked_when"
            ),
        ]

    def __str__(self):
        # Not its name, which is its person's: managers read this.
        return f"{self.start}…"

    def is_live(self, now: datetime) -> bool:
        """Say whether it opens the API at ``now``, if its person still may."""
        return self.revoked_at is None and self.expires_at > now


class RequestCountQuerySet(VisibleQuerySet):
    """Reads of counted requests: nobody's, but the API's own."""

    def _visible(self, user: User) -> Self:
        return self.none()


class RequestCount(models.Model):
    """How many requests of the API one token, or one address, made in one minute; deleted an hour later.

    ``who`` is a keyed hash: of whoever has no token, no address is kept. It is a row, so that all processes
    of the web server count together.
    """

    who = models.CharField(max_length=64)
    minute = models.DateTimeField()
    number = models.PositiveIntegerField(default=1)

    objects = RequestCountQuerySet.as_manager()

    class Meta:
        verbose_name = _("counted requests")
        verbose_name_plural = _("counted requests")
        ordering = ["minute", "pk"]
        constraints = [models.UniqueConstraint(fields=["who", "minute"], name="request_count_once")]
        indexes = [models.Index(fields=["minute"], name="request_count_minute")]

    def __str__(self):
        return f"{self.minute:%Y-%m-%d %H:%M}: {self.number}"
