"""Carrying over by confirmed lines, on their page: what 2024 takes over from 2023, and what it does not."""

import re

import pytest
from django.urls import reverse

from recommendations.choices import EventKind, LineageKind, Role, Status
from recommendations.errors import Refused
from recommendations.models import Event, Lineage, Mail, Recommendation
from recommendations.selectors.carrying_over import offer_between
from recommendations.services import following, lineage, people, review_dates
from recommendations.services import recommendations as service
from tests.support import factories
from tests.support.factories import NOW
from tests.support.pages import browser_of, text_of

pytestmark = pytest.mark.usefixtures("at_the_time_of_the_story")
LINES = reverse("report-lines", args=["TIP-2024-KP"])
TOLD_BY = [EventKind.ASSIGNED, EventKind.RETITLED, EventKind.NATURE_CHANGED, EventKind.RESCHEDULED]
FIELDS = ("owner", "deputy", "reviewer", "short_title", "pillar", "nature", "interval_days")


@pytest.fixture
def reports(team):
    """2023, on which the team worked, and 2024 as it was imported: four are the same, none is confirmed."""
    made = {"earlier": factories.report(year=2023, count=4), "later": factories.report(year=2024, count=4)}
    for row in Recommendation.objects.all():
        row.short_title = row.text.rstrip(".")
        row.save()
    for row in made["earlier"].recommendations.all():
        about = {"recommendation": row, "actor": team["reviewer"], "now": NOW}
        service.assign(owner=team["author"], deputy=team["other"], reviewer=team["second"], **about)
        service.retitle(short_title=f"Title {row.position}", pillar="prevention", nature="end", **about)
        review_dates.reschedule(interval_days=30, **about)
    return made


@pytest.fixture
def by(reports, team):
    return reports | {"actor": team["reviewer"], "now": NOW}


@pytest.fixture
def rita(team):
    return browser_of(team["reviewer"])


def new(number):
    return Recommendation.objects.get(reference=f"TIP-2024-KP-{number:02}")


def forms(page):
    """Return {reference, or "all": what its form sends} of the buttons that carry over."""
    found = {}
    for form in re.findall(r"<form.*?</form>", page.content.decode(), re.DOTALL):
        if act := re.search(r'value="(carry|carry_all)"', form):
            sent = dict(re.findall(r'name="(row|seen)"\s+value="([^"]*)"', form)) | {"act": act[1]}
            name = re.search(r"TIP-2024-KP-\d\d", form)
            found[name[0] if name else "all"] = sent
    return found


def values(row):
    return tuple(getattr(row, name) for name in FIELDS)


def press(browser, sent):
    return text_of(browser.post(LINES, sent, follow=True))


def test_owners_and_what_else_people_set_are_carried_over_and_history_says_from_where(by, rita, team):
    lineage.confirm_same(**by)
    page = rita.get(LINES)
    said = text_of(page)
    for words in (
        "Owner: Ana",
        "Deputy: Omar",
        "Reviewer: Sam",
        "Short title: “Title 1”",
        "Pillar: Prevention",
    ):
        assert words in said
    assert "Nature: A practice to end" in said and "Review interval: 30 days" in said
    offered = forms(page)
    assert set(offered) == {"all", *(f"TIP-2024-KP-{number:02}" for number in range(1, 5))}
    said = press(rita, offered["TIP-2024-KP-03"])
    assert "TIP-2024-KP-03 takes over from TIP-2023-KP-03: owner (Ana), deputy (Omar)" in said
    expected = (team["author"], team["other"], team["second"], "Title 3", "prevention", "end", 30)
    assert values(new(3)) == expected
    assert new(2).owner is None
    assert "3 recommendations take over what was shown" in press(rita, forms(rita.get(LINES))["all"])
    assert [values(new(number)) for number in (1, 2, 4)] == [
        (*expected[:3], f"Title {number}", *expected[4:]) for number in (1, 2, 4)
    ]
    kinds = list(Event.objects.filter(recommendation=new(3)).order_by("seq").values_list("kind", flat=True))
    assert kinds[1:] == [
        EventKind.ASSIGNED,
        EventKind.RETITLED,
        EventKind.NATURE_CHANGED,
        EventKind.RESCHEDULED,
    ]
    history = text_of(rita.get(reverse("recommendation-history", args=["TIP-2024-KP-03"])))
    assert "Owner Ana, deputy Omar, reviewer Sam; carried over from TIP-2023-KP-03" in history
    assert "“Title 3”; carried over from TIP-2023-KP-03" in history
    assert "Carry over" not in text_of(rita.get(LINES))


def test_a_status_and_updates_stay_with_their_report_and_nobody_is_mailed(by, reports, rita, team):
    old = reports["earlier"].recommendations.first()
    factories.approve(team["author"], old, reviewer=team["reviewer"], as_of=reports["earlier"].period_end)
    lineage.confirm_same(**by)
    mails = Mail.objects.count()
    press(rita, forms(rita.get(LINES))["all"])
    old.refresh_from_db()
    assert old.status != Status.NOT_ASSESSED
    assert new(1).status == Status.NOT_ASSESSED
    assert not new(1).updates.exists()
    assert Mail.objects.count() == mails


def test_the_owner_then_finds_the_new_ones_under_my_work(by, reports, rita, team):
    lineage.confirm_same(**by)
    following.close(report=reports["earlier"], actor=team["manager"], now=NOW)
    ana = browser_of(team["author"])
    assert "You own no recommendation" in text_of(ana.get(reverse("home")))
    press(rita, forms(rita.get(LINES))["all"])
    assert "Title 1" in text_of(ana.get(reverse("home")))


def test_what_a_person_set_since_the_import_stays(by, rita, team):
    lineage.confirm_same(**by)
    about = {"actor": team["reviewer"], "now": NOW}
    service.assign(recommendation=new(1), owner=team["manager"], **about)
    service.retitle(recommendation=new(1), short_title="My words", pillar="", **about)
    # Named and taken away again: nobody is what a person decided.
    service.assign(recommendation=new(2), owner=team["manager"], **about)
    service.assign(recommendation=new(2), owner=None, **about)
    said = text_of(rita.get(LINES))
    assert "Owner: Mina stays (2023: Ana)" in said
    assert "Short title: “My words” stays (2023: “Title 1”)" in said
    assert "Owner: nobody stays (2023: Ana)" in said
    press(rita, forms(rita.get(LINES))["all"])
    assert values(new(1)) == (
        team["manager"],
        team["other"],
        team["second"],
        "My words",
        "prevention",
        "end",
        30,
    )
    assert new(2).owner is None


def test_who_no_longer_can_is_named_and_not_carried_over(by, rita, team):
    lineage.confirm_same(**by)
    people.set_active(actor=team["manager"], person=team["author"], active=False, now=NOW)
    people.change_role(actor=team["manager"], person=team["second"], role=Role.CONTRIBUTOR, now=NOW)
    people.change_role(actor=team["manager"], person=team["other"], role=Role.VIEWER, now=NOW)
    said = text_of(rita.get(LINES))
    assert "Owner: The access of Ana has ended." in said
    assert "Deputy: Omar cannot write updates." in said
    assert "Reviewer: Sam cannot review updates." in said
    press(rita, forms(rita.get(LINES))["all"])
    assert values(new(1))[:4] == (None, None, None, "Title 1")
    # Nothing is left to carry over, and the page still says for whom somebody else is to be named.
    page = rita.get(LINES)
    assert "The access of Ana has ended." in text_of(page)
    assert forms(page) == {}


def test_nobody_becomes_owner_and_deputy_of_one(by, rita, team):
    lineage.confirm_same(**by)
    service.assign(recommendation=new(1), owner=team["other"], actor=team["reviewer"], now=NOW)
    service.assign(recommendation=new(2), deputy=team["author"], actor=team["reviewer"], now=NOW)
    said = text_of(rita.get(LINES))
    assert "Deputy: Omar is the owner." in said and "Owner: Ana is the deputy." in said
    press(rita, forms(rita.get(LINES))["all"])
    assert (new(1).owner, new(1).deputy) == (team["other"], None)
    assert (new(2).owner, new(2).deputy) == (None, team["author"])


def test_what_an_import_made_alone_is_not_offered(by, rita, team):
    """A short title cut from the old words, and a nature read from them, say nothing about the new ones."""
    older = factories.report(year=2021, count=1)
    older.recommendations.update(
        text="End forced labor.", short_title="End forced labor", nature="end", owner=team["author"]
    )
    lineage.confirm(old=[1], new=[1], kind=LineageKind.REWORDED, **by | {"earlier": older})
    [one] = offer_between(older, by["later"]).shown
    assert [piece.name for piece in one.pieces] == ["owner"]
    said = text_of(rita.get(f"{LINES}?from=TIP-2021-KP"))
    assert "Carry over from 2021" in said and "Owner: Ana" in said


def test_lines_that_are_split_or_merged_or_not_confirmed_carry_nothing_over(by, reports, rita):
    assert forms(rita.get(LINES)) == {}
    lineage.confirm(old=[1], new=[1, 2], kind=LineageKind.SPLIT, **by)
    lineage.confirm(old=[2, 3], new=[3], kind=LineageKind.MERGED, **by)
    assert forms(rita.get(LINES)) == {}
    row = Lineage.objects.first().pk
    assert "not confirmed any more" in press(rita, {"act": "carry", "row": row, "seen": ""})
    assert new(1).owner is None
    lineage.confirm(old=[4], new=[4], kind=LineageKind.SAME, **by)
    assert set(forms(rita.get(LINES))) == {"all", "TIP-2024-KP-04"}


def test_only_reviewers_carry_over(by, rita, team):
    lineage.confirm_same(**by)
    offered = forms(rita.get(LINES))
    for name in ("viewer", "author"):
        browser = browser_of(team[name])
        assert forms(browser.get(LINES)) == {}
        assert "Carry over" not in text_of(browser.get(LINES))
        for sent in offered.values():
            assert browser.post(LINES, sent).status_code == 403
    assert not Event.objects.filter(payload__has_key="carried_from").exists()


def test_pressed_twice_it_changes_nothing_more(by, rita):
    lineage.confirm_same(**by)
    offered = forms(rita.get(LINES))
    press(rita, offered["all"])
    events = Event.objects.count()
    for sent in (offered["all"], offered["TIP-2024-KP-01"]):
        assert "Nothing is left to carry over here" in press(rita, sent)
    assert Event.objects.count() == events


@pytest.mark.parametrize("which", ["all", "TIP-2024-KP-01"])
@pytest.mark.parametrize("change", ["owner of the new one", "owner of the old one", "access"])
def test_a_change_meanwhile_is_said_and_nothing_is_carried_over(by, reports, rita, team, which, change):
    lineage.confirm_same(**by)
    offered = forms(rita.get(LINES))
    about = {"actor": team["manager"], "now": NOW}
    if change == "owner of the new one":
        service.assign(recommendation=new(1), owner=team["manager"], **about)
    elif change == "owner of the old one":
        old = reports["earlier"].recommendations.get(position=1)
        service.assign(recommendation=old, owner=team["manager"], **about)
    else:
        people.set_active(person=team["author"], active=False, **about)
    said = press(rita, offered[which])
    assert "Something was changed after you opened this page, so nothing was carried over." in said
    assert not Event.objects.filter(payload__has_key="carried_from").exists()
    press(rita, forms(rita.get(LINES))[which])
    assert new(1).short_title == "Title 1"


def test_another_line_leaves_the_offer_of_one_as_it_was(by, rita):
    lineage.confirm(old=[1], new=[1], kind=LineageKind.SAME, **by)
    offered = forms(rita.get(LINES))
    lineage.confirm_same(**by)
    assert "Something was changed" in press(rita, offered["all"])
    assert "TIP-2024-KP-01 takes over" in press(rita, offered["TIP-2024-KP-01"])


def test_a_line_that_was_undone_meanwhile_carries_nothing_over(by, rita):
    lineage.confirm(old=[1], new=[1], kind=LineageKind.SAME, **by)
    offered = forms(rita.get(LINES))
    lineage.undo(row=Lineage.objects.get().pk, **by)
    assert "not confirmed any more: somebody undid it" in press(rita, offered["TIP-2024-KP-01"])
    assert "Nothing is left to carry over here" in press(rita, offered["all"])
    assert new(1).owner is None


def test_rows_that_do_not_exist_are_not_found(by, rita):
    for row in ("", "x", "9" * 30):
        assert rita.post(LINES, {"act": "carry", "row": row}).status_code == 404


def test_what_was_carried_over_goes_with_an_import_that_is_undone(by, reports, rita, team):
    lineage.confirm(old=[1], new=[1], kind=LineageKind.SAME, **by)
    press(rita, forms(rita.get(LINES))["all"])
    lineage.undo(row=Lineage.objects.get().pk, **by)
    following.undo_import(report=reports["later"], actor=team["manager"], now=NOW)
    old = reports["earlier"].recommendations.get(position=1)
    assert (old.owner, old.short_title) == (team["author"], "Title 1")
    assert not Recommendation.objects.filter(report__year=2024).exists()


def test_what_a_person_changed_after_carrying_over_is_work(by, reports, rita, team):
    lineage.confirm(old=[1], new=[1], kind=LineageKind.SAME, **by)
    press(rita, forms(rita.get(LINES))["all"])
    lineage.undo(row=Lineage.objects.get().pk, **by)
    service.assign(recommendation=new(1), owner=team["manager"], actor=team["manager"], now=NOW)
    with pytest.raises(Refused, match="cannot be undone"):
        following.undo_import(report=reports["later"], actor=team["manager"], now=NOW)
