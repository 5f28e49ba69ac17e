"""The role alone says what somebody may do: there is no right beside it."""

import io
import re

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.db.migrations.loader import MigrationLoader
from django.urls import reverse

from recommendations.choices import EventKind, Role
from recommendations.models import Event, User
from recommendations.selectors import desk
from recommendations.services.people import change_role, first_administrator
from tests.support.checking import breach
from tests.support.factories import NOW
from tests.support.pages import browser_of

pytestmark = pytest.mark.django_db

DESK = ("admin:index", "admin:recommendations_user_changelist", "admin:recommendations_mail_changelist")


def statuses(person):
    browser = browser_of(person)
    return [browser.get(reverse(name)).status_code for name in DESK]


def test_a_demoted_first_administrator_keeps_no_right(team):
    User.objects.filter(is_example=False).update(is_example=True)
    first, _password = first_administrator(email="first@example.org")
    assert not first.is_superuser and statuses(first) == [200, 200, 200]
    change_role(actor=team["manager"], person=first, role=Role.VIEWER, now=NOW)
    demoted = User.objects.get(pk=first.pk)
    assert statuses(demoted) == [403, 403, 403]
    assert not demoted.is_manager and not demoted.is_staff and demoted.rank == 1


@pytest.mark.parametrize("role", ["viewer", "author", "reviewer"])
def test_a_flag_set_by_hand_gives_no_right(team, role):
    before = statuses(team[role])
    User.objects.filter(pk=team[role].pk).update(is_superuser=True)
    flagged = User.objects.get(pk=team[role].pk)
    assert statuses(flagged) == before
    assert not flagged.is_manager and not flagged.has_perm("recommendations.change_user")
    assert not flagged.has_module_perms("recommendations") and not flagged.get_all_permissions()
    assert User.objects.with_rank().get(pk=flagged.pk).rank == flagged.rank
    assert flagged in User.objects.writers() or role == "viewer"
    assert f"Person {flagged.pk} has rights set in the database" in breach()


def test_a_flag_leaves_nobody_without_a_manager(team):
    User.objects.filter(pk=team["viewer"].pk).update(is_superuser=True)
    page = browser_of(team["manager"]).post(
        reverse("admin:recommendations_user_change", args=[team["manager"].pk]),
        {"name": "Mina", "email": "mina@example.org", "role": Role.VIEWER, "is_active": "on"},
        follow=True,
    )
    assert "is the only manager" in page.content.decode()


def test_no_door_of_django_makes_quiet_power(db):
    root = User.objects.create_superuser("root@example.org", "x", name="Root")
    assert root.is_manager and not root.is_superuser
    for more in ([], ["--noinput", "--email", "quiet@example.org", "--name", "Quiet"]):
        with pytest.raises(CommandError, match="add_manager ADDRESS --name NAME"):
            call_command("createsuperuser", *more)
    assert User.objects.count() == 1


def test_whoever_runs_the_server_adds_a_manager_and_it_is_recorded(db):
    out = io.StringIO()
    call_command("add_manager", "Mina@Example.org", "--name", "Mina", stdout=out)
    mina = User.objects.get(email="mina@example.org")
    password = re.search(r"One-time password: (\S+)", out.getvalue())[1]
    assert mina.is_manager and mina.password_is_temporary and mina.check_password(password)
    event = Event.objects.get(kind=EventKind.ROLE_CHANGED)
    assert event.actor is None and event.payload == {"person": mina.pk, "before": "", "after": "Manager"}
    with pytest.raises(CommandError, match="already"):
        call_command("add_manager", "mina@example.org", "--name", "Mina", stdout=out)


def upgrade_roles():
    found = MigrationLoader(None).disk_migrations
    upgrade = next(found[key] for key in found if key[1].endswith("_roles_alone"))
    upgrade.operations[0].code(apps, None)


def test_an_upgrade_leaves_somebody_who_manages(team):
    User.objects.filter(pk=team["manager"].pk).update(is_active=False)
    User.objects.filter(pk__in=[team["manager"].pk, team["reviewer"].pk]).update(is_superuser=True)
    upgrade_roles()
    assert not User.objects.filter(is_superuser=True).exists()
    ranks = {who.pk: who.rank for who in User.objects.with_rank()}
    assert (ranks[team["reviewer"].pk], ranks[team["viewer"].pk]) == (4, 1)
    assert team["reviewer"].groups.count() == 1


def test_an_upgrade_clears_the_flag_and_leaves_each_their_role(team):
    User.objects.filter(pk__in=[team["viewer"].pk, team["manager"].pk]).update(is_superuser=True)
    made = User.objects.create_user("docker@example.org", "x", name="Docker", is_superuser=True)
    gone = User.objects.create_user("pia@example.org", "x", name="Pia", is_superuser=True, is_partner=True)
    upgrade_roles()
    assert not User.objects.filter(is_superuser=True).exists()
    ranks = {who.pk: who.rank for who in User.objects.with_rank()}
    assert ranks[made.pk] == 4, "createsuperuser gave no role, and who came by it must stay able to manage"
    assert (ranks[team["viewer"].pk], ranks[team["manager"].pk], ranks[gone.pk]) == (1, 4, 0)


@pytest.fixture
def leftover(team):
    """A partner who kept a manager's group, as nothing but a hand in the database leaves it."""
    User.objects.filter(pk=team["second"].pk).update(is_partner=True)
    partner = User.objects.get(pk=team["second"].pk)
    partner.groups.set(Group.objects.filter(name=Role.MANAGER))
    return partner


def test_the_database_is_asked_as_one_person_is(team, leftover):
    User.objects.create_user("none@example.org", "x", name="None")
    gone = User.objects.create_user("gone@example.org", "x", name="Gone", role=Role.MANAGER, is_active=False)
    both = User.objects.create_user("both@example.org", "x", name="Both", role=Role.VIEWER)
    both.groups.add(Group.objects.get(name=Role.REVIEWER))
    asked = {
        Role.VIEWER: User.objects.members(),
        Role.CONTRIBUTOR: User.objects.writers(),
        Role.REVIEWER: User.objects.reviewers(),
        Role.MANAGER: User.objects.managers(),
    }
    for role, people in asked.items():
        assert sorted(one.name for one in people) == sorted(
            one.name for one in User.objects.all() if one.has_role(role)
        )
    readers = User.objects.digest_readers()
    assert leftover in readers and both in readers and gone not in readers


def test_a_group_that_a_partner_kept_leaves_the_last_manager_in_place(team, leftover):
    page = browser_of(team["manager"]).post(
        reverse("admin:recommendations_user_change", args=[team["manager"].pk]),
        {"name": "Mina", "email": "mina@example.org", "role": Role.VIEWER, "is_active": "on"},
        follow=True,
    )
    assert "is the only manager" in page.content.decode()
    assert User.objects.get(pk=team["manager"].pk).is_manager


def test_a_group_that_a_partner_kept_makes_nobody_an_owner_or_a_reviewer(team, leftover, recommendation):
    mina = browser_of(team["manager"])
    address = reverse("admin:recommendations_recommendation_change", args=[recommendation.pk])
    offered = mina.get(address).context["adminform"].form.fields["owner"].queryset
    assert team["author"] in offered and leftover not in offered
    listed = reverse("admin:recommendations_user_changelist")
    for role, person in ((Role.MANAGER, team["manager"]), (Role.VIEWER, team["viewer"])):
        shown = mina.get(listed, {"role": role}).context["cl"].queryset
        assert person in shown and leftover not in shown
    User.objects.filter(pk=team["reviewer"].pk).update(is_active=False)
    assert desk.health(team["manager"], NOW).reviewers == 1
