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


class GovernmentAnswer(TextChoices):
    """How the government answers the recommendation; empty where this was not asked yet."""

    NONE = "none", _("No answer known")
    REJECTS = "rejects", _("Rejects it")
    CLAIMS = "claims", _("Claims action")
    COOPERATES = "cooperates", _("Cooperates")


# What UN bodies would call a status, for those who report to them (docs/domain.md, "What others call it").
HRC_GRADES = {
    Status.CONTRARY: "E",
    Status.NO_ACTION: "C",
    Status.INITIAL: "B",
    Status.PARTLY: "B",
    Status.IMPLEMENTED: "A",
}
# The grade of the Human Rights Committee where a state does not answer, and nothing is known otherwise.
HRC_NO_ANSWER = "D"
UPR_LEVELS = {
    Status.CONTRARY: _("Not implemented"),
    Status.NO_ACTION: _("Not implemented"),
    Status.INITIAL: _("Partially implemented"),
    Status.PARTLY: _("Partially implemented"),
    Status.IMPLEMENTED: _("Fully implemented"),
}
