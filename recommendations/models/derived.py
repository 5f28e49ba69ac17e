"""What is made of evidence in the background: copies without metadata, pictures to look at."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from recommendations.choices import DerivedKind, ExaminationState, Finding, Purpose
from recommendations.models.constraints import one_of
from recommendations.models.evidence import Evidence
from recommendations.models.leases import Leased, LeasedQuerySet, leased_while
from recommendations.models.people import User
from recommendations.models.visible import VisibleQuerySet


class ExaminationQuerySet(LeasedQuerySet):
    """Reads of what is done with items in the background."""

    def _visible(self, user: User) -> Self:
        return self.filter(evidence__in=Evidence.objects.visible_to(user).values("pk"))


class Examination(Leased):
    """One thing that is done with one item, by whichever worker comes first.

    An item without such a row waits for it: nothing has to be queued, and nothing is lost with a
    message. ``due_at`` is when it is to be done again: None for never, and while it runs.
    """

    evidence = models.ForeignKey(Evidence, models.CASCADE, related_name="examinations")
    purpose = models.CharField(_("purpose"), max_length=12, choices=Purpose)
    state = models.CharField(
        _("state"), max_length=12, choices=ExaminationState, default=ExaminationState.RUNNING
    )
    finding = models.CharField(_("finding"), max_length=16, choices=Finding, blank=True, default=Finding.NONE)
    detail = models.CharField(_("detail"), max_length=200, blank=True)
    due_at = models.DateTimeField(_("due again"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = ExaminationQuerySet.as_manager()

    class Meta:
        verbose_name = _("examination")
        verbose_name_plural = _("examinations")
        ordering = ["-pk"]
        constraints = [
            one_of("purpose", Purpose, "examination_purpose_valid"),
            one_of("state", ExaminationState, "examination_state_valid"),
            one_of("finding", Finding, "examination_finding_valid"),
            models.UniqueConstraint(fields=["evidence", "purpose"], name="examination_once"),
            leased_while(Q(state=ExaminationState.RUNNING), "examination_leased_while_running"),
        ]
        indexes = [models.Index(fields=["purpose", "due_at"], name="examination_due")]

    def __str__(self):
        return f"{self.get_purpose_display()}, {self.evidence_id}"


class DerivedQuerySet(VisibleQuerySet):
    """Reads of what was made of items."""

    def _visible(self, user: User) -> Self:
        return self.filter(derived_from__in=Evidence.objects.visible_to(user).values("pk"))


class Derived(models.Model):
    """Something made of an item, with bytes and a hash of its own; the item itself is never changed."""

    derived_from = models.ForeignKey(Evidence, models.CASCADE, related_name="derived")
    kind = models.CharField(_("kind"), max_length=12, choices=DerivedKind)
    number = models.PositiveSmallIntegerField(_("number"), default=1)
    content_type = models.CharField(_("type"), max_length=120)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    object_name = models.CharField(max_length=80, unique=True, editable=False)
    made_at = models.DateTimeField(_("made"))

    objects = DerivedQuerySet.as_manager()

    class Meta:
        verbose_name = _("derived copy")
        verbose_name_plural = _("derived copies")
        ordering = ["derived_from", "kind", "number"]
        constraints = [
            one_of("kind", DerivedKind, "derived_kind_valid"),
            models.UniqueConstraint(fields=["derived_from", "kind", "number"], name="derived_once"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.number}, {self.derived_from_id}"
