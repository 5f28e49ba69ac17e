"""What happens after the server's 250 changes nothing: it never answers QUIT, or resets the line."""

from recommendations.models import MailAttempt
from tests.faults.figures import Figures, check_invariant, count_arrivals
from tests.faults.household import NOW, enqueue_grid, people

TITLE = "QUIT is never answered; the line is reset after the 250"
PASS = "extra 0"


def run(bench):
    """One server of each kind."""
    for quit_fault in ("hang", "reset"):
        bench.begin_anew()
        yield _with(bench, quit_fault)


def _with(bench, quit_fault):
    rows = enqueue_grid(people(bench.size.people))
    figures = Figures(variant=quit_fault)
    with bench.post(f"post-{quit_fault}", quit=quit_fault) as post:
        bench.senders(post, timeout=2).send_all(NOW)
        count_arrivals(figures, post)
    figures.require_nothing_lost_or_doubled()
    if quit_fault == "reset":
        resets, later = post.resets(), MailAttempt.objects.filter(outcome="later").count()
        figures.require(resets > 0, "no line was reset: the fault is not there")
        figures.require(later == 0, f"{later} attempts were put off: a new line was to be had")
        figures.said = f"{resets} lines were reset, and no mail waited for it"
    check_invariant(figures, rows=rows)
    return figures
