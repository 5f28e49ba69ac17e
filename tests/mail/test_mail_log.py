"""The head of the mail log, and the alarm of the desk while the mail server cannot be used."""

import io
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from recommendations.choices import MailState
from recommendations.mail.outbox import breaker
from recommendations.models import Mail
from recommendations.models.leases import new_lease
from tests.support import factories
from tests.support.pages import browser_of, words

LOG = "/desk/recommendations/mail/"
SAID = "535 5.7.8 Username and Password not accepted"


@pytest.fixture
def now():
    return timezone.now()


def mails(person, now):
    """Queue a mail of each state, the waiting one since two days."""
    for state in MailState:
        factories.mail(person, state, now - timedelta(days=2 if state == MailState.PENDING else 1))
        sending = new_lease(now) if state == MailState.SENDING else {}
        Mail.objects.filter(key=state).update(state=state, sent_at=now, **sending)
    Mail.objects.filter(state=MailState.PENDING).update(last_code="451", last_error="Try later")


def test_the_log_counts_by_state_and_names_what_has_waited_longest(team, now, django_assert_num_queries):
    mails(team["author"], now)
    factories.mail(team["other"], "newer", now)
    browser = browser_of(team["manager"])
    answer = browser.get(LOG)
    shown = words(answer)
    for state, number in ((MailState.FAILED, 1), (MailState.PENDING, 2), (MailState.SENT, 1)):
        assert f"{number} {state.label}" in shown
        assert f'href="?state__exact={state}"' in answer.content.decode()
    assert "Waiting longest: Mail pending , Ana," in shown and "451 Try later" in shown
    assert "Mail failed" in words(browser.get(LOG + "?state__exact=failed"))
    with django_assert_num_queries(12):
        browser.get(LOG)
    for number in range(30):
        factories.mail(team["other"], str(number), now)
    with django_assert_num_queries(12):
        browser.get(LOG)


def test_an_empty_log_says_nothing_of_waiting(team):
    shown = words(browser_of(team["manager"]).get(LOG))
    assert "0 Failed" in shown and "Waiting longest" not in shown and "cannot be used" not in shown


@pytest.mark.parametrize("address", [LOG, "/desk/"])
def test_a_mail_server_that_cannot_be_used_is_told_with_its_words_until_it_answers(team, now, address):
    browser = browser_of(team["manager"])
    assert "The mail server cannot be used" not in words(browser.get(address))
    breaker.trip(now, SAID)
    breaker.trip(now, SAID)
    shown = words(browser.get(address))
    assert "The mail server cannot be used. It said: " + SAID in shown and "2 tries failed" in shown
    breaker.reset(now)
    assert "The mail server cannot be used" not in words(browser.get(address))


def test_the_words_of_the_mail_server_are_for_managers(team, now):
    breaker.trip(now, SAID)
    assert SAID not in words(browser_of(team["reviewer"]).get("/desk/"))
    assert browser_of(team["reviewer"]).get(LOG).status_code == 403


def test_a_mail_that_became_a_file_is_said_to_be_one_everywhere(team, now, settings, tmp_path):
    files = {"BACKEND": "django.core.mail.backends.filebased.EmailBackend"}
    settings.MAILERS = {"default": {**files, "OPTIONS": {"file_path": str(tmp_path)}}}
    mail, out = factories.mail(team["author"], "a", now), io.StringIO()
    call_command("send_outbox", stdout=out)
    assert (
        "Mails written as files, which reached nobody: 1." in out.getvalue()
        and len(list(tmp_path.iterdir())) == 1
    )
    mail.refresh_from_db()
    assert (mail.state, mail.last_code, mail.tries.get().code) == (MailState.WRITTEN, "", "")
    assert mail.tries.get().outcome == "written as a file"
    shown = words(browser_of(team["manager"]).get(LOG))
    assert "1 Written to a file, sent to nobody" in shown and "0 Accepted by the mail server" in shown
    page = words(browser_of(team["manager"]).get(f"{LOG}{mail.pk}/change/"))
    own = words(browser_of(team["author"]).get("/settings/mails/"))
    for told in (page, own):
        assert "Written to a file" in told and "No mail server is named (EMAIL_URL)." in told
        assert "ccepted" not in told and "250" not in told
