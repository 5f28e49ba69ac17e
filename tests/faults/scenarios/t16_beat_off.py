"""Nothing rings for three days; then it rings again, and nobody is flooded."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from recommendations.choices import MailKind, MailState, Weekday
from recommendations.models import Mail, MailItem
from tests.faults.figures import Figures, check_invariant, count_arrivals
from tests.faults.household import enqueue_grid, people, reviews_of
from tests.faults.programs import Crew
from tests.faults.senders import TICK

TITLE = "beat off for 3 days, then on"
PASS = "each missed digest once, superseded stages expired, ≤ 1 reminder a person on the first day"

THURSDAY = datetime(2024, 9, 12, 18, 0, tzinfo=UTC)
FRIDAY = "2024-09-13"
MONDAY = datetime(2024, 9, 16, 9, 0, tzinfo=UTC)  # the day of the reviews; T-3 was on Friday


def run(bench):
    """Queue some mails on Thursday night, miss Friday's stage and Saturday's digest, come back on Monday."""
    number, figures = bench.size.people, Figures()
    readers = people(number, digest_weekday=Weekday.SATURDAY)
    reviews_of(readers)
    with bench.post() as post, Crew(bench.folder, EMAIL_URL=f"smtp://127.0.0.1:{post.port}") as crew:
        bench.senders(post).run("tick", THURSDAY)
        before = post.count()
        stale = enqueue_grid(readers, now=THURSDAY, rows=number, useful_for=timedelta(hours=48))
        known = set(Mail.objects.values_list("pk", flat=True))
        crew.manage("tick", "--now", MONDAY.isoformat())
        rest_of_the_day = [MONDAY + hour * 12 * TICK for hour in range(1, 13)]
        bench.senders(post).run("tick", *rest_of_the_day)
        count_arrivals(figures, post, meant=Mail.objects.exclude(state=MailState.EXPIRED))
        arrived = post.count() - before
    new = Mail.objects.exclude(pk__in=known)
    for kind in (MailKind.REMINDER, MailKind.DIGEST):
        sent = new.filter(kind=kind, state=MailState.SENT)
        each = Counter(sent.values_list("recipient", flat=True))
        figures.require_equal(set(each.values()) | {len(each)}, {1, number}, f"{kind}s on the first day")
    figures.require_equal(arrived, 2 * number, "mails that arrived on the first day")
    expired = Mail.objects.filter(state=MailState.EXPIRED).exclude(reason="")
    figures.require_equal(expired.filter(pk__in=known).count(), stale, "mails of Thursday that expired")
    missed = new.filter(kind=MailKind.REMINDER, period=FRIDAY, pk__in=expired).count()
    figures.require_equal(missed, number, "reminders of Friday, recorded as expired with the reason")
    overtaken = MailItem.objects.filter(superseded=True, item_key__endswith=":T-3").count()
    figures.require_equal(overtaken, number, "stages recorded as superseded")
    figures.require_nothing_lost_or_doubled()
    check_invariant(figures, rows=len(known) + 3 * number)
    yield figures
