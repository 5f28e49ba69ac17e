"""Draft, submit, return, approve: who may, who may not, and what follows."""

import uuid
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from recommendations.choices import Confidence, Decision, EventKind, Movement, Status, UpdateState
from recommendations.errors import Refused
from recommendations.models import Event, Review, StatusUpdate
from recommendations.services import reviews, updates
from tests.support.factories import NOW

AS_OF = date(2024, 8, 30)


def draft(
    author, recommendation, *, status=Status.NO_ACTION, as_of=AS_OF, key=None, places=None, now=NOW, **fields
):
    """Write a whole draft of an assessment."""
    return updates.save_draft(
        author=author,
        recommendation=recommendation,
        key=key or uuid.uuid4(),
        now=now,
        fields={
            "as_of": as_of,
            "status": status,
            "confidence": Confidence.MEDIUM,
            "movement": Movement.SAME,
            "reason": "Nothing was published.",
            **fields,
        },
        places=[("KCNA", as_of)] if places is None else places,
    )


def approved(team, recommendation, *, now=NOW, **fields):
    """Write, submit and approve an assessment."""
    update = updates.submit(
        update=draft(team["author"], recommendation, **fields), actor=team["author"], now=now
    )
    reviews.decide(update=update, reviewer=team["reviewer"], decision=Decision.APPROVE, now=now)
    update.refresh_from_db()
    return update


def test_approval_moves_the_status_and_the_dates(team, recommendation):
    update = approved(team, recommendation)
    recommendation.refresh_from_db()
    assert (update.state, update.approved_by) == (UpdateState.APPROVED, team["reviewer"])
    assert recommendation.current_update == update
    assert recommendation.status == Status.NO_ACTION
    assert recommendation.last_verified_on == AS_OF
    assert recommendation.next_review_on == AS_OF + timedelta(days=90)
    kinds = list(Event.objects.order_by("seq").values_list("kind", flat=True))
    assert kinds == [EventKind.APPROVED, EventKind.STATUS_CHANGED]


def test_nobody_approves_their_own(team, recommendation):
    update = updates.submit(update=draft(team["reviewer"], recommendation), actor=team["reviewer"], now=NOW)
    with pytest.raises(Refused, match="another reviewer"):
        reviews.decide(update=update, reviewer=team["reviewer"], decision=Decision.APPROVE, now=NOW)
    update.refresh_from_db()
    assert update.state == UpdateState.SUBMITTED


def test_the_database_itself_refuses_an_own_approval(team, recommendation):
    update = updates.submit(update=draft(team["author"], recommendation), actor=team["author"], now=NOW)
    with pytest.raises(IntegrityError):
        StatusUpdate.objects.filter(pk=update.pk).update(
            state=UpdateState.APPROVED, approved_by=team["author"], approved_at=NOW
        )


def test_a_flag_set_by_hand_decides_on_nothing(team, recommendation):
    team["author"].is_superuser = True
    team["author"].save()
    update = updates.submit(update=draft(team["author"], recommendation), actor=team["author"], now=NOW)
    with pytest.raises(Refused, match="Only reviewers can decide"):
        reviews.decide(update=update, reviewer=team["author"], decision=Decision.APPROVE, now=NOW)


@pytest.mark.parametrize("role", ["viewer", "author", "other"])
def test_only_reviewers_decide(team, recommendation, role):
    update = updates.submit(update=draft(team["author"], recommendation), actor=team["author"], now=NOW)
    with pytest.raises(Refused, match="Only reviewers"):
        reviews.decide(update=update, reviewer=team[role], decision=Decision.APPROVE, now=NOW)


def test_the_second_decision_is_refused_and_names_the_first(team, recommendation):
    update = updates.submit(update=draft(team["author"], recommendation), actor=team["author"], now=NOW)
    reviews.decide(update=update, reviewer=team["reviewer"], decision=Decision.APPROVE, now=NOW)
    with pytest.raises(Refused, match="Rita has already approved this update"):
        reviews.decide(
            update=update, reviewer=team["second"], decision=Decision.RETURN, comment="no", now=NOW
        )
    assert Review.objects.count() == 1


def test_a_return_needs_a_comment_and_opens_the_update_to_its_author(team, recommendation):
    update = updates.submit(update=draft(team["author"], recommendation), actor=team["author"], now=NOW)
    with pytest.raises(ValidationError, match="what the author should change"):
        reviews.decide(update=update, reviewer=team["reviewer"], decision=Decision.RETURN, now=NOW)
    reviews.decide(
        update=update, reviewer=team["reviewer"], decision=Decision.RETURN, comment="Which day?", now=NOW
    )
    again = draft(team["author"], recommendation, key=update.key, reason="On 30 August.")
    again = updates.submit(update=again, actor=team["author"], now=NOW)
    assert (again.pk, again.state, again.versions.count()) == (update.pk, UpdateState.SUBMITTED, 2)
    assert again.versions.first().content["reason"] == "Nothing was published."


def test_a_version_that_the_reviewer_did_not_read_is_not_approved(team, recommendation):
    update = updates.submit(update=draft(team["author"], recommendation), actor=team["author"], now=NOW)
    reviews.decide(
        update=update, reviewer=team["reviewer"], decision=Decision.RETURN, comment="More.", now=NOW
    )
    again = draft(team["author"], recommendation, key=update.key, reason="Other words.")
    updates.submit(update=again, actor=team["author"], now=NOW)
    with pytest.raises(Refused, match="Read it again"):
        reviews.decide(
            update=update, reviewer=team["second"], decision=Decision.APPROVE, now=NOW, seen_version=1
        )


def test_an_approved_update_is_never_changed(team, recommendation):
    update = approved(team, recommendation)
    same = draft(team["author"], recommendation, key=update.key, reason="Rewritten.")
    assert same.reason == "Nothing was published."
    with pytest.raises(Refused, match="correction"):
        updates.withdraw(update=update, actor=team["author"], now=NOW)


def test_the_same_form_posted_twice_makes_one_update(team, recommendation):
    key = uuid.uuid4()
    for _ in range(2):
        updates.submit(update=draft(team["author"], recommendation, key=key), actor=team["author"], now=NOW)
    assert StatusUpdate.objects.count() == 1
    assert StatusUpdate.objects.get().versions.count() == 1


def test_another_persons_form_key_is_refused(team, recommendation):
    update = draft(team["author"], recommendation)
    with pytest.raises(Refused):
        draft(team["other"], recommendation, key=update.key)


def test_a_backdated_approval_enters_the_history_without_changing_the_present(team, recommendation):
    present = approved(team, recommendation)
    approved(team, recommendation, as_of=date(2024, 7, 1), status=Status.NO_INFORMATION)
    recommendation.refresh_from_db()
    assert recommendation.current_update == present
    assert recommendation.last_verified_on == AS_OF


def test_a_correction_takes_the_place_of_what_it_corrects(team, recommendation):
    wrong = approved(team, recommendation)
    right = approved(
        team, recommendation, status=Status.NO_INFORMATION, as_of=AS_OF - timedelta(days=5), corrects=wrong
    )
    recommendation.refresh_from_db()
    assert recommendation.current_update == right
    assert recommendation.last_verified_on == AS_OF - timedelta(days=5)


def test_two_corrections_of_one_update_do_not_both_stand(team, recommendation):
    wrong = approved(team, recommendation)
    second = draft(team["other"], recommendation, status=Status.NO_INFORMATION, corrects=wrong)
    second = updates.submit(update=second, actor=team["other"], now=NOW)
    approved(team, recommendation, status=Status.NO_INFORMATION, corrects=wrong)
    with pytest.raises(ValidationError, match="already been corrected"):
        reviews.decide(update=second, reviewer=team["reviewer"], decision=Decision.APPROVE, now=NOW)


def test_a_check_verifies_and_leaves_the_status(team, recommendation):
    present = approved(team, recommendation)
    check = updates.record_check(
        author=team["author"],
        recommendation=recommendation,
        key=uuid.uuid4(),
        as_of=NOW.date(),
        places=[("KCNA", NOW.date())],
        internal_note="",
        now=NOW,
    )
    reviews.decide(update=check, reviewer=team["reviewer"], decision=Decision.APPROVE, now=NOW)
    recommendation.refresh_from_db()
    assert recommendation.current_update == present
    assert recommendation.status == Status.NO_ACTION
    assert recommendation.last_verified_on == NOW.date()


@pytest.mark.parametrize(
    ("fields", "places", "field"),
    [
        ({"as_of": NOW.date() + timedelta(days=1)}, None, "as_of"),
        ({"as_of": date(2023, 3, 31)}, None, "as_of"),
        ({"status": ""}, None, "status"),
        ({"confidence": ""}, None, "confidence"),
        ({"reason": " "}, None, "reason"),
        ({"status": Status.INITIAL}, None, "evidence"),
        ({"status": Status.NO_ACTION}, [], "evidence"),
        ({}, [("KCNA", NOW.date() + timedelta(days=1))], "places"),
    ],
)
def test_what_breaks_a_rule_is_named_and_nothing_is_submitted(team, recommendation, fields, places, field):
    update = draft(team["author"], recommendation, places=places, **fields)
    with pytest.raises(ValidationError) as error:
        updates.submit(update=update, actor=team["author"], now=NOW)
    assert field in error.value.message_dict
    update.refresh_from_db()
    assert update.state == UpdateState.DRAFT


def test_an_assessment_that_moves_nothing_rests_on_something_too(team, recommendation):
    approved(team, recommendation)
    recommendation.refresh_from_db()
    update = draft(team["author"], recommendation, places=[], reason=" ")
    with pytest.raises(ValidationError) as error:
        updates.submit(update=update, actor=team["author"], now=NOW)
    assert "reason" in error.value.message_dict


def test_a_check_needs_a_place(team, recommendation):
    with pytest.raises(ValidationError, match="where you looked"):
        updates.record_check(
            author=team["author"],
            recommendation=recommendation,
            key=uuid.uuid4(),
            as_of=NOW.date(),
            places=[],
            internal_note="",
            now=NOW,
        )
    assert not StatusUpdate.objects.exists()


def test_a_viewer_cannot_write(team, recommendation):
    with pytest.raises(Refused, match="role"):
        draft(team["viewer"], recommendation)
