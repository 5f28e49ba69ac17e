"""Roles, and what a person chooses about their mails."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """The four roles, each a Django group; a later role may do all that an earlier one may."""

    VIEWER = "Viewer", _("Viewer")
    CONTRIBUTOR = "Contributor", _("Contributor")
    REVIEWER = "Reviewer", _("Reviewer")
    MANAGER = "Manager", _("Manager")


# No role: outside partners open no page but their settings, and are mailed what is public.
PARTNER = "partner"
PARTNER_LABEL = _("Outside partner")


class ReminderChoice(TextChoices):
    """Which reminders a person wants."""

    ALL = "all", _("Before and after the date")
    ONLY_OVERDUE = "only_overdue", _("Only when something is overdue")
    NONE = "none", _("No reminders")


class DigestFrequency(TextChoices):
    """How often a person gets a digest."""

    WEEKLY = "weekly", _("Every week")
    BIWEEKLY = "biweekly", _("Every second week")
    MONTHLY = "monthly", _("Every month")
    NEVER = "never", _("Never")


class Weekday(IntegerChoices):
    """ISO weekdays: Monday is 1."""

    MONDAY = 1, _("Monday")
    TUESDAY = 2, _("Tuesday")
    WEDNESDAY = 3, _("Wednesday")
    THURSDAY = 4, _("Thursday")
    FRIDAY = 5, _("Friday")
    SATURDAY = 6, _("Saturday")
    SUNDAY = 7, _("Sunday")


class AccountAct(TextChoices):
    """What managers do to the account of somebody who reviews or manages."""

    ADDED = "added", _("Added")
    PASSWORD = "password", _("One-time password given")
    ADDRESS = "address", _("Address changed")
    RAISED = "raised", _("Role raised")
    LOWERED = "lowered", _("Role lowered")
    ENDED = "ended", _("Access ended")
    BACK = "back", _("Access restored")
    CONFIRMED = "confirmed", _("Confirmed by a second manager")
    TOKENS = "tokens", _("Tokens revoked")
