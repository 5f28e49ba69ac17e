"""“Still so?”: drafts for this year's owners, begun with last year's reasons and evidence."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from recommendations.choices import EventKind, LineageKind, Role, Sensitivity, Status, UpdateState
from recommendations.choices.update_fields import BY_NAME
from recommendations.errors import Refused
from recommendations.models import Event, Lineage, Mail, StatusUpdate
from recommendations.services import following, still_so
from tests.support import factories
from tests.support.exports import content, take_out
from tests.support.factories import DAY, NOW
from tests.support.forms import update_form
from tests.support.pages import browser_of, text_of

pytestmark = pytest.mark.usefixtures("at_the_time_of_the_story")
LINES = reverse("report-lines", args=["TIP-2024-KP"])


@pytest.fixture
def pairs(team):
    """Four pairs of 2023 and 2024, tied by confirmed lines: the old have findings, Ana owns the new."""
    old, new = factories.report(year=2023, count=4), factories.report(year=2024, count=4)
    new.recommendations.update(owner=team["author"])
    made = list(zip(old.recommendations.all(), new.recommendations.all(), strict=True))
    for number, (one, other) in enumerate(made):
        kind = LineageKind.REWORDED if number else LineageKind.SAME
        ends = {"earlier": one, "later": other, "kind": kind}
        Lineage.objects.create(confirmed_by=team["reviewer"], confirmed_at=NOW - DAY, **ends)
        about = {"reviewer": team["reviewer"], "reason": f"Reason {number + 1}.", "status": Status.PARTLY}
        about["citations"] = [(factories.link(team["author"], f"Item {number + 1}"), "contradicts", "p. 2")]
        factories.approve(team["author"], one, NOW - 30 * DAY, **about)
    return made


def press(person):
    return text_of(browser_of(person).post(LINES, {"act": "still_so"}, follow=True))


def drafts():
    return StatusUpdate.objects.exclude(repeats=None).order_by("recommendation__position")


def test_one_press_begins_drafts_with_the_reason_and_evidence_and_approves_nothing(team, pairs):
    before = text_of(browser_of(team["reviewer"]).get(LINES))
    assert "Add 4 drafts for their owners" in before and "Left out are the asks" in before
    assert "find the draft under “My work”, and their next reminder tells them of it" in before
    mails = Mail.objects.count()
    said = press(team["reviewer"])
    assert "Drafts are prepared for the owners of TIP-2024-KP-01, TIP-2024-KP-02," in said
    for draft, (old, new) in zip(drafts(), pairs, strict=True):
        assert (draft.recommendation, draft.author, draft.state) == (new, team["author"], UpdateState.DRAFT)
        assert draft.repeats == old.current_update and draft.reason == old.current_update.reason
        assert (draft.status, draft.confidence, draft.movement) == ("", "", ""), "no status is carried over"
        cited = [(row.evidence, row.stance, row.locator) for row in draft.citations.all()]
        assert cited == [
            (row.evidence, row.stance, row.locator) for row in old.current_update.citations.all()
        ]
        assert not draft.places.exists()
        new.refresh_from_db()
        assert new.status == Status.NOT_ASSESSED
    assert Mail.objects.count() == mails, "they find it under My work, and are reminded after a week"
    history = text_of(
        browser_of(team["viewer"]).get(reverse("recommendation-history", args=["TIP-2024-KP-01"]))
    )
    assert (
        "Owner asked whether it is still so" in history
        and "Ana, about the finding on TIP-2023-KP-01" in history
    )


def test_pressed_twice_it_begins_no_second_draft(team, pairs):
    press(team["reviewer"])
    said = press(team["second"])
    assert drafts().count() == 4 and Event.objects.filter(kind=EventKind.STILL_SO).count() == 4
    assert "Nobody is left to be asked" in said and said.count("Its owner was asked already.") == 4


def test_its_owner_looks_dates_it_and_submits_it_like_any_other(team, pairs):
    press(team["reviewer"])
    draft, ana = drafts().first(), browser_of(team["author"])
    home = text_of(ana.get(reverse("home")))
    assert "Still so? prepared from last year’s finding of 2 Aug 2024; nobody has looked yet" in home
    page = ana.get(reverse("update-edit", args=[draft.key]))
    assert "Look whether it still holds" in text_of(page) and "Reason 1." in page.content.decode()
    assert 'value="2024-08-02"' not in page.content.decode(), "the day is not filled in"
    assert f'value="{NOW.date().isoformat()}"' not in page.content.decode(), "nor is today, of any place"
    form = update_form(key=draft.key, intent="submit", movement="same", as_of="", reason="Reason 1.")
    refused = text_of(ana.post(reverse("update-edit", args=[draft.key]), form))
    assert "Enter the day up to which you looked." in refused
    form["as_of"] = draft.as_of.isoformat()
    refused = text_of(ana.post(reverse("update-edit", args=[draft.key]), form))
    assert "Nobody has looked since last year’s finding." in refused
    form["as_of"] = NOW.date().isoformat()
    assert ana.post(reverse("update-edit", args=[draft.key]), form).status_code == 302
    draft.refresh_from_db()
    assert (draft.state, draft.is_undated) == (UpdateState.SUBMITTED, False)
    factories.decide(draft, team["reviewer"], now=NOW)
    assert draft.recommendation.updates.approved().count() == 1


def test_nobody_reads_a_day_on_which_nobody_looked(team, pairs):
    press(team["reviewer"])
    draft, ana = drafts().first(), browser_of(team["author"])
    address = draft.get_absolute_url()
    said = text_of(ana.get(address))
    assert "Assessment, not dated yet" in said and "It repeats last year’s finding of 2 Aug 2024" in said
    assert "Assessment as of" not in said and "As of not dated yet" in said
    listed = reverse("update-list") + "?state=draft"
    for page in (
        listed,
        draft.recommendation.get_absolute_url(),
        reverse("update-withdraw", args=[draft.key]),
    ):
        said = text_of(ana.get(page))
        assert "not dated yet" in said and "Assessment as of" not in said, page
    item = draft.citations.get().evidence.get_absolute_url()
    assert "TIP-2024-KP-01, Assessment, not dated yet" in text_of(ana.get(item))
    table = content(take_out(team["author"], "updates", "?state=draft")).decode()
    assert "TIP-2024-KP-01" in table and "2024-08-02" not in table
    StatusUpdate.objects.filter(pk=draft.pk).update(as_of=NOW.date())
    assert "Assessment as of" in text_of(ana.get(address))


def test_its_reviewer_reads_what_was_prepared_and_what_its_author_changed(team, pairs):
    press(team["reviewer"])
    draft, ana, rita = drafts().first(), browser_of(team["author"]), browser_of(team["reviewer"])
    for reason, verdict in (("Reason 1.", "reason unchanged"), ("Another one.", "reason changed")):
        form = update_form(intent="submit", reason=reason, as_of=NOW.date().isoformat())
        StatusUpdate.objects.filter(pk=draft.pk).update(state=UpdateState.DRAFT)
        assert ana.post(reverse("update-edit", args=[draft.key]), form).status_code == 302
        page = rita.get(reverse("review", args=[draft.key]))
        said = text_of(page)
        assert "Prepared from last year’s finding ( TIP-2023-KP-01, as of 2 Aug 2024" in said
        assert verdict in said and draft.repeats.get_absolute_url() in page.content.decode()
    assert "Last year’s reason Reason 1." in said
    hidden = StatusUpdate.objects.filter(pk=draft.repeats_id)
    hidden.update(sensitivity=Sensitivity.RESTRICTED, counts_by=team["second"])
    said = text_of(rita.get(reverse("review", args=[draft.key])))
    assert "Prepared from last year’s finding on TIP-2023-KP-01, which you cannot see." in said
    assert "Reason 1." not in said and "reason changed" not in said


def test_what_has_an_update_or_no_finding_or_nobody_is_left_out_and_named(team, pairs):
    (_one, first), (two, _second), (_three, third), (_four, fourth) = pairs
    factories.submit(team["other"], first, NOW - DAY)
    StatusUpdate.objects.filter(recommendation=two).update(status=Status.NO_INFORMATION)
    type(third).objects.filter(pk=third.pk).update(owner=None)
    type(fourth).objects.filter(pk=fourth.pk).update(owner=team["viewer"])
    said = press(team["reviewer"])
    for words in (
        "There is an update on it already.",
        "Nothing was found about it last year.",
        "Nobody owns it.",
        "Vera cannot write updates.",
    ):
        assert words in said
    assert not drafts().exists() and "Nobody is left to be asked" in said


def test_widened_narrowed_split_or_unconfirmed_lines_ask_nobody(team, pairs):
    for change in ({"kind": LineageKind.WIDENED}, {"kind": LineageKind.SPLIT}):
        Lineage.objects.update(**change)
        assert "Still so?" not in text_of(browser_of(team["reviewer"]).get(LINES))
    Lineage.objects.update(kind=LineageKind.SAME, confirmed_at=None, confirmed_by=None)
    press(team["reviewer"])
    assert not drafts().exists()


def test_nobody_learns_of_a_draft_or_a_restricted_update_by_asking(team, pairs):
    reviewer = browser_of(team["reviewer"])
    before = text_of(reviewer.get(LINES))
    (_old, first), (_two, second) = pairs[:2]
    own = factories.write(team["author"], first, NOW)
    factories.submit(team["author"], second, NOW - DAY, sensitivity=Sensitivity.RESTRICTED)
    assert text_of(reviewer.get(LINES)) == before
    said = press(team["reviewer"])
    assert "TIP-2024-KP-01, TIP-2024-KP-02" in said and said.count("Its owner was asked already.") == 4
    assert drafts().count() == 2, "who works on it already gets no second draft"
    own.refresh_from_db()
    assert own.reason == "Nothing was published."


def test_an_owner_gets_only_what_they_can_see(team, pairs):
    (old, first), (two, second) = pairs[:2]
    first.report.recommendations.update(owner=team["other"])
    item = old.current_update.citations.get().evidence
    type(item).objects.filter(pk=item.pk).update(sensitivity=Sensitivity.RESTRICTED)
    hidden = StatusUpdate.objects.filter(pk=two.current_update_id)
    hidden.update(sensitivity=Sensitivity.RESTRICTED, counts_by=team["reviewer"])
    press(team["reviewer"])
    assert drafts()[0].reason == "Reason 1." and not drafts()[0].citations.exists()
    assert (drafts()[1].reason, drafts()[1].sensitivity) == ("", Sensitivity.INTERNAL)
    page = browser_of(team["other"]).get(reverse("update-edit", args=[drafts()[1].key])).content.decode()
    assert "Reason 2." not in page
    assert second.reference in page


def test_a_restricted_finding_makes_a_restricted_draft_without_its_words(team, pairs):
    """The draft stays its author's, also once their access to the finding has ended."""
    old = pairs[0][0]
    hidden = StatusUpdate.objects.filter(pk=old.current_update_id)
    hidden.update(sensitivity=Sensitivity.RESTRICTED, counts_by=team["reviewer"])
    press(team["manager"])
    assert (drafts()[0].reason, drafts()[0].sensitivity) == ("", Sensitivity.RESTRICTED)
    assert not drafts()[0].citations.exists()


def test_only_reviewers_ask_and_only_of_a_followed_report(team, pairs):
    for role in ("viewer", "author"):
        assert browser_of(team[role]).post(LINES, {"act": "still_so"}).status_code == 403
        assert "Still so?" not in text_of(browser_of(team[role]).get(LINES))
    old, new = (one.report for one in pairs[0])
    with pytest.raises(Refused):
        still_so.ask(earlier=old, later=new, actor=team["author"], now=NOW)
    following.close(report=new, actor=team["manager"], now=NOW)
    assert "is closed" in press(team["reviewer"])
    assert not drafts().exists()


def test_after_closing_the_draft_repeats_what_stood_then(team, pairs):
    old = pairs[0][0]
    following.close(report=old.report, actor=team["manager"], now=NOW - 10 * DAY)
    later = {"reviewer": team["reviewer"], "reason": "A new law.", "status": Status.CONTRARY}
    factories.approve(team["author"], old, NOW - 5 * DAY, cites=[factories.link(team["author"])], **later)
    press(team["reviewer"])
    assert drafts()[0].reason == "Reason 1."


def test_whose_access_ended_is_named(team, pairs):
    gone = factories.person("Lee", Role.CONTRIBUTOR, is_active=False)
    pairs[0][1].report.recommendations.update(owner=gone)
    assert "The access of Lee has ended." in press(team["reviewer"])


def test_the_desk_says_that_a_draft_is_not_dated_yet(team, pairs):
    pairs[0][1].report.recommendations.update(owner=team["reviewer"])
    press(team["reviewer"])
    draft = drafts()[0]
    assert str(draft) == "Assessment, not dated yet"
    desk = browser_of(team["reviewer"])
    own = desk.get(reverse("admin:recommendations_statusupdate_changelist"), {"state": "draft"})
    assert text_of(own).count("not dated yet") == 4
    page = text_of(desk.get(reverse("admin:recommendations_statusupdate_change", args=[draft.pk])))
    assert f"{BY_NAME['as_of'].label}: not dated yet" in page


@pytest.mark.parametrize("listed", ["statusupdate", "citation"])
def test_a_list_of_the_desk_asks_no_more_for_many_undated_drafts_than_for_one(team, pairs, listed):
    desk, address = browser_of(team["reviewer"]), reverse(f"admin:recommendations_{listed}_changelist")
    costs = []
    for owned in (1, 4):
        chosen = [new.pk for _old, new in pairs[:owned]]
        type(pairs[0][1]).objects.exclude(pk__in=chosen).filter(report=pairs[0][1].report).update(owner=None)
        type(pairs[0][1]).objects.filter(pk__in=chosen).update(owner=team["reviewer"])
        press(team["reviewer"])
        assert drafts().count() == owned
        desk.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert "not dated yet" in text_of(desk.get(address))
        costs.append(len(asked))
    assert costs[0] == costs[1]


def test_what_was_submitted_is_never_undated(team, pairs):
    press(team["reviewer"])
    draft = drafts().defer("repeats")[0]
    assert draft.is_undated
    for state, undated in ((UpdateState.SUBMITTED, False), (UpdateState.APPROVED, False), ("returned", True)):
        draft.state = state
        assert draft.is_undated is undated
