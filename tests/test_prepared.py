"""The statements that the sender keeps: the same rows and the same comparisons as ever, value after value."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from recommendations.choices import MailState
from recommendations.models import Mail, MailAttempt
from recommendations.outbox import claims, send
from recommendations.outbox.prepared import Prepared, change
from tests.cast import NOW
from tests.mailing import owe_one

KEY = Mail._meta.get_field("id")


def test_each_run_finds_the_rows_of_its_own_values(team):
    read = Prepared(lambda key: Mail.objects.filter(pk=key).with_recipient(), (KEY, 987_654_321))
    mails = [owe_one(team[who], str(n)) for n, who in enumerate(("author", "reviewer", "author"))]
    for mail in [*mails, *reversed(mails)]:
        [found] = read(mail.pk)
        assert (found, found.subject, found.recipient) == (mail, mail.subject, mail.recipient)
    assert read(mails[-1].pk + 1) == []


def test_what_is_read_is_never_of_before(team):
    """Rights and addresses are asked of the database each time, though the SQL is kept."""
    mail = owe_one(team["author"], "a")
    read = Prepared(lambda key: Mail.objects.filter(pk=key).with_recipient(), (KEY, 987_654_321))
    assert read(mail.pk)[0].recipient_rank > 0
    team["author"].groups.clear()
    type(team["author"]).objects.filter(pk=team["author"].pk).update(is_active=False)
    [found] = read(mail.pk)
    assert found.recipient_rank == 0 and not found.recipient.is_active


def test_a_value_that_the_statement_does_not_ask_for_is_an_error(team):
    with pytest.raises(LookupError):
        Prepared(lambda _key: Mail.objects.filter(pk=1), (KEY, 987_654_321))(1)


def test_the_rank_beside_a_mail_is_the_recipient_s(team):
    for name, person in team.items():
        owe_one(person, name)
    for mail in Mail.objects.with_recipient():
        assert mail.recipient_rank == type(mail.recipient).objects.get(pk=mail.recipient_id).rank


def test_a_change_is_made_only_to_what_is_as_it_was_read(team):
    mail, other = owe_one(team["author"], "a"), owe_one(team["author"], "b")
    assert change(Mail, {"id": mail.pk, "attempts": 1}, phase="dot") == 0
    assert change(Mail, {"id": mail.pk, "attempts": 0, "state": MailState.PENDING}, phase="dot") == 1
    assert [Mail.objects.get(pk=one.pk).phase for one in (mail, other)] == ["dot", ""]


def test_a_claim_that_was_taken_over_changes_nothing_of_the_mail(team):
    owe_one(team["author"], "a")
    first = claims.take(NOW + timedelta(hours=1))
    later = NOW + timedelta(hours=1) + claims.LEASE * 2
    assert claims.recover(later) == 1
    second = claims.take(later)
    with pytest.raises(claims.LeaseLost):
        first.mark_dot()
    assert not claims.settle(first, later, "accepted", state=MailState.SENT, sent_at=later)
    mail = Mail.objects.get()
    assert (mail.state, mail.claim_token, mail.phase) == (MailState.SENDING, second.token, "")
    assert [row.number for row in MailAttempt.objects.order_by("number")] == [1, 2]
    assert MailAttempt.objects.get(number=2).ended_at is None


def test_a_mail_costs_six_statements(team, mailoutbox):
    def asked(number):
        for index in range(number):
            owe_one(team["author"], f"{number}-{index}")
        with CaptureQueriesContext(connection) as queries:
            assert send(NOW)["sent"] == number
        verbs = [query["sql"].split(" ", 1)[0] for query in queries]
        return sum(verb in ("SELECT", "INSERT", "UPDATE") for verb in verbs)

    assert (asked(5) - asked(2)) / 3 == 6
