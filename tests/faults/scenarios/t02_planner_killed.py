"""A planner is killed after one of its changes and before the commit; what it began is whole or not there."""

import random

from recommendations.choices import MailKind, MailState
from recommendations.models import Mail
from tests.faults.figures import Figures
from tests.faults.household import MORNINGS, people, reviews_of
from tests.faults.sizes import PERIODS

TITLE = "kill -9 of the planner in the middle, then a restart"
NEVER = 10**9
PASS = "every row, no half bundle (reminders without items: 0)"


def run(bench):
    """Count the changes that a planner makes; kill others at changes chosen by dice; plan to the end."""
    figures, dice, wanted = Figures(), random.Random(2), bench.size.people * PERIODS
    reviews_of(people(bench.size.people))
    whole = bench.senders().start("plan", *MORNINGS, nth_write=NEVER)
    whole.end()
    for _kill in range(bench.size.planner_kills):
        bench.begin_anew()
        reviews_of(people(bench.size.people))
        senders = bench.senders()
        senders.run("plan", *MORNINGS, nth_write=dice.randint(1, whole.changes()))
        _check_halves(figures)
        senders.run("plan", *MORNINGS)
        figures.kills += senders.struck().total()
        figures.rows = Mail.objects.count()
        figures.require_equal(figures.rows, 2 * wanted, "rows after the restart")
        _check_halves(figures)
    figures.require_equal(figures.kills, bench.size.planner_kills, "kills")
    figures.said = f"at changes 1 to {whole.changes()} of the database, chosen by dice"
    yield figures


def _check_halves(figures):
    half = Mail.objects.filter(kind=MailKind.REMINDER, items=None).count()
    figures.require_equal(half, 0, "reminders without items")
    empty = Mail.objects.filter(words=None, state=MailState.PENDING).count()
    figures.require_equal(empty, 0, "mails without words")
