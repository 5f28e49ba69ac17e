"""The calendar: what comes in a month, and in the eleven after it."""

from calendar import Calendar
from datetime import date, timedelta

from django.contrib import messages
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from recommendations.choices import Role
from recommendations.rules.dates import LAST_DAY
from recommendations.selectors.calendar import by_month, entries_between, late_before
from recommendations.views.access import needs_role

MONTHS = 12
# From here to the last year of all dates there are months to page through.
FIRST_YEAR = 2000


@needs_role(Role.VIEWER)
@require_safe
def calendar(request):
    """Show one month as a sheet, and the year from then on as a list; all that is seen, or one's own."""
    person, now = request.user, timezone.now()
    today = person.today(now)
    month = _month(request, today)
    last = _moved(month, MONTHS) - timedelta(days=1)
    is_own = request.GET.get("whose") == "own"
    seen = {"person": person, "today": today, "is_own": is_own}
    found = entries_between(month, last, **seen)
    context = {
        "month": month,
        "weeks": [
            [(day, found.get(day, []) if day.month == month.month else None) for day in week]
            for week in Calendar().monthdatescalendar(month.year, month.month)
        ],
        "months": by_month(found),
        # What was to be done in an earlier month is not past: it is due now.
        "late": late_before(month, **seen) if month == today.replace(day=1) else [],
        "last": last,
        "before": _moved(month, -1) if month.year > FIRST_YEAR else None,
        "after": _moved(month, 1) if month.year < LAST_DAY.year - 2 else None,
        "this_month": today.replace(day=1),
        "is_own": is_own,
        "today": today,
    }
    return render(request, "advocacy/calendar.html", context)


def _month(request, today):
    """Return the first day of the month that is asked for, such as 2026-12; this one, where it is none."""
    asked = request.GET.get("month", "")
    try:
        month = date.fromisoformat(f"{asked}-01") if asked else today.replace(day=1)
    except ValueError:
        month = date.min
    if FIRST_YEAR <= month.year < LAST_DAY.year - 1:
        return month
    messages.warning(
        request, _("There is no month “%(month)s”. This is the present one.") % {"month": asked[:20]}
    )
    return today.replace(day=1)


def _moved(month, by):
    """Return the first day of the month so many months after ``month``."""
    months = month.year * 12 + month.month - 1 + by
    return date(months // 12, months % 12 + 1, 1)
