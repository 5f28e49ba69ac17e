"""What became of the page behind a link."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class LinkOutcome(TextChoices):
    """How a check of a link ended."""

    ANSWERS = "answers", _("The page is there")
    TROUBLE = "trouble", _("The site answers with an error")
    GONE = "gone", _("The page is gone")
    UNREACHABLE = "unreachable", _("The site does not answer")
    REFUSED = "refused", _("Not asked: the address does not lead to the public web")
