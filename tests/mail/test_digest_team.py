"""Digests of members tell what the team did, which next steps are due, and which moments come."""

import re
import uuid
from datetime import date, timedelta
from html import unescape

import pytest

from recommendations.choices import DigestFrequency, MailState, Sensitivity
from recommendations.mail.outbox import send
from recommendations.models import Advocacy, User
from recommendations.services import advocacy, moments, review_dates
from recommendations.services.mail.digests import queue_digests
from recommendations.services.mail.reminders import queue_reminders
from tests.support import factories
from tests.support.digests import MONDAY, WEEK, digests_of
from tests.support.factories import DAY, EVERY_DAY, NOW, change
from tests.support.pages import browser_of, words

pytestmark = pytest.mark.usefixtures("readers")
HEADINGS = ("WHAT THE TEAM DID", "NEXT STEPS IN ADVOCACY", "COMING MOMENTS")


def log(author, now=NOW, **given):
    """Log an entry at a moment."""
    fields = {"kind": "meeting", "held_on": now.date(), "counterpart": "CANARY-ENVOY", "subject": "The camps"}
    fields |= {"result": "CANARY-RESULT", "next_step": "", "next_on": None, "next_owner": None}
    fields |= {"sensitivity": Sensitivity.INTERNAL}
    about = {"recommendations": given.pop("recommendations", []), "readers": given.pop("readers", [])}
    return advocacy.log(author=author, key=uuid.uuid4(), fields=fields | given, now=now, **about)


def change_entry(entry, now, **given):
    """Change an entry as its author."""
    fields = {name: getattr(entry, name) for name in advocacy.FIELDS} | given
    return advocacy.change(
        entry=entry, actor=entry.author, fields=fields, recommendations=[], readers=[], now=now
    )


def moment(manager, title, on, **given):
    fields = {"kind": "upr", "title": title, "on": on, "note": "", **given}
    return moments.keep_moment(actor=manager, moment=None, fields=fields, now=NOW)


def text_of(mail):
    return " ".join(mail.text.split())


def shown(mail):
    return " ".join(unescape(re.sub("<[^>]+>", " ", mail.html)).split())


def test_members_read_what_was_done_and_what_comes_in_both_parts_and_on_the_site(team, recommendation):
    step = {"next_step": "Send the summary", "next_on": date(2024, 9, 12), "next_owner": team["other"]}
    entry = log(team["author"], recommendations=[recommendation], **step)
    coming = moment(team["manager"], "Review of North Korea", date(2024, 11, 4), note="In Geneva.")
    review_dates.add_before_moment(
        recommendation=recommendation, actor=team["reviewer"], moment=coming, weeks=2, now=NOW
    )
    queue_digests(now=MONDAY)
    [mail] = digests_of(team["viewer"])
    assert mail.subject == "Digest: 1 in the advocacy log"
    send(MONDAY)
    page = words(browser_of(team["viewer"]).get(f"/digests/{mail.pk}/"))
    for said in (text_of(mail), shown(mail), page):
        for told in (
            "Meeting: The camps",
            "Mon 2 Sep 2024, logged by Ana. About KP-01.",
            "Send the summary",
            "Due in 3 days, on Thu 12 Sep 2024. Omar takes it.",
            "Review of North Korea",
            "Mon 4 Nov 2024 (in 56 days), Universal Periodic Review. In Geneva.",
            "1 review is to be done before it.",
        ):
            assert told in said, told
        assert "CANARY" not in said
    assert str(entry.key) in mail.text and str(entry.key) in mail.html


def test_each_entry_is_told_once_and_when_its_step_is_done(team):
    step = {"next_step": "Send the summary", "next_on": date(2024, 12, 1), "next_owner": team["other"]}
    entry = log(team["author"], **step)
    queue_digests(now=MONDAY)
    entry = change_entry(entry, MONDAY + DAY, subject="The prison camps")
    log(team["other"], MONDAY + DAY, subject="The workers")
    queue_digests(now=MONDAY + WEEK)
    advocacy.finish(entry=entry, actor=team["other"], now=MONDAY + WEEK + DAY)
    queue_digests(now=MONDAY + 2 * WEEK)
    queue_digests(now=MONDAY + 3 * WEEK)
    first, second, third, last = digests_of(team["viewer"])
    assert "The camps" in first.text and "The workers" in second.text
    assert "camps" not in second.text, "it was changed, and is no news"
    assert "Next step done: Send the summary (Meeting: The prison camps)" in text_of(third)
    assert "Next step done: Send the summary" in shown(third) and "The workers" not in third.text
    assert last.state == MailState.SUPPRESSED


def test_nothing_restricted_is_told_to_anybody_until_it_is_opened(team):
    secret = {"sensitivity": Sensitivity.RESTRICTED, "subject": "CANARY-SUBJECT", "readers": [team["viewer"]]}
    step = {"next_step": "CANARY-STEP", "next_on": date(2024, 9, 12), "next_owner": team["viewer"]}
    change(team["author"], digest_frequency=DigestFrequency.WEEKLY, digest_when_empty=True)
    change(team["viewer"], digest_when_empty=True)
    entry = log(team["author"], **secret, **{**step, "next_owner": team["author"]})
    queue_digests(now=MONDAY)
    for name in ("author", "viewer"):
        [mail] = digests_of(team[name])
        assert "CANARY" not in mail.text + mail.html and not any(one in mail.text for one in HEADINGS)
    change_entry(entry, MONDAY + DAY, sensitivity=Sensitivity.INTERNAL)
    queue_digests(now=MONDAY + WEEK)
    assert "CANARY-SUBJECT" in digests_of(team["viewer"])[1].text, "it is news from then on"


def test_a_digest_that_waits_is_not_sent_once_an_entry_in_it_is_restricted(team):
    entry = log(team["author"])
    log(team["author"], subject="The workers")
    queue_digests(now=MONDAY)
    change_entry(entry, MONDAY, sensitivity=Sensitivity.RESTRICTED)
    send(MONDAY)
    [mail] = digests_of(team["viewer"])
    assert mail.state == MailState.SUPPRESSED and "has been restricted" in mail.reason
    queue_digests(now=MONDAY + WEEK)
    following = digests_of(team["viewer"])[1]
    assert "The workers" in following.text and "The camps" not in following.text


def test_partners_read_nothing_of_it(team, recommendation):
    User.objects.filter(pk=team["viewer"].pk).update(is_partner=True, digest_when_empty=True)
    step = {"next_step": "Send the summary", "next_on": date(2024, 9, 12), "next_owner": team["other"]}
    log(team["author"], sensitivity=Sensitivity.PUBLIC, recommendations=[recommendation], **step)
    moment(team["manager"], "Review of North Korea", date(2024, 10, 1))
    queue_digests(now=MONDAY)
    [mail] = digests_of(team["viewer"])
    for told in ("camps", "summary", "Review of North Korea", "advocacy", "moment"):
        assert told not in (mail.subject + mail.text + mail.html).casefold()


def test_a_step_that_the_reminder_told_is_left_out_and_said_to_be_there(team):
    change(team["other"], digest_frequency=DigestFrequency.WEEKLY, working_days=EVERY_DAY)
    step = {"next_step": "Send the summary", "next_on": MONDAY.date(), "next_owner": team["other"]}
    log(team["author"], **step)
    queue_reminders(now=MONDAY)
    send(MONDAY)
    queue_digests(now=MONDAY)
    [his], [others] = digests_of(team["other"]), digests_of(team["viewer"])
    assert "NEXT STEPS" not in his.text and "Not listed here again: 1 thing" in text_of(his)
    assert "NEXT STEPS IN ADVOCACY (1)" in others.text and "Due today" in others.text


def test_moments_are_no_news_and_those_that_are_over_or_far_are_not_told(team):
    for title, days in (("Over", -1), ("Today", 0), ("Near", 56), ("Far", 57)):
        moment(team["manager"], title, MONDAY.date() + days * DAY)
    queue_digests(now=MONDAY)
    assert digests_of(team["viewer"])[0].state == MailState.SUPPRESSED
    change(team["viewer"], digest_when_empty=True)
    moment(team["manager"], "Next week", MONDAY.date() + WEEK)
    queue_digests(now=MONDAY + WEEK)
    said = digests_of(team["viewer"])[1].text.split("COMING MOMENTS (3)")[1].split("STATUS:")[0]
    assert [line[2:] for line in said.splitlines() if line.startswith("* ")] == ["Next week", "Near", "Far"]
    assert "WHAT THE TEAM DID" not in digests_of(team["viewer"])[1].text


def test_however_many_readers_it_is_read_once(team, django_assert_max_num_queries):
    log(team["author"])
    for number in range(10):
        person = factories.person(f"Reader {number}", "Viewer")
        change(person, date_joined=NOW - 400 * DAY, digest_when_empty=True)
    assert Advocacy.objects.count() == 1
    with django_assert_max_num_queries(45):
        assert queue_digests(now=MONDAY + timedelta(minutes=5)) == 11
