"""What of an update is said outside, and what happens to what is already published."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Extent(TextChoices):
    """How much of an update is said outside: of its words, the public text alone."""

    NOTHING = "nothing", _("Nothing")
    WORDS = "words", _("Words only")
    WORDS_AND_STATUS = "words_and_status", _("Words and status")


# From the least to the most.
EXTENTS = tuple(Extent)


class Earlier(TextChoices):
    """What becomes of what is outside when an approval overtakes it."""

    REPLACE = "replace", _("Publish this instead")
    LEAVE = "leave", _("Leave it outside as it is, with its date")
    WITHDRAW = "withdraw", _("Withdraw it")
