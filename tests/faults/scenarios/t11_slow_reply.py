"""The server takes longer to answer than the line's timeout: it has accepted, so nobody may hang up."""

from recommendations.choices import MailState
from recommendations.models import Mail
from tests.faults.figures import Figures, check_invariant, count_arrivals
from tests.faults.household import NOW, enqueue_grid, people

TITLE = "the answer comes long after the dot, later than the timeout of a command"
PASS = "extra 0 (in full size 90 s, timeout 30 s)"


def run(bench):
    """Send a few mails by three senders to a server that takes its time."""
    size = bench.size
    rows = enqueue_grid(people(size.slow_mails), rows=size.slow_mails)
    figures = Figures(said=f"answer after {size.slow_reply} s, timeout {size.slow_timeout} s")
    if size.name != "full":
        figures.said += " (scaled)"
    with bench.post(reply_after=size.slow_reply) as post:
        bench.senders(post, timeout=size.slow_timeout).run_at_once(3, "send", NOW)
        count_arrivals(figures, post)
    figures.require_nothing_lost_or_doubled()
    at_once = Mail.objects.filter(state=MailState.SENT, attempts=1, ambiguous=0).count()
    figures.require_equal(at_once, rows, "sent at the first attempt")
    check_invariant(figures, rows=rows)
    yield figures
