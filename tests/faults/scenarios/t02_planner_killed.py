"""A planner is killed after one of its changes and before the commit; what it began is whole or not there."""

import random

from recommendations.choices import MailKind, MailState
from recommendations.models import Mail
from tests.faults.figures import Figures
from tests.faults.household import MORNINGS, people, reviews_of
from tests.faults.senders import KILLED
from tests.faults.sizes import PERIODS

TITLE = "kill -9 of the planner in the middle, then a restart"
PASS = "every row, no half bundle (reminders without items: 0)"


def run(bench):
    """Kill planners at changes chosen by dice, until each of several runs was hit; then plan to the end."""
    figures, dice, wanted = Figures(), random.Random(2), bench.size.people * PERIODS
    for _kill in range(bench.size.planner_kills):
        bench.begin_anew()
        reviews_of(people(bench.size.people))
        senders, reach = bench.senders(), wanted
        while senders.run("plan", *MORNINGS, nth_write=dice.randint(1, reach)) != KILLED:
            # It makes fewer changes than that: begin anew and strike earlier.
            bench.begin_anew()
            reviews_of(people(bench.size.people))
            reach = max(1, reach // 2)
        _check_halves(figures)
        senders.run("plan", *MORNINGS)
        figures.kills += senders.struck().total()
        figures.rows = Mail.objects.count()
        figures.require_equal(figures.rows, 2 * wanted, "rows after the restart")
        _check_halves(figures)
    figures.require_equal(figures.kills, bench.size.planner_kills, "kills")
    yield figures


def _check_halves(figures):
    half = Mail.objects.filter(kind=MailKind.REMINDER, items=None).count()
    figures.require_equal(half, 0, "reminders without items")
    empty = Mail.objects.filter(text="", state=MailState.PENDING).count()
    figures.require_equal(empty, 0, "mails without words")
