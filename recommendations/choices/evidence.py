"""Evidence: who can see it, what it is, and how it is graded."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class Sensitivity(TextChoices):
    """Who may read it."""

    PUBLIC = "public", _("Public")
    INTERNAL = "internal", _("Internal")
    RESTRICTED = "restricted", _("Restricted")

    @property
    def meaning(self) -> str:
        """One sentence on what the level means, shown beside the choice."""
        return str(SENSITIVITY_MEANING[self])


SENSITIVITY_MEANING = {
    Sensitivity.PUBLIC: _(
        "No harm if it is quoted. What is published of an update is decided in its review."
    ),
    Sensitivity.INTERNAL: _("Any signed-in member of the team can read it."),
    Sensitivity.RESTRICTED: _(
        "Only you and the people to whom access is given can see that it exists. Use it for "
        "testimony. A restricted update changes a status or a date only if its reviewer says so."
    ),
}


# No value of the column: what is sealed is restricted, and a flag beside says that it is sealed. So
# every rule for what is restricted holds for it.
SEALED = "sealed"
SEALED_LABEL = _("Sealed")
SEALED_MEANING = _(
    "Like restricted, and encrypted on arrival with keys that your officers keep offline. This "
    "server cannot open it, search does not find its text, and it stays sealed. Use it for "
    "testimony that can cost lives."
)


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


# By the published wording of the code (JWP 2-00, STANAG 2511; also US FM 2-22.3, appendix B).
RELIABILITY_MEANING = {
    "A": _("No doubt that it is genuine, trustworthy and able to know; it has always been right before."),
    "B": _("Small doubts; nearly always right before."),
    "C": _("Some doubts; it has been right before."),
    "D": _("Large doubts; it was right now and then."),
    "E": _("Not genuine, trustworthy or able to know; it was wrong before."),
    "F": _("Nothing to judge it by: a new source, for example. This does not mean that it is bad."),
}


class Credibility(IntegerChoices):
    """Information credibility, the figure of the Admiralty code, judged apart from the source."""

    CONFIRMED = 1, _("1: confirmed by other sources")
    PROBABLE = 2, _("2: probably true")
    POSSIBLE = 3, _("3: possibly true")
    DOUBTFUL = 4, _("4: doubtful")
    IMPROBABLE = 5, _("5: improbable")
    CANNOT_JUDGE = 6, _("6: truth cannot be judged")


CREDIBILITY_MEANING = {
    "1": _("Other independent sources say the same; it makes sense and fits what is known."),
    "2": _("Not confirmed, but it makes sense and fits what is known."),
    "3": _("Not confirmed; it makes some sense and fits in part."),
    "4": _("Not confirmed; possible, but it does not follow from what is known."),
    "5": _("Other information contradicts it, or it makes no sense."),
    "6": _("Nothing to judge it by. This does not mean that it is false."),
}


class Retention(TextChoices):
    """How long an item is kept."""

    ACTIVE = "active", _("Kept")
    HOLD = "hold", _("On hold: must not be removed")
    SCHEDULED = "scheduled", _("Removal proposed")
    TOMBSTONED = "tombstoned", _("Removed; its record is kept")


class Stance(TextChoices):
    """What a citation does for the update that makes it."""

    SUPPORTS = "supports", _("Supports")
    CONTRADICTS = "contradicts", _("Contradicts")
