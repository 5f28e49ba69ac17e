"""An address that refuses mail: marked at the second refusal in a row, held back, and trusted again."""

import pytest
from django.contrib.admin.models import LogEntry

from recommendations.choices import MailState
from recommendations.errors import Refused
from recommendations.mail.outbox import bounces, breaker, send
from recommendations.mail.outbox.bounces import note_refusal
from recommendations.models import Mail, User
from recommendations.services import mail_choices, people
from tests.support import factories
from tests.support.factories import DAY, NOW
from tests.support.pages import browser_of, words
from tests.support.servers import INACTIVE, INVALID, provider

NO_SUCH_USER = "550 5.1.1 No such user"


def sent_to(person, key, day=0):
    """Queue a mail and run the sender. Returns: the mail."""
    factories.mail(person, key, NOW + day * DAY)
    send(NOW + day * DAY)
    return Mail.objects.get(key=key)


def mark_of(person):
    """Return (refusals in a row, whether the address is marked)."""
    person.refresh_from_db()
    return person.refusals, bool(person.bouncing_since)


def refused_twice(person):
    """Mark the person's address as the sender does."""
    User.objects.filter(pk=person.pk).update(refusals=2, bouncing_since=NOW)
    person.refresh_from_db()


@pytest.mark.parametrize("at", ["recipient", "message"])
def test_two_refusals_in_a_row_mark_the_address_and_no_more_is_sent_there(team, server, at):
    if at == "recipient":
        server.to_recipient = lambda address: NO_SUCH_USER if address == "ana@example.org" else None
    else:
        server.answer = lambda _server, envelope: NO_SUCH_USER if "ana" in envelope.rcpt_tos[0] else None
    assert sent_to(team["author"], "a").state == MailState.FAILED
    assert mark_of(team["author"]) == (1, False)
    assert sent_to(team["author"], "b").state == MailState.FAILED
    assert mark_of(team["author"]) == (2, True) and team["author"].bouncing_since.date() == NOW.date()
    third = sent_to(team["author"], "c", day=1)
    assert (third.state, third.attempts) == (MailState.SUPPRESSED, 1)
    assert third.reason == "The mail server refused the address twice in a row. Managers can see what to do."
    assert sent_to(team["other"], "d").state == MailState.SENT
    assert mark_of(team["other"]) == (0, False)


@pytest.mark.parametrize(
    ("status", "code", "words", "marked"),
    [
        (422, 300, INVALID, True),
        (422, 406, INACTIVE, True),
        # About us or about the hour, and so would be every other mail.
        (422, 300, "Invalid 'From' address: 'x'.", False),
        (422, 400, "The 'From' address is not confirmed.", False),
        (401, 10, "No such token", False),
        (429, 429, "Too many", False),
        (500, 0, "oh", False),
    ],
)
def test_a_provider_s_refusals_count_where_they_are_of_the_recipient(
    team, settings, status, code, words, marked
):
    with provider(status, {"ErrorCode": code, "Message": words}) as (address, got):
        options = {"server_token": "secret", "api_url": address}
        backend = "anymail.backends.postmark.EmailBackend"
        settings.MAILERS = {"default": {"BACKEND": backend, "OPTIONS": options}}
        for key in "ab":
            factories.mail(team["author"], key)
            breaker.reset(NOW)
            send(NOW)
        third = sent_to(team["author"], "c")
    assert mark_of(team["author"]) == ((2, True) if marked else (0, False))
    assert (third.state == MailState.SUPPRESSED) == marked and got


def test_an_accepted_mail_between_them_begins_the_count_anew(team, server):
    for key, refusal in (("a", NO_SUCH_USER), ("b", None), ("c", NO_SUCH_USER)):
        server.to_recipient = lambda _address, refusal=refusal: refusal
        sent_to(team["author"], key)
    assert mark_of(team["author"]) == (1, False)


@pytest.mark.parametrize("answer", ["451 Try later", "452 4.2.2 Mailbox full"])
def test_a_passing_refusal_counts_for_nothing(team, server, answer):
    server.to_recipient = lambda _address: answer
    for key in "abc":
        assert sent_to(team["author"], key).state == MailState.PENDING
    assert mark_of(team["author"]) == (0, False)


@pytest.mark.parametrize("at", ["recipient", "message"])
def test_a_refusal_by_policy_is_about_us_and_marks_nobody(team, server, at):
    refusal = "554 5.7.1 <ana@example.org>: Relay access denied"
    server.to_recipient = lambda _address: refusal if at == "recipient" else None
    server.answer = lambda *_mail: refusal if at == "message" else None
    for key in "abc":
        assert sent_to(team["author"], key).state == MailState.FAILED
    assert mark_of(team["author"]) == (0, False)


def test_an_address_changed_while_the_mail_was_under_way_is_not_blamed(team, server, monkeypatch):
    server.to_recipient = lambda _address: NO_SUCH_USER

    def note_after_the_change(*arguments):
        User.objects.filter(pk=team["author"].pk).update(email="new@example.org")
        note_refusal(*arguments)

    monkeypatch.setattr(bounces, "note_refusal", note_after_the_change)
    assert sent_to(team["author"], "a").state == MailState.FAILED
    assert mark_of(team["author"]) == (0, False)


def test_a_new_address_is_believed_and_a_new_name_changes_nothing(team, server):
    refused_twice(team["author"])
    about = {"actor": team["manager"], "person": team["author"], "now": NOW}
    people.rename(email="ana@example.org", name="An", **about)
    assert mark_of(team["author"]) == (2, True)
    people.rename(email="newer@example.org", name="An", **about)
    assert mark_of(team["author"]) == (0, False)
    assert sent_to(team["author"], "b").state == MailState.SENT


def test_they_themselves_or_a_manager_trust_it_and_nobody_else(team, server):
    for actor, allowed in (("author", True), ("manager", True), ("reviewer", False), ("other", False)):
        refused_twice(team["author"])
        if allowed:
            assert mail_choices.trust_address(actor=team[actor], person=team["author"]) is True
            assert mail_choices.trust_address(actor=team[actor], person=team["author"]) is False
        else:
            with pytest.raises(Refused):
                mail_choices.trust_address(actor=team[actor], person=team["author"])
        assert mark_of(team["author"]) == ((0, False) if allowed else (2, True))


def test_managers_are_told_on_the_desk_and_what_to_do_on_the_person_s_page(team):
    manager = browser_of(team["manager"])
    assert "Addresses that refuse mail" not in words(manager.get("/desk/"))
    refused_twice(team["author"])
    assert "Addresses that refuse mail 1 addresses" in words(manager.get("/desk/"))
    assert "Addresses that refuse mail" not in words(browser_of(team["reviewer"]).get("/desk/"))
    listed = words(manager.get("/desk/recommendations/user/?mail=refused"))
    assert "ana@example.org" in listed and "omar@example.org" not in listed
    page = f"/desk/recommendations/user/{team['author'].pk}/"
    shown = words(manager.get(page + "change/"))
    assert "refused two mails in a row to ana@example.org" in shown
    told = words(manager.post(page + "mail/", follow=True))
    assert "Mails are sent to ana@example.org again" in told and "refused" not in told
    assert mark_of(team["author"]) == (0, False)
    assert LogEntry.objects.get().get_change_message() == "Sent mails to the address again."


def test_a_person_is_told_on_their_own_pages_and_can_say_that_it_works(team):
    browser = browser_of(team["author"])
    refused_twice(team["author"])
    for address in ("/settings/", "/settings/mails/"):
        assert "Your mail address refuses mail." in words(browser.get(address))
    assert "Your mail address refuses mail." not in words(browser_of(team["other"]).get("/settings/mails/"))
    told = words(browser.post("/settings/mails/again/", follow=True))
    assert "Mails are sent to ana@example.org again." in told and "Your mail address refuses" not in told
    assert mark_of(team["author"]) == (0, False)
