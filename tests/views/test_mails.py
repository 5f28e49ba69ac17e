"""The archive of digests, the preview, and the page that ends them."""

import pytest
from django.test import Client
from django.urls import reverse

from recommendations.choices import DigestFrequency, MailKind, MailState, ReminderChoice
from recommendations.mail.outbox import unsubscribe_address
from recommendations.models import Mail, UnsubscribeToken, User
from recommendations.services.mail.digests import queue_digests
from recommendations.views.mailbody import body_for_page
from tests.support import factories
from tests.support.factories import DAY, NOW
from tests.support.pages import text_of

MONDAY = NOW + 7 * DAY - DAY / 24


@pytest.fixture
def sent(team, recommendation):
    """A digest for everybody, about one status that moved."""
    User.objects.update(date_joined=NOW - 60 * DAY)
    factories.approve(team["author"], recommendation, NOW, reviewer=team["reviewer"])
    queue_digests(now=MONDAY)
    Mail.objects.filter(kind=MailKind.DIGEST).update(state=MailState.SENT, sent_at=MONDAY)
    return {mail.recipient: mail for mail in Mail.objects.filter(kind=MailKind.DIGEST)}


@pytest.fixture
def link(team):
    """The path of an unsubscribe link of the viewer."""
    address = unsubscribe_address(team["viewer"], MailKind.DIGEST, NOW)
    return "/u/" + address.rpartition("/")[2]


def test_one_reads_one_s_own_digests_again(client, team, sent):
    client.force_login(team["viewer"])
    page = client.get(reverse("digest-list"))
    assert text_of(page).count("Digest: 1 status changed") == 1
    mine = sent[team["viewer"]]
    words = text_of(client.get(reverse("digest-detail", args=[mine.pk])))
    for part in ("1 status changed", "Thing 1", "No action", "Status: North Korea 2024"):
        assert part in words
    assert client.get(reverse("digest-detail", args=[sent[team["other"]].pk])).status_code == 404


@pytest.mark.parametrize("state", [MailState.PENDING, MailState.SUPPRESSED, MailState.EXPIRED])
def test_one_that_did_not_go_out_is_not_read_on_the_site(client, team, sent, state):
    mine = sent[team["viewer"]]
    Mail.objects.filter(pk=mine.pk).update(state=state)
    client.force_login(team["viewer"])
    assert client.get(reverse("digest-detail", args=[mine.pk])).status_code == 404
    assert "Digest: 1 status changed" not in text_of(client.get(reverse("digest-list")))


def test_a_page_of_a_mail_has_no_style_and_no_script(client, team, sent):
    client.force_login(team["viewer"])
    page = client.get(reverse("digest-detail", args=[sent[team["viewer"]].pk])).content.decode()
    assert "style=" not in page and "<style" not in page


def test_the_link_that_ends_digests_is_shown_to_nobody_else(client, team, sent):
    client.force_login(team["manager"])
    mail = sent[team["viewer"]]
    token = mail.words.headers["List-Unsubscribe"].strip("<>").rpartition("/")[2]
    assert token in mail.text_for(team["viewer"])
    pages = [
        reverse("digest-detail", args=[mail.pk]),
        reverse("admin:recommendations_mail_change", args=[mail.pk]),
    ]
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200 and token not in answer.content.decode()


def test_what_is_no_mark_up_of_ours_is_taken_out():
    body = body_for_page(
        '<html><head><title>t</title></head><body><p class="x" style="color:red" onclick="a()">Hi</p>'
        '<script>alert(1)</script><a href="javascript:alert(1)">a</a><img src=x></body></html>'
    )
    assert body == '<p class="x">Hi</p><a>a</a>'


def test_a_manager_sees_all_and_previews_any(client, team, sent):
    client.force_login(team["manager"])
    page = client.get(reverse("digest-list"))
    assert text_of(page).count("Digest: 1 status changed") == len(sent)
    preview = text_of(client.get(reverse("digest-preview", args=[team["author"].pk])))
    assert "This is what Ana would get" in preview and "Nothing was sent" in preview


def test_the_link_only_asks_when_it_is_opened(team, link):
    page = Client().get(link)
    assert page.status_code == 200 and "Stop the digests?" in text_of(page)
    assert User.objects.get(pk=team["viewer"].pk).digest_frequency == DigestFrequency.WEEKLY


def test_one_click_ends_digests_and_nothing_else(team, link):
    strict = Client(enforce_csrf_checks=True)
    for _time in range(2):
        done = strict.post(link, {"List-Unsubscribe": "One-Click"})
        assert done.status_code == 200 and not done.cookies
    viewer = User.objects.get(pk=team["viewer"].pk)
    assert viewer.digest_frequency == DigestFrequency.NEVER
    assert viewer.reminders == ReminderChoice.ALL
    assert User.objects.filter(digest_frequency=DigestFrequency.NEVER).count() == 1


def test_the_button_of_the_page_does_the_same(team, link):
    done = Client(enforce_csrf_checks=True).post(link)
    assert "You will get no more digests" in text_of(done)
    again = text_of(Client().get(link))
    assert "You will get no more digests" in again and "Stop the digests?" not in again
    assert User.objects.get(pk=team["viewer"].pk).digest_frequency == DigestFrequency.NEVER


def test_the_token_is_kept_hashed(link):
    assert UnsubscribeToken.objects.get().digest not in link and len(link) == 3 + 22


def test_an_unknown_token_is_told_so(db):
    answer = Client().get("/u/no-such-token")
    assert answer.status_code == 404 and "This link is not valid" in answer.content.decode()
