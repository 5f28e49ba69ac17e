"""Every mail is sent twice, by processes that know nothing of each other: it is the same mail."""

from collections import defaultdict

from tests.faults.figures import Figures, check_invariant, count_arrivals
from tests.faults.household import MORNINGS, people, reviews_of

TITLE = "every mail accepted and the line cut, so that each is sent again"
PASS = "Message-ID, Date and hash of the body the same, 100 %"


def run(bench):
    """Plan reminders and digests, cut the line after the first copy of each, compare the two."""
    reviews_of(people(bench.size.people))
    figures = Figures()
    with bench.post(drop_first=True) as post:
        senders = bench.senders(post)
        senders.run("plan", MORNINGS[0])
        senders.send_all(MORNINGS[0], workers=2)
        count_arrivals(figures, post)
        copies = defaultdict(list)
        for message in post.accepted():
            copies[message.id].append(message)
    pairs = [each for each in copies.values() if len(each) == 2]
    figures.require_equal(len(pairs), figures.rows, "mails sent twice")
    same = sum(_are_same(*pair) for pair in pairs)
    figures.require_equal(same, len(pairs), "pairs that are the same")
    figures.said = f"{same} of {len(pairs)} the same to the last byte"
    check_invariant(figures, rows=2 * bench.size.people)
    yield figures


def _are_same(one, two):
    return (one.date, one.body_hash, one.raw) == (two.date, two.body_hash, two.raw)
