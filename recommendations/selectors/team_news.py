"""What the team does beside the updates, as digests of members tell it: advocacy, next steps and moments.

Nothing restricted is among it. Of an entry, a mail names what it was, about what, when and by whom; with
whom, and what came of it, stay on the site.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import NamedTuple

from django.db.models import Prefetch

from recommendations.choices import EventKind
from recommendations.models import Advocacy, DatedReason, Event, Moment, Recommendation
from recommendations.models.advocacy import AdvocacyQuerySet
from recommendations.rules.dates import FIRST_STAGE_DAYS
from recommendations.rules.moments import coming
from recommendations.selectors.audience import anybody
from recommendations.selectors.due_items import matter_of_step
from recommendations.selectors.scope import Scope

# Moments are told so long before, next steps as long before as reminders are.
MOMENTS_AHEAD = timedelta(weeks=8)
STEPS_AHEAD = timedelta(days=FIRST_STAGE_DAYS)


class Coming(NamedTuple):
    """A moment, a day on which it falls, and how many recommendations are to be reviewed before that day."""

    moment: Moment
    on: date
    reviews_before: int


@dataclass
class TeamNews:
    """What was logged and which next steps were taken since a reader's last digest; what comes next."""

    logged: list[Advocacy] = field(default_factory=list)
    finished: list[Advocacy] = field(default_factory=list)
    steps: list[Advocacy] = field(default_factory=list)
    reminded: int = 0
    moments: list[Coming] = field(default_factory=list)

    @property
    def did(self) -> int:
        """How many things the team did."""
        return len(self.logged) + len(self.finished)


class TeamLog:
    """The advocacy log and the calendar up to a place in the event sequence, read once for all members."""

    def __init__(self, to_seq: int) -> None:
        """Read nothing yet. Args: ``to_seq``, the last event that is included."""
        self.to_seq = to_seq

    def news(self, scope: Scope, today: date, reminded: Collection[str] = ()) -> TeamNews:
        """Return what was logged within a scope, and what is due or comes from ``today`` on.

        An entry about several reports is told once: where one of them is told.

        Args:
            reminded: what a reminder of today has told (``DueItem.matter``): its next steps are left out.
        """
        first, done = self._places
        entries = [one for one in self._entries if _is_within(one, scope)]
        told = {one.pk: max(map(scope.place, _reports_of(one))) for one in entries}
        logged = [one for one in entries if first.get(str(one.key), 0) > told[one.pk]]
        finished = [one for one in entries if one.done_at and done.get(str(one.key), 0) > told[one.pk]]
        near = [one for one in self._steps if one.next_on and one.next_on - today <= STEPS_AHEAD]
        due = [one for one in near if _is_within(one, scope)]
        steps = [one for one in due if matter_of_step(one.pk, _due_on(one)) not in reminded]
        return TeamNews(
            logged=logged,
            finished=finished,
            steps=steps,
            reminded=len(due) - len(steps),
            moments=[
                Coming(one, day, _reviews_before(one, day, scope))
                for one, day in coming(self._moments, today)
                if day <= today + MOMENTS_AHEAD
            ],
        )

    @cached_property
    def _places(self) -> tuple[dict[str, int], dict[str, int]]:
        """({key of an entry: the event that first told of it}, {key: the one that said its step is done})."""
        events = Event.objects.filter(kind=EventKind.ADVOCACY_LOGGED, seq__lte=self.to_seq).order_by("seq")
        first: dict[str, int] = {}
        done: dict[str, int] = {}
        for seq, payload in events.values_list("seq", "payload"):
            key = payload.get("entry", "")
            first.setdefault(key, seq)
            if payload.get("done"):
                done[key] = seq
        return first, done

    @cached_property
    def _entries(self) -> list[Advocacy]:
        keys = set().union(*self._places)
        return [one for one in self._open_to_all().order_by("held_on", "pk") if str(one.key) in keys]

    @cached_property
    def _steps(self) -> list[Advocacy]:
        return list(self._open_to_all().with_open_step().order_by("next_on", "pk"))

    def _open_to_all(self) -> AdvocacyQuerySet[Advocacy]:
        entries = Advocacy.objects.visible_to(anybody()).select_related("author", "next_owner")
        return entries.prefetch_related("recommendations").defer("result", "counterpart")

    @cached_property
    def _moments(self) -> list[Moment]:
        dates = DatedReason.objects.still_open().filter(recommendation__in=Recommendation.objects.tracked())
        dates = dates.select_related("recommendation").defer("recommendation__text")
        moments = Moment.objects.visible_to(anybody()).order_by("on", "pk")
        return list(moments.prefetch_related(Prefetch("dated_reasons", queryset=dates)))


def _reports_of(entry: Advocacy) -> set[int | None]:
    return {one.report_id for one in entry.recommendations.all()} or {None}


def _is_within(entry: Advocacy, scope: Scope) -> bool:
    return any(map(scope.tells, _reports_of(entry)))


def _reviews_before(moment: Moment, day: date, scope: Scope) -> int:
    about = (one.recommendation for one in moment.dated_reasons.all() if one.moment_on == day)
    return len({one.pk for one in about if scope.tells(one.report_id)})


def _due_on(entry: Advocacy) -> date:
    assert entry.next_on is not None  # its next step is open
    return entry.next_on
