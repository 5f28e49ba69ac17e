"""Digests that are limited to some reports: nothing of the others is in them, and nothing of it is lost."""

from datetime import date

import pytest

from recommendations.choices import DigestFrequency, MailState, Sensitivity, Status
from recommendations.errors import Refused
from recommendations.mail.outbox import send
from recommendations.models import Mail, Report, User
from recommendations.services import following
from recommendations.services.mail.digests import preview, queue_digests, send_now
from tests.support import factories
from tests.support.digests import MONDAY, WEEK, digests_of, evidence
from tests.support.factories import DAY, NOW, change
from tests.support.pages import browser_of, words


@pytest.fixture
def japan(team, report):
    """A second report that is followed, of which the titles differ; only Vera reads digests."""
    made = factories.report(year=2023, code="JP", name="Japan")
    for one in made.recommendations.all():
        made.recommendations.filter(pk=one.pk).update(short_title=f"Japan {one.position}")
    for each in (report, made):
        each.recommendations.update(next_review_on=date(2030, 1, 1))
    User.objects.update(date_joined=NOW - 400 * DAY, digest_frequency=DigestFrequency.NEVER)
    change(team["viewer"], digest_frequency=DigestFrequency.WEEKLY)
    return made


def first_of(report):
    return report.recommendations.get(position=1)


def move(team, report, now, status=Status.NO_ACTION, **fields):
    """Let the status of the first recommendation of a report move, with an item of evidence for it."""
    item = evidence(team["author"], first_of(report), now, title=f"Item of {report.country_name}")
    said = {"status": status, "citations": [(item, "supports", "")], **fields}
    return factories.approve(team["author"], first_of(report), now, reviewer=team["reviewer"], **said)


def limit(person, *reports):
    person.digest_reports.set(reports)


def all_of(mail):
    return mail.subject + mail.text + mail.html


def test_nothing_of_another_report_is_in_it_and_all_counts_are_of_the_chosen_ones(team, report, japan):
    limit(team["viewer"], report)
    change(team["reviewer"], digest_frequency=DigestFrequency.WEEKLY)
    limit(team["reviewer"], report)
    for each in (report, japan):
        move(team, each, NOW)
        factories.submit(team["author"], each.recommendations.get(position=2), NOW + DAY)
        coming = factories.moment(team["manager"], title="Session", on=MONDAY.date() + 9 * DAY)
        factories.before(each.recommendations.get(position=3), team["reviewer"], coming)
        each.recommendations.filter(position=3).update(next_review_on=MONDAY.date() - 3 * DAY)
        factories.advocacy(team["author"], subject=each.country_name, recommendations=[first_of(each)])
    assert queue_digests(now=MONDAY) == 2
    [hers], [reviewers] = digests_of(team["viewer"]), digests_of(team["reviewer"])
    for mail in (hers, reviewers):
        assert "Japan" not in all_of(mail) and "JP-0" not in all_of(mail)
        assert "1 review is to be done before it." in " ".join(mail.text.split())
        assert "It is limited to: North Korea 2024." in " ".join(mail.text.split())
    assert hers.subject == "Digest: 1 status changed, 1 new evidence item, 1 overdue, 1 in the advocacy log"
    assert "1 of others overdue, 1 waits for review" in reviewers.subject
    assert hers.limited_to == [report.pk]
    letter = preview(reader=team["viewer"], manager=team["manager"], now=MONDAY)
    assert "Japan" not in letter.subject + letter.text + letter.html


def test_what_is_restricted_in_another_report_is_not_even_counted(team, report, japan):
    limit(team["viewer"], report)
    change(team["viewer"], digest_when_empty=True)
    update = factories.submit(team["author"], first_of(japan), NOW, sensitivity=Sensitivity.RESTRICTED)
    for name in ("viewer", "reviewer"):
        factories.grant(team[name], update=update)
    factories.decide(update, team["reviewer"], now=NOW)
    queue_digests(now=MONDAY)
    assert "restricted" not in digests_of(team["viewer"])[0].text.casefold()
    limit(team["viewer"])
    queue_digests(now=MONDAY + WEEK)
    assert "1 restricted item changed" in digests_of(team["viewer"])[1].text


def test_an_empty_one_is_skipped_and_what_happened_elsewhere_waits(team, report, japan):
    limit(team["viewer"], report)
    move(team, japan, NOW)
    assert queue_digests(now=MONDAY) == 0
    assert digests_of(team["viewer"])[0].state == MailState.SUPPRESSED
    with pytest.raises(Refused, match="Nothing happened since your last digest"):
        send_now(reader=team["viewer"], now=MONDAY + DAY)
    limit(team["viewer"])
    queue_digests(now=MONDAY + WEEK)
    assert "Japan 1 (TIP-2023-JP-01)\n  Not yet assessed -> No action" in digests_of(team["viewer"])[1].text


def test_each_move_is_told_exactly_once_however_the_limit_changes(team, report, japan):
    """Weeks with every limit: in each week both reports move; every move is in one digest of the reader."""
    change(team["viewer"], digest_when_empty=True)
    limits = [[report], [report], [], [japan], [japan, report], [report], [japan], [], []]
    statuses = [Status.NO_ACTION, Status.INITIAL, Status.PARTLY]
    made = {}
    for week, reports in enumerate(limits):
        now = MONDAY + week * WEEK
        for each in (report, japan):
            if week < len(limits) - 1:
                update = move(team, each, now - DAY, statuses[week % 3], movement="better")
                made[str(update.key)] = each.country_name, week
        limit(team["viewer"], *reports)
        queue_digests(now=now)
        send(now)
    told = {}
    for number, mail in enumerate(digests_of(team["viewer"])):
        for key in made:
            if f"/updates/{key}/" in mail.text:
                told.setdefault(made[key], []).append(number)
    assert told == {
        ("North Korea", 0): [0], ("Japan", 0): [2],
        ("North Korea", 1): [1], ("Japan", 1): [2],
        ("North Korea", 2): [2], ("Japan", 2): [2],
        ("North Korea", 3): [4], ("Japan", 3): [3],
        ("North Korea", 4): [4], ("Japan", 4): [4],
        ("North Korea", 5): [5], ("Japan", 5): [6],
        ("North Korea", 6): [7], ("Japan", 6): [6],
        ("North Korea", 7): [7], ("Japan", 7): [7],
    }  # fmt: skip
    further = [mail.text.count("left out of your last digests") for mail in digests_of(team["viewer"])]
    assert further == [0, 0, 1, 0, 1, 0, 1, 1, 0]


def test_an_entry_about_two_reports_is_told_once(team, report, japan):
    limit(team["viewer"], report)
    both = [first_of(report), first_of(japan)]
    factories.advocacy(team["author"], subject="Both of them", recommendations=both)
    factories.advocacy(team["author"], subject="No report", recommendations=[])
    factories.advocacy(team["author"], subject="The other", recommendations=[first_of(japan)])
    queue_digests(now=MONDAY)
    limit(team["viewer"])
    queue_digests(now=MONDAY + WEEK)
    first, second = (mail.text.split("STATUS:")[0] for mail in digests_of(team["viewer"]))
    assert "Both of them" in first and "No report" in first and "The other" not in first
    assert "Both of them" not in second and "No report" not in second and "The other" in second


def test_a_failed_limited_one_is_told_again(team, report, japan):
    limit(team["viewer"], report)
    move(team, report, NOW)
    queue_digests(now=MONDAY)
    Mail.objects.filter(recipient=team["viewer"]).update(state=MailState.FAILED)
    limit(team["viewer"])
    queue_digests(now=MONDAY + WEEK)
    assert "Thing 1 (TIP-2024-KP-01)\n  Not yet assessed" in digests_of(team["viewer"])[1].text


def test_a_closed_report_drops_out_and_where_none_is_left_all_are_told(team, report, japan):
    limit(team["viewer"], report, japan)
    following.close(report=Report.objects.get(pk=japan.pk), actor=team["manager"], now=NOW)
    move(team, report, NOW)
    queue_digests(now=MONDAY)
    assert digests_of(team["viewer"])[0].limited_to == [report.pk]
    limit(team["viewer"], japan)
    move(team, report, MONDAY + DAY, Status.INITIAL, movement="better")
    queue_digests(now=MONDAY + WEEK)
    second = digests_of(team["viewer"])[1]
    assert (second.limited_to, second.state) == ([], MailState.PENDING)
    assert "Thing 1" in second.text and "It is limited" not in second.text
    page = words(browser_of(team["viewer"]).get("/settings/"))
    assert "The reports that it was limited to are closed, so it tells of all that are followed." in page


def test_a_report_whose_import_is_undone_limits_nothing_any_more(team, report, japan):
    limit(team["viewer"], japan)
    move(team, report, NOW)
    following.undo_import(report=Report.objects.get(pk=japan.pk), actor=team["manager"], now=NOW)
    assert not team["viewer"].digest_reports.exists()
    assert queue_digests(now=MONDAY) == 1


def test_a_partner_s_digest_is_limited_too(team, report, japan):
    User.objects.filter(pk=team["viewer"].pk).update(is_partner=True)
    limit(team["viewer"], report)
    for each in (report, japan):
        said = {"reviewer": team["reviewer"], "public_text": f"Seen in {each.country_name}."}
        factories.publish(team["author"], first_of(each), NOW, **said)
    queue_digests(now=MONDAY)
    send(MONDAY)
    [mail] = digests_of(team["viewer"])
    assert mail.state == MailState.SENT and mail.subject == "Digest: 1 published"
    assert "Seen in North Korea." in mail.text and "Japan" not in all_of(mail)
    limit(team["viewer"])
    queue_digests(now=MONDAY + WEEK)
    following_one = digests_of(team["viewer"])[1]
    assert "Seen in Japan." in following_one.text and "Seen in North Korea." not in following_one.text


def test_it_is_chosen_in_the_settings_and_the_manager_s_list_says_so(team, report, japan):
    browser = browser_of(team["viewer"])
    page = browser.get("/settings/")
    assert "Only these reports" in words(page)
    form = page.context["form"]
    posted = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    posted["digest_reports"] = [report.pk]
    assert browser.post("/settings/", posted).status_code == 302
    assert list(team["viewer"].digest_reports.all()) == [report]
    assert "It tells only of: North Korea 2024." in words(browser.get("/settings/"))
    listed = words(browser_of(team["manager"]).get("/digests/"))
    assert "(only North Korea 2024)" in listed
    assert browser.post("/settings/", posted | {"digest_reports": [10**6]}).status_code == 200
    assert list(team["viewer"].digest_reports.all()) == [report]


def test_where_one_report_is_followed_nothing_is_asked(team, report):
    browser = browser_of(team["viewer"])
    page = browser.get("/settings/")
    assert "Only these reports" not in words(page)
