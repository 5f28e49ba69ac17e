"""What may be said outside is decided in the review, apart from who can see the update inside."""

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from recommendations.choices import Earlier, EventKind, Extent, Sensitivity, Status, UpdateKind
from recommendations.models import Event, Publication, StatusUpdate
from recommendations.services import updates
from tests.support import factories
from tests.support.factories import AS_OF, DAY, NOW
from tests.support.pages import browser_of, text_of

WORDS, WHOLE, NOTHING = Extent.WORDS, Extent.WORDS_AND_STATUS, Extent.NOTHING
TOMORROW = AS_OF + DAY


def outside():
    """Return {primary key of an update: how much of it is outside}."""
    return dict(Publication.objects.published().values_list("update", "extent"))


def page_of(person, update):
    return text_of(browser_of(person).get(reverse("review", args=[update.key])))


def post(person, update, **sent):
    sent = {"decision": "approve", "seen_version": 1, **sent}
    return browser_of(person).post(reverse("review", args=[update.key]), sent, follow=True)


@pytest.mark.parametrize("level", Sensitivity)
@pytest.mark.parametrize("extent", [NOTHING, WORDS])
def test_the_reviewer_decides_and_not_the_level(team, recommendation, level, extent):
    update = factories.submit(
        team["author"],
        recommendation,
        sensitivity=level,
        public_text="Seen.",
        proposed_extent=WHOLE if level != Sensitivity.RESTRICTED else WORDS,
    )
    factories.grant(team["reviewer"], update=update)
    page = page_of(team["reviewer"], update)
    assert "Ana proposes: Words" in page and 'value="nothing" checked' in html(team["reviewer"], update)
    assert ("everybody outside can read" in page) == (level == Sensitivity.RESTRICTED), "said before"
    assert "with the titles of the public evidence that it cites" in page
    post(team["reviewer"], update, extent=extent)
    assert outside() == ({} if extent == NOTHING else {update.pk: extent})
    act = update.publications.get()
    assert (act.extent, act.proposed_by, act.decided_by) == (extent, team["author"], team["reviewer"])
    told = Event.objects.filter(kind=EventKind.PUBLISHED)
    assert [one.payload for one in told] == ([{"before": NOTHING, "after": WORDS}] if extent == WORDS else [])


def test_where_there_is_nothing_to_publish_no_decision_is_asked_for(team, recommendation):
    page = page_of(team["reviewer"], factories.submit(team["author"], recommendation))
    assert "There is nothing to publish" in page and "You decide." not in page


@pytest.mark.parametrize(("proposed", "extent"), [(NOTHING, WORDS), (WORDS, WHOLE)])
def test_a_reviewer_publishes_no_more_than_the_author_proposes(team, recommendation, proposed, extent):
    update = factories.submit(team["author"], recommendation, public_text="Seen.", proposed_extent=proposed)
    told = f"Ana proposes no more than “{proposed.label}”. More can be published later, by two people."
    assert told in page_of(team["reviewer"], update)
    with pytest.raises(ValidationError, match="proposes no more"):
        factories.decide(update, team["reviewer"], extent=extent)
    post(team["reviewer"], update, extent=extent)
    assert outside() == {}


def html(person, update):
    words = browser_of(person).get(reverse("review", args=[update.key])).content.decode()
    return " ".join(words.replace('id="id_extent_0"', "").split())


def test_a_proposal_is_not_chosen_beforehand_and_a_decision_that_says_nothing_publishes_nothing(
    team, recommendation
):
    update = factories.submit(team["author"], recommendation, public_text="Seen.", proposed_extent=WHOLE)
    post(team["reviewer"], update)
    assert outside() == {} and update.publications.get().extent == NOTHING


@pytest.mark.parametrize(
    ("fields", "extent"),
    [
        ({"public_text": " "}, WORDS),
        ({"public_text": "Seen.", "kind": UpdateKind.CHECK}, WHOLE),
    ],
)
def test_what_cannot_be_published_is_neither_proposed_nor_decided(team, recommendation, fields, extent):
    factories.approve(team["author"], recommendation, reviewer=team["second"])
    draft = factories.write(team["author"], recommendation, proposed_extent=extent, **fields)
    with pytest.raises(ValidationError) as refused:
        updates.submit(update=draft, actor=team["author"], now=NOW)
    assert set(refused.value.message_dict) == {"proposed_extent"}
    StatusUpdate.objects.filter(pk=draft.pk).update(proposed_extent=NOTHING)
    update = updates.submit(update=draft, actor=team["author"], now=NOW)
    StatusUpdate.objects.filter(pk=draft.pk).update(proposed_extent=extent)
    factories.grant(team["reviewer"], update=update)
    with pytest.raises(ValidationError):
        factories.decide(update, team["reviewer"], extent=extent)
    post(team["reviewer"], update, extent=extent)
    update.refresh_from_db()
    assert outside() == {} and (update.state == "submitted" or extent == WORDS)


def test_a_correction_of_what_is_published_replaces_it_or_withdraws_it(team, recommendation):
    wrong = factories.publish(team["author"], recommendation, reviewer=team["reviewer"])
    about = {"corrects": wrong, "public_text": "Right.", "proposed_extent": WHOLE, "as_of": AS_OF}
    right = factories.submit(team["author"], recommendation, **about)
    page = page_of(team["reviewer"], right)
    assert "The update that it corrects is published (words and status)" in page
    assert "Leave it outside" not in page, "there is no third way"
    for sent in ({}, {"extent": WORDS}, {"overtaken": "leave"}, {"overtaken": "replace"}):
        post(team["reviewer"], right, **sent)
        assert outside() == {wrong.pk: WHOLE}, sent
    post(team["reviewer"], right, overtaken="withdraw", extent=WORDS)
    assert outside() == {wrong.pk: WHOLE}, "it is withdrawn, and something is said: it contradicts itself"
    post(team["reviewer"], right, overtaken="replace", extent=WORDS)
    assert outside() == {right.pk: WORDS}
    assert [one.update_id for one in Publication.objects.filter(extent=NOTHING)] == [wrong.pk]
    assert Event.objects.get(kind=EventKind.NOT_PUBLISHED).update == wrong
    last = factories.submit(team["author"], recommendation, **{**about, "corrects": right})
    post(team["reviewer"], last, overtaken="withdraw")
    assert outside() == {}


@pytest.mark.parametrize(
    ("sent", "left"),
    [
        ({}, None),
        ({"extent": WORDS}, None),
        ({"extent": WHOLE}, {"old", "new"}),
        ({"overtaken": "leave"}, {"old"}),
        ({"overtaken": "leave", "extent": WORDS}, {"old", "new"}),
        ({"overtaken": "withdraw"}, set()),
        ({"overtaken": "replace"}, None),
    ],
)
def test_what_moves_a_published_status_says_what_becomes_of_it(team, recommendation, sent, left):
    old = factories.publish(team["author"], recommendation, reviewer=team["reviewer"])
    new = factories.submit(
        team["author"],
        recommendation,
        status=Status.INITIAL,
        as_of=TOMORROW,
        public_text="Seen.",
        proposed_extent=WHOLE,
        cites=[factories.link(team["author"])],
    )
    assert "The published status is the one as of 30 Aug 2024." in page_of(team["reviewer"], new)
    post(team["reviewer"], new, **sent)
    names = {old.pk: "old", new.pk: "new"}
    assert {names[pk] for pk in outside()} == ({"old"} if left is None else left)
    new.refresh_from_db()
    assert new.state == ("submitted" if left is None else "approved")


def test_what_moves_nothing_asks_nothing(team, recommendation):
    factories.publish(team["author"], recommendation, reviewer=team["reviewer"])
    same = factories.submit(team["author"], recommendation, as_of=TOMORROW)
    assert "The published status" not in page_of(team["reviewer"], same)
    post(team["reviewer"], same)
    same.refresh_from_db()
    assert same.state == "approved" and len(outside()) == 1


def test_the_desk_approves_nothing_that_has_to_be_asked(team, recommendation):
    factories.publish(team["author"], recommendation, reviewer=team["reviewer"])
    about = {"status": Status.INITIAL, "as_of": TOMORROW, "cites": [factories.link(team["author"])]}
    new = factories.submit(team["author"], recommendation, **about)
    sent = {"action": "approve", "step": "confirmed", "_selected_action": new.pk, f"{new.pk}-shown": 1}
    address = reverse("admin:recommendations_statusupdate_changelist")
    page = text_of(browser_of(team["reviewer"]).post(address, sent, follow=True))
    new.refresh_from_db()
    assert new.state == "submitted" and "Choose what becomes of what is outside now." in page


def test_the_database_refuses_one_person_alone_and_a_withdrawal_without_a_reason(team, recommendation):
    update = factories.approve(team["author"], recommendation, reviewer=team["reviewer"])
    for extent, said in (
        (WORDS, {"proposed_by": team["reviewer"]}),
        (WORDS, {"reason": "Alone."}),
        (NOTHING, {}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Publication.objects.decide(update=update, extent=extent, by=team["reviewer"], at=NOW, **said)


def test_the_database_refuses_to_change_or_delete_what_was_decided(team, recommendation):
    update = factories.publish(team["author"], recommendation, reviewer=team["reviewer"])
    acts = Publication.objects.filter(update=update)
    for change in (lambda: acts.update(extent=NOTHING), acts.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert outside() == {update.pk: WHOLE}


def test_what_was_outside_at_a_past_instant_stays_the_answer(team, recommendation):
    wrong = factories.publish(team["author"], recommendation, reviewer=team["reviewer"], now=NOW)
    before = dict(Publication.objects.published(NOW + DAY).values_list("update", "extent"))
    about = {"corrects": wrong, "as_of": wrong.as_of, "earlier": Earlier.WITHDRAW}
    factories.approve(team["author"], recommendation, NOW + 2 * DAY, reviewer=team["reviewer"], **about)
    assert outside() == {}
    assert dict(Publication.objects.published(NOW + DAY).values_list("update", "extent")) == before
    assert not Publication.objects.published(NOW).exists(), "decided at this very instant"
