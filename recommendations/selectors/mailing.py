"""In words: which mails a person will get by their settings, and what managers changed about them."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from recommendations.choices import DigestFrequency, EventKind, ReminderChoice, Weekday
from recommendations.models import Event, Recommendation, User
from recommendations.rules.dates import digest_day, morning_has_come

# A change of somebody's sign-in stays on their settings page for so long.
SHOWN_FOR = timedelta(days=90)


def in_reports(recommendations: Iterable[Recommendation | None]) -> str:
    """Return in how many reports these are, such as "in 2 reports"; empty if they are of one."""
    reports = {one.report_id for one in recommendations if one is not None}
    return _("in %(n)s reports") % {"n": len(reports)} if len(reports) > 1 else ""


def day_words(day: date) -> str:
    """Return a date as pages show it: "3 Nov 2026"."""
    return f"{day.day} {day:%b %Y}"


def pause_words(person: User, day: date) -> str:
    """Return why reminders are paused for a person on ``day``, as a sentence; empty when they do not."""
    if person.snoozed_until and day < person.snoozed_until:
        return _("Reminders are paused until %(day)s.") % {"day": day_words(person.snoozed_until)}
    if person.away_until and person.is_away(day):
        return _("Away until %(day)s.") % {"day": day_words(person.away_until)}
    return ""


def place_words(time_zone: str) -> str:
    """Return the name of a time zone as people say it: "Seoul time", "UTC"."""
    place = time_zone.rpartition("/")[2].replace("_", " ")
    return place if place == "UTC" else _("%(place)s time") % {"place": place}


def working_day_words(days: str) -> str:
    """Return ISO weekdays such as ``12345`` in words: "Monday to Friday", "Monday and Tuesday"."""
    names = [str(Weekday(int(day)).label) for day in days]
    if len(days) == 7:
        return _("every day")
    if len(days) > 2 and days in "1234567":
        return _("%(first)s to %(last)s") % {"first": names[0], "last": names[-1]}
    if len(names) == 1:
        return names[0]
    return _("%(days)s and %(last)s") % {"days": ", ".join(names[:-1]), "last": names[-1]}


def next_digest_on(person: User, now: datetime) -> date | None:
    """Return the day of the person's next digest, today included until 08:00 there; None for never."""
    if person.digest_frequency == DigestFrequency.NEVER:
        return None
    day = person.today(now) + timedelta(days=morning_has_come(now, person.zone))
    while digest_day(person.digest_frequency, person.digest_weekday, day) != day:
        day += timedelta(days=1)
    return day


def digest_words(person: User, now: datetime) -> str:
    """Return in words what the person's digest settings mean at the instant ``now``."""
    weekday = Weekday(person.digest_weekday).label
    sentences: dict[str, str] = {
        DigestFrequency.WEEKLY: _("You will get one digest every week, on %(day)s at 08:00 %(place)s."),
        DigestFrequency.BIWEEKLY: _(
            "You will get one digest every second week, on %(day)s at 08:00 %(place)s."
        ),
        DigestFrequency.MONTHLY: _(
            "You will get one digest a month, on its first %(day)s at 08:00 %(place)s."
        ),
        DigestFrequency.NEVER: _("You will get no digest. You can read all of them on the site."),
    }
    words = sentences[person.digest_frequency] % {"day": weekday, "place": place_words(person.time_zone)}
    due_on = next_digest_on(person, now)
    if due_on is None:
        return words
    empty = (
        _("It is sent even when nothing happened.")
        if person.digest_when_empty
        else _("When nothing happened, none is sent.")
    )
    upcoming = _("The next one is due on %(day)s.") % {"day": day_words(due_on)}
    return " ".join([words, upcoming, empty, *_limit(person)])


def _limit(person: User) -> Iterator[str]:
    """Yield what the digests of a person are limited to; one report that is closed limits nothing."""
    chosen = person.digest_reports.order_by("-year", "country_name").only("country_name", "year", "closed_at")
    followed = [str(one) for one in chosen if one.is_followed]
    if followed:
        yield _("It tells only of: %(reports)s.") % {"reports": ", ".join(followed)}
    elif chosen:
        yield _("The reports that it was limited to are closed, so it tells of all that are followed.")


def digest_reason(person: User) -> str:
    """Return why a person gets their regular digest, and why it contains what it does."""
    often: dict[str, str] = {
        DigestFrequency.WEEKLY: _("Your settings ask for a digest every week."),
        DigestFrequency.BIWEEKLY: _("Your settings ask for a digest every second week."),
        DigestFrequency.MONTHLY: _("Your settings ask for a digest once a month."),
    }
    words = [often.get(person.digest_frequency, _("This is a preview of your digest."))]
    if person.is_manager:
        words.append(_("You are a manager, and managers review too, so it lists what waits for review."))
    elif person.is_reviewer:
        words.append(_("You are a reviewer, so it lists what waits for review."))
    return " ".join(words)


def reminder_words(person: User, today: date) -> str:
    """Return in words what the person's reminder settings mean on the day ``today``."""
    if person.reminders == ReminderChoice.NONE:
        return _("You will get no reminders. What is due is shown on your start page.")
    when = {"days": working_day_words(person.working_days), "place": place_words(person.time_zone)}
    if person.reminders == ReminderChoice.ONLY_OVERDUE:
        words = _("When something of yours is overdue, or an update waits for you,")
    else:
        words = _("When something of yours is due or overdue, or an update waits for you,")
    how = _("you will get at most one mail a day, not before 08:00 %(place)s, on working days (%(days)s).")
    return " ".join([words, how % when, *_pauses(person, today)])


def _pauses(person: User, today: date) -> Iterator[str]:
    if person.snoozed_until and person.snoozed_until > today:
        yield _("Paused until %(day)s.") % {"day": day_words(person.snoozed_until)}
    if person.away_from and person.away_until and person.away_until >= today:
        yield _("From %(first)s to %(last)s, your deputies get them.") % {
            "first": day_words(person.away_from),
            "last": day_words(person.away_until),
        }


def sign_in_changes(person: User, now: datetime) -> QuerySet[Event]:
    """Return the events of the last ``SHOWN_FOR`` by which managers changed how a person signs in."""
    changed = Event.objects.filter(kind=EventKind.SIGN_IN_CHANGED, payload__person=person.pk)
    return changed.filter(at__gt=now - SHOWN_FOR).select_related("actor")
