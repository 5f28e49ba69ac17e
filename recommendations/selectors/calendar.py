"""What comes on which day: reviews, dates set for them, moments and next steps, as one reader sees them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from recommendations.choices import CalendarKind, Sensitivity
from recommendations.models import Advocacy, DatedReason, Moment, Recommendation, User
from recommendations.rules.moments import days_of


@dataclass(frozen=True)
class Entry:
    """One thing of one day; ``beside`` is what is written with it, such as its owner.

    ``is_late`` says that it was to be done before today.
    """

    on: date
    kind: CalendarKind
    title: str
    beside: str
    address: str
    is_late: bool = False
    is_restricted: bool = False


def entries_between(
    first: date, last: date, *, person: User, today: date, is_own: bool = False
) -> dict[date, list[Entry]]:
    """Return {day: what comes on it} between two days, both included, in the order of the days.

    Four statements.

    Args:
        person: whose sight it is.
        is_own: only what they answer for; moments are everybody's.
    """
    found = [
        *_reviews(first, last, person, today, is_own),
        *_moments(first, last, person),
        *_steps(first, last, person, today, is_own),
    ]
    by_day: defaultdict[date, list[Entry]] = defaultdict(list)
    for entry in sorted(found, key=lambda one: (one.on, list(CalendarKind).index(one.kind), one.title)):
        by_day[entry.on].append(entry)
    return dict(by_day)


def by_month(days: Mapping[date, list[Entry]]) -> dict[date, list[tuple[date, list[Entry]]]]:
    """Return {first day of a month: [(day, what comes on it), …]}."""
    months: defaultdict[date, list[tuple[date, list[Entry]]]] = defaultdict(list)
    for day, entries in days.items():
        months[day.replace(day=1)].append((day, entries))
    return dict(months)


def late_before(day: date, *, person: User, today: date, is_own: bool = False) -> list[Entry]:
    """Return what was to be done before ``day`` and is not, the longest overdue first. Four statements.

    Args: as ``entries_between``.
    """
    eve = day - timedelta(days=1)
    found = entries_between(date.min, eve, person=person, today=today, is_own=is_own)
    return [entry for entries in found.values() for entry in entries if entry.is_late]


def _reviews(first: date, last: date, person: User, today: date, is_own: bool) -> Iterator[Entry]:
    """Yield the next review of each recommendation, and the later dates that were set for it."""
    tracked = Recommendation.objects.visible_to(person).tracked()
    if is_own:
        tracked = tracked.answered_by(person, today)
    rows = tracked.filter(next_review_on__range=(first, last)).select_related("owner")
    reviewed = set()
    for one in rows:
        reviewed.add((one.pk, one.next_review_on))
        yield _of(one, one.next_review_on, CalendarKind.REVIEW, _owner(one), today)
    reasons = DatedReason.objects.visible_to(person).still_open().filter(on__range=(first, last))
    reasons = reasons.filter(recommendation__in=tracked.order_by().values("pk"))
    for reason in reasons.select_related("recommendation__owner", "moment"):
        # One that is the next review is there already.
        if (reason.recommendation_id, reason.on) not in reviewed:
            beside = f"{reason.words} · {_owner(reason.recommendation)}"
            yield _of(reason.recommendation, reason.on, CalendarKind.DATE, beside, today)


def _of(one: Recommendation, on: date, kind: CalendarKind, beside: str, today: date) -> Entry:
    return Entry(
        on=on,
        kind=kind,
        title=one.short_title,
        beside=" · ".join((one.reference, beside)),
        address=one.get_absolute_url(),
        is_late=on < today,
    )


def _owner(one: Recommendation) -> str:
    return str(one.owner) if one.owner else _("Nobody")


def _moments(first: date, last: date, person: User) -> Iterator[Entry]:
    for moment in Moment.objects.visible_to(person):
        for day in days_of(moment, first, last):
            yield Entry(
                on=day,
                kind=CalendarKind.MOMENT,
                title=moment.named_on(day),
                beside=moment.get_kind_display(),
                address=reverse("moments"),
            )


def _steps(first: date, last: date, person: User, today: date, is_own: bool) -> Iterator[Entry]:
    steps = Advocacy.objects.visible_to(person).with_open_step().with_who_answers()
    if is_own:
        steps = steps.filter(answers=person.pk)
    for one in steps.filter(next_on__range=(first, last)).select_related("next_owner", "author"):
        yield Entry(
            on=one.next_on,
            kind=CalendarKind.STEP,
            title=one.next_step,
            beside=f"{one} · {one.next_owner or one.author}",
            address=one.get_absolute_url(),
            is_late=one.next_on < today,
            is_restricted=one.sensitivity == Sensitivity.RESTRICTED,
        )
