"""The mails next in turn, read a few at a time: one statement for many instead of one for each.

Reading a mail does not take it. What was read is used only for a moment, so that rights and settings are
those at the moment of sending; a slow sender reads again for each mail.
"""

import time
from datetime import datetime

from recommendations.mail.outbox.suppression import Suppression
from recommendations.models import Mail

AT_ONCE = 100
# Seconds for which it may be taken for the present: less than a mail is on its way.
FRESH = 1.0
# What sending asks of a mail, its words and its recipient.
ASKED = (
    *("key", "kind", "period", "from_seq", "to_seq", "fixed_address", "subject", "message_id", "date_header"),
    *("state", "reason", "attempts", "ambiguous", "created_at", "next_attempt_at", "last_holder"),
    *("tells", "tells_of_restricted"),
    *(f"words__{name}" for name in ("text", "html", "headers")),
    *(
        f"recipient__{name}"
        for name in (
            *("email", "is_active", "is_partner", "is_example", "refusals", "bouncing_since"),
            *("time_zone", "working_days", "snoozed_until", "away_from", "away_until"),
            *("reminders", "digest_frequency"),
        )
    ),
)


class Ahead:
    """The next mails, as they were less than ``FRESH`` seconds ago, and whether they can still be sent."""

    def __init__(self) -> None:
        self._mails: list[Mail] = []
        self._read_at, self.suppression = 0.0, Suppression([])

    def next(self, now: datetime) -> Mail | None:
        """Return the mail that has waited longest of those not returned yet, or None when none waits."""
        if not self._mails or time.monotonic() - self._read_at > FRESH:
            self._read(now)
        return self._mails.pop() if self._mails else None

    def _read(self, now: datetime) -> None:
        self._read_at = time.monotonic()
        waiting = Mail.objects.sendable(now).with_recipient().select_related("words").only(*ASKED)
        mails = list(waiting[:AT_ONCE])
        for mail in mails:
            mail.recipient.rank = mail.recipient_rank
        self.suppression = Suppression(mails)
        self._mails = mails[::-1]
