"""Two planners run at the same moment: each mail is queued once, and neither of them fails."""

from recommendations.choices import MailKind
from recommendations.models import Mail
from tests.faults.figures import Figures, check_invariant, count_arrivals
from tests.faults.household import MORNINGS, people, reviews_of
from tests.faults.sizes import PERIODS

TITLE = "two planners at once, reminders and digests of five periods"
PASS = "one row for each recipient and period every time, 0 unhandled deadlocks"


def run(bench):
    """Let two plan five mornings side by side, over and over; a third must find nothing to add."""
    figures, wanted = Figures(), bench.size.people * PERIODS
    for repeat in range(bench.size.repeats):
        bench.begin_anew()
        reviews_of(people(bench.size.people))
        senders = bench.senders()
        senders.run_at_once(2, "plan", *MORNINGS)
        senders.run("plan", *MORNINGS)
        for kind in (MailKind.REMINDER, MailKind.DIGEST):
            rows = Mail.objects.filter(kind=kind)
            figures.require_equal(rows.count(), wanted, f"{kind} rows at repeat {repeat + 1}")
            periods = rows.values("recipient", "period").distinct().count()
            figures.require_equal(periods, wanted, f"{kind} periods at repeat {repeat + 1}")
        figures.rows = Mail.objects.count()
    figures.said = f"{bench.size.repeats} repeats of {wanted} reminders and {wanted} digests"
    yield figures
    bench.begin_anew()
    yield _two_ticks(bench)


def _two_ticks(bench):
    """Let two whole ticks, that plan and send, begin at the same moment."""
    figures = Figures(variant="two ticks")
    reviews_of(people(bench.size.people))
    with bench.post() as post:
        bench.senders(post).run_at_once(2, "tick", MORNINGS[0])
        bench.senders(post).run("tick", MORNINGS[0])
        count_arrivals(figures, post)
    figures.require_nothing_lost_or_doubled()
    check_invariant(figures, rows=2 * bench.size.people)
    return figures
