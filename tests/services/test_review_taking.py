"""Taking in review, comments on fields, and the claim of the government beside what we found."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from recommendations.choices import PARTNER, Decision, EventKind, Role, Sensitivity, Status, UpdateState
from recommendations.errors import Refused
from recommendations.models import Event, Review, StatusUpdate
from recommendations.selectors.claims import Verdict, claims_of
from recommendations.services import asks, grants, people, reviews, updates
from tests.support import factories
from tests.support.factories import NOW
from tests.support.pages import browser_of, text_of

LATER = NOW + timedelta(days=3)


@pytest.fixture
def waiting(team, recommendation):
    return factories.submit(team["author"], recommendation)


def decide(update, reviewer, decision=Decision.APPROVE, now=NOW, **said):
    return reviews.decide(update=update, reviewer=reviewer, decision=decision, now=now, **said)


# Taking -----------------------------------------------------------------------------------------------


def test_one_takes_it_and_others_wait_until_it_is_given_back(team, waiting):
    rita, sam = team["reviewer"], team["second"]
    reviews.take(update=waiting, reviewer=rita, now=NOW)
    for act in (
        lambda: reviews.take(update=waiting, reviewer=sam, now=NOW),
        lambda: reviews.give_back(update=waiting, reviewer=sam, now=NOW),
        lambda: decide(waiting, sam),
        lambda: decide(waiting, sam, Decision.RETURN, comment="Why?"),
    ):
        with pytest.raises(Refused, match="Rita is reviewing this update"):
            act()
    reviews.take(update=waiting, reviewer=rita, now=NOW)
    reviews.give_back(update=waiting, reviewer=rita, now=NOW)
    decide(waiting, sam)
    kinds = list(Event.objects.order_by("seq").values_list("kind", flat=True))
    assert kinds[:3] == [EventKind.TAKEN, EventKind.GIVEN_BACK, EventKind.APPROVED]


def test_one_that_is_left_for_three_days_returns_to_the_queue(team, waiting):
    rita, sam = team["reviewer"], team["second"]
    update = reviews.take(update=waiting, reviewer=rita, now=NOW)
    assert update.held_by(LATER - timedelta(seconds=1)) == rita
    assert update.held_by(LATER) is None
    assert reviews.take(update=waiting, reviewer=sam, now=LATER).held_by(LATER) == sam
    with pytest.raises(Refused):
        decide(waiting, rita, now=LATER)
    decide(waiting, sam, now=LATER)
    update.refresh_from_db()
    assert (update.state, update.taken_by, update.taken_at) == (UpdateState.APPROVED, None, None)


def test_nobody_takes_their_own_nor_what_does_not_wait(team, recommendation, waiting):
    own = factories.submit(team["reviewer"], recommendation)
    draft = factories.write(team["reviewer"], recommendation)
    for update, who in ((own, "reviewer"), (waiting, "viewer"), (waiting, "author"), (draft, "second")):
        with pytest.raises(Refused):
            reviews.take(update=update, reviewer=team[who], now=NOW)
    for wrong in ({"taken_by": team["author"], "taken_at": NOW}, {"taken_by": team["second"]}):
        with pytest.raises(IntegrityError), transaction.atomic():
            StatusUpdate.objects.filter(pk=waiting.pk).update(**wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        StatusUpdate.objects.filter(pk=draft.pk).update(taken_by=team["second"], taken_at=NOW)


def test_a_withdrawal_ends_the_review(team, waiting):
    reviews.take(update=waiting, reviewer=team["reviewer"], now=NOW)
    updates.withdraw(update=waiting, actor=team["author"], now=NOW)
    waiting.refresh_from_db()
    assert waiting.taken_by is None


def test_the_queue_the_home_page_and_the_author_see_who_has_it(team, waiting):
    with time_machine.travel(NOW, tick=False):
        rita, sam, ana = (browser_of(team[who]) for who in ("reviewer", "second", "author"))
        taken = rita.post(reverse("review-take", args=[waiting.key]), {"act": "take"}, follow=True)
        assert "You are now reviewing it." in text_of(taken)
        assert "You are reviewing it." in text_of(taken)
        assert "In review by Rita" in text_of(ana.get(waiting.get_absolute_url()))
        assert "in review by Rita" in text_of(sam.get(reverse("home")))
        assert "Rita" in text_of(sam.get(reverse("review-list")))
        page = text_of(sam.get(reverse("review", args=[waiting.key])))
        assert "Rita is reviewing this update" in page
        assert "Your decision" not in page
        back = rita.post(reverse("review-take", args=[waiting.key]), {"act": "give_back"}, follow=True)
        assert "It is back in the queue." in text_of(back)
        assert "Nobody is reviewing it." in text_of(back)


def leave(team, how):
    """Let a manager take the reviewer's role away, or end their access."""
    about = {"actor": team["manager"], "person": team["reviewer"], "now": NOW}
    if how == "deactivated":
        people.set_active(active=False, **about)
    else:
        people.change_role(role=how, **about)


@pytest.mark.parametrize("how", [Role.CONTRIBUTOR, Role.VIEWER, PARTNER, "deactivated"])
def test_who_reviews_no_more_holds_nothing(team, waiting, how):
    reviews.take(update=waiting, reviewer=team["reviewer"], now=NOW)
    leave(team, how)
    with time_machine.travel(NOW, tick=False):
        sam, ana = browser_of(team["second"]), browser_of(team["author"])
        for page in (reverse("home"), reverse("review-list"), "/desk/", waiting.get_absolute_url()):
            assert "Rita" not in text_of(sam.get(page)), page
        assert "In review by" not in text_of(ana.get(waiting.get_absolute_url()))
        page = text_of(sam.get(reverse("review", args=[waiting.key])))
        assert "Nobody is reviewing it." in page and "Your decision" in page
        sam.post(reverse("review-take", args=[waiting.key]), {"act": "take"})
        assert "You are reviewing it." in text_of(sam.get(reverse("review", args=[waiting.key])))
    decide(waiting, team["second"])


@pytest.mark.parametrize("act", [reviews.give_back, decide])
def test_another_reviewer_may_act_at_once_after_one_left(team, waiting, act):
    reviews.take(update=waiting, reviewer=team["reviewer"], now=NOW)
    leave(team, "deactivated")
    act(update=waiting, reviewer=team["second"], now=NOW)
    waiting.refresh_from_db()
    assert waiting.taken_by is None


def test_who_holds_what_is_asked_once_for_a_whole_queue(team, recommendation, django_assert_num_queries):
    for who in ("reviewer", "second", "reviewer"):
        reviews.take(update=factories.submit(team["author"], recommendation), reviewer=team[who], now=NOW)
    with django_assert_num_queries(2):
        held = [str(update.held_by(NOW)) for update in StatusUpdate.objects.with_holders().order_by("pk")]
    assert held == ["Rita", "Sam", "Rita"]


def test_who_is_made_a_manager_keeps_what_they_took(team, waiting):
    reviews.take(update=waiting, reviewer=team["reviewer"], now=NOW)
    leave(team, Role.MANAGER)
    with pytest.raises(Refused, match="Rita is reviewing this update"):
        decide(waiting, team["second"])


def test_who_is_let_in_no_more_holds_nothing(team, recommendation):
    update = factories.submit(team["author"], recommendation, sensitivity=Sensitivity.RESTRICTED)
    for who in ("reviewer", "second"):
        factories.grant(team[who], update=update)
    reviews.take(update=update, reviewer=team["reviewer"], now=NOW)
    about = {"item": update, "actor": team["author"], "now": NOW}
    grants.revoke(person=team["second"], **about)
    factories.grant(team["second"], update=update)
    with pytest.raises(Refused, match="Rita is reviewing this update"):
        decide(update, team["second"])
    grants.revoke(person=team["reviewer"], **about)
    decide(update, team["second"])


# Comments on fields -----------------------------------------------------------------------------------


def test_the_author_sees_exactly_what_was_said_beside_the_field(team, waiting):
    rita, ana = browser_of(team["reviewer"]), browser_of(team["author"])
    said = {"on_reason": "Which article?\nOf which day?", "on_evidence": "Attach it.", "on_places": ""}
    answer = rita.post(
        reverse("review", args=[waiting.key]), {"decision": "return", "seen_version": 1, **said}, follow=True
    )
    assert "is returned to Ana." in text_of(answer)
    assert Review.objects.get().remarks == {
        "reason": "Which article?\nOf which day?",
        "evidence": "Attach it.",
    }
    form = ana.get(reverse("update-edit", args=[waiting.key])).content.decode()
    for name in ("reason", "evidence"):
        assert f'id="remark-{name}"' in form
    assert form.index('id="remark-reason"') < form.index('name="reason"') < form.index('name="confidence"')
    assert 'id="remark-places"' not in form
    assert "Reason for this status Which article? Of which day?" in text_of(
        ana.get(waiting.get_absolute_url())
    )
    assert "2 comments stand beside the fields" in text_of(
        ana.get(reverse("update-edit", args=[waiting.key]))
    )


def test_what_was_typed_on_a_field_is_not_lost_by_an_error(team, waiting):
    rita = browser_of(team["reviewer"])
    data = {"decision": "return", "seen_version": 1, "on_reason": "w" * 2001, "on_status": "Too strict."}
    page = rita.post(reverse("review", args=[waiting.key]), data)
    assert "Too strict.</textarea>" in page.content.decode()
    assert "Comment on “Reason for this status”" in text_of(page)
    assert not Review.objects.exists()


def test_a_return_says_something_and_a_comment_is_on_a_field_there_is(team, waiting):
    with pytest.raises(ValidationError):
        decide(waiting, team["reviewer"], Decision.RETURN, remarks={"reason": " "})
    with pytest.raises(ValidationError):
        decide(waiting, team["reviewer"], Decision.RETURN, remarks={"state": "x"}, comment="y")
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.create(
            update=waiting,
            version=waiting.versions.get(),
            reviewer=team["reviewer"],
            decision=Decision.RETURN,
            decided_at=NOW,
        )
    decide(waiting, team["reviewer"], Decision.RETURN, remarks={"reason": "Why?"})


def test_evidence_opens_in_place_and_a_restricted_one_on_its_own_page(team, recommendation):
    open_one = factories.link(team["author"], "A decree", source="The gazette")
    closed = factories.link(
        team["author"], "A testimony", source="A witness", sensitivity=Sensitivity.RESTRICTED
    )
    factories.grant(team["reviewer"], evidence=closed)
    update = factories.submit(team["author"], recommendation, cites=[open_one, closed])
    page = text_of(browser_of(team["reviewer"]).get(reverse("review", args=[update.key])))
    assert "Source The gazette" in page
    assert "A witness" not in page
    assert "this is recorded" in page


# Claims -----------------------------------------------------------------------------------------------


def claim(team, recommendation, **fields):
    item = factories.link(team["author"])
    return factories.approve(
        team["author"], recommendation, reviewer=team["reviewer"], cites=[item], **fields
    )


@pytest.mark.parametrize(
    ("fields", "verdict"),
    [
        ({}, Verdict.SILENT),
        ({"government_claim": "All is well."}, Verdict.UNWEIGHED),
        ({"government_claim": "Done.", "claimed_status": Status.IMPLEMENTED}, Verdict.DIFFER),
        ({"government_claim": "We rest.", "claimed_status": Status.NO_ACTION}, Verdict.AGREE),
        (
            {
                "government_claim": "Done.",
                "claimed_status": Status.IMPLEMENTED,
                "status": Status.NO_INFORMATION,
            },
            Verdict.UNCHECKED,
        ),
    ],
)
def test_a_claim_is_compared_by_the_stated_rule(team, recommendation, fields, verdict):
    claim(team, recommendation, **fields)
    groups = dict(claims_of(recommendation.report, team["viewer"]))
    assert recommendation in [line.recommendation for line in groups[verdict]]
    assert sum(len(lines) for lines in groups.values()) == 3


def test_of_a_split_recommendation_each_ask_has_its_claim(team, recommendation):
    ask = asks.add(
        recommendation=recommendation, actor=team["reviewer"], title="One", words="number 1", now=NOW
    )
    claim(
        team,
        recommendation,
        ask=ask,
        government_claim="Done.",
        claimed_status=Status.PARTLY,
        status="initial",
    )
    [line] = dict(claims_of(recommendation.report, team["viewer"]))[Verdict.DIFFER]
    assert line.ask == ask
    page = text_of(browser_of(team["viewer"]).get(reverse("report-claims", args=["TIP-2024-KP"])))
    assert "The claim differs from what we found 1" in page
    assert "Partly implemented Done. Its answer: Claims action Initial steps Nothing was published." in page


def test_a_claim_in_a_restricted_update_is_not_set_beside_what_we_found(team, recommendation):
    said = {"government_claim": "A secret claim.", "claimed_status": Status.IMPLEMENTED}
    factories.approve_restricted(team["author"], recommendation, reviewer=team["reviewer"], **said)
    told = {
        who: "A secret claim." in text_of(browser_of(team[who]).get("/reports/TIP-2024-KP/claims/"))
        for who in ("author", "reviewer", "viewer", "manager")
    }
    assert told == {"author": False, "reviewer": False, "viewer": False, "manager": False}


def test_what_a_claim_amounts_to_needs_the_claim(team, recommendation):
    update = factories.write(team["author"], recommendation, claimed_status=Status.PARTLY)
    with pytest.raises(ValidationError) as refused:
        updates.submit(update=update, actor=team["author"], now=NOW)
    assert "Enter what the government claims." in str(refused.value.message_dict["government_claim"])
    with pytest.raises(IntegrityError), transaction.atomic():
        StatusUpdate.objects.filter(pk=update.pk).update(claimed_status=Status.CONTRARY)
