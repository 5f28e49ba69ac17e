"""Which mail a sender takes next: read several at once, taken one by one, and asked again in time."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from recommendations.choices import MailState
from recommendations.mail.outbox import leases, prefetch, send, statements, transport
from recommendations.models import Mail, MailAttempt
from tests.support import factories
from tests.support.factories import NOW

LATER = NOW + timedelta(hours=1) + leases.LEASE * 2


def test_the_rank_beside_a_mail_is_the_recipient_s(team):
    for name, person in team.items():
        factories.mail(person, name)
    for mail in Mail.objects.with_recipient():
        assert mail.recipient_rank == type(mail.recipient).objects.get(pk=mail.recipient_id).rank


def test_a_change_is_made_only_to_what_is_as_it_was_read(team):
    mail, other = factories.mail(team["author"], "a"), factories.mail(team["author"], "b")
    assert statements.run(statements.update(Mail, {"id": mail.pk, "attempts": 1}, phase="dot")) == [0]
    pending = {"id": mail.pk, "attempts": 0, "state": MailState.PENDING}
    assert statements.run(statements.update(Mail, pending, phase="dot")) == [1]
    assert [Mail.objects.get(pk=one.pk).phase for one in (mail, other)] == ["dot", ""]


def test_mails_are_found_by_what_is_to_be_done_with_them(team):
    """Else the reading of the next hundred sorts all that wait behind them, and the desk reads every mail."""
    factories.mail(team["author"], "a")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # which reads so small a table whole
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_bitmapscan = off")
    failed, unknown = (
        Mail.objects.filter(state=state).order_by() for state in (MailState.FAILED, MailState.UNKNOWN)
    )
    plans = {
        "mail_sendable": Mail.objects.sendable(NOW)[:100].explain(),
        "mail_in_hand": Mail.objects.in_hand().lost(NOW).explain(),
        "mail_failed": failed.explain(),
        "mail_unknown": unknown.explain(),
    }
    assert {name: plan for name, plan in plans.items() if name not in plan} == {}
    assert is_sorted(Mail.objects.order_by("subject").explain())
    assert not is_sorted(plans["mail_sendable"])


def is_sorted(plan):
    """Say whether a plan sorts what it found."""
    return "Sort" in plan or "TEMP B-TREE" in plan


@pytest.mark.django_db(transaction=True)
def test_several_changes_are_made_all_or_none(team):
    """PostgreSQL gets them in one message, and that is a transaction too."""
    mail = factories.mail(team["author"], "a")
    attempt = {"mail_id": mail.pk, "number": 1, "started_at": NOW}
    first = statements.update(Mail, {"id": mail.pk}, phase="dot")
    assert statements.run(first, statements.insert(MailAttempt, **attempt)) == [1, 1]
    second = statements.update(Mail, {"id": mail.pk}, phase="")
    with pytest.raises(IntegrityError):
        statements.run(second, statements.insert(MailAttempt, **attempt))
    mail.refresh_from_db()
    assert (mail.phase, mail.tries.count()) == ("dot", 1)
    nobody = statements.update(Mail, {"id": mail.pk + 1}, phase="")
    assert statements.run(nobody, statements.update(Mail, {"id": mail.pk}, reason="100 % “sure”; --")) == [
        0,
        1,
    ]
    mail.refresh_from_db()
    assert mail.reason == "100 % “sure”; --"
    with pytest.raises(TypeError, match="has no mail"):
        statements.insert(MailAttempt, mail=mail, number=2, started_at=NOW)


@pytest.mark.django_db(transaction=True)
def test_nothing_is_sent_inside_somebody_s_transaction(team):
    """A lease that can still be taken back with the transaction is none."""
    factories.mail(team["author"], "a")
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        send(NOW)
    assert Mail.objects.get().state == MailState.PENDING


def test_of_two_who_have_read_the_same_mails_each_is_taken_by_one(team):
    for index in range(4):
        factories.mail(team["author"], str(index))
    one, other = prefetch.Ahead(), prefetch.Ahead()
    taken = [leases.take(NOW, who) for who in (one, other, other, one, one, other)]
    assert [lease.mail.key for lease in taken if lease] == sorted(Mail.objects.values_list("key", flat=True))


def test_what_was_read_serves_for_a_moment_only(team, mailoutbox, monkeypatch):
    """The second mail was read with the first; meanwhile its reader left, and the first took its time."""
    factories.mail(team["author"], "a")
    factories.mail(team["reviewer"], "b")
    clock, hand_over = [0.0], transport.Line.send

    def slow(line, message, before_message):
        hand_over(line, message, before_message)
        type(team["reviewer"]).objects.filter(pk=team["reviewer"].pk).update(is_active=False)
        clock[0] += prefetch.FRESH + 0.01

    monkeypatch.setattr(prefetch.time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(transport.Line, "send", slow)
    assert send(NOW) == {"sent": 1, "suppressed": 1}
    assert [message.to for message in mailoutbox] == [[team["author"].email]]


def test_a_lease_that_was_taken_over_changes_nothing_of_the_mail(team):
    factories.mail(team["author"], "a")
    first = leases.take(NOW + timedelta(hours=1))
    assert leases.recover(LATER) == 1
    second = leases.take(LATER)
    with pytest.raises(leases.LeaseLost):
        first.mark_dot(NOW)
    assert not leases.settle(first, LATER, "accepted", state=MailState.SENT, sent_at=LATER)
    mail = Mail.objects.get()
    assert (mail.state, mail.lease_token, mail.phase) == (MailState.SENDING, second.token, "")
    known = MailAttempt.objects.get()
    assert (known.number, known.outcome) == (1, "accepted"), "what became of the first is known after all"
    assert leases.settle(second, LATER, "accepted", state=MailState.SENT, sent_at=LATER)
    assert list(mail.tries.order_by("number").values_list("number", "outcome")) == [
        (1, "accepted"),
        (2, "accepted"),
    ]


def test_an_attempt_that_an_older_version_wrote_down_at_its_beginning_is_ended(team):
    """An upgrade can fall between the two."""
    factories.mail(team["author"], "a")
    lease = leases.take(NOW)
    begun = lease.mail.tries.create(number=1, started_at=NOW)
    assert leases.recover(LATER) == 1
    begun.refresh_from_db()
    assert (begun.ended_at, begun.outcome) == (LATER, "lost before the dot")
    assert lease.mail.tries.count() == 1


def test_the_attempt_of_a_killed_sender_is_on_record(team):
    factories.mail(team["author"], "a")
    leases.take(NOW)
    assert leases.recover(LATER) == 1
    [attempt] = MailAttempt.objects.all()
    assert (attempt.number, attempt.started_at, attempt.ended_at) == (1, NOW, LATER)


def test_a_mail_costs_four_statements(team, mailoutbox):
    """Lease, dot, end and its attempt; the reading is shared."""

    def asked(number):
        for index in range(number):
            factories.mail(team["author"], f"{number}-{index}")
        with CaptureQueriesContext(connection) as queries:
            assert send(NOW)["sent"] == number
        verbs = [query["sql"].split(" ", 1)[0] for query in queries]
        return sum(verb in ("SELECT", "INSERT", "UPDATE") for verb in verbs)

    assert (asked(5) - asked(2)) / 3 == 4
