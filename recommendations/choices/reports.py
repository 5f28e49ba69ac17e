"""Words of the reports and their recommendations."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Pillar(TextChoices):
    """The four P's of the field, and one for a state's own practice, which fits none of them."""

    PROSECUTION = "prosecution", _("Prosecution")
    PROTECTION = "protection", _("Protection")
    PREVENTION = "prevention", _("Prevention")
    PARTNERSHIP = "partnership", _("Partnership")
    STATE_PRACTICE = "state_practice", _("State practice")


class Nature(TextChoices):
    """What a recommendation or an ask wants: it decides which criteria a status is chosen by."""

    DO = "do", _("Something to do")
    END = "end", _("A practice to end")


class Tier(TextChoices):
    """The tiers of the Trafficking in Persons Report."""

    TIER_1 = "1", _("Tier 1")
    TIER_2 = "2", _("Tier 2")
    TIER_2_WATCH_LIST = "2WL", _("Tier 2 Watch List")
    TIER_3 = "3", _("Tier 3")
    SPECIAL_CASE = "special", _("Special Case")
    NOT_STATED = "", _("Not stated")


class SourceForm(TextChoices):
    """What the text of a report was read from."""

    TEXT = "text", _("Plain text")
    PAGE = "html", _("Web page")
    PDF = "pdf", _("PDF")
    WORD = "docx", _("Word document")


class SectionKind(TextChoices):
    """The parts of a narrative."""

    ASSESSMENT = "assessment", _("Assessment")
    RECOMMENDATIONS = "recommendations", _("Prioritized recommendations")
    PROSECUTION = "prosecution", _("Prosecution")
    PROTECTION = "protection", _("Protection")
    PREVENTION = "prevention", _("Prevention")
    PROFILE = "profile", _("Trafficking profile")
    GOVERNMENT_EFFORTS = "government_efforts", _("Government efforts")


class TagKind(TextChoices):
    """What a tag of a recommendation names."""

    INSTRUMENT = "instrument", _("Instrument")
    COUNTRY = "country", _("Country")


class VersionReason(TextChoices):
    """Why a report has one more source version."""

    FIRST = "first", _("First import")
    WHOLE = "whole", _("Whole text after one that was cut")
    CORRECTED = "corrected", _("Corrected edition")
    COPY = "copy", _("Another copy")


class SourceChange(TextChoices):
    """What a recommendation is in a further version of its source."""

    SAME = "same", _("Word for word the same")
    CORRECTED = "corrected", _("Words corrected")
    UNSURE = "unsure", _("Not decided")
    NEW = "new", _("New")


class LineageKind(TextChoices):
    """How a recommendation relates to last year's."""

    SAME = "same", _("Same")
    REWORDED = "reworded", _("Reworded")
    WIDENED = "widened", _("Widened")
    NARROWED = "narrowed", _("Narrowed")
    SPLIT = "split", _("Split")
    MERGED = "merged", _("Merged")
    NEW = "new", _("New")
    DROPPED = "dropped", _("Dropped")
    NOT_KNOWN = "not_known", _("Not known")


# The relations by which both recommendations demand the same, so that the finding on one is a baseline of the
# other. A part of a split one is less than what was judged, and of merged ones there is no one finding.
SAME_DEMAND = (LineageKind.SAME, LineageKind.REWORDED, LineageKind.WIDENED, LineageKind.NARROWED)


class Absence(TextChoices):
    """Why a thread has no recommendation in a year. Only a whole list can be said to leave something out."""

    NO_REPORT = "no_report", _("Not known: the report of this year is not here")
    CUT = "cut", _("Not known: the list of this report is not whole")
    NOT_KNOWN = "not_known", _("Not known")
    UNCONFIRMED = "unconfirmed", _("The line is not confirmed yet")
    DROPPED = "dropped", _("Not in this report")
    NOT_YET = "not_yet", _("Not yet in this report")
    ENDED = "ended", _("Dropped in an earlier report")
