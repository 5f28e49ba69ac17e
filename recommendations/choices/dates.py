"""Where a review date comes from, and what the calendar shows."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class DateSource(TextChoices):
    """The source of a dated reason: why something is reviewed on that day."""

    ONE_OFF = "one_off", _("Set by us")
    MOMENT = "moment", _("Before a moment")
    PROMISE = "promise", _("Promised by the government")


class CalendarKind(TextChoices):
    """What comes on a day of the calendar, in the order within a day."""

    MOMENT = "moment", _("Moment")
    REVIEW = "review", _("Review")
    DATE = "date", _("Review date")
    STEP = "step", _("Next step")
