"""A restricted update counts by its reviewer's word alone, and then shows the status and nothing else."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from recommendations.choices import Extent, Sensitivity, Status
from recommendations.models import Event, Publication, Recommendation, StatusUpdate
from recommendations.selectors.dashboard import matrix
from recommendations.services import asks, integrity
from tests.support import factories
from tests.support.factories import AS_OF, DAY
from tests.support.pages import browser_of, text_of

CHECKS = integrity.CHECKS
ASKED = "Show the status to the team, not the reason"
HIDDEN = "The reason for this status is restricted."


def submitted(team, recommendation, **fields):
    """Submit a restricted update that the reviewer can see."""
    given = {"reason": "K. saw it.", "cites": [factories.link(team["author"])], **fields}
    update = factories.submit(team["author"], recommendation, sensitivity=Sensitivity.RESTRICTED, **given)
    factories.grant(team["reviewer"], update=update)
    return update


def page_of(person, update):
    return text_of(browser_of(person).get(reverse("review", args=[update.key])))


def approve(person, update, **sent):
    given = {"seen_version": 1, "decision": "approve", **sent}
    return browser_of(person).post(reverse("review", args=[update.key]), given, follow=True)


def read(person, recommendation):
    return text_of(browser_of(person).get(recommendation.get_absolute_url()))


@pytest.mark.parametrize("counts", [False, True])
def test_the_review_asks_and_the_default_is_no(team, recommendation, counts):
    before = Recommendation.objects.values().get(pk=recommendation.pk)
    update = submitted(team, recommendation)
    page = page_of(team["reviewer"], update)
    assert ASKED in page and "If it counts: Last verified would be 30 Aug 2024" in page
    answer = text_of(approve(team["reviewer"], update, **({"counts": "on"} if counts else {})))
    assert ("Others see the status, but not its reason." in answer) is counts
    assert ("It does not count: others see nothing of it." in answer) is not counts
    update.refresh_from_db()
    recommendation.refresh_from_db()
    assert update.counts_by == (team["reviewer"] if counts else None)
    after = Recommendation.objects.values().get(pk=recommendation.pk)
    assert (after == before) is not counts
    assert recommendation.status == (Status.NO_ACTION if counts else Status.NOT_ASSESSED)
    assert [one for name in CHECKS for one in CHECKS[name]() if "count" in name or "follow" in name] == []
    assert Event.objects.filter(kind="status_changed").count() == counts


def test_an_open_update_is_not_asked_about(team, recommendation):
    update = factories.submit(team["author"], recommendation)
    assert ASKED not in page_of(team["reviewer"], update)
    approve(team["reviewer"], update)
    update.refresh_from_db()
    assert update.counts_at == update.approved_at


def test_others_read_the_status_and_that_its_reason_is_restricted(team, recommendation):
    update = submitted(team, recommendation, government_claim="They said so.")
    factories.decide(update, team["reviewer"], counts=True)
    for role in ("viewer", "other", "second", "manager"):
        page = read(team[role], recommendation)
        assert "Current status No action" in page and HIDDEN in page
        assert not any(word in page for word in ("K. saw", "They said", "Ana", "Written by"))
        assert browser_of(team[role]).get(update.get_absolute_url()).status_code == 404
    for role in ("author", "reviewer"):
        page = read(team[role], recommendation)
        assert HIDDEN not in page and "K. saw it." in page and "It counts since" in page
    history = text_of(
        browser_of(team["viewer"]).get(reverse("recommendation-history", args=["TIP-2024-KP-01"]))
    )
    assert "Not yet assessed → No action; the reason is restricted" in history
    assert "Ana" not in history and "Rita" not in history


def test_those_who_see_one_that_does_not_count_read_so(team, recommendation):
    update = submitted(team, recommendation)
    factories.decide(update, team["reviewer"])
    listed = [reverse("update-list"), reverse("recommendation-history", args=[recommendation.reference])]
    pages = [text_of(browser_of(team["author"]).get(one)) for one in listed]
    for page in (
        *pages,
        read(team["author"], recommendation),
        text_of(browser_of(team["author"]).get(update.get_absolute_url())),
    ):
        assert "Not counted" in page


def test_a_restricted_update_needs_a_reason_as_if_it_counted(team, recommendation):
    with pytest.raises(ValidationError, match="changes the status"):
        submitted(team, recommendation, reason="")


def test_its_status_is_published_only_if_it_counts(team, recommendation):
    whole = Extent.WORDS_AND_STATUS
    update = submitted(team, recommendation, public_text="Quoted.", proposed_extent=whole)
    answer = approve(team["reviewer"], update, extent=whole)
    assert "It does not count for the status, so its status cannot be published." in text_of(answer)
    update.refresh_from_db()
    assert update.state == "submitted"
    approve(team["reviewer"], update, extent=whole, counts="on")
    assert Publication.objects.published().get().extent == whole
    StatusUpdate.objects.update(counts_at=None, counts_by=None)
    [breach] = CHECKS["What is published was decided by a second person"]()
    assert "the update does not count" in breach


def test_what_is_published_is_asked_about_only_if_it_counts(team, recommendation):
    old = factories.publish(team["author"], recommendation, reviewer=team["reviewer"])
    about = {"status": Status.PARTLY, "as_of": AS_OF + DAY}
    kept = submitted(team, recommendation, **about)
    assert "The published status is the one as of" in page_of(team["reviewer"], kept)
    approve(team["reviewer"], kept, overtaken="withdraw")
    kept.refresh_from_db()
    assert kept.state == "submitted", "it would overtake nothing"
    approve(team["reviewer"], kept)
    assert Publication.objects.published().get().update == old
    shown = submitted(team, recommendation, **about)
    approve(team["reviewer"], shown, counts="on")
    shown.refresh_from_db()
    assert shown.state == "submitted", "the question waits for its answer"
    approve(team["reviewer"], shown, counts="on", overtaken="withdraw")
    assert not Publication.objects.published().exists()


@pytest.mark.parametrize("counts", [False, True])
def test_a_restricted_correction_corrects_for_others_only_if_it_counts(team, recommendation, counts):
    about = {"status": Status.PARTLY, "cites": [factories.link(team["author"])]}
    wrong = factories.publish(team["author"], recommendation, reviewer=team["reviewer"], **about)
    about = {
        "corrects": wrong,
        "status": Status.NO_ACTION,
        "public_text": "K.",
        "proposed_extent": Extent.WORDS,
    }
    right = submitted(team, recommendation, **about)
    given = {"counts": "on", "overtaken": "withdraw"} if counts else {}
    if not counts:
        approve(team["reviewer"], right, extent=Extent.WORDS)
        assert Publication.objects.published().get().update == wrong, "the two would contradict each other"
    approve(team["reviewer"], right, **given)
    recommendation.refresh_from_db()
    assert recommendation.status == (Status.NO_ACTION if counts else Status.PARTLY)
    page = text_of(browser_of(team["other"]).get(wrong.get_absolute_url()))
    assert ("This update was corrected" in page) is counts and ("Correct this update" in page) is not counts
    assert ("Corrected: it no longer applies." in read(team["other"], recommendation)) is counts
    assert [one.update for one in Publication.objects.published()] == ([] if counts else [wrong])
    own = read(team["author"], recommendation)
    assert ("A correction that does not count. It does not replace" in own) is not counts
    assert list(CHECKS["Statuses follow from approved updates"]()) == []


def test_an_ask_that_moves_the_whole_by_a_restricted_update_says_so_without_it(team, recommendation):
    for words in ("the thing", "number 1"):
        asks.add(
            recommendation=recommendation, actor=team["reviewer"], title=words, words=words, now=factories.NOW
        )
    one = recommendation.asks.first()
    factories.decide(submitted(team, recommendation, ask=one), team["reviewer"], counts=True)
    page = read(team["viewer"], recommendation)
    assert page.count(HIDDEN) == 2, "of the whole, and of the ask"
    for kind in ("status_changed", "ask_moved"):
        event = Event.objects.get(kind=kind)
        assert (event.update, event.actor) == (None, None)


def test_one_that_counts_is_read_against_and_compared_by_those_who_see_it_alone(team, recommendation):
    factories.approve(team["author"], recommendation, reviewer=team["reviewer"], reason="Older words.")
    factories.decide(
        submitted(team, recommendation, as_of=AS_OF + DAY, status=Status.PARTLY),
        team["reviewer"],
        counts=True,
    )
    new = factories.submit(team["other"], recommendation, as_of=AS_OF + 2 * DAY)
    page = page_of(team["second"], new)
    assert "restricted: you cannot see it" in page and "Older words." not in page and "K. saw" not in page
    assert "Partly implemented → to No action" in page


def test_what_counts_without_an_act_that_says_so_is_found(team, recommendation):
    update = submitted(team, recommendation)
    factories.decide(update, team["reviewer"])
    name = "Restricted updates count by a reviewer's word"
    assert list(CHECKS[name]()) == []
    StatusUpdate.objects.filter(pk=update.pk).update(counts_at=update.approved_at, counts_by=team["second"])
    assert [str(update.key) in one for one in CHECKS[name]()] == [True]


def test_a_strip_of_quarters_shows_it_to_everybody(team, recommendation):
    day = date(2024, 6, 20)
    type(recommendation.report).objects.update(released_on=date(2023, 1, 1))
    factories.decide(submitted(team, recommendation, as_of=day), team["reviewer"], counts=True)
    recommendation.report.refresh_from_db()
    row = matrix(team["viewer"], recommendation.report, factories.NOW.date())[0]
    assert [one.status for one in row.quarters][-2:] == [Status.NO_ACTION, Status.NO_ACTION]


def test_on_the_desk_nobody_is_asked_so_a_restricted_one_does_not_count(team, recommendation):
    update = submitted(team, recommendation)
    sent = {"action": "approve", "_selected_action": update.pk}
    address = reverse("admin:recommendations_statusupdate_changelist")
    rita = browser_of(team["reviewer"])
    page = text_of(rita.post(address, sent))
    assert "Restricted updates do not count by this" in page and "(only if it counts)" in page
    rita.post(address, {**sent, "step": "confirmed", f"{update.pk}-shown": 1, "counts": "on"})
    update.refresh_from_db()
    assert (update.state, update.counts_at) == ("approved", None)
    assert "counts from" in text_of(rita.get(f"{address}{update.pk}/change/")).lower()
