"""Events are recorded and commit late while digests are written: each is told once."""

from collections import Counter
from datetime import timedelta
from itertools import batched
from pathlib import Path

from recommendations.choices import EventKind, MailKind
from recommendations.models import Event, Mail
from tests.faults.figures import Figures
from tests.faults.household import MORNINGS, people

TITLE = "events that commit late while digests are written"
PASS = "each event in exactly one digest"
WRITERS = 2
PLANNED_AT_ONCE = 50  # digests by one process
# A longer list is cut short in the mail, which then leads to the site.
SHOWN = 15


def run(bench):
    """Let writers record events while a planner writes one digest after another; then one last digest."""
    people(1)
    figures, first = Figures(), MORNINGS[0]
    weeks = [first + timedelta(weeks=number) for number in range(bench.size.interleavings + 2)]
    senders, stop = bench.senders(), bench.folder / "stop"
    senders.run("digests", weeks[0])
    writers = [senders.start("events", first, detail=str(stop)) for _ in range(WRITERS)]
    for some in batched(weeks[1:-1], PLANNED_AT_ONCE, strict=False):
        senders.run("digests", *some)
    Path(stop).touch()
    for writer in writers:
        writer.end()
    senders.run("digests", weeks[-1])
    _compare(figures, wanted=len(weeks))
    yield figures


def _compare(figures, wanted):
    digests = list(Mail.objects.filter(kind=MailKind.DIGEST).order_by("pk"))
    figures.rows = len(digests)
    figures.require_equal(len(digests), wanted, "digests")
    ends = [0, *(mail.to_seq for mail in digests)]
    figures.require_equal([mail.from_seq for mail in digests], ends[:-1], "where digests begin")
    events = Event.objects.filter(kind=EventKind.EVIDENCE_ADDED).select_related("evidence")
    titles = {event.seq: event.evidence.title for event in events}
    told = Counter()
    for mail in digests:
        due = [title for seq, title in titles.items() if mail.from_seq < seq <= mail.to_seq]
        seen = [title for title in due if title in mail.text]
        told.update(seq for seq in titles if mail.from_seq < seq <= mail.to_seq)
        figures.require_equal(len(seen), min(len(due), SHOWN), f"events told in the digest {mail.period}")
    figures.lost = sum(seq not in told for seq in titles)
    figures.extra = sum(told.values()) - len(told)
    figures.require_nothing_lost_or_doubled()
    busy = sum(mail.to_seq > mail.from_seq for mail in digests)
    figures.require(busy > wanted / 2, f"only {busy} digests had an event: nothing ran beside them")
    figures.said = f"{len(titles)} events, {busy} of {len(digests)} digests had some"
