"""Updates."""

import uuid
from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Prefetch, Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from recommendations.choices import (
    EDITABLE_STATES,
    Confidence,
    EarlierFinding,
    Extent,
    GovernmentAnswer,
    Movement,
    Role,
    Sensitivity,
    Status,
    UpdateKind,
    UpdateState,
)
from recommendations.choices.update_fields import TEXTS
from recommendations.models.accounts import in_one_hand_with
from recommendations.models.brought import Brought
from recommendations.models.constraints import one_of
from recommendations.models.counting import COUNTING
from recommendations.models.judged import Judged
from recommendations.models.locking import still_there
from recommendations.models.people import User
from recommendations.models.recommendations import Ask, Recommendation, another_followed
from recommendations.models.visible import VisibleQuerySet
from recommendations.rules.dates import FIRST_STAGE_DAYS, hold_ends
from recommendations.rules.status import is_finding, is_look

# What an author may leave unfinished; anything further must be whole.
UNFINISHED = [UpdateState.DRAFT, UpdateState.RETURNED, UpdateState.WITHDRAWN]


class StatusUpdateQuerySet(VisibleQuerySet):
    """Reads of updates."""

    def _visible(self, user: User) -> Self:
        """Approved ones; one's own; for reviewers also what was submitted or returned.

        A restricted update is for its author and the people granted on it alone.
        """
        shown = Q(state=UpdateState.APPROVED)
        if user.has_role(Role.REVIEWER):
            shown |= Q(state__in=[UpdateState.SUBMITTED, UpdateState.RETURNED])
        grants = user.grants.filter(update=OuterRef("pk"))
        open_to_user = ~Q(sensitivity=Sensitivity.RESTRICTED) | Exists(grants)
        return self.filter(Q(author=user) | (shown & open_to_user))

    def locked(self, update: "StatusUpdate") -> "StatusUpdate":
        """Return ``update`` and its recommendation as they are now, locked until the commit.

        The recommendation comes first, always: two people who act at once wait for each other.
        Raises: Gone, also when it was moved to another recommendation meanwhile.
        """
        rows = Recommendation.objects.select_for_update(no_key=True)
        recommendation = still_there(rows, update.recommendation_id)
        on_it = StatusUpdate.objects.select_for_update(no_key=True).filter(recommendation=recommendation)
        fresh = still_there(on_it, update.pk)
        fresh.recommendation = recommendation
        return fresh

    def with_holders(self) -> Self:
        """Fetch who has them in review, with the role that ``held_by`` asks for, in one statement for all."""
        return self.prefetch_related(Prefetch("taken_by", User.objects.with_rank()))

    def with_repeated(self) -> Self:
        """Fetch the day of the finding that each repeats, which ``is_undated`` asks for."""
        return self.select_related("repeats").defer(*(f"repeats__{name}" for name in TEXTS))

    def approved(self) -> Self:
        """Return the approved ones."""
        return self.filter(state=UpdateState.APPROVED)

    def counting(self, known_until: datetime | None = None) -> Self:
        """Return those that count for where a recommendation stands (``StatusUpdate.counts_at``).

        Args:
            known_until: leaves out what counts from this instant on or later; nothing, when left out. For an
                instant that is past, the answer never changes.
        """
        counting = self.approved().filter(counts_at__isnull=False)
        return counting if known_until is None else counting.filter(counts_at__lt=known_until)

    def correcting(self, update: "StatusUpdate") -> Self:
        """Return the approved corrections of ``update`` that take its place.

        One that does not count takes the place of none that does, and stands in nobody's way.
        """
        approved = self.counting() if update.counts_at else self.approved()
        return approved.filter(corrects=update)

    def in_force(self) -> Self:
        """Return those that count and that no correction has replaced."""
        return self.counting().with_in_force().filter(is_in_force=True)

    def with_in_force(self) -> Self:
        """Say of each whether it ``is_in_force``: no correction that counts has taken its place."""
        corrections = StatusUpdate.objects.counting().filter(corrects=OuterRef("pk"))
        return self.annotate(is_in_force=~Exists(corrections))

    def with_years(self) -> Self:
        """Say of each whether another report of its country is followed too (``is_among_years``)."""
        return self.annotate(is_among_years=another_followed("recommendation__report"))

    def silencing(self) -> Self:
        """Return those for which their author is not reminded of the recommendation.

        They wait for review; or they do not count and were approved for this very review date, of which
        nobody else knows.
        """
        looked = F("recommendation__next_review_on") - timedelta(days=FIRST_STAGE_DAYS)
        answered = Q(state=UpdateState.APPROVED, counts_at=None, as_of__gte=looked)
        return self.filter(Q(state=UpdateState.SUBMITTED) | answered).order_by()

    def newest_first(self) -> Self:
        """Return them by as-of date, ties by approval time, newest first."""
        return self.order_by("-as_of", F("approved_at").desc(nulls_last=True), "-pk")

    def awaiting_review(self) -> Self:
        """Return the submitted ones, the longest waiting first."""
        return self.filter(state=UpdateState.SUBMITTED).order_by("submitted_at", "pk")

    def decidable_by(self, user: User) -> Self:
        """Return the submitted ones that ``user`` sees, did not write, and decides on.

        Not those of somebody from whom an account keeps them apart that a second manager has not confirmed.
        """
        rows = self.visible_to(user).awaiting_review().exclude(author=user)
        return rows.exclude(author__in=in_one_hand_with(user.pk).order_by().values("pk"))


class StatusUpdate(Brought, Judged):
    """A dated statement by staff about one recommendation: an assessment, or a check.

    ``key`` names the update in addresses and is made by the form, so that a form posted twice makes
    one update. Nothing approved is edited or deleted; a correction names what it corrects.

    An approved one counts from ``counts_at`` on: from its approval, or, where it is restricted, from when a
    reviewer says so; never before that. ``counts_by`` is who said it.
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
    earlier_finding = models.CharField(
        _("earlier finding"), max_length=10, choices=EarlierFinding, blank=True
    )
    movement = models.CharField(_("movement"), max_length=10, choices=Movement, blank=True)
    reason = models.TextField(_("reason for this status"), blank=True)
    # Empty in a check, and in an assessment from before this was asked.
    government_answer = models.CharField(
        _("the government’s answer"),
        max_length=12,
        choices=GovernmentAnswer,
        default=GovernmentAnswer.NONE,
        blank=True,
    )
    government_claim = models.TextField(_("what the government claims"), blank=True)
    claimed_status = models.CharField(
        _("status if the claim were true"), max_length=20, choices=Status, blank=True
    )
    public_text = models.TextField(_("what was found"), blank=True)
    internal_note = models.TextField(_("internal note"), blank=True)
    sensitivity = models.CharField(
        _("who can see this"), max_length=12, choices=Sensitivity, default=Sensitivity.INTERNAL
    )
    proposed_extent = models.CharField(
        _("proposed for publication"), max_length=20, choices=Extent, default=Extent.NOTHING
    )
    created_at = models.DateTimeField(_("created"))
    changed_at = models.DateTimeField(_("changed"))
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    returned_at = models.DateTimeField(_("returned"), null=True, blank=True)
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    counts_at = models.DateTimeField(_("counts from"), null=True, blank=True)
    counts_by = models.ForeignKey(
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
    is_example = models.BooleanField(_("example for the demonstration"), default=False)

    objects = StatusUpdateQuerySet.as_manager()

    # What pages say of it beside its columns: ``with_in_force``, and selectors of what waits or is published.
    is_in_force: bool
    in_review_by: User | None
    deciders: list[User]
    until_confirmed: list[User]
    are_many: bool
    is_own: bool
    is_among_years: bool
    apart: Any
    whole_then: str
    days_waiting: int | None
    says_status: bool
    told_citations: list[Any]
    successor: Recommendation | None

    class Meta:
        verbose_name = _("update")
        verbose_name_plural = _("updates")
        ordering = ["-as_of", "-pk"]
        constraints = [
            one_of("kind", UpdateKind, "update_kind_valid"),
            one_of("state", UpdateState, "update_state_valid"),
            one_of("sensitivity", Sensitivity, "update_sensitivity_valid"),
            one_of("proposed_extent", Extent, "update_proposed_extent_valid"),
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
                condition=Q(government_answer__in=["", *GovernmentAnswer]), name="update_answer_valid"
            ),
            models.CheckConstraint(
                condition=Q(claimed_status__in=["", *Status.claimable()]), name="update_claim_valid"
            ),
            *COUNTING,
        ]
        indexes = [
            models.Index(fields=["recommendation", "state", "-as_of"], name="update_history"),
            models.Index(fields=["state", "submitted_at"], name="update_queue"),
            models.Index(fields=["author", "state"], name="update_by_author"),
        ]

    def __str__(self):
        if self.is_undated:
            return gettext("%(kind)s, not dated yet") % {"kind": self.get_kind_display()}
        words = {"kind": self.get_kind_display(), "day": date_format(self.as_of, "j M Y")}
        return gettext("%(kind)s of %(day)s") % words

    def get_absolute_url(self):
        return reverse("update-detail", args=[self.key])

    @property
    def is_assessment(self) -> bool:
        """Whether it proposes a status."""
        return self.kind == UpdateKind.ASSESSMENT

    @property
    def subject(self) -> Ask | Recommendation:
        """What it is about: one ask, or the whole recommendation."""
        return self.ask or self.recommendation

    @property
    def is_look_alone(self) -> bool:
        """Whether it would only be kept as the last look: it found nothing reliable, and a finding stands."""
        return is_look(self) and is_finding(self.subject) and not self.corrects_id

    def held_by(self, now: datetime) -> User | None:
        """Return the reviewer who has it in review.

        None when nobody took it, it was left too long, or who took it reviews no more: asked here and not
        when a role changes, so that no lock of people waits for one of updates.
        """
        if not self.taken_by or not self.taken_at or now >= hold_ends(self.taken_at):
            return None
        return self.taken_by if self.taken_by.is_reviewer else None

    @property
    def held_until(self) -> datetime | None:
        """When it returns to the queue by itself, if somebody took it."""
        return hold_ends(self.taken_at) if self.taken_at else None

    def is_editable_by(self, user: User) -> bool:
        """Say whether ``user`` may still change it: its author, while it is a draft or returned."""
        return self.author_id == user.pk and self.state in EDITABLE_STATES
