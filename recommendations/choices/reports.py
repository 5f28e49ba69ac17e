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


class SectionKind(TextChoices):
    """The parts of a narrative."""

    ASSESSMENT = "assessment", _("Assessment")
    RECOMMENDATIONS = "recommendations", _("Prioritized recommendations")
    PROSECUTION = "prosecution", _("Prosecution")
    PROTECTION = "protection", _("Protection")
    PREVENTION = "prevention", _("Prevention")
    PROFILE = "profile", _("Trafficking profile")
    GOVERNMENT_EFFORTS = "government_efforts", _("Government efforts")


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
