"""The control: three workers that select what is not sent, send it, and mark it. They must double."""

from tests.faults.figures import Figures, count_arrivals
from tests.faults.household import NOW, enqueue_grid, people

TITLE = "control: select, send, mark, with three workers"
PASS = "must show doubles, or the harness is blind"


def run(bench):
    """Queue as many mails as the other tests, and let the naive sender loose on them."""
    rows = bench.size.control_mails
    enqueue_grid(people(bench.size.people), rows=rows)
    figures = Figures()
    with bench.post() as post:
        bench.senders(post).run_at_once(3, "naive", NOW)
        count_arrivals(figures, post)
    figures.require(figures.extra > 0, "no mail was doubled: the harness is blind")
    yield figures
