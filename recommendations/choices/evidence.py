"""Evidence: who may read it, what it is, and how it is graded."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class Sensitivity(TextChoices):
    """Who may read it."""

    PUBLIC = "public", _("Public")
    INTERNAL = "internal", _("Internal")
    RESTRICTED = "restricted", _("Restricted")

    @property
    def meaning(self):
        """One sentence on what the level means, shown beside the choice."""
        return SENSITIVITY_MEANING[self]


SENSITIVITY_MEANING = {
    Sensitivity.PUBLIC: _("May be quoted outside."),
    Sensitivity.INTERNAL: _("Any signed-in member of the team can read it."),
    Sensitivity.RESTRICTED: _(
        "Only you and the people granted on this item can see that it exists. Use it for testimony."
    ),
}


class EvidenceForm(TextChoices):
    """A file that we hold, or an address that we point to."""

    FILE = "file", _("File")
    LINK = "link", _("Link")


class EvidenceKind(TextChoices):
    """What sort of document an evidence item is."""

    LAW = "law", _("Law or regulation")
    OFFICIAL = "official", _("Official statement")
    PRESS = "press", _("Press")
    NGO_UN = "ngo_un", _("NGO or UN report")
    TESTIMONY = "testimony", _("Testimony")
    IMAGE_VIDEO = "image_video", _("Image or video")
    SATELLITE = "satellite", _("Satellite imagery")
    DATA = "data", _("Data")
    OTHER = "other", _("Other")


class Reliability(TextChoices):
    """Source reliability, the letter of the Admiralty code (STANAG 2511)."""

    A = "A", _("A: completely reliable")
    B = "B", _("B: usually reliable")
    C = "C", _("C: fairly reliable")
    D = "D", _("D: not usually reliable")
    E = "E", _("E: unreliable")
    F = "F", _("F: reliability cannot be judged")


class Credibility(IntegerChoices):
    """Information credibility, the figure of the Admiralty code, judged apart from the source."""

    CONFIRMED = 1, _("1: confirmed by other sources")
    PROBABLE = 2, _("2: probably true")
    POSSIBLE = 3, _("3: possibly true")
    DOUBTFUL = 4, _("4: doubtful")
    IMPROBABLE = 5, _("5: improbable")
    CANNOT_JUDGE = 6, _("6: truth cannot be judged")


class Stance(TextChoices):
    """What a citation does for the update that makes it."""

    SUPPORTS = "supports", _("Supports")
    CONTRADICTS = "contradicts", _("Contradicts")
