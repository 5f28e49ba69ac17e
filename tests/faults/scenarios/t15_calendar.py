"""Five time zones over more than a year of ticks: one row for each local date, first at 08:00 there."""

from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from recommendations import jobs
from recommendations.choices import MailKind
from recommendations.models import Mail, Recommendation
from recommendations.rules.dates import local_morning
from tests.faults.figures import Figures
from tests.faults.household import people
from tests.faults.senders import TICK
from tests.support import factories
from tests.support.reminding import let_go_out

TITLE = "five DST zones, leap day, due date moved every day, owner changed every tenth"
PASS = "one row per local date and week, first due at 08:00 local; 0 missing, 0 extra"
# New York, London and Seoul; half an hour of DST; a change at midnight.
ZONES = ("America/New_York", "Europe/London", "Australia/Lord_Howe", "Africa/Cairo", "Asia/Seoul")
# The whole year, leap day included; a shorter run has the four changes of autumn.
FIRST, AUTUMN = date(2024, 1, 15), date(2024, 10, 2)
DAY = timedelta(days=1)
AHEAD = 14


def run(bench):
    """Tick through the days; each morning there, somebody's review has come 14 days near."""
    size, figures = bench.size, Figures()
    first = FIRST if size.calendar_days >= 366 else AUTUMN
    pairs, asked = _households(), 0
    days = [first + number * DAY for number in range(size.calendar_days)]
    today = dict.fromkeys(ZONES)
    for moment in ticks(days, timedelta(minutes=size.change_minutes)):
        for zone in ZONES:
            here = moment.astimezone(ZoneInfo(zone)).date()
            if here != today[zone]:
                today[zone] = here
                _come_near(pairs[zone], here)
        jobs.queue_reminders(moment)
        let_go_out(moment)  # a digest waits for the reminder of its morning
        jobs.queue_digests(moment)
        asked += 1
    for zone in ZONES:
        _check_reminders(figures, pairs[zone], zone, days[1:-1])
        _check_digests(figures, pairs[zone], zone, days[1:-1])
    figures.rows = Mail.objects.count()
    figures.said = (
        f"{size.calendar_days} days from {first}, {asked} ticks: every 3 h, around 08:00, "
        f"and every {size.change_minutes} min on days of a change"
    )
    figures.require_nothing_lost_or_doubled()
    yield figures


def ticks(days, step):
    """Yield the moments, in UTC, at which anything can be different from the tick before.

    Every three hours; just before, at and after 08:00 in each zone; on days of a change, every ``step``.
    """
    zones = [ZoneInfo(zone) for zone in ZONES]
    for day in days:
        midnight = datetime.combine(day, time(), tzinfo=UTC)
        moments = {midnight + timedelta(hours=hour) for hour in range(0, 24, 3)}
        if any(_changes(zone, day) for zone in zones):
            moments |= {midnight + number * step for number in range(DAY // step)}
        for zone in zones:
            for near in (day - DAY, day, day + DAY):
                morning = local_morning(near, zone).astimezone(UTC)
                moments |= {morning + number * TICK for number in (-1, 0, 1)}
        yield from sorted(moment for moment in moments if moment.date() == day)


def _changes(zone, day):
    noon = datetime.combine(day, time(12), tzinfo=zone)
    return noon.utcoffset() != (noon - DAY).utcoffset()


def _households():
    """Make two people in each zone, and one recommendation that goes from one to the other.

    Returns: {zone: (the two, the recommendation's primary key)}.
    """
    report, pairs = factories.report(count=len(ZONES)), {}
    for number, zone in enumerate(ZONES):
        pair = people(2, prefix=f"z{number}-", time_zone=zone)
        recommendation = report.recommendations.get(position=number + 1)
        Recommendation.objects.filter(pk=recommendation.pk).update(owner=pair[0])
        pairs[zone] = (pair, recommendation.pk)
    return pairs


def owner_of(pair, here):
    """Return whose the recommendation is on a day: it changes hands every tenth."""
    return pair[here.toordinal() // 10 % 2]


def _come_near(household, here):
    pair, recommendation = household
    Recommendation.objects.filter(pk=recommendation).update(
        next_review_on=here + AHEAD * DAY, owner=owner_of(pair, here)
    )


def _check_reminders(figures, household, zone, days):
    pair, _recommendation = household
    rows = defaultdict(list)
    for mail in Mail.objects.filter(kind=MailKind.REMINDER, recipient__in=pair):
        rows[mail.period].append(mail)
    for day in days:
        found = rows.pop(day.isoformat(), [])
        _count(figures, len(found), 1)
        for mail in found[:1]:
            where = f"{zone} on {day}"
            figures.require_equal(mail.recipient_id, owner_of(pair, day).pk, f"recipient in {where}")
            morning = local_morning(day, ZoneInfo(zone))
            figures.require_equal(mail.created_at, morning, f"when it was queued in {where}")
    # At the first and the last moment the zones are on different days.
    edges = {(edge + number * DAY).isoformat() for edge in (days[0], days[-1]) for number in (-2, -1, 1, 2)}
    figures.require(set(rows) <= edges, f"rows for other days: {sorted(set(rows) - edges)}")


def _check_digests(figures, household, zone, days):
    pair, _recommendation = household
    for person in pair:
        mails = Mail.objects.filter(kind=MailKind.DIGEST, recipient=person)
        mornings = {mail.created_at for mail in mails if days[0] <= _there(mail, zone) <= days[-1]}
        mondays = [day for day in days if day.isoweekday() == 1]
        wanted = {local_morning(day, ZoneInfo(zone)) for day in mondays}
        # The very first tick also queues the digest of the Monday before.
        for missing in wanted - mornings:
            figures.lost += 1
            figures.misses.append(f"{zone}: no digest at {missing}")
        figures.extra += len(mornings - wanted)


def _there(mail, zone):
    return mail.created_at.astimezone(ZoneInfo(zone)).date()


def _count(figures, found, wanted):
    figures.lost += max(0, wanted - found)
    figures.extra += max(0, found - wanted)
