"""Open work on the report of last year: moved to the next report, withdrawn, listed before it is closed."""

import re

import pytest
from django.urls import reverse

from recommendations.choices import EarlierFinding, EventKind, LineageKind, Sensitivity, Status, UpdateState
from recommendations.models import Event, Lineage, Mail, StatusUpdate
from recommendations.selectors.carrying_over import offer_between
from recommendations.services import asks, carrying_over, following, review_dates, reviews
from tests.support import factories
from tests.support.factories import DAY, NOW
from tests.support.forms import update_form
from tests.support.pages import browser_of, text_of

pytestmark = pytest.mark.usefixtures("at_the_time_of_the_story")
OPEN = reverse("open-work", args=["TIP-2023-KP"])
CLOSE = reverse("report-close", args=["TIP-2023-KP"])


@pytest.fixture
def earlier(team):
    return factories.report(year=2023)


@pytest.fixture
def old(earlier, report, team):
    """The first recommendation of 2023, and of each a confirmed line to that of 2024."""
    pairs = zip(earlier.recommendations.all(), report.recommendations.all(), strict=True)
    for one, other in pairs:
        ends = {"earlier": one, "later": other, "kind": LineageKind.SAME}
        Lineage.objects.create(confirmed_by=team["reviewer"], confirmed_at=NOW - DAY, **ends)
    return earlier.recommendations.first()


@pytest.fixture
def new(report):
    return report.recommendations.first()


def fresh(update):
    return StatusUpdate.objects.get(pk=update.pk)


def press(person, act, *updates, address=OPEN, **more):
    """Press a button, and the one of the page that asks. Returns: what the next page says."""
    sent = {"act": act, "key": [update.key for update in updates], "confirmed": "yes", **more}
    return text_of(browser_of(person).post(address, sent, follow=True))


def test_an_author_moves_a_draft_with_all_that_it_holds(team, old, new):
    item = factories.link(team["author"])
    about = {"recommendation": old, "actor": team["reviewer"], "now": NOW - 60 * DAY}
    ask = asks.add(title="The thing", words="the thing", **about)
    draft = factories.write(team["author"], old, NOW, ask=ask, citations=[(item, "contradicts", "p. 4")])
    ana = browser_of(team["author"])
    page = text_of(ana.get(draft.get_absolute_url()))
    assert "Move to TIP-2024-KP-01" in page
    asked = text_of(ana.get(reverse("update-move", args=[draft.key])))
    assert "no longer about the ask “The thing”" in asked
    said = text_of(ana.post(reverse("update-move", args=[draft.key]), follow=True))
    assert "Moved from TIP-2023-KP-01 to TIP-2024-KP-01" in said and "It was moved here from" in said
    moved = fresh(draft)
    assert (moved.recommendation, moved.brought_from, moved.ask) == (new, old, None)
    assert (moved.state, moved.reason, moved.key) == (UpdateState.DRAFT, draft.reason, draft.key)
    assert [(row.evidence, row.stance, row.locator) for row in moved.citations.all()] == [
        (item, "contradicts", "p. 4")
    ]
    assert [row.place for row in moved.places.all()] == ["KCNA"]
    event = Event.objects.get(kind=EventKind.MOVED)
    assert (event.recommendation, event.update, event.actor) == (new, moved, team["author"])
    assert not Mail.objects.exists(), "who does it themselves is not told"


def test_a_moved_correction_corrects_nothing_and_sets_nothing_aside(team, old, new):
    first = factories.approve(team["author"], old, reviewer=team["reviewer"])
    fields = {"corrects": first, "status": Status.NO_INFORMATION, "earlier_finding": EarlierFinding.SET_ASIDE}
    draft = factories.write(team["author"], old, NOW, **fields)
    press(team["author"], "move", draft)
    assert (fresh(draft).corrects, fresh(draft).earlier_finding) == (None, "")
    again = browser_of(team["author"]).post(
        reverse("update-edit", args=[draft.key]), update_form(key=draft.key, intent="submit", movement="same")
    )
    assert again.status_code == 302, text_of(again)
    assert fresh(draft).state == UpdateState.SUBMITTED
    factories.decide(fresh(draft), team["reviewer"], now=NOW)
    new.refresh_from_db()
    old.refresh_from_db()
    assert new.current_update_id == draft.pk and old.current_update_id == first.pk


def test_a_manager_moves_what_waits_and_its_author_is_told(team, old, new):
    waits = factories.submit(team["author"], old, NOW - DAY)
    assert "1 moved" not in press(team["manager"], "move", waits, **{"from": "close"})
    moved = fresh(waits)
    assert (moved.state, moved.recommendation) == (UpdateState.DRAFT, new)
    assert moved.versions.count() == 1, "what was submitted stays on record"
    mail = Mail.objects.get(recipient=team["author"])
    assert mail.subject == "Moved to TIP-2024-KP-01: your update on “Thing 1”"
    assert "Mina moved an update of yours" in " ".join(mail.text.split())
    assert "TIP-2023-KP-01 → TIP-2024-KP-01" in mail.text
    gone = browser_of(team["reviewer"]).get(reverse("review", args=[waits.key]))
    assert gone.status_code == 404, "a draft is for its author alone"


def test_a_manager_is_asked_once_before_an_update_of_somebody_else_leaves_their_sight(team, old, new):
    waits = factories.submit(team["author"], old, NOW - DAY)
    own = factories.write(team["manager"], old.report.recommendations.last(), NOW)
    mina = browser_of(team["manager"])
    asked = mina.post(OPEN, {"act": "move", "key": waits.key})
    said = text_of(asked)
    assert "Move this update?" in said and "TIP-2023-KP-01 → TIP-2024-KP-01 · Thing 1, Ana" in said
    assert "It becomes a draft of Ana again: only Ana can see it, until it is submitted again." in said
    assert "Ana is told by mail." in said
    assert fresh(waits).recommendation == old and not Mail.objects.exists()
    all_of_it = text_of(mina.post(OPEN, {"act": "move", "key": [waits.key, own.key]}))
    assert "Move these 2 updates?" in all_of_it and "becomes a draft of its author again" in all_of_it
    page = text_of(mina.get(reverse("update-move", args=[waits.key])))
    assert "only Ana can see it" in page and "Ana is told by mail." in page
    sent = dict(re.findall(r'<textarea name="(\w+)" hidden>\s*(.*?)</textarea>', asked.content.decode()))
    done = mina.post(OPEN, {**sent, "confirmed": "yes"}, follow=True)
    assert "The update of Ana was moved from TIP-2023-KP-01 to TIP-2024-KP-01" in text_of(done)
    assert "It is a draft of Ana again: only Ana can see it" in text_of(done)
    assert old.get_absolute_url() in done.content.decode() and new.get_absolute_url() in done.content.decode()
    assert fresh(waits).recommendation == new
    assert "Move this update?" not in text_of(mina.post(OPEN, {"act": "move", "key": own.key}, follow=True))
    assert fresh(own).recommendation == new.report.recommendations.last(), "their own needs no question"


def test_both_histories_say_what_was_moved_to_who_can_know_it(team, old, new):
    waits = factories.submit(team["author"], old, NOW - DAY)
    press(team["manager"], "move", waits)
    for here in (old, new):
        address = reverse("recommendation-history", args=[here.reference])
        for person in ("manager", "author"):
            page = browser_of(team[person]).get(address)
            assert "another report from TIP-2023-KP-01 to TIP-2024-KP-01 (Mina)" in text_of(page)
            assert f'href="{old.get_absolute_url()}"' in page.content.decode()
            assert f'href="{new.get_absolute_url()}"' in page.content.decode()
        for person in ("reviewer", "viewer"):
            assert "moved to another report" not in text_of(browser_of(team[person]).get(address)), (
                "nobody else learns of the draft"
            )


def test_what_is_returned_stays_returned_with_its_comment(team, old, new):
    returned = factories.send_back(team["author"], old, reviewer=team["reviewer"], comment="Which law?")
    press(team["manager"], "move", returned)
    assert (fresh(returned).state, fresh(returned).recommendation) == (UpdateState.RETURNED, new)
    page = browser_of(team["author"]).get(reverse("update-edit", args=[returned.key]))
    assert "Which law?" in text_of(page)


def test_a_manager_learns_nothing_of_drafts_and_of_what_is_restricted(team, old, new):
    before = text_of(browser_of(team["manager"]).get(CLOSE))
    draft = factories.write(team["author"], old, NOW)
    hidden = factories.submit(team["author"], old, NOW - DAY, sensitivity=Sensitivity.RESTRICTED)
    assert text_of(browser_of(team["manager"]).get(CLOSE)) == before
    assert "neither" not in before and "Not shown and not counted here" in before
    for act in ("move", "withdraw"):
        said = press(team["manager"], act, draft, hidden)
        assert "Nothing was changed" in said
    assert fresh(draft).recommendation == fresh(hidden).recommendation == old
    assert not Mail.objects.exists() and not Event.objects.filter(kind=EventKind.MOVED).exists()
    for person in ("other", "reviewer", "manager"):
        browser = browser_of(team[person])
        assert browser.post(reverse("update-move", args=[hidden.key])).status_code == 404
    said = press(team["author"], "move", draft, hidden)
    assert "2 updates were moved." in said
    assert fresh(hidden).recommendation == new and fresh(hidden).state == UpdateState.DRAFT


def test_of_a_restricted_update_the_mail_says_nothing(team, old):
    hidden = factories.submit(
        team["author"], old, NOW - DAY, sensitivity=Sensitivity.RESTRICTED, reason="Ms. K. said"
    )
    factories.grant(team["manager"], update=hidden)
    open_one = factories.submit(team["author"], old.report.recommendations.last(), NOW - DAY)
    press(team["manager"], "move", hidden, open_one)
    mail = Mail.objects.get(recipient=team["author"])
    assert mail.subject == "2 of your updates were moved"
    assert "TIP-2023-KP-03" in mail.text and "KP-01" not in mail.text and "Ms. K." not in mail.text
    assert "One of them is restricted" in " ".join(mail.text.split())


def test_a_check_stays_and_so_does_what_no_line_leads_on(team, old, new):
    factories.approve(team["author"], old, reviewer=team["reviewer"])
    check = factories.submit(team["author"], old, NOW, kind="check", as_of=NOW.date())
    said = press(team["author"], "move", check)
    assert "A check confirms an assessment of this report" in said
    draft = factories.write(team["author"], old, NOW)
    Lineage.objects.update(kind=LineageKind.SPLIT)
    said = press(team["author"], "move", draft)
    assert "It was split into TIP-2024-KP-01, so it cannot be moved. Write a new update there." in said
    Lineage.objects.update(kind=LineageKind.SAME)
    following.close(report=new.report, actor=team["manager"], now=NOW)
    said = press(team["author"], "move", draft)
    assert "No confirmed line leads from it to exactly one recommendation of a followed later report" in said
    assert {fresh(check).recommendation, fresh(draft).recommendation} == {old}


def test_moving_says_before_that_its_author_has_another_one_there(team, old, new):
    draft = factories.write(team["author"], old, NOW)
    waits = factories.submit(team["author"], old, NOW - DAY)
    ana, mina = browser_of(team["author"]), browser_of(team["manager"])
    moving, asking = reverse("update-move", args=[draft.key]), {"act": "move", "key": waits.key}
    assert "another" not in text_of(ana.get(moving)) and "another" not in text_of(mina.post(OPEN, asking))
    factories.write(team["other"], new, NOW)
    assert "another" not in text_of(ana.get(moving)), "that of somebody else"
    factories.write(team["author"], new, NOW)
    assert "You have another draft there." in text_of(ana.get(moving))
    assert "If moved: You have another draft there." in text_of(ana.get(OPEN))
    assert "another" not in text_of(mina.post(OPEN, asking)), "of drafts of others a manager learns nothing"
    factories.submit(team["author"], new, NOW - DAY)
    assert "Ana has another open update there." in text_of(mina.post(OPEN, asking))


def test_nobody_takes_away_what_a_reviewer_reads_but_its_author(team, old, new):
    taken = factories.submit(team["author"], old, NOW - DAY)
    reviews.take(update=taken, reviewer=team["reviewer"], now=NOW)
    for act in ("move", "withdraw"):
        assert "Rita is reviewing it." in press(team["manager"], act, taken)
    assert fresh(taken).taken_by == team["reviewer"]
    press(team["author"], "move", taken)
    assert (fresh(taken).recommendation, fresh(taken).taken_by) == (new, None)


def test_a_form_that_was_open_goes_on_where_the_draft_is_now(team, old, new):
    ana = browser_of(team["author"])
    draft = factories.write(team["author"], old, NOW)
    press(team["author"], "move", draft)
    form = update_form(key=draft.key, intent="draft", reason="Typed meanwhile", movement="")
    answer = ana.post(reverse("update-add", args=[old.reference]), form, follow=True)
    assert answer.status_code == 200 and (fresh(draft).reason, fresh(draft).recommendation) == (
        "Typed meanwhile",
        new,
    )


def test_closing_lists_what_is_open_and_what_can_become_of_it(team, old, earlier):
    own = factories.write(team["manager"], old, NOW)
    waits = factories.submit(team["author"], earlier.recommendations.last(), NOW - DAY)
    page = browser_of(team["manager"]).get(CLOSE)
    said = text_of(page)
    assert "Before you close it" not in said, "all lines are confirmed, and nobody set anything"
    assert "from 2023 to 2024 : all lines are confirmed, and nothing is left to carry over" in said
    assert "Still open on it 2" in said and "Move all that can be moved: 2" in said
    assert reverse("review", args=[waits.key]) in page.content.decode()
    assert reverse("update-edit", args=[own.key]) in page.content.decode()
    said = press(team["manager"], "move", own, waits, **{"from": "close"})
    assert "2 updates were moved." in said and "Still open on it 0" in said


def test_withdrawing_asks_first_and_tells_the_author(team, old):
    waits = factories.submit(team["author"], old, NOW - DAY)
    mina = browser_of(team["manager"])
    asked = mina.post(OPEN, {"act": "withdraw", "key": waits.key, "from": "close"})
    assert "Withdraw this update?" in text_of(asked) and fresh(waits).state == UpdateState.SUBMITTED
    sent = dict(re.findall(r'<textarea name="(\w+)" hidden>\s*(.*?)</textarea>', asked.content.decode()))
    done = mina.post(OPEN, {**sent, "confirmed": "yes"}, follow=True)
    assert done.redirect_chain[0][0] == CLOSE
    assert fresh(waits).state == UpdateState.WITHDRAWN
    assert Event.objects.get(kind=EventKind.WITHDRAWN).update == waits
    assert Mail.objects.get(recipient=team["author"]).subject == "Withdrawn: your update on “Thing 1”"
    press(team["manager"], "withdraw", waits)
    assert Event.objects.filter(kind=EventKind.WITHDRAWN).count() == Mail.objects.count() == 1


def test_open_review_dates_are_listed_and_what_is_carried_over_is_not_asked_for_again(team, old, new):
    lines = Lineage.objects.filter(earlier=old)
    lines.update(confirmed_at=None, confirmed_by=None)
    for days in (40, 50):
        on = NOW.date() + days * DAY
        review_dates.add_date(recommendation=old, on=on, actor=team["reviewer"], now=NOW)
    mina = browser_of(team["manager"])
    said = text_of(mina.get(CLOSE))
    assert "Open review dates 2" in said and "TIP-2023-KP-01" in said
    assert "Before you close it, confirm lines and carry over owners, asks and review dates:" in said
    assert "from 2023 to 2024 : 1 line to confirm" in said
    lines.update(confirmed_at=NOW, confirmed_by=team["reviewer"])
    assert "1 recommendation to which something can be carried over" in text_of(mina.get(CLOSE))
    review_dates.add_date(recommendation=new, on=NOW.date() + 40 * DAY, actor=team["reviewer"], now=NOW)
    said = text_of(mina.get(CLOSE))
    assert "Open review dates 1" in said and "Carried over already" in said
    assert re.search(r"TIP-2023-KP-01 · \S+ \S+ 2024 \(in 40 days\) ?: already at TIP-2024-KP-01", said)
    carrying_over.carry_over(
        seen=offer_between(old.report, new.report).mark,
        earlier=old.report,
        later=new.report,
        actor=team["reviewer"],
        now=NOW,
    )
    said = text_of(mina.get(CLOSE))
    assert "Open review dates 0" in said and said.count("already at TIP-2024-KP-01") == 2
    assert "Before you close it" not in said and "nothing is left to carry over" in said


def test_my_work_leads_from_a_draft_of_a_closed_report_to_the_next(team, old, earlier):
    factories.write(team["author"], old, NOW)
    following.close(report=earlier, actor=team["manager"], now=NOW)
    said = text_of(browser_of(team["author"]).get(reverse("home")))
    assert "The report of 2023 is closed. Move it to TIP-2024-KP-01" in said


def test_a_contributor_finds_their_own_alone(team, old):
    factories.submit(team["author"], old, NOW - DAY)
    assert "Nothing of yours is open on it." in text_of(browser_of(team["other"]).get(OPEN))
    ana = browser_of(team["author"])
    assert "Move to TIP-2024-KP-01" in text_of(ana.get(OPEN))
    assert OPEN in ana.get(old.report.get_absolute_url()).content.decode(), (
        "the page of the report leads there"
    )
    assert OPEN not in browser_of(team["viewer"]).get(old.report.get_absolute_url()).content.decode()
