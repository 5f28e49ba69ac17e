"""What each reader is told of, when, and from where on."""

from datetime import UTC, date, datetime, timedelta

import pytest

from recommendations.audit import log
from recommendations.choices import (
    Decision,
    DigestFrequency,
    MailKind,
    MailState,
    Status,
    Weekday,
)
from recommendations.mail.outbox import send
from recommendations.models import Mail, MailWords, UnsubscribeToken, User
from recommendations.services import reviews, updates
from recommendations.services.mail.digests import plan, preview, queue_digests
from tests.support import factories
from tests.support.digests import MONDAY, WEEK, digests_of, evidence, restricted_story
from tests.support.factories import DAY, NOW, change

pytestmark = pytest.mark.usefixtures("readers")


def test_it_comes_on_the_chosen_day_at_eight_there(team, recommendation):
    change(team["viewer"], time_zone="Asia/Seoul", digest_weekday=Weekday.TUESDAY)
    tuesday_in_seoul = datetime(2024, 9, 2, 23, 0, tzinfo=UTC)
    early = tuesday_in_seoul - timedelta(minutes=1)
    assert queue_digests(now=early - WEEK + timedelta(minutes=1)) == 0, "the one before: nothing had happened"
    factories.approve(team["author"], recommendation, NOW, reviewer=team["reviewer"])
    assert queue_digests(now=early) == 0
    assert queue_digests(now=tuesday_in_seoul) == 1
    assert queue_digests(now=tuesday_in_seoul + timedelta(hours=1)) == 0
    assert digests_of(team["viewer"])[-1].period == "2024-W36"


@pytest.mark.parametrize(
    ("movement", "told"), [("same", "as before"), ("worse", "worse than before"), ("unknown", "")]
)
def test_it_says_which_way_it_went_since_before(team, recommendation, movement, told):
    item = evidence(team["author"], recommendation)
    factories.approve(team["author"], recommendation, NOW - DAY, reviewer=team["reviewer"])
    said = {"confidence": "medium", "movement": movement, "citations": [(item, "supports", "")]}
    factories.approve(
        team["author"], recommendation, NOW, reviewer=team["reviewer"], status=Status.INITIAL, **said
    )
    queue_digests(now=MONDAY)
    [mail] = digests_of(team["viewer"])
    words = f"medium confidence, {told}" if told else "medium confidence"
    assert f"Initial steps ({words})" in " ".join(mail.text.split())


def test_it_tells_what_moved_from_where_to_where_and_why(team, recommendation):
    item = evidence(team["author"], recommendation)
    factories.approve(
        team["author"],
        recommendation,
        NOW,
        reviewer=team["reviewer"],
        status=Status.INITIAL,
        reason="A decree was issued.",
        citations=[(item, "supports", "")],
    )
    assert queue_digests(now=MONDAY) == 1
    [mail] = digests_of(team["viewer"])
    assert mail.subject == "Digest: 1 status changed, 1 new evidence item"
    for words in (
        "Not yet assessed",
        "Initial steps",
        "A decree was issued.",
        "1 citation",
        "Rita",
        "Thing 1",
    ):
        assert words in mail.text and words in mail.html
    assert "A statement" in mail.text
    assert "1 of 3 have evidence; 1 of 3 were verified this quarter." in mail.text
    assert (mail.from_seq, mail.to_seq) == (0, log.head())


def test_a_look_after_a_finding_says_that_nothing_was_found(team, recommendation):
    factories.approve(team["author"], recommendation, NOW, reviewer=team["reviewer"], status=Status.NO_ACTION)
    queue_digests(now=MONDAY)
    later = MONDAY + timedelta(days=2)
    factories.approve(
        team["author"], recommendation, later, reviewer=team["reviewer"], status=Status.NO_INFORMATION
    )
    queue_digests(now=MONDAY + WEEK)
    mail = digests_of(team["viewer"])[-1]
    assert mail.subject.startswith("Digest: 1 checked again")
    for part in (mail.text, mail.html):
        assert "No reliable information was found." in " ".join(part.split())


def test_each_event_is_in_exactly_one_digest(team, report):
    first, second = report.recommendations.all()[:2]
    factories.approve(team["author"], first, NOW, reviewer=team["reviewer"])
    queue_digests(now=MONDAY)
    factories.approve(team["author"], second, MONDAY, reviewer=team["reviewer"])
    queue_digests(now=MONDAY + WEEK)
    queue_digests(now=MONDAY + 2 * WEEK)
    one, two, three = digests_of(team["viewer"])
    assert two.from_seq == one.to_seq
    moved = [mail.text.split("STATUS:")[0] for mail in (one, two)]
    assert "Thing 1" in moved[0] and "Thing 1" not in moved[1] and "Thing 2" in moved[1]
    assert three.state == MailState.SUPPRESSED and "Nothing happened" in three.reason


def test_an_empty_one_is_considered_once_and_sent_only_where_wanted(team, django_assert_max_num_queries):
    change(team["manager"], digest_frequency=DigestFrequency.WEEKLY, digest_when_empty=True)
    assert queue_digests(now=MONDAY) == 1
    assert digests_of(team["manager"])[0].subject == "Digest: nothing new"
    assert digests_of(team["viewer"])[0].state == MailState.SUPPRESSED
    with django_assert_max_num_queries(2):
        assert queue_digests(now=MONDAY + timedelta(minutes=5)) == 0


def test_what_was_not_sent_is_told_by_the_next(team, recommendation):
    factories.approve(team["author"], recommendation, NOW, reviewer=team["reviewer"])
    queue_digests(now=MONDAY)
    Mail.objects.filter(kind=MailKind.DIGEST).update(state=MailState.FAILED)
    queue_digests(now=MONDAY + WEEK)
    failed, again = digests_of(team["viewer"])
    assert again.from_seq == failed.from_seq and "Thing 1" in again.text.split("STATUS:")[0]


def test_the_first_one_tells_of_one_period_and_says_so(team, report):
    first, second = report.recommendations.all()[:2]
    factories.approve(team["author"], first, NOW - 30 * DAY, reviewer=team["reviewer"])
    factories.approve(team["author"], second, NOW + DAY, reviewer=team["reviewer"])
    queue_digests(now=MONDAY)
    [mail] = digests_of(team["viewer"])
    news, standing = mail.text.split("STATUS:")
    assert "This is your first digest" in news and "Mon 2 Sep 2024" in news
    assert "Thing 2" in news and "Thing 1" not in news and "Thing 1" in standing


def test_who_joined_yesterday_waits_for_their_day(team, recommendation):
    factories.approve(team["author"], recommendation, MONDAY + DAY, reviewer=team["reviewer"])
    change(team["viewer"], date_joined=MONDAY + DAY)
    assert queue_digests(now=MONDAY + 2 * DAY) == 0
    assert queue_digests(now=MONDAY + WEEK) == 1


def test_after_a_day_of_silence_it_is_caught_up_once(team, recommendation):
    factories.approve(team["author"], recommendation, NOW, reviewer=team["reviewer"])
    assert queue_digests(now=MONDAY + 3 * DAY) == 1
    assert queue_digests(now=MONDAY + 4 * DAY) == 0
    factories.approve(
        team["author"],
        recommendation,
        MONDAY + 4 * DAY,
        reviewer=team["reviewer"],
        status=Status.NO_INFORMATION,
    )
    assert queue_digests(now=MONDAY + WEEK) == 1


def test_a_moved_weekday_gives_no_second_digest_in_a_week(team, recommendation):
    factories.approve(team["author"], recommendation, NOW, reviewer=team["reviewer"])
    queue_digests(now=MONDAY)
    factories.approve(
        team["author"], recommendation, MONDAY, reviewer=team["reviewer"], status=Status.NO_INFORMATION
    )
    change(team["viewer"], digest_weekday=Weekday.FRIDAY)
    assert queue_digests(now=MONDAY + 5 * DAY) == 0
    assert queue_digests(now=MONDAY + 11 * DAY) == 1


@pytest.mark.parametrize(
    ("frequency", "number"), [(DigestFrequency.BIWEEKLY, 26), (DigestFrequency.MONTHLY, 12)]
)
def test_the_other_rhythms(team, frequency, number):
    change(team["viewer"], digest_frequency=frequency, digest_when_empty=True)
    queued = sum(queue_digests(now=MONDAY + day * DAY) for day in range(364))
    assert abs(queued - number) <= 1


def test_overdue_and_whose_and_what_waits_for_who_may_decide(team, report):
    report.recommendations.filter(position=2).update(next_review_on=date(2024, 9, 5), owner=team["other"])
    factories.submit(team["author"], report.recommendations.first(), NOW)
    change(team["reviewer"], digest_frequency=DigestFrequency.WEEKLY)
    assert queue_digests(now=MONDAY) == 2
    [viewers], [reviewers] = digests_of(team["viewer"]), digests_of(team["reviewer"])
    assert viewers.subject == "Digest: 1 overdue"
    assert "4 days overdue. Owner: Omar." in viewers.text
    assert "WAITING FOR REVIEW" not in viewers.text
    assert reviewers.subject == "Digest: 1 of others overdue, 1 waits for review"
    assert "by Ana" in reviewers.text
    assert queue_digests(now=MONDAY + WEEK) == 0, "still overdue, still waiting: nothing happened"


def test_what_the_reader_answers_for_is_counted_and_listed_first_and_apart(team, report):
    first, second, _third = report.recommendations.all()
    report.recommendations.update(next_review_on=date(2024, 9, 5), owner=team["other"])
    report.recommendations.filter(pk=first.pk).update(owner=team["author"])
    report.recommendations.filter(pk=second.pk).update(deputy=team["author"])
    change(team["other"], away_from=date(2024, 9, 1), away_until=date(2024, 9, 30))
    for name in ("author", "other", "manager"):
        change(team[name], digest_frequency=DigestFrequency.WEEKLY)
    queue_digests(now=MONDAY)
    mails = {name: digests_of(team[name])[0] for name in ("author", "other", "manager", "viewer")}
    assert {name: mail.subject for name, mail in mails.items()} == {
        "author": "Digest: 2 overdue, 1 of others overdue",
        "other": "Digest: 2 overdue, 1 of others overdue",
        "manager": "Digest: 3 of others overdue",
        "viewer": "Digest: 3 overdue",
    }
    said = " ".join(mails["author"].text.split())
    yours, others = said.split("OVERDUE, YOURS: NORTH KOREA 2024 (2)")[1].split("OVERDUE, OF OTHERS")
    assert "Thing 1" in yours and "You own it." in yours and "Thing 2" in yours
    assert "You stand in for Omar." in yours and "NORTH KOREA 2024 (1) * Thing 3" in others[2:]
    shown = " ".join(mails["author"].html.split())
    assert "Overdue, yours: North Korea 2024 (2)" in shown and "Overdue, of others: " in shown
    assert "OVERDUE: NORTH KOREA 2024 (3)" in mails["viewer"].text
    assert "managers review too" in " ".join(mails["manager"].text.split())


def test_of_what_is_restricted_only_the_number_is_told_and_only_to_who_may_see_it(team, recommendation):
    for name in ("other", "manager", "reviewer"):
        change(team[name], digest_frequency=DigestFrequency.WEEKLY, digest_when_empty=True)
    restricted_story(team, recommendation)
    queue_digests(now=MONDAY)
    for mail in Mail.objects.all():
        whole = " ".join([mail.subject, *map(str, MailWords.objects.filter(mail=mail).values_list()[0])])
        assert "CANARY" not in whole, mail
    [mine], [others] = digests_of(team["viewer"]), digests_of(team["other"])
    assert "2 restricted items changed" in mine.text and "2 restricted items changed" in mine.html
    assert "restricted" not in others.text and "RESTRICTED" not in others.text
    assert "restricted item" not in mine.text_for(team["manager"]) + mine.html_for(team["manager"])
    letter = preview(reader=User.objects.get(pk=team["viewer"].pk), manager=team["manager"], now=MONDAY)
    assert "restricted item" not in letter.text + letter.html


def test_names_of_files_stay_on_the_site(team, recommendation):
    evidence(
        team["author"], recommendation, title="KimFamily-Interview", original_name="kimfamily-interview.pdf"
    )
    queue_digests(now=MONDAY)
    [mail] = digests_of(team["viewer"])
    assert "1 new evidence item" in mail.subject and "kimfamily" not in (mail.text + mail.html).lower()


def test_the_dry_twin_writes_nothing(team, recommendation):
    factories.approve(team["author"], recommendation, NOW, reviewer=team["reviewer"])
    before = (Mail.objects.count(), UnsubscribeToken.objects.count())
    [issue] = plan(now=MONDAY)
    assert (issue.reader, issue.news) == (team["viewer"], "1 status changed")
    preview(reader=team["viewer"], manager=team["manager"], now=MONDAY)
    assert (Mail.objects.count(), UnsubscribeToken.objects.count()) == before


def test_who_ended_digests_after_it_was_planned_gets_none(team, recommendation):
    factories.approve(team["author"], recommendation, NOW, reviewer=team["reviewer"])
    queue_digests(now=MONDAY)
    change(team["viewer"], digest_frequency=DigestFrequency.NEVER)
    send(MONDAY)
    assert digests_of(team["viewer"])[0].state == MailState.SUPPRESSED


def test_a_check_is_news_and_no_move(team, recommendation):
    factories.approve(team["author"], recommendation, NOW - 30 * DAY, reviewer=team["reviewer"])
    check = updates.record_check(
        author=team["author"],
        recommendation=recommendation,
        key="6a0f0a52-9d0c-4b55-9f4e-0f7f6e0a6a11",
        as_of=NOW.date(),
        places=[("KCNA", NOW.date())],
        internal_note="",
        now=NOW,
    )
    reviews.decide(update=check, reviewer=team["reviewer"], decision=Decision.APPROVE, now=NOW)
    queue_digests(now=MONDAY)
    [mail] = digests_of(team["viewer"])
    assert mail.subject == "Digest: 1 checked again" and "CHECKED, NOTHING NEW (1)" in mail.text


@pytest.mark.parametrize("about", ["recommendation", "nothing"])
def test_a_file_whose_title_is_its_name_is_called_by_what_it_is_for(team, report, about):
    """The name of a file says too much for a mail, and "a file without a title" says nothing."""
    first = report.recommendations.first()
    named = {"title": "Kim-list", "original_name": "Kim-list.pdf", "kind": "official"}
    evidence(team["author"], first if about == "recommendation" else None, **named)
    queue_digests(now=MONDAY)
    mail = Mail.objects.get(recipient=team["viewer"])
    called = "File for “Thing 1”" if about == "recommendation" else "File of 2 Sep 2024"
    assert f"* {called} (" in mail.text and called in mail.html
    assert "Kim-list" not in mail.text + mail.html and "without a title" not in mail.text + mail.html
