"""A restricted update that was approved without counting can count from today, by another person's word."""

from datetime import date, timedelta
from functools import partial

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from recommendations.accounts import oversight
from recommendations.choices import Earlier, EventKind, Extent, Sensitivity, Status
from recommendations.errors import Refused
from recommendations.models import Event, Publication, StatusUpdate
from recommendations.selectors.as_of import report_as_of
from recommendations.selectors.dashboard import matrix
from recommendations.selectors.news import Chronicle
from recommendations.services import counting, editions, integrity
from tests.support import factories
from tests.support.factories import AS_OF, DAY, NOW
from tests.support.pages import browser_of, text_of

LATER, LIST = NOW + 40 * DAY, "/updates/"
SEE = {"author": True, "reviewer": True, "viewer": False, "manager": False}


@pytest.fixture
def hidden(team, recommendation):
    """An approved restricted update that does not count, which Rita and Sam can see."""
    return hide(team, recommendation)


def hide(team, recommendation, **fields):
    given = {"reason": "K. saw it.", "cites": [factories.link(team["author"])], **fields}
    update = factories.approve_restricted(team["author"], recommendation, reviewer=team["reviewer"], **given)
    factories.grant(team["second"], update=update)
    return update


def count(update, actor, now=LATER, **given):
    return counting.count_from_now(update=update, actor=actor, now=now, **given)


def address(update):
    return reverse("update-counting", args=[update.key])


def press(person, update, **sent):
    """Open the page and press the button, as it says."""
    browser = browser_of(person)
    seen = browser.get(address(update)).context["form"]["seen"].value()
    return browser.post(address(update), {"seen": seen, **sent}, follow=True)


def test_it_counts_from_the_day_on_which_somebody_says_so(team, recommendation, hidden):
    page = text_of(browser_of(team["second"]).get(address(hidden)))
    assert "Not yet assessed → to No action" in page and "Last verified would be 30 Aug 2024" in page
    with time_machine.travel(LATER, tick=False):
        answer = press(team["second"], hidden)
    assert "It counts from now on." in text_of(answer) and "by the decision of Sam" in text_of(answer)
    recommendation.refresh_from_db()
    assert (recommendation.status, recommendation.last_verified_on) == (Status.NO_ACTION, AS_OF)
    for moment, status in {
        LATER: Status.NOT_ASSESSED,
        LATER + timedelta(seconds=1): Status.NO_ACTION,
    }.items():
        row = report_as_of(recommendation.report, moment, team["viewer"])[0]
        assert (row.whole.derived.status, row.whole.update) == (status, None)
    assert [
        problem for check in integrity.CHECKS.values() for problem in check() if "pdate" in str(problem)
    ] == []


def test_others_are_told_of_the_move_and_of_nothing_else(team, recommendation, hidden):
    count(hidden, team["second"])
    event = Event.objects.get(kind=EventKind.COUNTED)
    assert (event.actor, event.update, event.payload["moved_from"]) == (
        team["second"],
        hidden,
        "not_assessed",
    )
    seen = Event.objects.visible_to(team["viewer"]).filter(recommendation=recommendation)
    assert [(one.kind, one.update, one.actor) for one in seen] == [("status_changed", None, None)]
    news = Chronicle(team["viewer"], 10**6).since(0)
    assert [(one.recommendation, one.update, one.after) for one in news.moved] == [
        (recommendation, None, Status.NO_ACTION)
    ]
    assert (news.restricted, Chronicle(team["reviewer"], 10**6).since(event.seq - 1).restricted) == (0, 1)
    pages = [
        text_of(
            browser_of(team[role]).get(reverse("recommendation-history", args=[recommendation.reference]))
        )
        for role in ("viewer", "reviewer")
    ]
    assert ["counts from then on: Assessment as of 30 Aug 2024 (Sam)" in page for page in pages] == [
        False,
        True,
    ]
    assert all("No action; the reason is restricted" in page for page in pages)


def test_the_list_of_updates_says_what_it_moved_to_those_who_see_it(team, recommendation, hidden):
    listed = {who: lambda who=who: text_of(browser_of(team[who]).get(f"{LIST}?moved=yes")) for who in SEE}
    assert not any("to No action" in page() for page in listed.values())
    count(hidden, team["second"])
    assert {who: "Not yet assessed → to No action" in page() for who, page in listed.items()} == SEE


def test_the_past_stays_as_it_was(team, recommendation):
    report = recommendation.report
    type(report).objects.update(released_on=date(2023, 1, 1), imported_at=NOW - 400 * DAY)
    report.refresh_from_db()
    hidden = hide(team, recommendation, as_of=date(2024, 5, 5))
    strip = [one.status for one in matrix(team["viewer"], report, LATER.date())[0].quarters]
    about = {"report": report, "actor": team["manager"], "as_of": NOW.date()}
    before = editions.freeze(**about, name="Before", now=NOW + DAY)
    count(hidden, team["second"])
    after = editions.freeze(**about, name="After", now=LATER + DAY)
    assert before.content == after.content, "of the same day"
    row = matrix(team["viewer"], report, LATER.date())[0]
    assert [one.status for one in row.quarters][:-1] == strip[:-1]
    assert row.quarters[-1].status == Status.NO_ACTION


def test_who_may_not_let_it_count(team, recommendation, hidden):
    writes_and_reviews = hide({**team, "author": team["second"]}, recommendation)
    for actor, update, why in (
        (team["other"], hidden, "Only reviewers"),
        (team["second"], writes_and_reviews, "You wrote this update"),
        (team["manager"], hidden, "There is no such update"),
    ):
        with pytest.raises(Refused, match=why):
            count(update, actor)
    assert browser_of(team["manager"]).get(address(hidden)).status_code == 404
    assert browser_of(team["author"]).get(address(hidden)).status_code == 403
    item = factories.link(team["author"], "Hidden", Sensitivity.RESTRICTED)
    factories.grant(team["reviewer"], evidence=item)
    cites = hide(team, recommendation, cites=[item])
    page = text_of(browser_of(team["second"]).get(address(cites)))
    assert "cites a restricted item that you cannot see" in page and "Cancel" not in page
    with pytest.raises(Refused, match="cites a restricted item"):
        count(cites, team["second"])


def test_two_accounts_of_one_hand_do_not_let_it_count(team, hidden, monkeypatch):
    monkeypatch.setattr(oversight, "one_hand", lambda person, author: f"{person} made {author}.")
    with pytest.raises(Refused, match="Sam made Ana"):
        count(hidden, team["second"])


def test_one_that_counts_does_not_count_again(team, recommendation, hidden):
    first = count(hidden, team["second"])
    assert count(hidden, team["second"], LATER + DAY).counts_at == first.counts_at, "a double click"
    with pytest.raises(Refused, match="It counts already"):
        count(hidden, team["reviewer"])
    open_one = factories.approve(team["author"], recommendation, reviewer=team["reviewer"])
    assert browser_of(team["second"]).get(address(open_one)).status_code == 404


def test_what_would_move_is_read_again_where_it_changed(team, recommendation, hidden):
    browser = browser_of(team["second"])
    seen = browser.get(address(hidden)).context["form"]["seen"].value()
    factories.approve(team["author"], recommendation, reviewer=team["reviewer"], as_of=AS_OF + DAY)
    answer = browser.post(address(hidden), {"seen": seen}, follow=True)
    assert "What would change is different by now." in text_of(answer)
    assert "There is already a later assessment" in text_of(answer)
    hidden.refresh_from_db()
    assert hidden.counts_at is None


def test_what_is_outside_is_asked_about(team, recommendation):
    old = factories.publish(team["author"], recommendation, reviewer=team["reviewer"])
    hidden = hide(team, recommendation, status=Status.PARTLY, as_of=AS_OF + DAY)
    page = text_of(browser_of(team["second"]).get(address(hidden)))
    assert "The published status is the one as of 30 Aug 2024." in page and "Publish this instead" not in page
    assert "Choose what becomes of what is outside now." in text_of(press(team["second"], hidden))
    with pytest.raises(ValidationError):
        count(hidden, team["second"])
    press(team["second"], hidden, overtaken="leave")
    assert Publication.objects.published().get().update == old
    more = hide(team, recommendation, status=Status.INITIAL, as_of=AS_OF + 2 * DAY)
    count(more, team["second"], earlier=Earlier.WITHDRAW)
    assert not Publication.objects.published().exists()


def test_a_correction_that_counts_later_takes_the_place_of_what_is_outside_too(team, recommendation):
    about = {"status": Status.PARTLY, "cites": [factories.link(team["author"])]}
    wrong = factories.publish(team["author"], recommendation, reviewer=team["reviewer"], **about)
    right, other = (hide(team, recommendation, corrects=wrong) for _time in range(2))
    page = text_of(browser_of(team["second"]).get(address(right)))
    assert "The update that it corrects is published (words and status), and is withdrawn." in page
    press(team["second"], right, overtaken="withdraw")
    recommendation.refresh_from_db()
    assert (recommendation.status, recommendation.current_update) == (Status.NO_ACTION, right)
    assert not Publication.objects.published().exists()
    with pytest.raises(Refused, match="Another correction of the same update counts already"):
        count(other, team["second"])


def test_what_was_corrected_or_lacks_its_reason_by_now_does_not_count(team, recommendation, hidden):
    hide(team, recommendation, corrects=hidden)
    with pytest.raises(Refused, match="This update was corrected"):
        count(hidden, team["second"])
    factories.approve(team["author"], recommendation, reviewer=team["reviewer"], as_of=AS_OF + DAY)
    same = hide(team, recommendation, as_of=AS_OF + 2 * DAY, reason="")
    factories.approve(
        team["author"],
        recommendation,
        reviewer=team["reviewer"],
        as_of=AS_OF + DAY,
        status=Status.PARTLY,
        cites=[factories.link(team["author"])],
    )
    with pytest.raises(
        Refused, match=r"Enter the reason for this status. This update cannot be changed any more"
    ):
        count(same, team["second"])


def test_a_check_that_counts_later_moves_the_dates(team, recommendation):
    factories.approve(team["author"], recommendation, reviewer=team["reviewer"])
    check = hide(team, recommendation, kind="check", as_of=AS_OF + DAY, cites=())
    recommendation.refresh_from_db()
    assert recommendation.last_verified_on == AS_OF
    count(check, team["second"])
    recommendation.refresh_from_db()
    assert recommendation.last_verified_on == AS_OF + DAY


def test_reviewers_find_those_that_they_can_see(team, recommendation, hidden):
    listed = reverse("publication-list")
    heading = "Restricted updates that do not count 1"
    for role, sees in {"reviewer": True, "second": True, "manager": False}.items():
        assert (heading in text_of(browser_of(team[role]).get(listed))) is sees
    assert "Count from today" in text_of(browser_of(team["second"]).get(hidden.get_absolute_url()))
    assert "Count from today" not in text_of(browser_of(team["author"]).get(hidden.get_absolute_url()))
    count(hidden, team["second"])
    assert heading not in text_of(browser_of(team["second"]).get(listed))
    assert StatusUpdate.objects.counting().get() == hidden


def _offered(person, page):
    return [
        value for value, _label in browser_of(person).get(page).context["propose"].fields["extent"].choices
    ]


def test_its_status_can_be_published_once_it_counts(team, recommendation):
    hidden = hide(team, recommendation, public_text="Quoted.")
    page = reverse("update-publication", args=[hidden.key])
    offered = partial(_offered, team["second"], page)
    assert offered() == [Extent.WORDS]
    count(hidden, team["second"])
    assert offered() == [Extent.WORDS, Extent.WORDS_AND_STATUS]
