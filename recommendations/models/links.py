"""The results of link checks, and the requested copies of pages."""

from datetime import datetime
from typing import Self
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from recommendations.choices import OPEN_CAPTURES, CaptureFinding, CaptureState, LinkOutcome, outcome_of
from recommendations.files.types import clean_name
from recommendations.models.constraints import one_of
from recommendations.models.derived import ExaminationQuerySet
from recommendations.models.evidence import Evidence, OfEvidenceQuerySet
from recommendations.models.leases import Leased, leased_while


class LinkCheck(models.Model):
    """One look at the page behind a link: when, what the site answered, and the title it had then."""

    evidence = models.ForeignKey(Evidence, models.CASCADE, related_name="link_checks")
    checked_at = models.DateTimeField(_("checked"))
    outcome = models.CharField(_("outcome"), max_length=12, choices=LinkOutcome)
    status = models.PositiveSmallIntegerField(_("status"), null=True, blank=True)
    final_url = models.TextField(_("final address"), blank=True)
    title = models.CharField(_("title"), max_length=200, blank=True)
    detail = models.CharField(_("detail"), max_length=200, blank=True)

    objects = OfEvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("link check")
        verbose_name_plural = _("link checks")
        ordering = ["-checked_at", "-pk"]
        constraints = [one_of("outcome", LinkOutcome, "link_check_outcome_valid")]
        indexes = [models.Index(fields=["evidence", "-checked_at"], name="link_check_latest")]

    def __str__(self):
        return f"{self.get_outcome_display()}, {self.evidence_id}"


class CaptureQuerySet(ExaminationQuerySet):
    """Reads of copies of pages."""

    def kept(self) -> Self:
        """Return those that are in the vault."""
        return self.exclude(object_name="")

    def waiting(self, now: datetime) -> Self:
        """Return those that a worker may take: asked for, or of a worker that is lost."""
        asked, running = self.filter(state=CaptureState.ASKED), self.filter(state=CaptureState.RUNNING)
        return (asked | running.lost(now)).order_by("asked_at", "pk")


IS_OPEN = Q(state__in=OPEN_CAPTURES)


class Capture(Leased):
    """A copy of the page behind a link: asked for by a person, fetched by a job, kept as a WARC file.

    The row is the job: no message is needed, and none that is lost or doubled changes anything. What was
    kept is never changed (``audit/triggers.py``).
    """

    evidence = models.ForeignKey(Evidence, models.CASCADE, related_name="captures")
    number = models.PositiveSmallIntegerField(_("number"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("requested by")
    )
    asked_at = models.DateTimeField(_("requested"))
    was_restricted = models.BooleanField(_("restricted when it was requested"))
    state = models.CharField(_("state"), max_length=12, choices=CaptureState, default=CaptureState.ASKED)
    finding = models.CharField(
        _("why not"), max_length=12, choices=CaptureFinding, blank=True, default=CaptureFinding.NONE
    )
    detail = models.CharField(_("detail"), max_length=200, blank=True)
    received_at = models.DateTimeField(_("received"), null=True, blank=True)
    status = models.PositiveSmallIntegerField(_("status"), null=True, blank=True)
    final_url = models.TextField(_("final address"), blank=True)
    size = models.PositiveBigIntegerField(_("size in bytes"), null=True, blank=True)
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True)
    object_name = models.CharField(max_length=80, blank=True, editable=False)

    objects = CaptureQuerySet.as_manager()

    class Meta:
        verbose_name = _("copy of a page")
        verbose_name_plural = _("copies of pages")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            one_of("state", CaptureState, "capture_state_valid"),
            one_of("finding", CaptureFinding, "capture_finding_valid"),
            models.UniqueConstraint(fields=["evidence", "number"], name="capture_number_once"),
            models.UniqueConstraint(fields=["evidence"], condition=IS_OPEN, name="capture_one_at_a_time"),
            models.UniqueConstraint(
                fields=["object_name"], condition=~Q(object_name=""), name="capture_object_once"
            ),
            leased_while(Q(state=CaptureState.RUNNING), "capture_leased_while_running"),
            models.CheckConstraint(
                condition=Q(state=CaptureState.KEPT, size__gt=0, received_at__isnull=False)
                & Q(status__isnull=False)
                & ~Q(sha256="")
                & ~Q(object_name="")
                | ~Q(state=CaptureState.KEPT) & Q(object_name="", sha256="", size=None),
                name="capture_kept_is_whole",
            ),
        ]
        indexes = [models.Index(fields=["asked_by", "asked_at"], name="capture_by_person")]

    def __str__(self):
        return f"{self.get_state_display()}, {self.evidence_id}.{self.number}"

    @property
    def is_open(self) -> bool:
        """Whether it has not ended yet."""
        return self.state in OPEN_CAPTURES

    @property
    def answered(self) -> LinkOutcome | None:
        """What the site said of the page: a copy can be that of an error."""
        return outcome_of(self.status) if self.status else None

    @property
    def filename(self):
        """What its file is called: by the site that answered, and the day."""
        host = (urlsplit(self.final_url).hostname or "page")[:60]
        return clean_name(f"{host}-{self.received_at:%Y-%m-%d}.warc.gz")
