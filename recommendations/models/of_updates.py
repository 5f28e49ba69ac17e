"""What belongs to one update and is seen with it, such as the places looked at."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from recommendations.models.people import User
from recommendations.models.updates import StatusUpdate
from recommendations.models.visible import VisibleQuerySet


class OfUpdateQuerySet(VisibleQuerySet):
    """Reads of what belongs to one update and is seen with it."""

    def _visible(self, user: User) -> Self:
        return self.filter(update__in=StatusUpdate.objects.visible_to(user).values("pk"))


class PlaceLooked(models.Model):
    """A place where the author looked, and when; it stands for a check, and for *no action*."""

    update = models.ForeignKey(StatusUpdate, models.CASCADE, related_name="places")
    position = models.PositiveSmallIntegerField()
    place = models.CharField(_("where we looked"), max_length=300)
    looked_on = models.DateField(_("on"))

    objects = OfUpdateQuerySet.as_manager()

    class Meta:
        verbose_name = _("place looked at")
        verbose_name_plural = _("places looked at")
        ordering = ["update", "position"]
        constraints = [models.UniqueConstraint(fields=["update", "position"], name="place_position_unique")]

    def __str__(self):
        return self.place
