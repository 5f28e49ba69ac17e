"""Three senders, nothing broken: each mail goes out once, by one of them."""

from django.db.models import Count

from recommendations.models import Mail, MailAttempt
from tests.faults.figures import Figures, check_invariant, count_arrivals
from tests.faults.household import NOW, enqueue_grid, people

TITLE = "three senders at once, no fault"
PASS = "extra 0"


def run(bench):
    """Queue many, and let three begin at the same moment."""
    rows = enqueue_grid(people(bench.size.people), rows=bench.size.undisturbed_rows)
    figures = Figures()
    with bench.post() as post:
        senders = bench.senders(post)
        senders.run_at_once(3, "send", NOW)
        count_arrivals(figures, post)
    figures.require_nothing_lost_or_doubled()
    figures.require_equal(MailAttempt.objects.count(), rows, "attempts")
    shares = Mail.objects.values("last_holder").annotate(number=Count("pk")).values_list("number", flat=True)
    figures.require(len(shares) == 3, f"only {len(shares)} of three senders took part")
    figures.said = "shares " + ", ".join(map(str, sorted(shares)))
    check_invariant(figures, rows=rows)
    yield figures
