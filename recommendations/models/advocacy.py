"""The advocacy log, apart from evidence: what we did ourselves. It never changes a status."""

import uuid
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from recommendations.choices import AdvocacyKind, Role, Sensitivity
from recommendations.models.constraints import one_of
from recommendations.models.people import User
from recommendations.models.recommendations import Recommendation
from recommendations.models.visible import VisibleQuerySet


class AdvocacyQuerySet(VisibleQuerySet):
    """Reads of the advocacy log."""

    def _visible(self, user: User) -> Self:
        """Public and internal entries; a restricted one for its author, its next owner, and whom it names."""
        named = Advocacy.objects.filter(pk=OuterRef("pk"), readers=user)
        theirs = Q(author=user) | Q(next_owner=user) | Exists(named)
        return self.filter(~Q(sensitivity=Sensitivity.RESTRICTED) | theirs)

    def with_open_step(self) -> Self:
        """Return those whose next step is not done."""
        return self.filter(done_at=None, next_on__isnull=False)

    def with_who_answers(self) -> "AdvocacyQuerySet[Any]":
        """Annotate ``answers``: the pk of who answers for the next step.

        That is who takes it, or its author once the other left or only reads: else nobody would be
        reminded of what was promised, and of a restricted entry nobody else may know.
        """
        there = User.objects.writers().filter(pk=OuterRef("next_owner"))
        return self.annotate(answers=Case(When(Exists(there), then=F("next_owner")), default=F("author")))

    def steps_of(self, person: User) -> "AdvocacyQuerySet[Any]":
        """Return the open next steps for which ``person`` answers, the first due first."""
        if not person.has_role(Role.CONTRIBUTOR):
            return self.none()
        theirs = self.with_open_step().filter(Q(next_owner=person) | Q(author=person))
        return theirs.with_who_answers().filter(answers=person.pk).order_by("next_on", "pk")


class Advocacy(models.Model):
    """A meeting, letter, submission or statement of ours: with whom, what came of it, what is next.

    A restricted one is for its author, who has the next step, and the people named as its readers.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("what it was"), max_length=12, choices=AdvocacyKind)
    held_on = models.DateField(_("on"))
    counterpart = models.CharField(_("with whom"), max_length=200)
    subject = models.CharField(_("about what"), max_length=200)
    result = models.TextField(_("result"), blank=True)
    recommendations = models.ManyToManyField(
        Recommendation, blank=True, related_name="advocacy", verbose_name=_("recommendations")
    )
    # Items that we hold anyway, under their own rules of who sees them: an entry has no files of its own.
    evidence = models.ManyToManyField(
        "recommendations.Evidence", blank=True, related_name="advocacy", verbose_name=_("files and links")
    )
    next_step = models.CharField(_("next step"), max_length=200, blank=True)
    next_on = models.DateField(_("next step by"), null=True, blank=True)
    next_owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="next_steps",
        verbose_name=_("who takes the next step"),
    )
    done_at = models.DateTimeField(_("next step done"), null=True, blank=True)
    sensitivity = models.CharField(
        _("who can see this"), max_length=12, choices=Sensitivity, default=Sensitivity.INTERNAL
    )
    readers = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="+", verbose_name=_("who else can see this")
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="advocacy")
    created_at = models.DateTimeField(_("logged"))
    changed_at = models.DateTimeField(_("changed"))

    objects = AdvocacyQuerySet.as_manager()

    class Meta:
        verbose_name = _("advocacy entry")
        verbose_name_plural = _("advocacy log")
        ordering = ["-held_on", "-pk"]
        constraints = [
            one_of("kind", AdvocacyKind, "advocacy_kind_valid"),
            one_of("sensitivity", Sensitivity, "advocacy_sensitivity_valid"),
            models.CheckConstraint(
                condition=Q(next_step="", next_on=None, next_owner=None, done_at=None)
                | ~Q(next_step="") & Q(next_on__isnull=False, next_owner__isnull=False),
                name="advocacy_step_is_whole",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.subject}"

    def get_absolute_url(self):
        return reverse("advocacy-detail", args=[self.key])

    @property
    def references(self) -> str:
        """The short names of the recommendations that it was about: "KP-03, KP-06"."""
        names = sorted(one.reference for one in self.recommendations.all())
        return ", ".join("-".join(name.split("-")[-2:]) for name in names)

    @property
    def is_step_open(self) -> bool:
        """Whether somebody still has to do something."""
        return self.next_on is not None and self.done_at is None
