"""The review page: what is compared, what approval would do, and every way a decision can go."""

from datetime import timedelta

import pytest
from django.urls import reverse

from recommendations.choices import Decision, Sensitivity, Status, UpdateKind, UpdateState
from recommendations.models import Review, StatusUpdate
from recommendations.selectors import comparison
from recommendations.services import reviews, updates
from tests.support import factories
from tests.support.factories import NOW
from tests.support.pages import browser_of, words

AS_OF = NOW.date() - timedelta(days=3)


def read(client, update):
    return client.get(reverse("review", args=[update.key]))


def send(client, update, decision, *, comment="", seen=1, follow=True):
    data = {"decision": decision, "comment": comment, "seen_version": seen}
    return client.post(reverse("review", args=[update.key]), data, follow=follow)


def test_the_page_shows_before_and_proposed_with_the_differences_marked(world, rita):
    update = factories.submit(
        world.people["other"],
        world.recommendation,
        status=Status.INITIAL,
        reason="Nothing was published abroad.",
        citations=[(world.evidence, "supports", "p. 9")],
    )
    page = read(rita, update).content.decode()
    assert "Nothing was published<ins> abroad</ins>" in page or "<ins>abroad</ins>" in page
    text = words(read(rita, update))
    assert "No action → to Initial steps" in text
    assert "A concrete step has been taken and is pursued; nothing is in effect yet." in text
    assert "Do the thing that is number 1." in text
    assert "An open item" in text
    assert "p. 9" in text
    assert "Last verified would be 30 Aug 2024" in text
    assert "the next review 28 Nov 2024" in text


def test_html_in_any_text_is_shown_as_text(world, rita):
    update = factories.submit(
        world.author,
        world.second,
        reason="<script>alert(1)</script>",
        public_text="<b>bold</b>",
        internal_note="<img src=x>",
    )
    page = read(rita, update).content.decode()
    assert "<script>alert" not in page
    assert "&lt;b&gt;bold&lt;/b&gt;" in page
    assert "&lt;img src=x&gt;" in page


def test_approval_moves_the_status_and_leads_back_to_the_queue(world, rita):
    answer = send(rita, world.submitted, Decision.APPROVE)
    assert answer.redirect_chain[-1][0] == reverse("review-list")
    assert "The update on TIP-2024-KP-02 is approved." in words(answer)
    world.second.refresh_from_db()
    assert world.second.status == Status.NO_ACTION


def test_a_return_carries_its_comment_and_needs_one(world, rita):
    answer = send(rita, world.submitted, Decision.RETURN, comment="  ")
    assert answer.status_code == 200
    assert "Say what the author should change." in words(answer)
    assert 'href="#id_comment"' in answer.content.decode()
    answer = send(rita, world.submitted, Decision.RETURN, comment="Which day?")
    assert "is returned to Ana." in words(answer)
    assert Review.objects.get(update=world.submitted).comment == "Which day?"
    world.submitted.refresh_from_db()
    assert world.submitted.state == UpdateState.RETURNED


def test_the_same_form_sent_twice_is_one_decision_and_no_alarm(world, rita):
    for _ in range(2):
        answer = send(rita, world.submitted, Decision.APPROVE)
        assert "is approved." in words(answer)
        assert "Not done." not in words(answer)
    assert Review.objects.filter(update=world.submitted).count() == 1


def test_who_comes_second_is_told_who_was_first(world, rita):
    send(rita, world.submitted, Decision.APPROVE)
    sam = browser_of(world.people["second"])
    answer = send(sam, world.submitted, Decision.RETURN, comment="Wait.")
    assert "Not done. Rita has already approved this update. Nothing was changed." in words(answer)
    assert Review.objects.filter(update=world.submitted).count() == 1


def test_the_own_update_says_why_there_are_no_buttons(world, rita):
    own = factories.submit(world.reviewer, world.second)
    page = read(rita, own)
    assert "You wrote this update, so another reviewer has to decide on it." in words(page)
    assert 'value="approve"' not in page.content.decode()
    assert "You wrote this update" in words(send(rita, own, Decision.APPROVE))
    own.refresh_from_db()
    assert own.state == UpdateState.SUBMITTED


def test_a_hidden_citation_is_said_to_exist_and_blocks_approval_only(world, rita):
    secret = factories.link(world.author, "Testimony of Ms. P.", Sensitivity.RESTRICTED)
    update = factories.submit(world.author, world.second, citations=[(secret, "supports", "p. 77")])
    page = read(rita, update)
    assert "It cites one restricted item that you cannot see." in words(page)
    assert "so you cannot approve it" in words(page)
    assert "You can still return it." in words(page)
    for hint in ("Ms. P.", "p. 77", str(secret.key)):
        assert hint not in page.content.decode()
    assert 'value="approve"' not in page.content.decode()
    assert "so you cannot approve it" in words(send(rita, update, Decision.APPROVE))
    assert "is returned to Ana." in words(send(rita, update, Decision.RETURN, comment="Share it with me."))


def test_who_was_let_in_can_approve(world, rita):
    secret = factories.link(world.author, "Testimony of Ms. P.", Sensitivity.RESTRICTED)
    update = factories.submit(world.author, world.second, citations=[(secret, "supports", "p. 77")])
    factories.grant(world.reviewer, evidence=secret)
    assert "Testimony of Ms. P." in words(read(rita, update))
    assert "is approved." in words(send(rita, update, Decision.APPROVE))


def test_a_version_changed_under_the_reviewers_eyes_is_not_approved(world, rita):
    read(rita, world.submitted)
    sam = browser_of(world.people["second"])
    send(sam, world.submitted, Decision.RETURN, comment="More.")
    updates.save_draft(
        author=world.author,
        recommendation=world.second,
        key=world.submitted.key,
        fields={"as_of": AS_OF, "reason": "Quite other words."},
        places=[("KCNA", AS_OF)],
        now=NOW,
    )
    updates.submit(update=world.submitted, actor=world.author, now=NOW)
    answer = send(rita, world.submitted, Decision.APPROVE, seen=1)
    assert "The author changed this update after you opened it." in words(answer)
    assert "Quite other words." in words(answer)
    assert "is approved." in words(send(rita, world.submitted, Decision.APPROVE, seen=2))


def test_what_a_reviewer_said_in_earlier_rounds_stays_in_sight(world, rita):
    send(rita, world.submitted, Decision.RETURN, comment="Which article?\nOf which day?")
    page = read(rita, world.submitted)
    assert "Which article? Of which day?" in words(page)
    assert "version 1" in words(page)
    assert 'name="decision"' not in page.content.decode()


def test_a_rule_that_is_broken_meanwhile_is_told_on_the_page(world, rita):
    # The status moved after submission, so this one changes it now, and has no evidence for that.
    late = factories.submit(world.people["other"], world.recommendation, reason="As before.")
    moved = factories.submit(
        world.people["other"],
        world.recommendation,
        status=Status.PARTLY,
        citations=[(world.evidence, "supports", "")],
    )
    factories.decide(moved, world.reviewer)
    late.places.all().delete()
    answer = send(rita, late, Decision.APPROVE)
    assert answer.status_code == 200
    assert "This changes the status. Add evidence" in words(answer)
    late.refresh_from_db()
    assert late.state == UpdateState.SUBMITTED


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"decision": "maybe", "seen_version": 1},
        {"decision": "approve"},
        {"decision": "approve", "seen_version": "x"},
        {"decision": "approve", "seen_version": "999999999999999999999"},
        {"decision": "return", "seen_version": 1, "comment": "a" * 6000},
        {"decision": "return", "seen_version": 1, "comment": "nul \0"},
    ],
)
def test_a_form_that_nobody_could_press_changes_nothing(world, rita, data):
    answer = rita.post(reverse("review", args=[world.submitted.key]), data, follow=True)
    assert answer.status_code == 200
    assert not Review.objects.filter(update=world.submitted).exists()


def test_the_list_shows_what_waits_and_what_was_returned(world, rita):
    returned = factories.submit(world.people["other"], world.third)
    reviews.decide(
        update=returned, reviewer=world.reviewer, decision=Decision.RETURN, comment="Why?", now=NOW
    )
    text = words(rita.get(reverse("review-list")))
    assert "Thing 2 TIP-2024-KP-02" in text
    assert "Returned, waiting for the author Thing 3" in text


def test_an_empty_queue_says_so(world, rita):
    send(rita, world.submitted, Decision.APPROVE)
    assert "Nothing waits for review." in words(rita.get(reverse("review-list")))


class TestOutcome:
    """What approval would do, told beforehand, is what it does."""

    @pytest.mark.parametrize(
        "fields",
        [
            {"status": Status.NO_INFORMATION},
            {"status": Status.NO_INFORMATION, "as_of": AS_OF - timedelta(days=40)},
            {"status": Status.NO_INFORMATION, "as_of": NOW.date()},
            {"kind": UpdateKind.CHECK, "as_of": NOW.date()},
            {"kind": UpdateKind.CHECK, "as_of": AS_OF - timedelta(days=40)},
        ],
    )
    def test_is_what_approval_does(self, world, fields):
        self.holds(
            world, factories.submit(world.author, world.recommendation, **fields), fields.get("status")
        )

    @pytest.mark.parametrize("back", [0, 10, 90])
    def test_of_a_correction_too(self, world, back):
        factories.decide(
            factories.submit(world.author, world.recommendation, as_of=AS_OF - timedelta(days=30)),
            world.reviewer,
        )
        fields = {"status": Status.NO_INFORMATION, "as_of": AS_OF - timedelta(days=back)}
        update = factories.submit(world.author, world.recommendation, corrects=world.approved, **fields)
        self.holds(world, update, Status.NO_INFORMATION)

    def holds(self, world, update, status):
        promised = comparison.outcome(StatusUpdate.objects.get(pk=update.pk))
        factories.decide(update, world.reviewer)
        world.recommendation.refresh_from_db()
        assert world.recommendation.last_verified_on == promised.verified_on
        assert world.recommendation.next_review_on == promised.review_on
        assert (world.recommendation.current_update == update) is promised.decides
        if promised.decides:
            assert world.recommendation.status == status
