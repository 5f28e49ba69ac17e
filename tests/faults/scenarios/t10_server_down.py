"""The mail server is away for an hour: it is nobody's mail's fault, and nothing is counted."""

from datetime import timedelta

from recommendations.choices import MailState
from recommendations.models import Mail, MailAttempt
from tests.faults.figures import Figures, check_invariant, count_arrivals
from tests.faults.household import NOW, enqueue_grid, people
from tests.faults.post import Post
from tests.faults.senders import HOUR, TICK

TITLE = "mail server down for 1 h (time travel, a tick every 5 min)"
PASS = "attempts counted 0, all sent afterwards, no row failed; never back: all expired in time"


def run(bench):
    """An hour after which the server is back, and days after which it is not."""
    yield _back_after_an_hour(bench)
    bench.begin_anew()
    yield _never_back(bench)


def _back_after_an_hour(bench):
    """Tick against a closed port for an hour, then open it."""
    rows = enqueue_grid(people(bench.size.people))
    figures, post = Figures(variant="1 h"), Post(bench.folder / "post")
    senders = bench.senders(post)
    moments = [NOW + tick * TICK for tick in range(13)]
    senders.run("send", *moments)
    states = set(Mail.objects.values_list("state", "attempts"))
    figures.require_equal(states, {(MailState.PENDING, 0)}, "states and attempts after the hour")
    knocks = MailAttempt.objects.filter(outcome="no connection").count()
    figures.require(2 <= knocks <= len(moments), f"{knocks} knocks at the closed port")
    figures.said = f"{knocks} knocks for {rows} mails in an hour"
    post.open()
    try:
        senders.send_all(moments[-1] + timedelta(minutes=30))
    finally:
        post.close()
    count_arrivals(figures, post)
    figures.require_nothing_lost_or_doubled()
    sent = Mail.objects.filter(state=MailState.SENT, attempts=1).count()
    figures.require_equal(sent, rows, "sent at the first counted attempt")
    check_invariant(figures, rows=rows)
    return figures


def _never_back(bench):
    """Tick every hour until the mails are of no use; then none may lie open."""
    rows = enqueue_grid(people(bench.size.people), useful_for=timedelta(hours=48))
    figures, post = Figures(variant="never back"), Post(bench.folder / "post-never")
    bench.senders(post).run("send", *(NOW + hour * HOUR for hour in range(50)))
    count_arrivals(figures, post, meant=Mail.objects.none())
    expired = Mail.objects.filter(state=MailState.EXPIRED).exclude(reason="").count()
    figures.require_equal(expired, rows, "expired within an hour of their time, with the reason")
    check_invariant(figures, rows=rows)
    return figures
