"""The words of updates as they were submitted, and what reviewers decided on them."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.expressions import Combinable
from django.utils.translation import gettext_lazy as _

from recommendations.choices import Decision, Sensitivity
from recommendations.models.constraints import one_of
from recommendations.models.of_updates import OfUpdateQuerySet
from recommendations.models.people import User
from recommendations.models.updates import StatusUpdate


def _handed_in_restricted(prefix: str, user: User) -> Combinable | Q:
    """Match versions that were restricted when they were submitted, for whom they are closed."""
    let_in = user.grants.filter(update=OuterRef("update"))
    restricted = Q(**{f"{prefix}content__sensitivity": Sensitivity.RESTRICTED})
    return restricted & ~Q(update__author=user) & ~Exists(let_in)


class UpdateVersionQuerySet(OfUpdateQuerySet):
    """Reads of the words of updates as they were submitted."""

    def _visible(self, user: User) -> Self:
        """Those of updates that can be seen; words handed in as restricted stay so when the update opens."""
        return super()._visible(user).exclude(_handed_in_restricted("", user))


class UpdateVersion(models.Model):
    """The words of an update as they were submitted, so that no round of review is forgotten."""

    update = models.ForeignKey(StatusUpdate, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    content = models.JSONField()
    submitted_at = models.DateTimeField()

    objects = UpdateVersionQuerySet.as_manager()

    # What the page of the history says of its update.
    corrects: StatusUpdate | None
    corrected_by: StatusUpdate | None

    class Meta:
        verbose_name = _("submitted version")
        verbose_name_plural = _("submitted versions")
        ordering = ["update", "number"]
        constraints = [models.UniqueConstraint(fields=["update", "number"], name="version_number_unique")]

    def __str__(self):
        return f"{self.update_id} v{self.number}"


class ReviewQuerySet(OfUpdateQuerySet):
    """Reads of decisions."""

    def _visible(self, user: User) -> Self:
        """Those of updates that can be seen; a comment on words handed in as restricted goes with them."""
        return super()._visible(user).exclude(_handed_in_restricted("version__", user))


class Review(models.Model):
    """What a reviewer other than the author decided on a submitted version.

    ``remarks`` are comments on single fields, {name of the field: what was said}.
    """

    update = models.ForeignKey(StatusUpdate, models.PROTECT, related_name="reviews")
    version = models.OneToOneField(UpdateVersion, models.PROTECT, related_name="review")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="reviews")
    decision = models.CharField(_("decision"), max_length=10, choices=Decision)
    comment = models.TextField(_("comment"), blank=True)
    remarks = models.JSONField(_("comments on fields"), default=dict, blank=True)
    decided_at = models.DateTimeField(_("decided"))

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["update", "decided_at"]
        constraints = [
            one_of("decision", Decision, "review_decision_valid"),
            models.CheckConstraint(
                condition=Q(decision=Decision.APPROVE) | ~Q(comment="") | ~Q(remarks={}),
                name="review_return_says_why",
            ),
        ]

    def __str__(self):
        return f"{self.get_decision_display()} ({self.decided_at:%Y-%m-%d})"
