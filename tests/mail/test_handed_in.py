"""Who handed something in is not told to log it until it is decided; a reminder tells whose each thing is."""

import re
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.urls import reverse

from recommendations.choices import Decision, DigestFrequency, MailState, Sensitivity
from recommendations.mail.outbox import send
from recommendations.models import Grant, Mail, Recommendation, User
from recommendations.services import reviews, updates
from recommendations.services.mail import digests
from recommendations.services.mail.reminders import queue_reminders
from tests.support import factories
from tests.support.factories import DAY
from tests.support.pages import browser_of, words
from tests.support.reminding import DUE, MORNING, bring_near, tell

LATE = MORNING + 7 * DAY


@pytest.fixture
def due(team, recommendation):
    return bring_near(team, recommendation)


def mails_of(person):
    return list(Mail.objects.filter(recipient=person).order_by("pk").values_list("subject", flat=True))


def page_of(person, address, now=LATE):
    with time_machine.travel(now, tick=False):
        return words(browser_of(person).get(address))


# --- Planning and sending ----------------------------------------------------------------------
def test_a_reminder_rests_for_its_author_while_the_update_waits_and_goes_on_when_it_is_returned(team, due):
    update = factories.submit(team["author"], due, LATE - DAY)
    assert queue_reminders(now=LATE) == 0
    reviews.decide(
        update=update, reviewer=team["reviewer"], decision=Decision.RETURN, comment="Which day?", now=LATE
    )
    assert tell(LATE) == 1 and mails_of(team["author"])[1:] == ["KP-01 is 7 days overdue"]


def test_a_withdrawn_update_and_one_of_somebody_else_silence_nothing(team, due):
    updates.withdraw(update=factories.submit(team["author"], due, LATE), actor=team["author"], now=LATE)
    factories.submit(team["other"], due, LATE)
    assert tell(LATE) == 1 and mails_of(team["author"]) == ["KP-01 is 7 days overdue"]


def test_what_was_handed_in_after_the_planning_is_not_sent(team, due, mailoutbox):
    queue_reminders(now=LATE)
    factories.submit(team["author"], due, LATE)
    assert send(LATE + timedelta(hours=1)) == {"suppressed": 1} and mailoutbox == []


def test_a_deputy_and_a_reviewer_who_handed_it_in_are_not_told_either(team, due):
    User.objects.filter(pk=team["author"].pk).update(is_active=False)
    factories.submit(team["other"], due, LATE)
    assert queue_reminders(now=LATE) == 0
    Recommendation.objects.update(owner=None, deputy=None)
    factories.submit(team["reviewer"], due, LATE)
    assert queue_reminders(now=LATE) == 2
    told = Mail.objects.filter(state=MailState.PENDING).values_list("recipient__name", flat=True)
    assert sorted(told) == ["Mina", "Sam"]


# --- Pages -------------------------------------------------------------------------------------
def test_my_work_says_since_when_and_with_whom_it_waits_and_no_more_that_it_is_due(team, due):
    factories.write(team["author"], due, LATE - DAY)
    assert "Log an update : TIP-2024-KP-01" in page_of(team["author"], reverse("home"))
    update = factories.submit(team["author"], due, LATE - DAY)
    page = page_of(team["author"], reverse("home"))
    assert (
        "Log an update : TIP-2024-KP-01" not in page
        and "The updates that you submitted wait for review" in page
    )
    assert "submitted 26 Sep 2024 (yesterday) · waits with Mina, Rita or Sam" in page
    with time_machine.travel(LATE, tick=False):
        reviews.take(update=update, reviewer=team["second"], now=LATE)
    assert "in review by Sam" in page_of(team["author"], reverse("home"))


def test_the_pages_of_recommendation_and_update_say_it_to_the_author_alone(team, due):
    update = factories.submit(team["author"], due, LATE - DAY)
    for address in (due.get_absolute_url(), update.get_absolute_url()):
        assert "Submitted by you" in page_of(team["author"], address)
        assert "waits with Mina, Rita or Sam" in page_of(team["author"], address)
        assert "Submitted by you" not in page_of(team["reviewer"], address)


def test_with_whom_a_restricted_update_waits_are_those_let_in(team, due):
    update = factories.submit(team["author"], due, LATE - DAY, sensitivity=Sensitivity.RESTRICTED)
    assert "nobody can decide on it yet" in page_of(team["author"], reverse("home"))
    for name in ("reviewer", "viewer"):
        Grant.objects.create(
            person=team[name], update=update, granted_by=team["author"], granted_at=LATE, reason="x"
        )
    assert "waits with Rita" in page_of(team["author"], reverse("home"))


# --- Digests -----------------------------------------------------------------------------------
def test_the_digest_of_the_author_says_that_it_waits_and_that_of_others_does_not(team, due):
    User.objects.update(digest_frequency=DigestFrequency.WEEKLY, digest_weekday=5)
    factories.submit(team["author"], due, LATE - DAY)
    digests.queue_digests(now=LATE)
    text = Mail.objects.get(recipient=team["author"]).text
    assert "You own it. Submitted by you on Thu 26 Sep 2024; it waits for review." in " ".join(text.split())
    assert "Submitted by you" in Mail.objects.get(recipient=team["author"]).html
    other = " ".join(Mail.objects.get(recipient=team["other"]).text.split())
    assert "Owner: Ana." in other and "Submitted by you" not in other


def test_a_digest_tells_nothing_of_a_restricted_update_that_waits(team, due):
    User.objects.update(digest_frequency=DigestFrequency.WEEKLY, digest_weekday=5)
    factories.submit(team["author"], due, LATE - DAY, sensitivity=Sensitivity.RESTRICTED)
    digests.queue_digests(now=LATE)
    assert "Submitted by you" not in Mail.objects.get(recipient=team["author"]).text


# --- Whose it is -------------------------------------------------------------------------------
def test_a_manager_s_reminder_counts_as_hers_what_is_hers_alone(team, due, report):
    """She owns one, nobody answers for another, and a third is long overdue with its owner."""
    first, second, third = report.recommendations.order_by("position")
    of_others = {"next_review_on": DUE - 10 * DAY}
    Recommendation.objects.filter(pk=first.pk).update(owner=team["manager"], next_review_on=DUE)
    Recommendation.objects.filter(pk=second.pk).update(owner=team["author"], deputy=None, **of_others)
    Recommendation.objects.filter(pk=third.pk).update(owner=None, deputy=None, **of_others)
    queue_reminders(now=LATE)
    mail = Mail.objects.get(recipient=team["manager"])
    assert mail.subject == "1 overdue, 1 without anybody responsible, 1 long overdue (other owners)"
    text = " ".join(mail.text.split())
    for words_of_it in (
        "OVERDUE (1) * Thing 1",
        "NOBODY IS RESPONSIBLE FOR THESE (1) * Thing 3",
        "LONG OVERDUE (OTHER OWNERS) (1) * Thing 2",
        "Why you get this: You own KP-01: 7 days overdue. You are a manager, so you review too: nobody is "
        "responsible for KP-03, 17 days overdue; KP-02, of another owner, is 17 days overdue.",
    ):
        assert words_of_it in text
    assert "Overdue (1)" in mail.html and "Long overdue (other owners) (1)" in mail.html
    author = Mail.objects.get(recipient=team["author"]).text
    assert "You own KP-02: 17 days overdue." in author and "You are a reviewer" not in author
    reviewer = " ".join(Mail.objects.get(recipient=team["reviewer"]).text.split())
    assert "Why you get this: You are a reviewer: nobody is responsible for KP-03, 17 days" in reviewer


def test_it_names_the_most_urgent_thing_of_each_reason_and_counts_the_others(team, due, report):
    first, second, third = report.recommendations.order_by("position")
    report.recommendations.update(owner=team["author"], deputy=None, next_review_on=DUE - 10 * DAY)
    Recommendation.objects.filter(pk=first.pk).update(next_review_on=DUE - 12 * DAY, reviewer=team["second"])
    Recommendation.objects.filter(pk=third.pk).update(owner=team["other"], deputy=team["author"])
    User.objects.filter(pk=team["other"].pk).update(away_from=DUE, away_until=DUE + 30 * DAY)
    factories.write(team["author"], second, LATE - 8 * DAY)
    queue_reminders(now=LATE)
    why = {
        mail.recipient.name: " ".join(
            mail.text.split("Why you get this: ")[1].split("You get at most")[0].split()
        )
        for mail in Mail.objects.with_words()
    }
    assert why["Ana"] == (
        "You own KP-01 (and 1 more): 19 days overdue. You stand in for the owner of KP-03: 17 days overdue. "
        "Your draft on KP-02 is unfinished."
    )
    assert (
        why["Sam"]
        == "You are a reviewer: KP-01 (and 2 more), which names you as its reviewer, is 19 days overdue."
    )
    assert why["Rita"] == "You are a reviewer: KP-02 (and 1 more), of another owner, is 17 days overdue."
    for mail in Mail.objects.with_words():
        assert why[mail.recipient.name] in " ".join(unescape(re.sub("<[^>]+>", " ", mail.html)).split())


def test_of_two_reports_it_says_the_year_since_both_have_a_first(team, due, report):
    other = factories.report(year=2023)
    for made, days in ((report, 10), (other, 12)):
        made.recommendations.update(owner=None, deputy=None, next_review_on=DUE + 300 * DAY)
        made.recommendations.filter(position=1).update(owner=team["author"], next_review_on=DUE - days * DAY)
    queue_reminders(now=LATE)
    said = " ".join(Mail.objects.get(recipient=team["author"]).text.split())
    assert "You own 2023-KP-01 (and 1 more): 19 days overdue." in said


def test_a_restricted_update_that_no_reviewer_can_see_says_so_to_its_author(team, due):
    update = factories.submit(team["author"], due, LATE - DAY, sensitivity=Sensitivity.RESTRICTED)
    said = "no reviewer has access yet"
    assert said in page_of(team["author"], update.get_absolute_url())
    factories.grant(team["viewer"], update=update)
    assert said in page_of(team["author"], update.get_absolute_url()), "who is let in cannot decide"
    factories.grant(team["reviewer"], update=update)
    assert said not in page_of(team["author"], update.get_absolute_url())
