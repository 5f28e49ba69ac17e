"""Recommendations, the asks inside them, and how they descend from last year's."""

from datetime import date
from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from recommendations.choices import Confidence, Movement, Nature, Pillar, Status
from recommendations.importing.titles import first_title_of
from recommendations.models.constraints import one_of
from recommendations.models.people import User
from recommendations.models.reports import Report
from recommendations.models.visible import VisibleQuerySet
from recommendations.rules.dates import age_in_days

# Higher than any position.
OUT_OF_THE_WAY = 10_000


def another_followed(path: str) -> Exists:
    """Return the condition that another report of the country of the report at ``path`` is followed."""
    others = Report.objects.filter(country_code=OuterRef(f"{path}__country_code"), closed_at=None)
    return Exists(others.exclude(pk=OuterRef(path)))


class RecommendationQuerySet(VisibleQuerySet):
    """Reads of recommendations."""

    def listed(self) -> Self:
        """Return those that the newest source version of their report has."""
        return self.filter(gone_since=None)

    def out_of_the_way(self) -> None:
        """Free the positions, which are unique in a report, before each gets its new one."""
        self.update(position=F("position") + OUT_OF_THE_WAY)

    def tracked(self) -> Self:
        """Return those that are followed: listed, and not of a closed report."""
        return self.listed().filter(report__closed_at=None)

    def due_by(self, day: date) -> Self:
        """Return the followed ones whose review is due: on ``day`` or before, never just ``==``."""
        return self.tracked().filter(next_review_on__lte=day)

    def overdue_on(self, day: date) -> Self:
        """Return the followed ones whose review date lies before ``day``."""
        return self.tracked().filter(next_review_on__lt=day)

    def with_years(self) -> Self:
        """Say of each whether another report of its country is followed too (``is_among_years``)."""
        return self.annotate(is_among_years=another_followed("report"))

    def answered_by(self, user: User, today: date) -> Self:
        """Return those that ``user`` answers for (docs/domain.md, "Reminders").

        That is what they own, what they stand in for while its owner is away, and for a reviewer what
        nobody owns; but not while an update of theirs on it waits for somebody else's review.
        """
        waiting = user.updates.silencing()
        whose = Q(owner=user) | Q(deputy=user, owner__away_from__lte=today, owner__away_until__gte=today)
        whose = whose | Q(owner=None) if user.is_reviewer else whose
        return self.filter(whose).exclude(Exists(waiting.filter(recommendation=OuterRef("pk"))))


class WithStatus(models.Model):
    """The fields that follow from approved updates; ``following.follow`` alone writes them."""

    current_update = models.ForeignKey(
        "recommendations.StatusUpdate",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )
    status = models.CharField(
        _("status"), max_length=20, choices=Status, default=Status.NOT_ASSESSED, editable=False
    )
    confidence = models.CharField(
        _("confidence"), max_length=10, choices=Confidence, blank=True, editable=False
    )
    movement = models.CharField(_("movement"), max_length=10, choices=Movement, blank=True, editable=False)
    last_verified_on = models.DateField(_("last verified"), null=True, blank=True, editable=False)
    # The last look that came after the finding and found nothing reliable.
    looked_on = models.DateField(_("last looked"), null=True, blank=True, editable=False)

    class Meta:
        abstract = True


class Recommendation(WithStatus):
    """One item of a report's ordered list: verbatim text, its place in the source, and where it stands.

    The fields of ``WithStatus``, ``split``, ``answered_on`` and ``next_review_on`` follow from the approved
    updates and are written by ``following.follow`` alone; ``check_data`` verifies that they do. ``split``
    says how many of its asks have which status, and is empty where it has none.
    """

    report = models.ForeignKey(Report, models.PROTECT, related_name="recommendations")
    position = models.PositiveSmallIntegerField(_("position"))
    reference = models.CharField(_("reference"), max_length=40, unique=True)
    text = models.TextField(_("text"))
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    short_title = models.CharField(_("short title"), max_length=120)
    pillar = models.CharField(_("pillar"), max_length=20, choices=Pillar, blank=True)
    nature = models.CharField(_("nature"), max_length=8, choices=Nature, default=Nature.DO)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="owned",
        verbose_name=_("owner"),
    )
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="deputised",
        verbose_name=_("deputy"),
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("reviewer"),
    )
    interval_days = models.PositiveSmallIntegerField(
        _("review interval in days"), default=90, validators=[MinValueValidator(1), MaxValueValidator(730)]
    )
    imported_on = models.DateField(_("imported on"))
    # The number of the source version that does not have it any more; empty while it is in the newest one.
    gone_since = models.PositiveSmallIntegerField(
        _("not in the source since version"), null=True, blank=True, editable=False
    )

    split = models.JSONField(_("asks by status"), default=dict, blank=True, editable=False)
    # From it the time to the next review is counted: a look answers a date too, though it verifies nothing.
    answered_on = models.DateField(_("last looked at"), null=True, blank=True, editable=False)
    next_review_on = models.DateField(_("next review"), db_index=True, editable=False)

    objects = RecommendationQuerySet.as_manager()

    # Said by ``with_years``, for names that are short: whether one without the year could mean another's.
    is_among_years: bool = False

    class Meta:
        verbose_name = _("recommendation")
        verbose_name_plural = _("recommendations")
        ordering = ["report", "position"]
        constraints = [
            models.UniqueConstraint(fields=["report", "position"], name="recommendation_position_unique"),
            models.CheckConstraint(
                condition=models.Q(end__gt=models.F("start")), name="recommendation_offsets_in_order"
            ),
            one_of("status", Status, "recommendation_status_valid"),
            one_of("nature", Nature, "recommendation_nature_valid"),
        ]
        indexes = [models.Index(fields=["owner", "next_review_on"], name="recommendation_owner_due")]

    def __str__(self):
        return f"{self.reference} {self.short_title}"

    def get_absolute_url(self):
        return reverse("recommendation-detail", args=[self.reference])

    @property
    def told_title(self) -> str:
        """What it is called outside: the beginning of the report's words, never a title of ours."""
        return first_title_of(self.text)

    @property
    def is_tracked(self) -> bool:
        """Whether it is followed: nobody closed its report, and the newest source version has it."""
        return self.gone_since is None and self.report.is_followed

    def age(self, today: date) -> int | None:
        """Return the days since the last verification as of ``today``, or None for never."""
        return age_in_days(self.last_verified_on, today)


class Ask(WithStatus):
    """One of several asks that a recommendation bundles, with a status of its own.

    ``start`` and ``end`` are offsets in characters of the recommendation's text: its words. Neither they
    nor the ask are ever taken away; a retired one counts no more, and its history stays.
    """

    recommendation = models.ForeignKey(Recommendation, models.PROTECT, related_name="asks")
    position = models.PositiveSmallIntegerField(_("position"))
    title = models.CharField(_("title"), max_length=120)
    nature = models.CharField(_("nature"), max_length=8, choices=Nature, default=Nature.DO)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    created_at = models.DateTimeField(_("added"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("added by"),
    )
    # Retiring one that has a finding takes two people: it waits here for the second.
    retire_reason = models.TextField(_("why it should no longer apply"), blank=True)
    retire_proposed_at = models.DateTimeField(_("retiring proposed"), null=True, blank=True)
    retire_proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("retiring proposed by"),
    )
    retired_at = models.DateTimeField(_("retired"), null=True, blank=True)
    # Its words, where the newest source version does not have them any more.
    lost_words = models.TextField(_("words before"), blank=True, editable=False)
    # {number of an earlier source version: {"start", "end", "words"}}: where it was in its text.
    earlier_places = models.JSONField(_("earlier places"), default=dict, blank=True, editable=False)

    objects = VisibleQuerySet.as_manager()

    # Said by a page beside its columns: whether its status rests on an update that the reader cannot see.
    hides_reason: bool

    class Meta:
        verbose_name = _("ask")
        verbose_name_plural = _("asks")
        ordering = ["recommendation", "position"]
        constraints = [
            models.UniqueConstraint(fields=["recommendation", "position"], name="ask_position_unique"),
            models.CheckConstraint(
                condition=models.Q(end__gt=models.F("start")), name="ask_offsets_in_order"
            ),
            one_of("status", Status, "ask_status_valid"),
            one_of("nature", Nature, "ask_nature_valid"),
        ]

    def __str__(self):
        return self.title

    @property
    def words(self) -> str:
        """The words of the recommendation that it is tied to, or was, if they are gone from the source."""
        return self.lost_words or self.recommendation.text[self.start : self.end]

    @property
    def told_title(self) -> str:
        """What it is called outside: its words in the report, never a title of ours."""
        return f"“{first_title_of(self.words)}”"
