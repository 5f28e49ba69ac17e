""" "Send me this now": a reader's own digest between the regular ones; nothing is told twice or left out."""

from datetime import timedelta
from functools import partial
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from recommendations.choices import DigestFrequency, MailKind, MailState
from recommendations.errors import Refused
from recommendations.mail.outbox import send as send_outbox
from recommendations.models import Mail, User
from recommendations.services.mail import digests
from recommendations.services.mail.digests import queue_digests, send_now
from tests.support import factories
from tests.support.factories import DAY, NOW
from tests.support.pages import browser_of, words
from tests.support.threads import TRIES, at_once

HOUR = timedelta(hours=1)
MONDAY = NOW + 7 * DAY - HOUR  # eight in the morning, UTC
THURSDAY = NOW + 3 * DAY


@pytest.fixture
def team(team):
    """The team, who joined after the Monday on which the story begins: its digest is not theirs."""
    User.objects.update(date_joined=NOW + DAY)
    return team


def digests_of(person):
    return Mail.objects.filter(recipient=person, kind=MailKind.DIGEST).order_by("pk")


def refused(reader, now):
    """Return the words with which asking is refused; nothing is queued then."""
    before = Mail.objects.count()
    with pytest.raises(Refused) as told:
        send_now(reader=reader, now=now)
    assert Mail.objects.count() == before
    assert digests.preview_own(reader=reader, now=now)[1] == str(told.value)
    return str(told.value)


def test_the_next_regular_one_begins_where_it_ended(team, report):
    first, second, _third = report.recommendations.all()
    factories.approve(team["author"], first, NOW, reviewer=team["reviewer"])
    asked = send_now(reader=team["viewer"], now=THURSDAY)
    assert (asked.state, asked.to_address, asked.subject) == ("pending", "", "Digest: 1 status changed")
    factories.approve(team["author"], second, THURSDAY + HOUR, reviewer=team["reviewer"])
    queue_digests(now=MONDAY)
    [_asked, regular] = digests_of(team["viewer"])
    assert (regular.from_seq, regular.period) == (asked.to_seq, "2024-W37")
    assert "Thing 1 (TIP-2024-KP-01)\n  Not yet assessed" in asked.text
    assert "Thing 2 (TIP-2024-KP-02)\n  Not yet assessed" in regular.text
    assert "Thing 1 (TIP-2024-KP-01)\n  Not yet assessed" not in regular.text
    # Nobody else's is touched.
    assert digests_of(team["other"]).get().from_seq < asked.to_seq


def test_it_says_why_it_came_and_goes_out(team, recommendation, mailoutbox):
    factories.approve(team["author"], recommendation, NOW, reviewer=team["reviewer"])
    send_now(reader=team["viewer"], now=THURSDAY)
    send_outbox(THURSDAY)
    [message] = [one for one in mailoutbox if one.to == ["vera@example.org"]]
    assert "You get this because you requested it on the site." in message.body
    assert digests_of(team["viewer"]).get().state == MailState.SENT
    queue_digests(now=MONDAY)  # nothing happened since
    assert digests_of(team["viewer"]).last().state == MailState.SUPPRESSED


def test_who_turned_digests_off_gets_the_one_they_ask_for_and_no_other(team, recommendation, mailoutbox):
    User.objects.filter(pk=team["viewer"].pk).update(digest_frequency=DigestFrequency.NEVER)
    factories.approve(team["author"], recommendation, NOW, reviewer=team["reviewer"])
    send_now(reader=team["viewer"], now=THURSDAY)
    queue_digests(now=MONDAY)
    send_outbox(MONDAY)
    assert [mail.state for mail in digests_of(team["viewer"])] == [MailState.EXPIRED]
    factories.approve(team["author"], recommendation, MONDAY, reviewer=team["reviewer"])
    send_now(reader=team["viewer"], now=MONDAY + HOUR)
    assert send_outbox(MONDAY + HOUR)["suppressed"] == 0
    assert digests_of(team["viewer"]).last().state == MailState.SENT


def test_a_second_press_and_one_with_no_news_are_refused_with_the_reason(team, report):
    first, second, _third = report.recommendations.all()
    assert "Nothing happened since your last digest" in refused(team["viewer"], THURSDAY)
    factories.approve(team["author"], first, NOW, reviewer=team["reviewer"])
    User.objects.filter(pk=team["viewer"].pk).update(time_zone="Asia/Seoul")
    send_now(reader=team["viewer"], now=THURSDAY)
    assert "from 19:00 on" in refused(team["viewer"], THURSDAY + HOUR / 2)
    assert "Nothing happened since" in refused(team["viewer"], THURSDAY + 2 * HOUR)
    factories.approve(team["author"], second, THURSDAY + 2 * HOUR, reviewer=team["reviewer"])
    send_now(reader=team["viewer"], now=THURSDAY + 3 * HOUR)
    assert digests_of(team["viewer"]).count() == 2


def test_who_wants_empty_ones_gets_one_for_each_place_in_the_sequence(team, recommendation):
    User.objects.filter(pk=team["viewer"].pk).update(digest_when_empty=True)
    factories.approve(team["author"], recommendation, NOW, reviewer=team["reviewer"])
    send_now(reader=team["viewer"], now=THURSDAY)
    with pytest.raises(Refused, match="already been sent to you"):
        send_now(reader=team["viewer"], now=THURSDAY + 2 * HOUR)


@pytest.mark.parametrize("minutes", [-9, 0, 9])
def test_beside_the_regular_one_nothing_is_sent(team, recommendation, minutes):
    factories.approve(team["author"], recommendation, NOW, reviewer=team["reviewer"])
    at = MONDAY + timedelta(minutes=minutes)
    assert "regular digest is due now" in refused(team["viewer"], at)
    queue_digests(now=MONDAY + 10 * timedelta(minutes=1))
    assert "Nothing happened since" in refused(team["viewer"], MONDAY + HOUR)


def test_an_address_that_refuses_mail_is_told(team, recommendation):
    factories.approve(team["author"], recommendation, NOW, reviewer=team["reviewer"])
    User.objects.filter(pk=team["viewer"].pk).update(refusals=2, bouncing_since=NOW)
    assert "Your mail address refuses mail" in refused(team["viewer"], THURSDAY)


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_owe_one():
    people, report = factories.team(), factories.report()
    User.objects.update(date_joined=NOW + DAY)
    factories.approve(people["author"], report.recommendations.first(), NOW, reviewer=people["reviewer"])
    for _try in range(TRIES):
        Mail.objects.filter(kind=MailKind.DIGEST).delete()
        results = at_once(*[partial(send_now, reader=people["viewer"], now=THURSDAY)] * 2)
        assert sorted(type(result).__name__ for result in results) == ["Mail", "Refused"], results
        assert digests_of(people["viewer"]).count() == 1
    print(f"{connection.vendor}: {TRIES} tries")


def test_the_page_shows_what_the_mail_says_and_sends_it_once(team, recommendation):
    factories.approve(team["author"], recommendation, timezone.now() - DAY, reviewer=team["reviewer"])
    in_three_days = (timezone.now() + 3 * DAY).isoweekday()
    User.objects.update(digest_weekday=in_three_days, time_zone="UTC", date_joined=timezone.now() - DAY)
    browser = browser_of(team["viewer"])
    assert "/digests/now/" in browser.get("/digests/").content.decode()
    shown = words(browser.get("/digests/now/"))
    assert "1 status changed" in shown and "Send" in shown
    assert not digests_of(team["viewer"]).exists()
    told = words(browser.post("/digests/now/", follow=True))
    assert (
        "will be sent to vera@example.org within a few minutes" in told
        and "You requested it on the site." in told
    )
    again = words(browser.post("/digests/now/", follow=True))
    assert "You requested one less than an hour ago" in again and "Send" not in again
    assert digests_of(team["viewer"]).count() == 1


def test_it_holds_what_its_reader_may_see_and_no_more(world):
    for role in ("viewer", "other", "author", "manager"):
        letter, _why_not = digests.preview_own(reader=world.people[role], now=NOW + DAY)
        assert "Ms. K." not in letter.text + letter.html + letter.subject
    letter, _why_not = digests.preview_own(reader=world.people["viewer"], now=NOW + DAY)
    assert "restricted" not in letter.text.lower()


def test_preview_and_dry_twin_say_the_same_of_every_reader(team, report):
    """A manager's preview, the command's dry run and the mail itself are of one mind."""
    first, second, _third = report.recommendations.all()
    factories.approve(team["author"], first, NOW, reviewer=team["reviewer"])
    factories.approve(team["author"], second, NOW + DAY, reviewer=team["reviewer"])
    out = StringIO()
    call_command("queue_digests", "--now", MONDAY.isoformat(), "--dry-run", stdout=out)
    dry = {line.split()[1]: line.split("  ")[-1] for line in out.getvalue().splitlines() if "@" in line}
    seen = {
        person.email: digests.preview(reader=person, manager=team["manager"], now=MONDAY)
        for person in team.values()
    }
    queue_digests(now=MONDAY)
    for person in team.values():
        mail = digests_of(person).get()
        assert f"Digest: {dry[person.email]}" == seen[person.email].subject == mail.subject
        # All but the foot, where only the mail has the link that ends digests.
        assert seen[person.email].text.partition("\n--\n")[0] == mail.text.partition("\n--\n")[0]
