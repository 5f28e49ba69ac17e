"""Queued mails: once each, to a real server, whatever it answers."""

from datetime import timedelta

import pytest

from recommendations.choices import MailState
from recommendations.mail.outbox import due, leases, send
from recommendations.models import Mail, MailAttempt
from tests.support import factories
from tests.support.factories import NOW

MINUTE = timedelta(minutes=1)


def test_what_is_owed_is_sent_once(team, server):
    mail = factories.mail(team["author"], "a")
    assert factories.mail(team["author"], "a") is None
    assert send(NOW) == {"sent": 1}
    assert send(NOW) == {}
    mail.refresh_from_db()
    assert (mail.state, mail.attempts, mail.last_code) == (MailState.SENT, 1, "250")
    assert mail.sent_at and mail.lease_token is None
    [(recipients, _raw)] = server.accepted
    assert recipients == [team["author"].email]


def test_a_mail_is_the_same_at_every_attempt(team, server):
    answers = iter(["451 Later", None])
    server.answer = lambda _server, envelope: (seen.append(envelope.content), next(answers))[1]
    seen = []
    factories.mail(team["author"], "a")
    assert send(NOW) == {"later": 1}
    assert send(NOW + 10 * MINUTE) == {"sent": 1}
    first, second = seen
    assert first == second
    message = server.messages[0]
    assert message["Message-ID"].startswith("<") and message["Date"].datetime == NOW


def test_each_mail_goes_to_its_recipient_alone(team, server):
    for name, person in team.items():
        factories.mail(person, name)
    send(NOW)
    assert sorted(recipients for recipients, _raw in server.accepted) == sorted(
        [person.email] for person in team.values()
    )


def test_a_refusal_for_good_closes_that_mail_and_no_other(team, server):
    server.to_recipient = lambda address: "550 No such user" if address.startswith("ana") else None
    bad, good = factories.mail(team["author"], "a"), factories.mail(team["other"], "b")
    assert send(NOW) == {"failed": 1, "sent": 1}
    bad.refresh_from_db()
    assert (bad.state, bad.last_code, bad.last_error) == (MailState.FAILED, "550", "No such user")
    good.refresh_from_db()
    assert good.state == MailState.SENT


def test_a_refusal_for_now_waits_longer_each_time(team, server):
    server.to_recipient = lambda address: "451 Greylisted"
    mail = factories.mail(team["author"], "a")
    waits, now = [], NOW
    for _attempt in range(8):
        send(now)
        mail.refresh_from_db()
        waits.append((mail.next_attempt_at - now) / timedelta(hours=1))
        now = mail.next_attempt_at
    assert mail.state == MailState.PENDING and mail.attempts == 8
    for wait, planned in zip(waits, [1 / 12, 0.25, 1, 3, 6, 12, 12, 12], strict=True):
        assert 0.79 * planned <= wait <= 1.21 * planned
    server.to_recipient = None
    assert send(now) == {"sent": 1}


def test_too_late_is_expired_and_not_sent(team, server):
    mail = factories.mail(team["author"], "a", useful_for=timedelta(hours=48))
    assert send(NOW + timedelta(hours=49)) == {"expired": 1}
    mail.refresh_from_db()
    assert mail.state == MailState.EXPIRED and mail.reason and not server.accepted


def test_accepted_then_cut_off_is_sent_again_once_as_the_same_mail(team, server):
    def keep_and_cut(smtp, envelope):
        server.accepted.append((list(envelope.rcpt_tos), envelope.content))
        smtp.transport.abort()
        return "250 never arrives"

    server.answer = keep_and_cut
    mail = factories.mail(team["author"], "a")
    assert send(NOW) == {"not known": 1}
    mail.refresh_from_db()
    assert (mail.state, mail.ambiguous) == (MailState.PENDING, 1) and mail.reason
    assert send(NOW + 14 * MINUTE) == {}
    assert send(NOW + 16 * MINUTE) == {"not known": 1}
    mail.refresh_from_db()
    assert mail.state == MailState.UNKNOWN
    assert send(NOW + timedelta(hours=5)) == {}
    (_to, first), (_to, second) = server.accepted
    assert first == second


def test_a_mail_that_may_have_arrived_is_never_called_failed_or_expired(team, server):
    mail = factories.mail(team["author"], "a", useful_for=timedelta(hours=1))
    Mail.objects.update(ambiguous=1)
    assert send(NOW + timedelta(hours=2)) == {"expired": 1}
    mail.refresh_from_db()
    assert mail.state == MailState.UNKNOWN
    again = factories.mail(team["author"], "b")
    Mail.objects.filter(pk=again.pk).update(ambiguous=1)
    server.to_recipient = lambda address: "550 No such user"
    send(NOW)
    again.refresh_from_db()
    assert again.state == MailState.UNKNOWN


def test_a_poisoned_mail_fails_alone(team, server):
    poison = factories.mail(team["author"], "a", subject="Hello\nBcc: everybody@example.org")
    for number in range(20):
        factories.mail(team["other"], f"good-{number}")
    assert send(NOW) == {"failed": 1, "sent": 20}
    poison.refresh_from_db()
    assert poison.state == MailState.FAILED and "cannot be built" in poison.last_error


def test_a_bad_address_fails_alone(team, server):
    team["author"].__class__.objects.filter(pk=team["author"].pk).update(email="no address at all")
    factories.mail(team["author"], "a")
    factories.mail(team["other"], "b")
    assert send(NOW) == {"failed": 1, "sent": 1}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"is_active": False}, "no longer active"),
        ({"is_example": True}, "demonstration"),
    ],
)
def test_asked_again_before_sending(team, server, fields, words):
    mail = factories.mail(team["author"], "a")
    team["author"].__class__.objects.filter(pk=team["author"].pk).update(**fields)
    assert words in due(NOW)[0][1]
    assert send(NOW) == {"suppressed": 1}
    mail.refresh_from_db()
    assert mail.state == MailState.SUPPRESSED and words in mail.reason and not server.accepted


def test_who_lost_their_role_is_told_nothing(team, server):
    mail = factories.mail(team["author"], "a")
    team["author"].groups.clear()
    assert send(NOW) == {"suppressed": 1}
    mail.refresh_from_db()
    assert "role" in mail.reason


def test_a_changed_address_is_honoured(team, server):
    factories.mail(team["author"], "a")
    team["author"].__class__.objects.filter(pk=team["author"].pk).update(email="ana@elsewhere.example")
    send(NOW)
    assert server.accepted[0][0] == ["ana@elsewhere.example"]
    assert Mail.objects.get().to_address == "ana@elsewhere.example"


def test_made_up_people_get_files(team, settings, tmp_path):
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "OPTIONS": {"file_path": str(tmp_path)},
        }
    }
    team["author"].is_example = True
    team["author"].save()
    factories.mail(team["author"], "a")
    assert send(NOW) == {"written": 1}
    [written] = tmp_path.iterdir()
    assert b"To: ana@example.org" in written.read_bytes()


def test_killed_before_the_dot_costs_nothing(team, server):
    mail = factories.mail(team["author"], "a")
    leases.take(NOW)  # and the process dies
    assert send(NOW + MINUTE) == {}
    assert send(NOW + 21 * MINUTE) == {"recovered": 1, "sent": 1}
    mail.refresh_from_db()
    assert (mail.state, mail.attempts) == (MailState.SENT, 1)
    assert list(MailAttempt.objects.values_list("outcome", flat=True)) == ["lost before the dot", "accepted"]


def test_a_sender_past_its_lease_sends_nothing_and_writes_nothing(team, server, caplog):
    mail = factories.mail(team["author"], "a")
    zombie = leases.take(NOW)
    leases.recover(NOW + 21 * MINUTE)
    with pytest.raises(leases.LeaseLost):
        zombie.mark_dot(NOW)
    assert not leases.settle(zombie, NOW, "accepted", state=MailState.SENT, sent_at=NOW)
    assert "lease ran out" in caplog.text
    mail.refresh_from_db()
    assert mail.state == MailState.PENDING
