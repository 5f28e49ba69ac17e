"""Where a draft came from, if it was not begun on the recommendation that it is about."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from recommendations.choices import UpdateState


class Brought(models.Model):
    """Where an update was moved from, in an earlier report, and the finding of last year that it repeats.

    Both are set once and stay, whatever becomes of the update.
    """

    brought_from = models.ForeignKey(
        "recommendations.Recommendation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("moved from"),
    )
    # Of a draft that asks its author: is it still so?
    repeats = models.ForeignKey(
        "recommendations.StatusUpdate",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("repeats"),
    )

    # Of the update.
    as_of: date
    state: str

    class Meta:
        abstract = True

    @property
    def is_undated(self) -> bool:
        """Whether its author has not said yet up to which day they looked: it has that of what it repeats.

        Nothing undated can be submitted, so nothing is asked of what was.
        """
        if self.state in (UpdateState.SUBMITTED, UpdateState.APPROVED):
            return False
        return bool(self.repeats and self.as_of <= self.repeats.as_of)
