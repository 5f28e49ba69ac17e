"""A person's own page of what was sent to them, and why, or why not."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from recommendations.choices import GONE_STATES, MailKind, MailState
from recommendations.models import Mail
from recommendations.models.leases import new_lease
from tests.support import factories
from tests.support.factories import NOW
from tests.support.pages import browser_of, words

ADDRESS = "/settings/mails/"


def mail_to(person, key, **fields):
    """Make a mail of any state. Returns: the row."""
    factories.mail(person, key)
    Mail.objects.filter(key=key).update(**fields)
    return Mail.objects.get(key=key)


def page_of(person, query=""):
    """Return the words of the person's page."""
    answer = browser_of(person).get(ADDRESS + query)
    assert answer.status_code == 200
    return words(answer)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"state": MailState.SENT, "sent_at": NOW}, "Sent 2 Sep 2024, 18:00 KST"),
        (
            {"state": MailState.SUPPRESSED, "reason": "Away until 3 May 2026."},
            "Not sent Away until 3 May 2026.",
        ),
        ({"state": MailState.EXPIRED, "reason": "It could not be sent in time."}, "Not sent It could not be"),
        ({"state": MailState.PENDING}, "Waiting "),
        (
            {"state": MailState.FAILED, "last_code": "550", "last_error": "No such user"},
            "Failed: 550 No such user",
        ),
        ({"state": MailState.FAILED}, "Failed "),
        ({"state": MailState.WRITTEN, "sent_at": NOW}, "Written to a file, sent to nobody"),
        ({"state": MailState.UNKNOWN}, "Unknown: it may or may not have arrived"),
    ],
)
def test_it_says_what_became_of_each_and_why(team, fields, said):
    team["author"].time_zone = "Asia/Seoul"
    team["author"].save()
    mail_to(team["author"], "a", **fields)
    page = page_of(team["author"])
    assert "Mail a" in page and "A reviewer decided on an update of yours." in page
    assert said in page


def test_a_mail_that_was_put_off_says_until_when(team):
    team["author"].time_zone = "UTC"
    team["author"].save()
    later = timezone.now() + timedelta(hours=1)
    mail_to(team["author"], "a", next_attempt_at=later)
    assert f"Waiting; next try {later.day} {later:%b %Y, %H:%M}" in page_of(team["author"])


def test_it_holds_nobody_else_s_not_even_for_a_manager(team):
    mail_to(team["author"], "a")
    mail_to(team["manager"], "b")
    for person, own, other in (("manager", "Mail b", "Mail a"), ("author", "Mail a", "Mail b")):
        page = page_of(team[person])
        assert own in page and other not in page
    assert "No mail has been written to you yet." in page_of(team["viewer"])


@pytest.mark.parametrize("state", MailState)
def test_a_digest_that_went_out_can_be_read_again(team, state):
    sending = new_lease(NOW) if state == MailState.SENDING else {}
    mail = mail_to(team["viewer"], "a", kind=MailKind.DIGEST, state=state, sent_at=NOW, **sending)
    page = browser_of(team["viewer"]).get(ADDRESS).content.decode()
    link = reverse("digest-detail", args=[mail.pk])
    assert (link in page) == (state in GONE_STATES)


def test_a_reminder_shows_its_subject_and_no_more(world):
    answer = browser_of(world.author).get(ADDRESS)
    page = words(answer)
    assert "1 recommendation is due" in page and "Log in." not in page
    assert "Thing 3" not in page  # what the restricted update in that mail is about
    assert "Something that you are responsible for was due" in page


def test_newest_first_a_page_at_a_time_in_as_many_statements(team, django_assert_num_queries):
    browser = browser_of(team["author"])
    mail_to(team["author"], "first", created_at=NOW)
    statements = 4  # session, person with role, count, mails
    with django_assert_num_queries(statements):
        browser.get(ADDRESS)
    for number in range(1, 31):
        mail_to(team["author"], f"{number:02}", created_at=NOW + timedelta(days=number))
    with django_assert_num_queries(statements):
        page = words(browser.get(ADDRESS))
    assert page.index("Mail 30") < page.index("Mail 29") < page.index("Mail 06")
    assert "Mail 05" not in page and "1 to 25 of 31 mails" in page
    assert "Mail first" in page_of(team["author"], "?page=2")


def test_the_settings_and_the_digests_lead_to_it(team):
    for name in ("settings", "digest-list"):
        assert f'href="{ADDRESS}"' in browser_of(team["viewer"]).get(reverse(name)).content.decode()
