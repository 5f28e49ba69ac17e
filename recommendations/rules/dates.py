"""Date rules: pure functions in which the clock is always an argument."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta, tzinfo
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from recommendations.choices import DigestFrequency

# The first reminder goes out this many days before the review date (docs/domain.md, "Reminders").
FIRST_STAGE_DAYS = 14
# What a reviewer took and left for so long returns to the queue.
HOLD_DAYS = 3
# No day that people mean is outside of these, and from all of them days can be counted.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)


def next_review_on(
    *,
    answered_on: date | None,
    tracked_from: date,
    interval_days: int,
    dated: Iterable[date] = (),
) -> date:
    """Return the date on which a recommendation must be looked at next: the earliest that is open.

    The last approved update, or the import day before any, plus the interval; and each dated reason that is
    open (``rules.dated_reasons``). None of them overwrites another.

    Args:
        answered_on: the as-of date of the latest approved update.
        tracked_from: the day the recommendation was imported.
        dated: the days of the dated reasons that are open.
    """
    return min([(answered_on or tracked_from) + timedelta(days=interval_days), *dated])


def hold_ends(taken_at: datetime) -> datetime:
    """Return when an update that a reviewer took at ``taken_at`` returns to the queue."""
    return taken_at + timedelta(days=HOLD_DAYS)


def refuse_far_day(day: date) -> None:
    """Refuse a typed day so far off that no days can be counted from it. Raises: ValidationError."""
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValidationError(
            _("Enter a day between the years %(first)s and %(last)s."),
            params={"first": FIRST_DAY.year, "last": LAST_DAY.year},
        )


def day_ends(day: date, zone: tzinfo) -> datetime:
    """Return the instant at which ``day`` is over in ``zone``: the first one of the next day."""
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=zone)


def age_in_days(then: date | None, today: date) -> int | None:
    """Return how many days ago ``then`` was, or None for never."""
    return None if then is None else (today - then).days


def quarter_start(day: date) -> date:
    """Return the first day of the calendar quarter that holds ``day``."""
    return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)


def last_quarters(day: date, number: int) -> list[date]:
    """Return the first days of the last ``number`` calendar quarters, that of ``day`` the last of them."""
    quarters = [quarter_start(day)]
    while len(quarters) < number:
        quarters.insert(0, quarter_start(quarters[0] - timedelta(days=1)))
    return quarters


def last_months(day: date, number: int) -> list[date]:
    """Return the first days of the last ``number`` months, that of ``day`` the last of them."""
    months = [day.replace(day=1)]
    while len(months) < number:
        months.insert(0, (months[0] - timedelta(days=1)).replace(day=1))
    return months


def month_bounds(day: date) -> tuple[date, date]:
    """Return the first and the last day of the month that holds ``day``."""
    first = day.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


# --- Reminders ---------------------------------------------------------------------------------
# Days from the review date to each stage (docs/domain.md, "Reminders"); after the last, weekly.
REVIEW_STAGES = ((-FIRST_STAGE_DAYS, "T-14"), (-3, "T-3"), (0, "D0"), (7, "O+7"))
WEEK = 7
# From this many days after the review date its reviewer is told too, or all of them where none is named.
ESCALATION_DAYS = 14
# From this many on, all reviewers are told, whoever is named.
ESCALATION_TO_ALL_DAYS = 28
# Days that an update may lie before somebody is reminded of it: (first, then every; None for once).
WAITING_FOR_REVIEW = (3, WEEK)
RETURNED_TO_AUTHOR = (3, None)
LEFT_AS_DRAFT = (7, None)
ASKED_STILL_SO = (1, None)
# Nobody gets a mail of ours before this hour, their time.
MORNING = time(8)


class Stage(NamedTuple):
    """A stage of reminding: its name, and the day it is reached."""

    name: str
    on: date


def review_stages(due_on: date, today: date, working_days: str = "1234567") -> list[Stage]:
    """Return the stages that ``today`` has reached against a review date, oldest first.

    The last one is what a person is told; those before it are superseded. Empty until 14 days before.

    Args:
        working_days: of the person, as ISO weekdays. A date on which they do not work is told as due on the
            working day before it, while something can be done about it.
    """
    stages = [Stage(name, due_on + timedelta(days=days)) for days, name in REVIEW_STAGES]
    stages = [Stage(name, _worked_on(on, working_days) if on == due_on else on) for name, on in stages]
    late = (today - due_on).days
    stages += [Stage(f"O+{days}", due_on + timedelta(days=days)) for days in range(2 * WEEK, late + 1, WEEK)]
    return [stage for stage in stages if stage.on <= today]


def _worked_on(day: date, working_days: str) -> date:
    """Return the last working day on or before a day; the day itself for who has no working days."""
    before = (day - timedelta(days=days) for days in range(WEEK))
    return next((one for one in before if is_working_day(one, working_days)), day)


def waiting_stages(since: date, today: date, rhythm: tuple[int, int | None]) -> list[Stage]:
    """Return the stages that something lying since ``since`` has reached, oldest first.

    Args:
        rhythm: days to the first stage, and days between the later ones or None for no later ones.
    """
    first, every = rhythm
    lain = (today - since).days
    days = range(first, lain + 1, every) if every else [first] * (lain >= first)
    return [Stage(f"W{number}", since + timedelta(days=number)) for number in days]


def is_escalated(due_on: date, today: date, *, is_first: bool) -> bool:
    """Say whether a reviewer is told too.

    Args:
        is_first: of the reviewer who is named on the recommendation, and of each where none is.
    """
    return (today - due_on).days >= (ESCALATION_DAYS if is_first else ESCALATION_TO_ALL_DAYS)


def local_morning(day: date, zone: tzinfo) -> datetime:
    """Return the instant at which it is 08:00 on ``day`` in ``zone``."""
    return datetime.combine(day, MORNING, tzinfo=zone)


def morning_has_come(now: datetime, zone: tzinfo) -> bool:
    """Say whether it is 08:00 or later in ``zone``."""
    return now >= local_morning(now.astimezone(zone).date(), zone)


def is_working_day(day: date, working_days: str) -> bool:
    """Say whether ``day`` is among ``working_days``, ISO weekdays such as ``12345``."""
    return str(day.isoweekday()) in working_days


# --- Digests -----------------------------------------------------------------------------------
def digest_day(frequency: str, weekday: int, today: date) -> date | None:
    """Return the latest day on or before ``today`` on which a digest falls; None for never.

    Weekly: each ``weekday`` (ISO, Monday is 1). Every second week: that of every even week counted
    from a fixed Monday, since the parity of ISO week numbers breaks at years with 53 weeks. Monthly:
    the first ``weekday`` of a month.
    """
    if frequency == DigestFrequency.NEVER:
        return None
    if frequency == DigestFrequency.MONTHLY:
        this_month = _first_weekday(today.replace(day=1), weekday)
        if this_month <= today:
            return this_month
        return _first_weekday((today.replace(day=1) - timedelta(days=1)).replace(day=1), weekday)
    day = today - timedelta(days=(today.isoweekday() - weekday) % WEEK)
    if frequency == DigestFrequency.BIWEEKLY and _week_number(day) % 2:
        day -= timedelta(days=WEEK)
    return day


def _first_weekday(first_of_month: date, weekday: int) -> date:
    return first_of_month + timedelta(days=(weekday - first_of_month.isoweekday()) % WEEK)


def _week_number(day: date) -> int:
    """Return the number of weeks since Monday, 1 January of the year 1."""
    return (day.toordinal() - 1) // WEEK


def digest_day_at(frequency: str, weekday: int, now: datetime, zone: tzinfo) -> date | None:
    """Return the day of the latest digest whose 08:00 in ``zone`` has come; None for never."""
    today = now.astimezone(zone).date()
    if not morning_has_come(now, zone):
        today -= timedelta(days=1)
    return digest_day(frequency, weekday, today)


def digest_period(frequency: str, day: date) -> str:
    """Return the name of the period whose digest falls on ``day``: ``2024-W36``, or ``2024-09``.

    A week has one digest even for a reader who moves their weekday within it.
    """
    if frequency == DigestFrequency.MONTHLY:
        return f"{day:%Y-%m}"
    year, week, _day = day.isocalendar()
    return f"{year}-W{week:02}"


def one_period_before(frequency: str, day: date) -> date:
    """Return the day from which a reader's first digest tells: one period before its day."""
    days: dict[str, int] = {DigestFrequency.WEEKLY: 7, DigestFrequency.BIWEEKLY: 14}
    return day - timedelta(days=days.get(frequency, 31))
