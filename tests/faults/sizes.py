"""How large a run is: the full numbers, or a slice of them for every change."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """The numbers of one run. Times are in seconds unless the name says otherwise."""

    name: str
    people: int  # recipients; times PERIODS make the rows
    repeats: int  # of two planners at once
    planner_kills: int
    undisturbed_rows: int  # that three senders send while nothing is broken
    zombies: int  # senders stopped at each point
    flush_for: float  # how long the broker is flushed and workers are killed
    redis_down_for: float
    slow_mails: int
    slow_reply: float
    slow_timeout: float
    calendar_days: int
    change_minutes: int  # between the ticks on days on which the clock changes
    interleavings: int
    control_mails: int

    @property
    def rows(self):
        """How many mails a test queues."""
        return self.people * PERIODS


PERIODS = 5

FULL = Size(
    name="full",
    people=40,
    repeats=20,
    planner_kills=20,
    undisturbed_rows=1000,
    zombies=5,
    flush_for=60,
    redis_down_for=600,
    slow_mails=6,
    slow_reply=90,
    slow_timeout=30,
    calendar_days=400,
    change_minutes=5,
    interleavings=1000,
    control_mails=200,
)
SLICE = Size(
    name="slice",
    people=20,
    repeats=3,
    planner_kills=5,
    undisturbed_rows=300,
    zombies=1,
    flush_for=10,
    redis_down_for=8,
    slow_mails=6,
    slow_reply=3,
    slow_timeout=1,
    calendar_days=41,
    change_minutes=30,
    interleavings=100,
    control_mails=60,
)
TINY = Size(
    name="tiny",
    people=8,
    repeats=1,
    planner_kills=2,
    undisturbed_rows=200,
    zombies=1,
    flush_for=6,
    redis_down_for=4,
    slow_mails=3,
    slow_reply=2,
    slow_timeout=1,
    calendar_days=30,
    change_minutes=60,
    interleavings=20,
    control_mails=30,
)
SIZES = {size.name: size for size in (FULL, SLICE, TINY)}
