"""Between planning and sending a person leaves, loses their role, or wishes for no more mail."""

from urllib.parse import urlsplit

from django.test import Client

from recommendations.audit import log
from recommendations.choices import EventKind, MailKind, MailState, ReminderChoice, Sensitivity
from recommendations.models import Event, Evidence, Mail, Recommendation, User
from tests.faults.figures import Figures, check_invariant, count_arrivals
from tests.faults.household import DAY, MORNINGS, people, reviews_of
from tests.support import factories

TITLE = "right revoked, account closed, unsubscribed, or done, between plan and send"
PASS = "suppressed, 0 sent; everybody else's sent"


def run(bench):
    """Once for what a person can become, once for an item that is closed to its readers."""
    yield _changed_people(bench)
    bench.begin_anew()
    yield _closed_item(bench)


def _changed_people(bench):
    figures, now = Figures(variant="people"), MORNINGS[0]
    readers = people(max(1, bench.size.people // 5) * 5)
    reviews_of(readers)
    shares = [User.objects.filter(pk__in=[each.pk for each in readers[start::5]]) for start in range(5)]
    with bench.post("post-people") as post:
        senders = bench.senders(post)
        senders.run("plan", now)
        _change(shares)
        senders.run("send", now)
        untouched = Mail.objects.filter(recipient__in=shares[4])
        still_wanted = untouched | Mail.objects.filter(recipient__in=shares[3], kind=MailKind.DIGEST)
        count_arrivals(figures, post, meant=still_wanted)
        arrived = post.count()
    figures.require_equal(arrived, still_wanted.count(), "mails that arrived")
    held_back = Mail.objects.filter(state=MailState.SUPPRESSED).exclude(reason="")
    figures.require_equal(held_back.count(), figures.rows - arrived, "suppressed with a reason")
    figures.require_nothing_lost_or_doubled()
    figures.said = f"{held_back.count()} held back, {arrived} sent"
    check_invariant(figures, rows=2 * len(readers))
    return figures


def _change(shares):
    closed, no_role, unsubscribed, done, _untouched = shares
    closed.update(is_active=False)
    for person in no_role:
        person.groups.clear()
    unsubscribed.update(reminders=ReminderChoice.NONE)
    for mail in Mail.objects.filter(recipient__in=unsubscribed, kind=MailKind.DIGEST):
        address = mail.words.headers["List-Unsubscribe"].strip("<>")
        one_click = {"List-Unsubscribe": "One-Click"}
        path, host = urlsplit(address).path, urlsplit(address).hostname
        answer = Client(headers={"host": host}).post(path, one_click, secure=True)
        if answer.status_code != 200:
            raise AssertionError(f"Unsubscribing was answered with {answer.status_code}.")
    moved = Recommendation.objects.filter(owner__in=done)
    moved.update(next_review_on=(MORNINGS[0] + 90 * DAY).date())


def _closed_item(bench):
    figures, now = Figures(variant="closed item"), MORNINGS[0]
    readers = people(bench.size.people)
    item = factories.link(readers[0], "A statement that is withdrawn")
    ledger_entry = {"now": now - DAY, "actor": readers[0], "evidence": item}
    _record(EventKind.EVIDENCE_ADDED, **ledger_entry)
    with bench.post("post-closed") as post:
        senders = bench.senders(post)
        senders.run("digests", now)
        named = Mail.objects.filter(words__text__contains=item.title).count()
        figures.require_equal(named, len(readers), "digests that name the item")
        Evidence.objects.filter(pk=item.pk).update(sensitivity=Sensitivity.RESTRICTED)
        change = {
            "field": "sensitivity",
            "before": Sensitivity.INTERNAL,
            "after": Sensitivity.RESTRICTED,
        }
        _record(EventKind.EVIDENCE_CHANGED, **ledger_entry | {"now": now}, **change)
        senders.run("send", now)
        count_arrivals(figures, post, meant=Mail.objects.none())
        figures.require_equal(post.count(), 0, "mails that arrived")
    held_back = Mail.objects.filter(state=MailState.SUPPRESSED).exclude(reason="").count()
    figures.require_equal(held_back, len(readers), "suppressed with a reason")
    figures.require_equal(Event.objects.count(), 2, "events")
    check_invariant(figures, rows=len(readers))
    return figures


def _record(kind, **fields):
    with log.transaction.atomic():
        log.record(kind, **fields)
