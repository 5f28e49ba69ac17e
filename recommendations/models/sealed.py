"""What is known about a file that is sealed to the officers' offline keys."""

from django.db import models
from django.db.models import CheckConstraint, Q
from django.utils.translation import gettext_lazy as _

from recommendations.choices import SEALED, EvidenceForm, Sensitivity

SEALING_FIELDS = ("is_sealed", "sealed_to", "content_mark")


class Sealable(models.Model):
    """The fields of sealing. What is sealed is restricted for good, so every rule for that holds for it.

    ``sealed_to`` are the officers at that time, as {name, key}; ``content_mark`` stands for the SHA-256 of
    the content, which is nowhere but in the envelope: what a row records of the bytes is the ciphertext's.
    """

    is_sealed = models.BooleanField(_("sealed"), default=False)
    sealed_to = models.JSONField(_("sealed to"), default=list, blank=True)
    content_mark = models.CharField(max_length=64, blank=True, db_index=True, editable=False)

    class Meta:
        abstract = True

    @property
    def level(self):
        """Who can see it, in one word for the mark on pages: the sensitivity, or that it is sealed."""
        return SEALED if self.is_sealed else getattr(self, "sensitivity", "")

    @property
    def sealed_folder(self):
        """The folder that an officer finds in the envelope."""
        return getattr(self, "original_name", "").partition(".")[0]


SEALED_RULES = [
    CheckConstraint(
        condition=Q(is_sealed=False, content_mark="")
        | Q(is_sealed=True, sensitivity=Sensitivity.RESTRICTED, form=EvidenceForm.FILE) & ~Q(content_mark=""),
        name="evidence_sealed_is_restricted_file",
        violation_error_message=_("A sealed item stays sealed: its level cannot be changed."),
    )
]
