"""Updates, the places looked at, and what reviewers decided."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from recommendations.choices import (
    EDITABLE_STATES,
    Confidence,
    Decision,
    Direction,
    Sensitivity,
    Status,
    UpdateKind,
    UpdateState,
)
from recommendations.models.constraints import one_of
from recommendations.models.recommendations import Ask, Recommendation
from recommendations.querysets import (
    OfUpdateQuerySet,
    ReviewQuerySet,
    StatusUpdateQuerySet,
    UpdateVersionQuerySet,
)
from recommendations.rules.dates import hold_ends

# What an author may leave unfinished; anything further must be whole.
UNFINISHED = [UpdateState.DRAFT, UpdateState.RETURNED, UpdateState.WITHDRAWN]


class StatusUpdate(models.Model):
    """A dated statement by staff about one recommendation: an assessment, or a check.

    ``key`` names the update in addresses and is made by the form, so that a form posted twice makes
    one update. Nothing approved is edited or deleted; a correction names what it corrects.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    recommendation = models.ForeignKey(Recommendation, models.PROTECT, related_name="updates")
    ask = models.ForeignKey(Ask, models.PROTECT, null=True, blank=True, related_name="updates")
    corrects = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="corrections")
    kind = models.CharField(_("kind"), max_length=12, choices=UpdateKind, default=UpdateKind.ASSESSMENT)
    state = models.CharField(_("state"), max_length=12, choices=UpdateState, default=UpdateState.DRAFT)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="updates")
    as_of = models.DateField(_("as of"))
    status = models.CharField(_("status"), max_length=20, choices=Status, blank=True)
    confidence = models.CharField(_("confidence"), max_length=10, choices=Confidence, blank=True)
    direction = models.CharField(_("direction"), max_length=10, choices=Direction, blank=True)
    reason = models.TextField(_("reason under the criterion"), blank=True)
    government_claim = models.TextField(_("what the government claims"), blank=True)
    claimed_status = models.CharField(
        _("what the claim amounts to"), max_length=20, choices=Status, blank=True
    )
    public_text = models.TextField(_("public text"), blank=True)
    internal_note = models.TextField(_("internal note"), blank=True)
    sensitivity = models.CharField(
        _("sensitivity"), max_length=12, choices=Sensitivity, default=Sensitivity.INTERNAL
    )
    created_at = models.DateTimeField(_("created"))
    changed_at = models.DateTimeField(_("changed"))
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    returned_at = models.DateTimeField(_("returned"), null=True, blank=True)
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("in review by"),
    )
    taken_at = models.DateTimeField(_("taken in review"), null=True, blank=True)
    is_example = models.BooleanField(_("made up for the demonstration"), default=False)

    objects = StatusUpdateQuerySet.as_manager()

    class Meta:
        verbose_name = _("update")
        verbose_name_plural = _("updates")
        ordering = ["-as_of", "-pk"]
        constraints = [
            one_of("kind", UpdateKind, "update_kind_valid"),
            one_of("state", UpdateState, "update_state_valid"),
            one_of("sensitivity", Sensitivity, "update_sensitivity_valid"),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("author")), name="update_four_eyes"
            ),
            models.CheckConstraint(
                condition=Q(state=UpdateState.APPROVED, approved_at__isnull=False, approved_by__isnull=False)
                | ~Q(state=UpdateState.APPROVED) & Q(approved_at=None, approved_by=None),
                name="update_approved_has_who_and_when",
            ),
            models.CheckConstraint(
                condition=Q(kind=UpdateKind.CHECK, status="")
                | Q(kind=UpdateKind.ASSESSMENT, state__in=UNFINISHED)
                | Q(kind=UpdateKind.ASSESSMENT) & ~Q(status__in=["", Status.NOT_ASSESSED]),
                name="update_status_fits_kind",
            ),
            models.CheckConstraint(
                condition=Q(taken_by=None, taken_at=None)
                | Q(taken_by__isnull=False, taken_at__isnull=False, state=UpdateState.SUBMITTED)
                & ~Q(taken_by=F("author")),
                name="update_taken_while_it_waits",
            ),
            models.CheckConstraint(
                condition=Q(claimed_status__in=["", *Status.claimable()]), name="update_claim_valid"
            ),
            # One that others see, and one that they do not: ``correcting`` says which counts.
            models.UniqueConstraint(
                fields=["corrects"],
                condition=Q(state=UpdateState.APPROVED) & ~Q(sensitivity=Sensitivity.RESTRICTED),
                name="update_corrected_once",
            ),
            models.UniqueConstraint(
                fields=["corrects"],
                condition=Q(state=UpdateState.APPROVED, sensitivity=Sensitivity.RESTRICTED),
                name="update_corrected_once_restricted",
            ),
        ]
        indexes = [
            models.Index(fields=["recommendation", "state", "-as_of"], name="update_history"),
            models.Index(fields=["state", "submitted_at"], name="update_queue"),
            models.Index(fields=["author", "state"], name="update_by_author"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} of {self.as_of:%Y-%m-%d}"

    def get_absolute_url(self):
        return reverse("update-detail", args=[self.key])

    @property
    def is_assessment(self):
        """Whether it proposes a status."""
        return self.kind == UpdateKind.ASSESSMENT

    @property
    def subject(self):
        """What it is about: one ask, or the whole recommendation."""
        return self.ask if self.ask_id else self.recommendation

    def held_by(self, now):
        """Return the reviewer who has it in review.

        None when nobody took it, it was left too long, or who took it reviews no more: asked here and not
        when a role changes, so that no lock of people waits for one of updates.
        """
        if not self.taken_by or not self.taken_at or now >= hold_ends(self.taken_at):
            return None
        return self.taken_by if self.taken_by.is_reviewer else None

    @property
    def held_until(self):
        """When it returns to the queue by itself, if somebody took it."""
        return hold_ends(self.taken_at) if self.taken_at else None

    def is_editable_by(self, user):
        """Say whether ``user`` may still change it: its author, while it is a draft or returned."""
        return self.author_id == user.pk and self.state in EDITABLE_STATES


class PlaceLooked(models.Model):
    """A place where the author looked, and when; it stands for a check, and for *no action*."""

    update = models.ForeignKey(StatusUpdate, models.CASCADE, related_name="places")
    position = models.PositiveSmallIntegerField()
    place = models.CharField(_("where you looked"), max_length=300)
    looked_on = models.DateField(_("on"))

    objects = OfUpdateQuerySet.as_manager()

    class Meta:
        verbose_name = _("place looked at")
        verbose_name_plural = _("places looked at")
        ordering = ["update", "position"]
        constraints = [models.UniqueConstraint(fields=["update", "position"], name="place_position_unique")]

    def __str__(self):
        return self.place


class UpdateVersion(models.Model):
    """The words of an update as they were submitted, so that no round of review is forgotten."""

    update = models.ForeignKey(StatusUpdate, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    content = models.JSONField()
    submitted_at = models.DateTimeField()

    objects = UpdateVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("submitted version")
        verbose_name_plural = _("submitted versions")
        ordering = ["update", "number"]
        constraints = [models.UniqueConstraint(fields=["update", "number"], name="version_number_unique")]

    def __str__(self):
        return f"{self.update_id} v{self.number}"


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
