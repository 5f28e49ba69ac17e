"""One manager behind two accounts: neither decides on what the other wrote, or makes a third."""

import random
from datetime import timedelta

import pytest
from django.urls import reverse

from recommendations.accounts import oversight
from recommendations.choices import AccountAct, Extent, Role, UpdateState
from recommendations.errors import Refused
from recommendations.models import AccountChange, Ask, Publication, StatusUpdate, User
from recommendations.models.accounts import in_one_hand_with
from recommendations.selectors.handed_in import tell_with_whom
from recommendations.selectors.list_queries import asks_to_retire
from recommendations.selectors.unconfirmed import apart_from, kept_apart
from recommendations.services import asks, confirming, publications, reviews
from recommendations.services.evidence import retention
from tests.support import factories
from tests.support.accounts import ADD, added, comes_in
from tests.support.factories import NOW
from tests.support.pages import browser_of, words

pytestmark = pytest.mark.django_db
WHY = "Mina added both your account and that of Ann"


def made(by, name, role=Role.REVIEWER):
    """Have an account made on the desk, and come in with it. Returns: its holder."""
    person, password = added(by, role, name)
    comes_in(person, password)
    return User.objects.get(pk=person.pk)


@pytest.fixture
def two(team, kay):
    """Ann and Bob, whom Mina made, while Kay could confirm them."""
    return made(team["manager"], "Ann"), made(team["manager"], "Bob")


def approve(browser, update):
    form = {
        "decision": "approve",
        "seen_version": update.versions.last().number,
        "comment": "",
        "extent": "nothing",
    }
    return words(browser.post(reverse("review", args=[update.key]), form, follow=True))


def state_of(update):
    return StatusUpdate.objects.get(pk=update.pk).state


def test_what_one_wrote_the_other_does_not_approve_until_one_of_both_is_confirmed(two, kay, recommendation):
    ann, bob = two
    update = factories.submit(ann, recommendation)
    assert WHY in words(browser_of(bob).get(reverse("review", args=[update.key])))
    assert WHY in approve(browser_of(bob), update) and state_of(update) == UpdateState.SUBMITTED
    confirming.confirm_account(person=ann, actor=kay, now=NOW)
    approve(browser_of(bob), update)
    assert state_of(update) == UpdateState.APPROVED


def test_it_ends_with_the_confirmation_of_who_decides_too(two, kay, recommendation):
    ann, bob = two
    update = factories.submit(ann, recommendation)
    confirming.confirm_account(person=bob, actor=kay, now=NOW)
    approve(browser_of(bob), update)
    assert state_of(update) == UpdateState.APPROVED


def test_others_decide_and_a_lone_manager_waits_for_nobody(team, two, kay, recommendation):
    update = factories.submit(two[0], recommendation)
    User.objects.filter(pk=kay.pk).update(is_active=False)
    assert WHY not in words(browser_of(two[1]).get(reverse("review", args=[update.key])))
    User.objects.filter(pk=kay.pk).update(is_active=True)
    assert WHY in words(browser_of(two[1]).get(reverse("review", args=[update.key])))
    approve(browser_of(team["reviewer"]), update)
    assert state_of(update) == UpdateState.APPROVED


def test_lists_leave_out_what_the_act_refuses_and_say_for_whom_it_waits(two, recommendation):
    ann, bob = two
    update = factories.submit(ann, recommendation)
    assert not StatusUpdate.objects.decidable_by(bob).exists()
    until = "not yours to decide until Kay has confirmed the account of Bob"
    queue, desk = (words(browser_of(bob).get(address)) for address in ("/reviews/", "/desk/"))
    assert until in queue and until in desk and "those of other accounts of which they did the same" in desk
    tell_with_whom([update], NOW)
    assert bob not in update.deciders and {"Kay", "Rita", "Sam"} <= {one.name for one in update.deciders}


def test_what_one_proposes_to_publish_the_other_does_not_confirm(team, two, recommendation):
    ann, bob = two
    update = factories.approve(
        team["author"], recommendation, reviewer=team["reviewer"], public_text="They met."
    )
    publications.propose(update=update, actor=ann, extent=Extent.WORDS, now=NOW)
    page = reverse("update-publication", args=[update.key])
    assert WHY in words(browser_of(bob).post(page, {"act": "confirm", "extent": "words"}, follow=True))
    assert not Publication.objects.published().exists()


def test_what_one_proposes_to_retire_or_to_remove_the_other_does_not_confirm(team, two, recommendation):
    ann, bob = two
    ask = asks.add(
        recommendation=recommendation, actor=team["reviewer"], title="One", words=recommendation.text, now=NOW
    )
    Ask.objects.update(retire_proposed_by=ann, retire_proposed_at=NOW, retire_reason="Gone.")
    ask.refresh_from_db()
    page = reverse("recommendation-asks", args=[recommendation.reference])
    assert WHY in words(browser_of(bob).get(page))
    browser_of(bob).post(page, {"act": "confirm", "ask": ask.position})
    assert Ask.objects.get().retired_at is None
    assert asks_to_retire(bob) == [] and asks_to_retire(team["reviewer"]) == [ask]
    item = factories.link(team["author"])
    about = {"reason": "Consent.", "basis": "Art. 17", "on": NOW.date() + timedelta(days=9)}
    item = retention.propose(item=item, actor=ann, now=NOW, **about)
    assert bob not in retention.approvers(item=item) and team["reviewer"] in retention.approvers(item=item)


def test_an_account_that_waits_to_be_confirmed_makes_and_resets_no_other(team, kay, recommendation):
    """Or Mina would make a manager, make a reviewer as that manager, and confirm it herself."""
    pim = made(team["manager"], "Pim", Role.MANAGER)
    form = {"name": "Nora", "email": "nora@example.org", "role": Role.REVIEWER}
    why = "Another manager has to confirm it on the desk before you add accounts"
    assert why in words(browser_of(pim).post(ADD, form, follow=True))
    assert not User.objects.filter(email=form["email"]).exists()
    rita = team["reviewer"]
    password = User.objects.get(pk=rita.pk).password
    give = reverse("admin:recommendations_user_password", args=[rita.pk])
    assert why in words(browser_of(pim).post(give, follow=True))
    assert User.objects.get(pk=rita.pk).password == password
    confirming.confirm_account(person=pim, actor=kay, now=NOW)
    browser_of(pim).post(ADD, form)
    assert User.objects.filter(email=form["email"]).exists()


def test_take_is_refused_as_the_decision_is(two, recommendation):
    update = factories.submit(two[0], recommendation)
    with pytest.raises(Refused, match=WHY):
        reviews.take(update=update, reviewer=two[1], now=NOW)


@pytest.mark.parametrize("seed", range(12))
def test_the_act_and_each_list_agree_on_every_pair(team, kay, seed):
    """Whatever managers did to whose account, confirmed or not, alone or not."""
    chance = random.Random(seed)
    people = [*team.values(), kay, factories.person("Lee", Role.MANAGER)]
    managers = [one for one in people if one.role == Role.MANAGER]
    for _number in range(chance.randint(1, 8)):
        by = chance.choice(managers)
        person = chance.choice([one for one in people if one != by])
        confirmer = next((one for one in managers if one not in (by, person)), None)
        confirmed = {"confirmed_by": confirmer, "confirmed_at": NOW} if chance.random() < 0.3 else {}
        AccountChange.objects.create(
            person=person, by=by, act=AccountAct.ADDED, at=NOW, was_alone=chance.random() < 0.3, **confirmed
        )
    apart = kept_apart()
    for one in people:
        listed = set(in_one_hand_with(one.pk))
        assert set(apart_from(one)) == {other.pk for other in listed} == apart.get(one.pk, set())
        for other in set(people) - {one}:
            assert (other in listed) == bool(oversight.one_hand(one, other)), (one, other)
            assert bool(oversight.one_hand(one, other)) == bool(oversight.one_hand(other, one))
