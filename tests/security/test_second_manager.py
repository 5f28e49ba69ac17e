"""Whoever makes or resets an account could act with it: it is told, and a second manager confirms it."""

import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.db.migrations.loader import MigrationLoader
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from recommendations.choices import Decision, EventKind, MailKind, Role, UpdateState
from recommendations.errors import Refused
from recommendations.mail import outbox
from recommendations.models import AccountChange, Event, Mail, StatusUpdate, User
from recommendations.services import own_account, people, reviews
from recommendations.services.evidence import retention
from tests.support import factories
from tests.support.accounts import OWN, added, comes_in, told
from tests.support.factories import NOW
from tests.support.pages import browser_of, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def update(team, recommendation):
    """What Mina, the manager, wrote herself."""
    return factories.submit(team["manager"], recommendation)


def decide(browser, update):
    """Approve an update on its page. Returns: what the page says afterwards."""
    form = {"decision": "approve", "seen_version": update.versions.last().number, "comment": ""}
    return words(browser.post(reverse("review", args=[update.key]), form, follow=True))


def is_approved(update):
    return StatusUpdate.objects.get(pk=update.pk).state == UpdateState.APPROVED


def confirm(by, person):
    page = reverse("admin:recommendations_user_confirm", args=[person.pk])
    # As they are now: with another password the old session ends.
    return words(browser_of(User.objects.get(pk=by.pk)).post(page, follow=True))


def test_a_manager_decides_nothing_of_their_own_with_an_account_that_they_made(team, kay, update):
    nora, password = added(team["manager"])
    browser, _answer = comes_in(nora, password)
    why = "Mina added your account"
    assert why in words(browser.get(reverse("review", args=[update.key])))
    assert why in decide(browser, update) and not is_approved(update)
    assert why in words(browser.get("/desk/")) and "Ask Kay (kay@example.org)" in words(browser.get("/desk/"))
    bulk = {
        "action": "approve",
        "_selected_action": update.pk,
        "step": "confirmed",
        f"{update.pk}-shown": "1",
    }
    assert why in words(browser.post("/desk/recommendations/statusupdate/", bulk, follow=True))
    nora.refresh_from_db()
    for act in (reviews.take, reviews.decide):
        more = {"decision": Decision.APPROVE} if act is reviews.decide else {}
        with pytest.raises(Refused, match=why):
            act(update=update, reviewer=nora, now=NOW, **more)
    assert not is_approved(update)


def test_others_updates_are_decided_with_it_all_the_while(team, kay, recommendation):
    nora, password = added(team["manager"])
    browser, _answer = comes_in(nora, password)
    of_ana = factories.submit(team["author"], recommendation)
    decide(browser, of_ana)
    assert is_approved(of_ana)


def test_a_second_manager_confirms_it_on_the_desk_and_then_it_decides(team, kay, update):
    nora, password = added(team["manager"])
    assert "has not chosen a password of their own yet" in confirm(kay, nora)
    browser, _answer = comes_in(nora, password)
    assert "Nora (nora@example.org)" in words(browser_of(kay).get("/desk/"))
    page = words(browser_of(kay).get(reverse("admin:recommendations_user_change", args=[nora.pk])))
    assert "Added, Mina (mina@example.org)" in page and "Confirm this account" in page
    assert "Confirmed. Nora can now decide" in confirm(kay, nora)
    event = Event.objects.get(kind=EventKind.CONFIRMED)
    assert (event.actor, event.payload) == (kay, {"person": nora.pk, "after_acts_of": [team["manager"].pk]})
    assert "second manager has to confirm" not in words(browser_of(kay).get("/desk/"))
    decide(browser, update)
    assert is_approved(update)


@pytest.mark.parametrize("who", ["manager", "reviewer", "nora"])
def test_neither_who_made_it_nor_its_holder_nor_a_reviewer_confirms_it(team, kay, update, who):
    nora, password = added(team["manager"])
    comes_in(nora, password)
    confirm({**team, "nora": nora}[who], nora)
    assert not Event.objects.filter(kind=EventKind.CONFIRMED).exists()
    assert AccountChange.objects.get(person=nora).confirmed_at is None


def test_a_lone_first_manager_and_their_first_reviewer_can_work(team, update):
    nora, password = added(team["manager"])
    nora.refresh_from_db()
    with pytest.raises(Refused, match="Choose a password of your own"):
        reviews.decide(update=update, reviewer=nora, decision=Decision.APPROVE, now=NOW)
    browser, _answer = comes_in(nora, password)
    decide(browser, update)
    assert is_approved(update)


@pytest.mark.parametrize("is_alone", [True, False])
def test_mail_and_page_promise_a_second_manager_only_where_there_is_one(team, is_alone):
    if not is_alone:
        factories.person("Kay", Role.MANAGER)
    nora, _password = added(team["manager"])
    mail = " ".join(Mail.objects.get(kind=MailKind.TEAM, recipient=team["manager"]).text.split())
    page = words(
        browser_of(team["manager"]).get(reverse("admin:recommendations_user_change", args=[nora.pk]))
    )
    assert ("this account and Mina cannot decide on each other’s updates" in mail) != is_alone
    assert ("this account and these managers cannot decide" in page) != is_alone
    assert ("There is no other manager who could confirm the account." in mail) == is_alone
    assert ("There is no other manager who could confirm that only its holder uses it." in page) == is_alone


@pytest.mark.parametrize(
    "act",
    [
        lambda mina, rita: people.give_password(actor=mina, person=rita, now=timezone.now()),
        lambda mina, rita: people.rename(
            actor=mina, person=rita, email="new@example.org", name="Rita", now=timezone.now()
        ),
        lambda mina, rita: [
            people.change_role(actor=mina, person=rita, role=role, now=timezone.now())
            for role in (Role.VIEWER, Role.REVIEWER)
        ],
    ],
    ids=["password", "address", "role"],
)
def test_an_account_that_the_author_resets_or_raises_is_in_doubt_again(team, kay, update, act):
    act(team["manager"], team["reviewer"])
    rita = User.objects.get(pk=team["reviewer"].pk)
    own_account.choose_password(person=rita, password=OWN, now=NOW)
    assert "you cannot decide on their updates" in decide(browser_of(rita), update)
    assert not is_approved(update)
    confirm(kay, rita)
    decide(browser_of(rita), update)
    assert is_approved(update)


def test_a_manager_made_for_it_is_no_second_manager(team, kay, update):
    """Who makes the reviewer makes the manager too who confirms it: Kay is there, and has to be asked."""
    nora, password = added(team["manager"])
    comes_in(nora, password)
    puppet, word = added(team["manager"], Role.MANAGER, "Pim")
    comes_in(puppet, word)
    assert "had access to your account as well" in confirm(puppet, nora)
    assert not AccountChange.objects.filter(person=nora).exclude(confirmed_at=None).exists()
    confirm(kay, puppet)
    assert "Confirmed." in confirm(puppet, nora)


def test_the_second_manager_whom_the_first_one_made_can_confirm(team, update):
    """Nobody was there who could have confirmed the second one."""
    kay, password = added(team["manager"], Role.MANAGER, "Kay")
    comes_in(kay, password)
    nora, password = added(team["manager"])
    comes_in(nora, password)
    assert "Confirmed." in confirm(kay, nora)


def test_nor_does_a_manager_decide_on_what_an_account_wrote_that_they_made(team, kay, recommendation):
    nora, password = added(team["manager"], Role.CONTRIBUTOR)
    comes_in(nora, password)
    update = factories.submit(User.objects.get(pk=nora.pk), recommendation)
    why = "You added the account of Nora"
    assert why in decide(browser_of(team["manager"]), update) and not is_approved(update)
    assert "Nora (nora@example.org)" in words(browser_of(kay).get("/desk/"))
    # Others are asked meanwhile, so that nothing lies.
    assert why not in words(browser_of(team["reviewer"]).get(reverse("review", args=[update.key])))
    confirm(kay, nora)
    decide(browser_of(team["manager"]), update)
    assert is_approved(update)


def test_a_lone_manager_decides_on_what_their_first_contributor_wrote(team, recommendation):
    nora, password = added(team["manager"], Role.CONTRIBUTOR)
    comes_in(nora, password)
    update = factories.submit(User.objects.get(pk=nora.pk), recommendation)
    decide(browser_of(team["manager"]), update)
    assert is_approved(update)


def test_a_removal_is_not_approved_by_an_account_that_its_proposer_made(team, kay):
    item = factories.link(team["manager"])
    about = {"reason": "Consent.", "basis": "Art. 17", "on": NOW.date() + timedelta(days=9)}
    item = retention.propose(item=item, actor=team["manager"], now=NOW, **about)
    nora, password = added(team["manager"])
    comes_in(nora, password)
    nora = User.objects.get(pk=nora.pk)
    assert nora not in retention.approvers(item=item) and team["reviewer"] in retention.approvers(item=item)
    with pytest.raises(Refused):
        retention.approve(item=item, actor=nora, now=NOW)
    confirm(kay, nora)
    assert retention.approve(item=item, actor=nora, now=NOW).removal_approved_by == nora


def test_all_managers_are_told_of_all_that_is_done_to_who_reviews_or_manages(team, kay, mailoutbox):
    mina, now = team["manager"], timezone.now()
    both = lambda subject: [("Kay", subject), ("Mina", subject)]  # noqa: E731
    added(mina)
    assert told() == both("New reviewer or manager: Nora")
    about = {"actor": mina, "person": team["author"], "now": now}
    people.change_role(role=Role.REVIEWER, **about)
    assert told() == both("Ana has a new role")
    people.give_password(**about)
    assert told() == both("A one-time password was given to Ana")
    people.rename(email="ana@example.net", name="Ana", **about)
    assert told() == both("The address of Ana was changed")
    people.set_active(active=False, **about)
    assert told() == [("Ana", "Ana can no longer sign in"), *both("Ana can no longer sign in")]
    people.set_active(active=True, **about)
    assert told() == both("Ana can sign in again")
    people.change_role(role=Role.VIEWER, **about)
    assert told() == [("Ana", "Ana has a new role"), *both("Ana has a new role")]
    # Neither decides: the event is enough.
    people.change_role(role=Role.CONTRIBUTOR, **about)
    people.give_password(**about)
    assert told() == []


def test_no_other_act_silences_what_managers_are_told(team, kay, mailoutbox):
    added(team["manager"])
    User.objects.filter(pk=kay.pk).update(is_active=False, email="elsewhere@example.org")
    outbox.send(timezone.now())
    assert "kay@example.org" in [mail.to[0] for mail in mailoutbox]
    mail = next(mail for mail in mailoutbox if mail.to == ["kay@example.org"])
    assert "Mina (mina@example.org) added Nora (nora@example.org) as Reviewer" in mail.body
    body = re.sub(r"\s+", " ", mail.body)
    assert "this account and Mina cannot decide on each other’s updates." in body


def test_an_upgrade_reads_from_the_record_who_had_which_account_in_hand(team, kay, update):
    nora, password = added(team["manager"])
    comes_in(nora, password)
    people.set_active(actor=kay, person=nora, active=False, now=NOW)
    people.set_active(actor=kay, person=nora, active=True, now=NOW)
    people.change_role(actor=kay, person=nora, role=Role.VIEWER, now=NOW)
    people.change_role(actor=team["manager"], person=nora, role=Role.REVIEWER, now=NOW)
    people.give_password(actor=team["manager"], person=team["reviewer"], now=NOW)
    User.objects.update(password_given_at=None)
    kept = sorted(AccountChange.objects.values_list("person", "by", "act", "at"))
    AccountChange.objects.all().delete()
    found = MigrationLoader(None).disk_migrations
    upgrade = next(found[key] for key in found if key[1].endswith("_accounts_in_hand"))
    upgrade.operations[0].code(apps, None)
    assert sorted(AccountChange.objects.values_list("person", "by", "act", "at")) == kept
    assert User.objects.get(pk=team["reviewer"].pk).password_given_at
    assert "you cannot decide on their updates" in decide(browser_of(User.objects.get(pk=nora.pk)), update)


def test_a_stranger_finds_no_door_to_confirm(team, kay):
    nora, _password = added(team["manager"])
    page = reverse("admin:recommendations_user_confirm", args=[nora.pk])
    assert Client().post(page).status_code == 302
    assert browser_of(team["reviewer"]).post(page).status_code == 403
    assert browser_of(kay).get(page).status_code == 405
