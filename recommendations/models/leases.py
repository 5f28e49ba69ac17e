"""Leases: a row that is work belongs to one worker until an instant, or until that worker gives it back.

A conditional UPDATE decides who has it, on every database. It writes a token, new each time, and
every later change by the worker names it: if the worker was silent for longer than the lease and somebody
took the row meanwhile, its change matches no row and does nothing.
"""

import uuid
from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import CheckConstraint, Q
from django.utils.translation import gettext_lazy as _

from recommendations.models.visible import VisibleQuerySet

# The fields of a row that is nobody's.
NO_LEASE: dict[str, Any] = {"lease_token": None, "lease_until": None}


def new_lease(until: datetime) -> dict[str, Any]:
    """Return the fields of a row that is taken until an instant."""
    return {"lease_token": uuid.uuid4(), "lease_until": until}


def leased_while(condition: Q, name: str) -> CheckConstraint:
    """Return a constraint by which a row is somebody's while a condition holds, and at no other time."""
    leased = Q(lease_token__isnull=False, lease_until__isnull=False)
    return CheckConstraint(condition=condition & leased | ~condition & Q(**NO_LEASE), name=name)


class LeasedQuerySet(VisibleQuerySet):
    """Reads and changes of rows that workers take."""

    def held(self, now: datetime) -> Self:
        """Return those whose worker still has them."""
        return self.filter(lease_until__gt=now)

    def lost(self, now: datetime) -> Self:
        """Return those whose worker was killed, or is lost: its lease has run out."""
        return self.filter(lease_until__lte=now)

    def take(self, until: datetime, **values: Any) -> uuid.UUID | None:
        """Take the one row that is as this queryset says.

        Args:
            until: from when on its worker counts as lost.
            values: what else is written.

        Returns: the token; None when another was first.
        """
        lease = new_lease(until)
        return lease["lease_token"] if self.update(**lease, **values) else None

    def settle(self, taken: "Leased", **values: Any) -> bool:
        """Write what became of a row, and give it back. Returns whether its lease still held."""
        mine = self.filter(pk=taken.pk, lease_token=taken.lease_token)
        return bool(mine.update(**NO_LEASE, **values))


class Leased(models.Model):
    """The fields of a row that workers take."""

    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    lease_token = models.UUIDField(null=True, blank=True, editable=False)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True
