"""What is on record about the stages of each due item: told, held back, overtaken, or nothing at all."""

from collections.abc import Mapping
from datetime import datetime
from typing import TypedDict

from django.db.models import F, OuterRef, Q, Subquery

from recommendations.choices import MailKind, MailState, UpdateState
from recommendations.models import Mail, MailItem, User
from recommendations.selectors.due_items import DueItem

# Of these a mail said nothing to anybody; what it was about is told by the next one.
UNTOLD = (MailState.EXPIRED, MailState.SUPPRESSED)
LYING = (UpdateState.SUBMITTED, UpdateState.RETURNED, UpdateState.DRAFT)


class Record(TypedDict):
    """What is on record about one stage: the mail that told it, or overtook it."""

    recipient: int
    item_key: str
    mail: int
    mail__state: str
    mail__period: str
    mail__ambiguous: int


def latest_period() -> Subquery:
    """Return the day of the latest reminder that is on record for a person, as an expression over people."""
    theirs = Mail.objects.filter(recipient=OuterRef("pk"), kind=MailKind.REMINDER)
    return Subquery(theirs.order_by("-period").values("period")[:1])


def mark(due_items: Mapping[int, list[DueItem]], people: Mapping[int, User], now: datetime) -> None:
    """Write into each due item what is on record about its stages. One statement.

    Args:
        people: {pk: person} of at least those who have ``due_items``, which are by person.
    """
    if not due_items:
        return
    records = _records(min(due_items), max(due_items))
    for pk, row in due_items.items():
        today = people[pk].today(now).isoformat()
        for due_item in row:
            _mark(due_item, people[pk], records, today)


def _mark(due_item: DueItem, person: User, records: Mapping[tuple[int, str], Record], today: str) -> None:
    *earlier, newest = [records.get((person.pk, due_item.key(stage))) for stage in due_item.stages]
    for mail in [*earlier, newest]:
        if mail and _waits_since_before(mail, today):
            due_item.waiting_mails.add(mail["mail"])
    due_item.unrecorded = newest is None
    due_item.fresh = newest is None or _is_untold(newest, person) or newest["mail"] in due_item.waiting_mails
    due_item.overtaken = [
        stage for stage, mail in zip(due_item.stages, earlier, strict=False) if mail is None
    ]


def _is_untold(mail: Record, person: User) -> bool:
    if mail["mail__state"] == MailState.SUPPRESSED and person.is_example:
        return False  # the made-up people are never mailed, and that is recorded once for each stage
    return mail["mail__state"] in UNTOLD


def _waits_since_before(mail: Record, today: str) -> bool:
    """Say whether a mail of an earlier day still waits, and cannot have arrived."""
    return (
        mail["mail__state"] == MailState.PENDING
        and mail["mail__period"] < today
        and not mail["mail__ambiguous"]
    )


def _records(first: int, last: int) -> dict[tuple[int, str], Record]:
    """Return {(person pk, key of a stage): its mail} of what may still be a due item of these people."""
    reviews = Q(update=None, since=F("recommendation__next_review_on"))
    lying = Q(update__state__in=LYING)
    steps = Q(advocacy__done_at=None, since=F("advocacy__next_on"))
    rows = MailItem.objects.filter(reviews | lying | steps, recipient__gte=first, recipient__lte=last).values(
        "recipient", "item_key", "mail", "mail__state", "mail__period", "mail__ambiguous"
    )
    return {(row["recipient"], row["item_key"]): row for row in rows}
