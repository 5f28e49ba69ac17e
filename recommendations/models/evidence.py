"""Evidence items, files that wait for their form, and damage that was found."""

import uuid
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from recommendations.choices import (
    Credibility,
    EvidenceForm,
    EvidenceKind,
    Reliability,
    Retention,
    Sensitivity,
)
from recommendations.models.constraints import one_of
from recommendations.models.people import User
from recommendations.models.retention import RETENTION_RULES, Retained
from recommendations.models.sealed import SEALED_RULES, Sealable
from recommendations.models.visible import VisibleQuerySet

# What people say about an item; what it is (bytes, hash, address, who and when) is never changed.
DETAIL_FIELDS = (
    "title",
    "kind",
    "source",
    "origin",
    "collected_by",
    "published_on",
    "event_on",
    "language",
    "sensitivity",
    "reliability",
    "credibility",
    "note",
    "consent",
    "safety",
)

# Of these, what is told outside of a public item that a published update cites (``exports.columns``).
TOLD_FIELDS = (
    "title",
    "kind",
    "source",
    "origin",
    "published_on",
    "event_on",
    "language",
    "reliability",
    "credibility",
)

# What a file that waits, and the item it becomes, record of the bytes.
CONTENT_FIELDS = ("original_name", "content_type", "size", "sha256")

REMOVED = Q(retention=Retention.TOMBSTONED, object_name="", url="", original_name="")


def origin_key(origin: str, source: str) -> str:
    """Return by which items of one origin are known; see ``Evidence.origin_key``."""
    return " ".join((origin or source).split()).casefold()


def item_key(*, uploader: User, form_key: uuid.UUID, content: str) -> uuid.UUID:
    """Return the key of what ``uploader`` sends with one form: the same content again is the same item.

    Args:
        content: the SHA-256 and name of a file, or the address of a link.
    """
    return uuid.uuid5(form_key, f"{uploader.pk} {content}")


class EvidenceQuerySet(VisibleQuerySet):
    """Reads of evidence items."""

    def _visible(self, user: User) -> Self:
        """Public and internal ones; a restricted one for its uploader and the people granted on it."""
        grants = user.grants.filter(evidence=OuterRef("pk"))
        return self.filter(~Q(sensitivity=Sensitivity.RESTRICTED) | Q(uploaded_by=user) | Exists(grants))

    def twins_of(self, item: "Evidence", mark: str = "") -> Self:
        """Return the other items that hold the very same content; ask ``visible_to`` before telling of them.

        Args:
            mark: the mark that the content would have if it were sealed. Of what is sealed the mark is all
                that is known, so that none but sealed ones are found for it.
        """
        if not item.sha256:
            return self.none()
        if item.is_sealed:
            return self.filter(content_mark=item.content_mark).exclude(pk=item.pk)
        same = Q(sha256=item.sha256) | Q(content_mark=mark) if mark else Q(sha256=item.sha256)
        return self.filter(same).exclude(pk=item.pk)

    def of_address(self, item: "Evidence") -> Self:
        """Return the other links to the same address; ask ``visible_to`` before telling of them."""
        return self.filter(url=item.url).exclude(pk=item.pk) if item.url else self.none()


class Evidence(Sealable, Retained):
    """A file or a link with its provenance; one item can be cited by many updates.

    ``key`` names it in addresses, so that counting up reveals nothing. The bytes lie in the vault
    under ``object_name``; they are never changed, and what is recorded of them neither.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    form = models.CharField(_("form"), max_length=8, choices=EvidenceForm)
    title = models.CharField(_("title"), max_length=200)
    kind = models.CharField(_("kind"), max_length=16, choices=EvidenceKind, default=EvidenceKind.OTHER)
    source = models.CharField(_("source: who published it"), max_length=200, blank=True)
    origin = models.CharField(_("origin: who published it first"), max_length=200, blank=True)
    collected_by = models.CharField(_("collected by"), max_length=200, blank=True)
    published_on = models.DateField(_("published on"), null=True, blank=True)
    event_on = models.DateField(_("date of what it shows"), null=True, blank=True)
    language = models.CharField(_("language"), max_length=60, blank=True)
    sensitivity = models.CharField(
        _("who can see this"), max_length=12, choices=Sensitivity, default=Sensitivity.INTERNAL
    )
    reliability = models.CharField(
        _("source reliability"), max_length=1, choices=Reliability, default=Reliability.F
    )
    credibility = models.PositiveSmallIntegerField(
        _("information credibility"), choices=Credibility, default=Credibility.CANNOT_JUDGE
    )
    note = models.TextField(_("note"), blank=True)
    consent = models.TextField(_("consent: what the person agreed to"), blank=True)
    safety = models.TextField(_("safety: who could be in danger, and how"), blank=True)
    url = models.URLField(_("address"), max_length=2000, blank=True)
    original_name = models.CharField(_("file name"), max_length=255, blank=True)
    content_type = models.CharField(_("type"), max_length=120, blank=True)
    size = models.PositiveBigIntegerField(_("size in bytes"), null=True, blank=True)
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True, db_index=True)
    object_name = models.CharField(max_length=80, blank=True, editable=False)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="evidence")
    uploaded_at = models.DateTimeField(_("added"))
    is_example = models.BooleanField(_("example for the demonstration"), default=False)

    objects = EvidenceQuerySet.as_manager()

    # The recommendation it is told of with, where the news tells of it.
    added_for: Any = None

    class Meta:
        verbose_name = _("evidence item")
        verbose_name_plural = _("evidence")
        ordering = ["-uploaded_at", "-pk"]
        constraints = [
            *RETENTION_RULES,
            *SEALED_RULES,
            one_of("form", EvidenceForm, "evidence_form_valid"),
            one_of("sensitivity", Sensitivity, "evidence_sensitivity_valid"),
            models.CheckConstraint(
                condition=Q(form=EvidenceForm.LINK, object_name="", sha256="", size=None)
                & (~Q(url="") | REMOVED)
                | Q(form=EvidenceForm.FILE, size__gt=0) & ~Q(sha256="") & (~Q(object_name="") | REMOVED),
                name="evidence_is_file_or_link",
            ),
            models.UniqueConstraint(
                fields=["object_name"], condition=~Q(object_name=""), name="evidence_object_once"
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("evidence-detail", args=[self.key])

    @property
    def origin_key(self) -> str:
        """By which items of one origin are known, whatever the spelling; empty where none is named.

        Who published it first decides, and where nobody is named as such, whoever published it.
        """
        return origin_key(self.origin, self.source)

    @property
    def is_file(self) -> bool:
        """Whether we hold the bytes."""
        return self.form == EvidenceForm.FILE and bool(self.object_name)


class OwnUploadQuerySet(VisibleQuerySet):
    """Reads of files that wait for their form: nobody but their uploader knows yet how secret they are."""

    def _visible(self, user: User) -> Self:
        return self.filter(uploaded_by=user)


class StagedUpload(Sealable):
    """A file received with a form that was not whole yet: it waits, so that nobody uploads twice.

    It becomes evidence when the form is, or is swept a day after its last use. ``details`` are the words
    typed beside it, as they were typed.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    form_key = models.UUIDField(db_index=True)
    original_name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    object_name = models.CharField(max_length=80, unique=True)
    received_at = models.DateTimeField()
    details = models.JSONField(default=dict, blank=True)

    objects = OwnUploadQuerySet.as_manager()

    class Meta:
        verbose_name = _("staged upload")
        verbose_name_plural = _("staged uploads")
        ordering = ["received_at", "pk"]

    def __str__(self):
        return self.original_name


class OfEvidenceQuerySet(VisibleQuerySet):
    """Reads of what belongs to one item and is seen with it."""

    def _visible(self, user: User) -> Self:
        """Those of items that can be seen; which item it is, is not told to anybody else."""
        return self.filter(evidence__in=Evidence.objects.visible_to(user).values("pk"))


class Damage(models.Model):
    """An object that was found missing or changed, until it is found whole again."""

    evidence = models.ForeignKey(Evidence, models.CASCADE, null=True, related_name="damages")
    object_name = models.CharField(max_length=80, unique=True)
    problem = models.CharField(_("what is wrong"), max_length=300)
    found_at = models.DateTimeField(_("found"))
    seen_at = models.DateTimeField(_("last seen"))

    objects = OfEvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("damaged file")
        verbose_name_plural = _("damaged files")
        ordering = ["found_at", "pk"]

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"
