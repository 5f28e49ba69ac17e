"""Updates and what is decided on them."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class UpdateKind(TextChoices):
    """An assessment proposes a status; a check says "looked, nothing new"."""

    ASSESSMENT = "assessment", _("Assessment")
    CHECK = "check", _("Check")


class UpdateState(TextChoices):
    """Draft, submitted, then approved or returned; the author may withdraw until approval."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Waiting for review")
    RETURNED = "returned", _("Returned")
    APPROVED = "approved", _("Approved")
    WITHDRAWN = "withdrawn", _("Withdrawn")


# What the author may still change, and what the public at large of the house cannot see yet.
EDITABLE_STATES = (UpdateState.DRAFT, UpdateState.RETURNED)


OPEN_STATES = (UpdateState.DRAFT, UpdateState.SUBMITTED, UpdateState.RETURNED)


class Decision(TextChoices):
    """What a reviewer decides."""

    APPROVE = "approve", _("Approve")
    RETURN = "return", _("Return")
