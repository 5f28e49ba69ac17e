"""Implementation status and the fields beside it; ``criteria`` says how to choose each value."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Status(TextChoices):
    """Implementation status: what was done, never what was intended."""

    NOT_ASSESSED = "not_assessed", _("Not yet assessed")
    NO_INFORMATION = "no_information", _("No reliable information")
    CONTRARY = "contrary", _("Contrary action")
    NO_ACTION = "no_action", _("No action")
    INITIAL = "initial", _("Initial steps")
    PARTLY = "partly", _("Partly implemented")
    IMPLEMENTED = "implemented", _("Implemented")

    @classmethod
    def claimable(cls) -> list["Status"]:
        """The values that a government's claim can amount to: nobody claims to act against it."""
        return [cls.NO_ACTION, cls.INITIAL, cls.PARTLY, cls.IMPLEMENTED]

    @classmethod
    def proposable(cls) -> list["Status"]:
        """The values an assessment may propose: all but *not yet assessed*."""
        return [value for value in cls if value != cls.NOT_ASSESSED]


# Of several asks the first in this order decides; what could not be assessed is not in it.
LEAST_ADVANCED_FIRST = (
    Status.CONTRARY,
    Status.NO_ACTION,
    Status.INITIAL,
    Status.PARTLY,
    Status.IMPLEMENTED,
)


# The places looked at may stand instead of a citation for these two (docs/domain.md, "What an update
# must hold").
PLACES_MAY_STAND_FOR_EVIDENCE = (Status.NO_INFORMATION, Status.NO_ACTION)


class EarlierFinding(TextChoices):
    """What *No reliable information* says of the finding before it; empty is as good as *stands*."""

    STANDS = "stands", _("It still stands")
    SET_ASIDE = "set_aside", _("It can no longer be relied on")


class Confidence(TextChoices):
    """How sure we are of the status."""

    HIGH = "high", _("High")
    MEDIUM = "medium", _("Medium")
    LOW = "low", _("Low")


class Movement(TextChoices):
    """The way it went since the last approved assessment."""

    BETTER = "better", _("Better")
    SAME = "same", _("Same")
    WORSE = "worse", _("Worse")
    UNKNOWN = "unknown", _("Unknown")
