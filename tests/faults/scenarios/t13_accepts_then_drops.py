"""The server accepts every tenth message and loses the line before it says so."""

from recommendations.choices import MailState
from recommendations.models import Mail
from tests.faults.figures import Figures, check_invariant, count_arrivals
from tests.faults.household import NOW, enqueue_grid, people

TITLE = "the server accepts, then drops the line, 10 %"
PASS = "sent + unknown = 100 %, extra ≤ 1 per row"


def run(bench):
    """Send until all has ended; count the copies of each."""
    rows = enqueue_grid(people(bench.size.people))
    figures = Figures()
    with bench.post(drop=0.1) as post:
        bench.senders(post).send_all(NOW)
        count_arrivals(figures, post)
        ids = [message.id for message in post.accepted()]
    ended = Mail.objects.filter(state__in=[MailState.SENT, MailState.UNKNOWN]).count()
    figures.require_equal(ended, rows, "sent or unknown")
    figures.require_equal(figures.lost, 0, "lost")
    most = max(map(ids.count, set(ids)))
    figures.require(most <= 2, f"a mail arrived {most} times")
    figures.require(figures.extra > 0, "no line was dropped: the fault is not there")
    check_invariant(figures, rows=rows)
    yield figures
