"""What we did ourselves to move a state, and the dates at which it can be moved."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AdvocacyKind(TextChoices):
    """What was done."""

    MEETING = "meeting", _("Meeting")
    LETTER = "letter", _("Letter")
    SUBMISSION = "submission", _("Submission")
    STATEMENT = "statement", _("Statement")
    ALTERNATIVE = "alternative", _("Alternative report to a treaty body")
    BRIEFING = "briefing", _("Briefing of a treaty body")


class MomentKind(TextChoices):
    """The dates that come back in the field, and any other."""

    TIP_RELEASE = "tip_release", _("Release of the TIP Report")
    TIP_INPUT = "tip_input", _("Input window of the TIP Office")
    UPR = "upr", _("Universal Periodic Review")
    HRC = "hrc", _("Human Rights Council session")
    UNGA = "unga", _("UN General Assembly, Third Committee")
    CEDAW = "cedaw", _("CEDAW session")
    TREATY_BODY = "treaty_body", _("Session of another treaty body")
    OTHER = "other", _("Another date")
