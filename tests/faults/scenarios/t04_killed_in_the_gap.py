"""Senders are killed where nobody can know whether the server accepted: at most one more, never silence."""

from collections import Counter

from recommendations.choices import MailState
from recommendations.models import Mail
from tests.faults.figures import Figures, check_invariant, count_arrivals
from tests.faults.household import NOW, enqueue_grid, people
from tests.faults.points import IN_THE_GAP

TITLE = "kill -9 after the dot and before the commit (p .1)"
PASS = "limit 0: extra 0, unknown = kills; limit 1: extra ≤ kills; lost ≤ unknown"


def run(bench):
    """Once with no second attempt allowed, once with one."""
    for limit in (0, 1):
        bench.begin_anew()
        yield _with(bench, limit)


def _with(bench, limit):
    rows = enqueue_grid(people(bench.size.people))
    figures = Figures(variant=f"limit {limit}")
    with bench.post(f"post-{limit}") as post:
        senders = bench.senders(post, limit=limit, shares=dict.fromkeys(IN_THE_GAP, 0.1))
        senders.send_all(NOW)
        count_arrivals(figures, post)
        copies = Counter(message.id for message in post.accepted())
    figures.kills = senders.struck().total()
    figures.said = ", ".join(f"{point} {number}" for point, number in sorted(senders.struck().items()))
    # Of 40 rows 11 are struck by these dice, and less than 2 once in 20,000 runs.
    figures.require(figures.kills >= rows * 0.05, f"only {figures.kills} kills: the points are not laid")
    figures.require(figures.lost <= figures.unknown, f"lost {figures.lost}, of {figures.unknown} unknown")
    if limit == 0:
        figures.require_equal(figures.extra, 0, "extra copies")
        figures.require_equal(figures.unknown, figures.kills, "unknown")
    figures.require(figures.extra <= figures.kills, f"{figures.extra} extra copies")
    figures.require(max(copies.values()) <= limit + 1, f"a mail arrived {max(copies.values())} times")
    doubted = set(Mail.objects.filter(state=MailState.UNKNOWN).values_list("ambiguous", flat=True))
    figures.require(doubted <= {limit + 1}, f"unknown after {doubted} doubtful attempts")
    check_invariant(figures, rows=rows)
    return figures
