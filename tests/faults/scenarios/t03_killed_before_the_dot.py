"""Senders are killed where nothing has left the machine yet, or all is recorded already."""

from recommendations.choices import MailState
from recommendations.models import Mail
from tests.faults.figures import Figures, check_invariant, count_arrivals
from tests.faults.household import NOW, enqueue_grid, people
from tests.faults.points import BEFORE_THE_DOT

TITLE = "kill -9 after the mail is taken, before the mark, after the commit (p .15)"
PASS = "lost 0, extra 0"


def run(bench):
    """Let three senders work, each struck at every point with p .15."""
    rows = enqueue_grid(people(bench.size.people))
    figures = Figures()
    with bench.post() as post:
        senders = bench.senders(post, shares=dict.fromkeys(BEFORE_THE_DOT, 0.15))
        senders.send_all(NOW)
        count_arrivals(figures, post)
    figures.kills = senders.struck().total()
    figures.require_nothing_lost_or_doubled()
    ends = set(Mail.objects.values_list("state", "attempts"))
    figures.require_equal(ends, {(MailState.SENT, 1)}, "states and attempts")
    figures.require(figures.kills >= rows * 0.15, f"only {figures.kills} kills: the points are not laid")
    check_invariant(figures, rows=rows)
    yield figures
