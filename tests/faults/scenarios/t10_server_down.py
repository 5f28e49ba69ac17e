"""The mail server is away for an hour: it is nobody's mail's fault, and nothing is counted."""

from datetime import timedelta

from recommendations.choices import MailState
from recommendations.models import Mail, MailAttempt
from tests.faults.figures import Figures, check_invariant, count_arrivals
from tests.faults.household import NOW, owe_grid, people
from tests.faults.post import Post
from tests.faults.senders import TICK

TITLE = "mail server down for 1 h (time travel, a tick every 5 min)"
PASS = "attempts counted 0, all sent afterwards, no row failed"


def run(bench):
    """Tick against a closed port for an hour, then open it."""
    rows = owe_grid(people(bench.size.people))
    figures, post = Figures(), Post(bench.folder / "post")
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
        end = senders.send_all(moments[-1] + timedelta(minutes=30))
    finally:
        post.close()
    count_arrivals(figures, post)
    figures.require_nothing_lost_or_doubled()
    sent = Mail.objects.filter(state=MailState.SENT, attempts=1).count()
    figures.require_equal(sent, rows, "sent at the first counted attempt")
    check_invariant(figures, rows=rows, now=end)
    yield figures
