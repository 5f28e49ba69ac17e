"""A sender is stopped until its lease is over, another takes its mail, and the first wakes up again."""

import signal
from datetime import timedelta

from recommendations.choices import MailState
from recommendations.models import Mail
from tests.faults.figures import Figures, check_invariant, count_arrivals
from tests.faults.household import NOW, enqueue_grid, people
from tests.faults.points import IN_THE_GAP

TITLE = "a sender stopped (SIGSTOP) past its lease, then woken (SIGCONT)"
PASS = "its finish changes 0 rows and is logged; extra ≤ 1 for each stopped"
POINTS = ("after-taking", "before-mark", "after-mark", "after-250")
SAYS_SO = ("taken over", "the lease ran out")


def run(bench):
    """Stop senders at each point, wake them when their mail was taken over or has ended."""
    for point in POINTS:
        bench.begin_anew()
        yield _at(bench, point)


def _at(bench, point):
    zombies = bench.size.zombies
    rows = enqueue_grid(people(zombies), rows=zombies)
    figures, later = Figures(variant=point, kills=zombies), NOW + timedelta(minutes=25)
    with bench.post(f"post-{point}") as post:
        stopping = bench.senders(post, shares={point: 1}, signal=signal.SIGSTOP)
        stopped = [stopping.start("send", NOW) for _ in range(zombies)]
        for each in stopped:
            each.wait_until_stopped()
        bench.senders(post).send_all(later, workers=1)
        before = list(Mail.objects.order_by("pk").values())
        for each in stopped:
            each.resume()
        for each in stopped:
            each.end()
        count_arrivals(figures, post)
    figures.require_equal(list(Mail.objects.order_by("pk").values()), before, "rows after the awakening")
    logged = sum(any(words in each.output() for words in SAYS_SO) for each in stopped)
    figures.require_equal(logged, zombies, "awakenings in the log")
    figures.require(figures.lost == 0, f"lost {figures.lost}")
    figures.require(figures.extra <= (zombies if point in IN_THE_GAP else 0), f"{figures.extra} extra copies")
    figures.require_equal(Mail.objects.filter(state=MailState.SENT).count(), rows, "sent")
    check_invariant(figures, rows=rows)
    return figures
