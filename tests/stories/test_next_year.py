"""From one year to the next: lines, owners, “Still so?”, drafts that move, and the end of last year."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from recommendations.audit import log
from recommendations.choices import EventKind, MailKind, MailState, Sensitivity, Status, UpdateState
from recommendations.mail.outbox import send
from recommendations.models import Event, Mail, MailItem, Recommendation, Report, StatusUpdate, User
from recommendations.services import following, integrity
from recommendations.services.mail.digests import queue_digests
from recommendations.services.mail.reminders import queue_reminders
from tests.support import factories
from tests.support.factories import DAY, EVERY_DAY, NOW
from tests.support.forms import update_form
from tests.support.pages import browser_of, text_of
from tests.support.reminding import let_go_out, tell

OLD, NEW = "TIP-2023-KP", "TIP-2024-KP"
LINES, CLOSE = reverse("report-lines", args=[NEW]), reverse("report-close", args=[OLD])
MORNING = datetime(2024, 9, 3, 8, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def years(team):
    """Last year's report, with reviews that are overdue, and this year's, as it was imported."""
    User.objects.update(working_days=EVERY_DAY)
    old, new = factories.report(year=2023, count=4), factories.report(year=2024, count=4)
    old.recommendations.update(owner=team["author"], next_review_on=date(2024, 8, 1))
    new.recommendations.update(next_review_on=date(2030, 1, 1))
    return old, new


def of(slug, position):
    return Recommendation.objects.get(reference=f"{slug}-{position:02}")


def open_things(team):
    """One finding; a draft, an update that waits, and a restricted one that waits, of Ana and Omar."""
    item = factories.link(team["author"], "A decree")
    about = {"reviewer": team["reviewer"], "status": Status.PARTLY, "reason": "A decree was read out."}
    factories.approve(team["author"], of(OLD, 1), NOW - 40 * DAY, cites=[item], **about)
    return {
        "draft": factories.write(team["author"], of(OLD, 2), NOW - DAY, reason="Half a sentence"),
        "waits": factories.submit(team["other"], of(OLD, 3), NOW - DAY),
        "hidden": factories.submit(
            team["author"], of(OLD, 4), NOW - DAY, sensitivity=Sensitivity.RESTRICTED, reason="Ms. K. told us"
        ),
    }


def where(update):
    update.refresh_from_db()
    return update.recommendation.reference, update.state


def test_a_year_ends_and_nothing_of_it_is_lost(team, years, time_machine):
    time_machine.move_to(NOW, tick=False)
    of_old = open_things(team)
    rita, ana, mina = (browser_of(team[who]) for who in ("reviewer", "author", "manager"))
    rita.post(LINES, {"act": "same"})
    page = rita.get(LINES).content.decode()
    seen = re.search(r'name="seen"\s+value="([^"]*)"', page)[1]
    rita.post(LINES, {"act": "carry_all", "seen": seen})
    assert set(Recommendation.objects.values_list("owner", flat=True)) == {team["author"].pk}
    rita.post(LINES, {"act": "still_so"})
    asked = StatusUpdate.objects.get(recommendation=of(NEW, 1))
    assert asked.reason == "A decree was read out." and asked.state == UpdateState.DRAFT

    ana.post(reverse("update-move", args=[of_old["draft"].key]))
    shown = text_of(mina.get(CLOSE))
    assert "Still open on it 1" in shown and "TIP-2023-KP-03" in shown and "KP-04" not in shown
    sent = {"act": "move", "key": of_old["waits"].key, "from": "close", "confirmed": "yes"}
    mina.post(reverse("open-work", args=[OLD]), sent)
    told = Mail.objects.get(recipient=team["other"])
    assert told.subject == "Moved to TIP-2024-KP-03: your update on “Thing 3”"
    mina.post(CLOSE)
    ana.post(reverse("update-move", args=[of_old["hidden"].key]))

    assert where(of_old["draft"]) == ("TIP-2024-KP-02", UpdateState.DRAFT)
    assert where(of_old["waits"]) == ("TIP-2024-KP-03", UpdateState.DRAFT)
    assert where(of_old["hidden"]) == ("TIP-2024-KP-04", UpdateState.DRAFT), "also after closing"
    assert of_old["draft"].reason == "Half a sentence" and of_old["hidden"].reason == "Ms. K. told us"

    form = update_form(
        key=asked.key,
        as_of=NOW.date(),
        status="partly",
        movement="same",
        reason=asked.reason,
        intent="submit",
    )
    form |= {"evidence-TOTAL_FORMS": 1, "evidence-0-shape": "held", "evidence-0-stance": "supports"}
    form["evidence-0-evidence"] = asked.citations.get().evidence.key
    answer = ana.post(reverse("update-edit", args=[asked.key]), form)
    assert answer.status_code == 302, text_of(answer)
    factories.decide(StatusUpdate.objects.get(pk=asked.pk), team["reviewer"], now=NOW)
    assert of(NEW, 1).status == Status.PARTLY and of(NEW, 1).movement == "same"
    said = text_of(browser_of(team["viewer"]).get(of(NEW, 1).get_absolute_url()))
    assert (
        "Baseline: 2023 Partly implemented" in said and "As it stood when North Korea 2023 was closed" in said
    )
    unlike = [words for words in integrity.statuses() if "next_review_on" not in words]  # set by hand above
    assert [*unlike, *integrity.reviews(), *log.breaches()] == []
    kinds = set(Event.objects.values_list("kind", flat=True))
    assert {EventKind.MOVED, EventKind.STILL_SO, EventKind.CLOSED, EventKind.LINE_CONFIRMED} <= kinds
    words = [(mail.subject, mail.text) for mail in Mail.objects.exclude(recipient=team["author"])]
    assert "Ms. K." not in str(words) and "KP-04" not in str(words)


@pytest.mark.parametrize("closed", [-MINUTE, MINUTE])
def test_reminders_stop_exactly_at_closing(team, years, closed):
    old, _new = years
    open_things(team)
    if closed < timedelta(0):
        following.close(report=old, actor=team["manager"], now=MORNING + closed)
    reminders = Mail.objects.filter(kind=MailKind.REMINDER)
    queue_reminders(now=MORNING)
    assert reminders.filter(recipient=team["author"]).exists() is (closed > timedelta(0))
    if closed > timedelta(0):
        following.close(report=old, actor=team["manager"], now=MORNING + closed)
        send(MORNING + 2 * MINUTE)
        assert set(reminders.values_list("state", flat=True)) == {MailState.SUPPRESSED}, "not one goes out"
    for day in range(1, 31):
        assert tell(MORNING + day * DAY) == 0


def test_one_that_is_followed_again_is_reminded_of_again(team, years):
    old, _new = years
    following.close(report=old, actor=team["manager"], now=MORNING - MINUTE)
    assert tell(MORNING) == 0
    following.reopen(report=old, actor=team["manager"], now=MORNING + DAY - MINUTE)
    assert tell(MORNING + DAY) > 0
    assert "overdue" in Mail.objects.filter(recipient=team["author"]).last().subject


def test_a_month_of_mornings_across_the_closing_tells_nothing_of_the_old_year_after_it(
    team, years, time_machine
):
    old, new = years
    of_old = open_things(team)
    time_machine.move_to(NOW, tick=False)
    browser_of(team["reviewer"]).post(LINES, {"act": "same"})
    new.recommendations.update(owner=team["author"])
    browser_of(team["reviewer"]).post(LINES, {"act": "still_so"})
    closing = MORNING + 10 * DAY + MINUTE
    for day in range(30):
        morning = MORNING + day * DAY
        time_machine.move_to(morning, tick=False)
        queue_reminders(now=morning)
        queue_digests(now=morning + timedelta(hours=1))
        let_go_out(morning)
        if day == 10:
            browser_of(team["author"]).post(reverse("update-move", args=[of_old["draft"].key]))
            time_machine.move_to(closing, tick=False)
            browser_of(team["manager"]).post(CLOSE)
    items = MailItem.objects.filter(recommendation__report=Report.objects.get(pk=old.pk))
    assert items.filter(mail__created_at__lte=closing).exists()
    assert not items.filter(mail__created_at__gt=closing).exists()
    asked = StatusUpdate.objects.get(recommendation=of(NEW, 1))
    reminded = MailItem.objects.filter(recipient=team["author"], update=asked)
    assert reminded.count() == 1, "of the draft that asks: once"


def test_an_owner_is_told_the_next_morning_that_they_are_asked(team, years, time_machine):
    _old, new = years
    open_things(team)
    time_machine.move_to(NOW, tick=False)
    new.recommendations.update(owner=team["other"])
    browser_of(team["reviewer"]).post(LINES, {"act": "same"})
    browser_of(team["reviewer"]).post(LINES, {"act": "still_so"})
    tell(MORNING)
    mail = Mail.objects.get(recipient=team["other"], kind=MailKind.REMINDER)
    assert mail.subject == "2024-KP-01: is last year’s finding still so?"
    said = " ".join(mail.text.split())
    assert "STILL SO? FINDINGS OF LAST YEAR (1)" in said and "Look whether it is still so, date it" in said
    assert "You were asked whether last year’s finding on 2024-KP-01 is still so." in said
    assert tell(MORNING + 2 * DAY) >= 0 and mail.recipient.mails.filter(kind=MailKind.REMINDER).count() == 1
    asked = StatusUpdate.objects.get(author=team["other"], recommendation=of(NEW, 1))
    form = update_form(key=asked.key, as_of=(NOW.date()), intent="draft", movement="same")
    browser_of(team["other"]).post(reverse("update-edit", args=[asked.key]), form)
    tell(NOW + 8 * DAY)
    assert mail.recipient.mails.order_by("pk").last().subject == "Your draft on 2024-KP-01 is unfinished"
