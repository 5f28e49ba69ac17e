"""What a test measured, and what it missed."""

from collections import Counter
from dataclasses import dataclass, field

from django.db.models import F

from recommendations.choices import MailState
from recommendations.models import Mail

OPEN = (MailState.PENDING, MailState.SENDING)


@dataclass
class Figures:
    """The figures of one test, or of one variant of it.

    ``lost`` counts mails that were to arrive and were never accepted by the server, ``extra`` the copies
    beyond the first, ``unknown`` the rows that say so. ``misses`` are sentences: empty when all held.
    """

    variant: str = ""
    kills: int = 0
    rows: int = 0
    lost: int = 0
    extra: int = 0
    unknown: int = 0
    said: str = ""
    misses: list[str] = field(default_factory=list)

    def require(self, holds, sentence):
        """Note a miss unless the condition holds."""
        if not holds:
            self.misses.append(sentence)

    def require_equal(self, measured, wanted, what):
        """Note a miss unless both are equal."""
        self.require(measured == wanted, f"{what}: {measured}, not {wanted}")

    def require_nothing_lost_or_doubled(self):
        """Note a miss for each mail lost and each copy too many."""
        self.require_equal(self.lost, 0, "lost")
        self.require_equal(self.extra, 0, "extra copies")


def count_arrivals(figures, post, *, meant=None):
    """Fill in rows, lost, extra and unknown from the database and the server's disk.

    Args:
        figures: is changed.
        post: the ``Post`` whose disk is read.
        meant: the mails that were to arrive; all of them when left out.
    """
    copies = Counter(message.id for message in post.accepted())
    every = dict(Mail.objects.values_list("message_id", "state"))
    wanted = every if meant is None else dict(meant.values_list("message_id", "state"))
    figures.rows = len(every)
    figures.lost = sum(message_id not in copies for message_id in wanted)
    figures.extra = sum(copies.values()) - len(copies)
    figures.unknown = sum(state == MailState.UNKNOWN for state in every.values())
    strangers = set(copies) - set(every)
    figures.require(not strangers, f"{len(strangers)} mails arrived that no row stands for")
    liars = sum(state == MailState.SENT and message_id not in copies for message_id, state in every.items())
    figures.require(not liars, f"{liars} rows say sent and never arrived")


def check_invariant(figures, *, rows):
    """Check what holds at the end of every test.

    Every recipient and period has exactly one row, and each row has come to an end, with its lease given
    back, its attempts closed, and nothing sent after it was of no use any more. That none lies open an
    hour longer is checked while they are sent, by ``Senders.send_all``.

    Args:
        figures: is changed.
        rows: how many rows were due.
    """
    figures.require_equal(Mail.objects.count(), rows, "rows")
    periods = Mail.objects.exclude(period="").values_list("kind", "recipient", "period")
    twice = [key for key, number in Counter(periods).items() if number > 1]
    figures.require(not twice, f"{len(twice)} recipients have two rows for a period")
    left = Mail.objects.filter(state__in=OPEN)
    figures.require(not left, f"{len(left)} rows came to no end")
    leased = Mail.objects.exclude(state=MailState.SENDING).exclude(lease_token=None, phase="")
    figures.require(not leased, f"{len(leased)} rows are at an end and still leased")
    ajar = Mail.objects.filter(tries__ended_at=None, tries__isnull=False).exclude(state=MailState.SENDING)
    figures.require(not ajar, f"{len(ajar)} attempts were never closed")
    late = Mail.objects.filter(sent_at__gt=F("not_after"))
    figures.require(not late, f"{len(late)} mails were sent after they were of no use")
