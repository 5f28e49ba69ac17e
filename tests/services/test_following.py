"""A report is followed until a manager closes it, and an import can be undone until work begins."""

from datetime import timedelta

import pytest
from django.urls import reverse

from recommendations.audit import log
from recommendations.choices import EventKind, MailKind, Sensitivity
from recommendations.exports.columns import with_cited
from recommendations.models import Event, Mail, MailItem, Recommendation, Report, User
from recommendations.services import asks, editions, people, review_dates
from recommendations.services import recommendations as settings_of
from recommendations.services.mail.digests import queue_digests
from recommendations.services.mail.reminders import queue_reminders
from recommendations.services.reports import import_report
from tests.support import factories
from tests.support.factories import NOW
from tests.support.importing import DOCUMENT, NARRATIVE, last_step, press_import, upload
from tests.support.pages import browser_of, text_of

pytestmark = pytest.mark.usefixtures("at_the_time_of_the_story")

DAY = timedelta(days=1)


def narrative(year):
    """Return the narrative of another year: the same words under another title."""
    return NARRATIVE.replace(b"2024 Trafficking", b"%d Trafficking" % year)


def bring(manager, year):
    """Import a year through its pages. Returns: (what the last one said, what was said after, report)."""
    browser = browser_of(manager)
    last = last_step(browser, upload(browser, narrative(year)))
    after = text_of(browser.get(press_import(browser, last).url))
    return text_of(last), after, Report.objects.get(year=year)


def act(person, name, report):
    """Open the page that asks, and press its button. Returns: (what it asked, the answer)."""
    browser, address = browser_of(person), reverse(f"report-{name}", args=[report.slug])
    return text_of(browser.get(address, follow=True)), browser.post(address, follow=True)


def test_the_next_report_leaves_the_followed_one_followed_and_says_so(team):
    bring(team["manager"], 2023)
    Recommendation.objects.update(owner=team["author"], next_review_on=NOW.date())
    said, after, newer = bring(team["manager"], 2024)
    assert "North Korea 2023 is followed now, and remains followed until a manager closes it." in said
    assert "the import can be undone" in said
    assert "North Korea 2024 is imported and followed from now on. North Korea 2023: followed until" in after
    assert newer.is_followed and Report.objects.get(year=2023).is_followed
    assert set(Recommendation.objects.tracked().values_list("report__year", flat=True)) == {2023, 2024}
    page = text_of(browser_of(team["author"]).get(reverse("home")))
    assert "TIP-2023-KP-01" in page, "what somebody owns is still due"
    queue_reminders(now=NOW + DAY)
    assert MailItem.objects.filter(recipient=team["author"], recommendation__report__year=2023).exists()


def test_an_older_year_takes_nothing_over_and_is_no_news_to_partners(team):
    partner, _password = people.add_person(
        actor=team["manager"], email="pia@partner.example", name="Pia", role="partner", now=NOW
    )
    User.objects.filter(pk=partner.pk).update(date_joined=NOW - 60 * DAY)
    bring(team["manager"], 2024)
    said, after, older = bring(team["manager"], 2023)
    assert "North Korea 2024, was already imported. So this one is imported as closed" in said
    assert "North Korea 2023 is imported as closed" in after
    assert not older.is_followed
    assert Report.objects.get(year=2024).is_followed
    queue_digests(now=NOW + 7 * DAY)
    mail = Mail.objects.get(recipient=partner, kind=MailKind.DIGEST)
    assert "North Korea 2024" in mail.text
    assert "2023" not in mail.text + mail.html


def test_a_report_of_long_ago_is_no_news_to_partners_even_where_it_is_the_first(team):
    partner, _password = people.add_person(
        actor=team["manager"], email="pia@partner.example", name="Pia", role="partner", now=NOW
    )
    User.objects.filter(pk=partner.pk).update(date_joined=NOW - 60 * DAY, digest_when_empty=True)
    bring(team["manager"], 2019)
    queue_digests(now=NOW + 7 * DAY)
    assert "NEW REPORT" not in Mail.objects.get(recipient=partner, kind=MailKind.DIGEST).text
    mail = Mail.objects.get(recipient=team["viewer"], kind=MailKind.DIGEST)
    assert f"{reverse('report-detail', args=['TIP-2019-KP'])}\n" in mail.text, (
        "a member finds the report itself"
    )


def test_closing_lists_what_is_open_and_tells_nothing_of_what_the_manager_may_not_see(team, report):
    first, second, _third = report.recommendations.order_by("position")
    factories.submit(team["author"], first)
    factories.write(team["other"], second)
    factories.submit(team["other"], second, sensitivity=Sensitivity.RESTRICTED)
    asked, answer = act(team["manager"], "close", report)
    assert "Still open on it 1" in asked
    assert "TIP-2024-KP-01 · Assessment · Ana" in asked
    assert "Not shown and not counted here: drafts of colleagues, and restricted updates" in asked
    assert "Thing 2" not in asked
    assert "North Korea 2024 is closed. It can still be read." in text_of(answer)
    report.refresh_from_db()
    assert report.closed_at == NOW
    assert Event.objects.get(kind=EventKind.CLOSED).actor == team["manager"]
    act(team["manager"], "close", report)
    assert Event.objects.filter(kind=EventKind.CLOSED).count() == 1


def test_a_closed_report_is_followed_again_by_a_manager(team, report):
    act(team["manager"], "close", report)
    asked, _answer = act(team["manager"], "reopen", report)
    assert "The next reminders will include what is overdue" in asked
    assert Recommendation.objects.tracked().count() == 3
    assert Event.objects.filter(kind=EventKind.REOPENED, report=report).count() == 1


@pytest.mark.parametrize("name", ["close", "reopen", "undo-import"])
@pytest.mark.parametrize("role", ["viewer", "author", "reviewer"])
def test_only_managers_close_reopen_and_undo(team, report, role, name):
    address = reverse(f"report-{name}", args=[report.slug])
    assert browser_of(team[role]).post(address).status_code == 403
    assert Report.objects.get().closed_at is None


def test_no_page_of_a_closed_report_promises_a_review(team, report):
    report.recommendations.update(next_review_on=NOW.date() - DAY, owner=team["author"])
    act(team["manager"], "close", report)
    one = report.recommendations.first()
    addresses = [
        one.get_absolute_url(),
        report.get_absolute_url(),
        f"/?report={report.slug}",
        f"/desk/?report={report.slug}",
        reverse("recommendation-list") + f"?report={report.slug}",
        reverse("recommendation-settings", args=[one.reference]),
        reverse("recommendation-history", args=[one.reference]),
    ]
    for address in addresses:
        text = text_of(browser_of(team["reviewer"]).get(address))
        assert "first review" not in text, address
        assert "1 Sep 2024" not in text, address
        assert "days overdue" not in text and "day overdue" not in text, address
        assert "reviewers are reminded" not in text, address
    assert Recommendation.objects.overdue_on(NOW.date()).count() == 0
    exported = with_cited(report.recommendations.all(), team["viewer"]).values_list("review_on", flat=True)
    assert set(exported) == {None}
    listed = {"report": report.slug, "due": "overdue"}
    page = browser_of(team["viewer"]).get(reverse("recommendation-list"), listed)
    assert page.context["lines"] == []


def test_an_import_without_work_is_undone_and_can_come_again(team):
    _said, _after, report = bring(team["manager"], 2024)
    queue_reminders(now=NOW + 80 * DAY)
    assert MailItem.objects.exclude(recommendation=None).exists(), "reviewers were told that nobody owns them"
    assert "Undo the import…" in text_of(browser_of(team["manager"]).get(report.get_absolute_url()))
    asked, answer = act(team["manager"], "undo-import", report)
    assert "The document and its 11 recommendations are deleted." in asked
    assert "The import of North Korea 2024 is undone." in text_of(answer)
    assert not Report.objects.exists() and not Recommendation.objects.exists()
    event = Event.objects.get(kind=EventKind.IMPORT_UNDONE)
    assert event.actor == team["manager"]
    assert event.payload["what"] == {
        "report": "TIP-2024-KP",
        "sha256": report.sha256,
        "recommendations": 11,
    }
    assert not list(log.breaches()) and not list(log.unexplained_redactions())
    queue_digests(now=NOW + 7 * DAY)
    assert not Mail.objects.filter(kind=MailKind.DIGEST, subject__contains="North Korea").exists()
    bring(team["manager"], 2024)
    assert Recommendation.objects.tracked().count() == 11


def an_owner(team, one):
    settings_of.assign(recommendation=one, actor=team["reviewer"], owner=team["author"], deputy=None, now=NOW)


def a_title(team, one):
    settings_of.retitle(recommendation=one, actor=team["reviewer"], short_title="x", pillar="", now=NOW)


def a_date(team, one):
    on = NOW.date() + timedelta(days=200)
    review_dates.add_date(recommendation=one, actor=team["reviewer"], on=on, now=NOW)


def an_ask(team, one):
    asks.add(
        recommendation=one,
        actor=team["reviewer"],
        words=one.text[:30].strip(),
        title="x",
        start=None,
        now=NOW,
    )


def a_draft(team, one):
    factories.write(team["author"], one)


def advocacy(team, one):
    factories.advocacy(team["author"], recommendations=[one])


def an_edition(team, one):
    editions.freeze(report=one.report, name="x", as_of=NOW.date(), actor=team["manager"], now=NOW)


@pytest.mark.parametrize("work", [an_owner, a_title, a_date, an_ask, advocacy, an_edition])
def test_an_import_on_which_somebody_worked_stays(team, work):
    report, _made = import_report(document=DOCUMENT, now=NOW - DAY, actor=team["manager"])
    work(team, report.recommendations.first())
    assert "Undo the import" not in text_of(browser_of(team["manager"]).get(report.get_absolute_url()))
    asked, answer = act(team["manager"], "undo-import", report)
    assert "Somebody has worked on it" in asked
    assert "Somebody has worked on it" in text_of(answer)
    assert report.recommendations.count() == 11
    assert not Event.objects.filter(kind=EventKind.IMPORT_UNDONE).exists()


def test_a_draft_that_the_manager_cannot_see_is_told_by_no_page_and_stops_the_undoing(team):
    report, _made = import_report(document=DOCUMENT, now=NOW - DAY, actor=team["manager"])
    before = text_of(browser_of(team["manager"]).get(report.get_absolute_url()))
    a_draft(team, report.recommendations.first())
    assert text_of(browser_of(team["manager"]).get(report.get_absolute_url())) == before
    _asked, answer = act(team["manager"], "undo-import", report)
    assert "Somebody has worked on it" in text_of(answer)
    assert report.recommendations.count() == 11
