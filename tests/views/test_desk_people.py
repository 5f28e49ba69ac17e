"""People on the desk: who is added, in which role, with which password; and who stays a manager."""

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from recommendations.choices import EventKind, Role
from recommendations.models import Event, User
from recommendations.services import people
from tests.support.factories import PASSWORD
from tests.support.pages import browser_of, words

UPDATES = "/desk/recommendations/statusupdate/"


class TestPeople:
    """Adding people, their roles, one-time passwords; the last manager stays."""

    def add(self, client, **fields):
        data = {"name": "New Person", "email": "New@Example.org", "role": "Contributor", **fields}
        return client.post("/desk/recommendations/user/add/", data)

    def change(self, client, person, **fields):
        now = {"name": person.name, "email": person.email, "role": people.role_of(person=person)}
        if person.is_active:
            now["is_active"] = "on"
        data = {key: value for key, value in {**now, **fields}.items() if value is not None}
        address = reverse("admin:recommendations_user_change", args=[person.pk])
        answer = client.post(address, data, follow=True)
        person.refresh_from_db()
        person.__dict__.pop("rank", None)
        return answer

    def test_a_new_person_gets_a_password_that_is_shown_once(self, world, mina):
        answer = self.add(mina)
        password = re.search(r'id="one-time-password">([^<]+)<', answer.content.decode()).group(1)
        assert "no-store" in answer["Cache-Control"]
        person = User.objects.get(email="new@example.org")
        assert person.check_password(password)
        assert person.password_is_temporary
        assert people.role_of(person=person) == Role.CONTRIBUTOR
        assert password not in words(mina.get("/desk/"))
        assert not LogEntry.objects.filter(change_message__contains=password).exists()
        event = Event.objects.filter(kind=EventKind.ROLE_CHANGED).get()
        assert event.payload == {"person": person.pk, "before": "", "after": "Contributor"}

    def test_they_choose_their_own_before_anything_else(self, world, mina):
        answer = self.add(mina)
        password = re.search(r'id="one-time-password">([^<]+)<', answer.content.decode()).group(1)
        client = Client()
        client.post("/accounts/login/", {"username": "new@example.org", "password": password})
        assert client.get("/").url == "/accounts/password/"

    @pytest.mark.parametrize(
        ("fields", "message"),
        [
            ({"email": "ANA@example.org"}, "already exists"),
            ({"email": "no address"}, "valid email address"),
            ({"name": ""}, "This field is required."),
            ({"role": "King"}, "Select a valid choice."),
            ({"role": ""}, "This field is required."),
        ],
    )
    def test_what_makes_no_person_is_refused(self, world, mina, fields, message):
        before = User.objects.count()
        assert message in words(self.add(mina, **fields))
        assert User.objects.count() == before

    def test_a_role_is_changed_and_recorded(self, world, mina):
        omar = world.people["other"]
        self.change(mina, omar, role="Reviewer")
        assert omar.has_role(Role.REVIEWER)
        payload = Event.objects.filter(kind=EventKind.ROLE_CHANGED).get().payload
        assert payload == {"person": omar.pk, "before": "Contributor", "after": "Reviewer"}

    def test_who_leaves_cannot_sign_in_and_keeps_their_work(self, world, mina):
        answer = self.change(mina, world.author, is_active=None)
        assert "Ana still owns 1 recommendation. Name another owner." in words(answer)
        assert world.author.is_active is False
        assert world.approved.author == world.author
        client = Client()
        client.post("/accounts/login/", {"username": "ana@example.org", "password": PASSWORD})
        assert client.get("/").status_code == 302

    def test_the_last_manager_stays_one(self, world, mina):
        User.objects.filter(pk=world.people["superuser"].pk).update(is_active=False)
        manager = world.people["manager"]
        for fields in ({"role": "Viewer"}, {"is_active": None}):
            answer = self.change(mina, manager, **fields)
            assert "Mina is the only manager. Make somebody else a manager first." in words(answer)
            assert manager.is_active
            assert manager.has_role(Role.MANAGER)
        assert not Event.objects.filter(kind=EventKind.ROLE_CHANGED).exists()

    def test_a_one_time_password_is_given_after_a_question(self, world, mina):
        address = reverse("admin:recommendations_user_password", args=[world.author.pk])
        assert "Make sure that it is really this person who asks" in words(mina.get(address))
        signed_in = browser_of(world.author)
        answer = mina.post(address)
        password = re.search(r'id="one-time-password">([^<]+)<', answer.content.decode()).group(1)
        world.author.refresh_from_db()
        assert world.author.check_password(password)
        assert signed_in.get("/settings/").status_code == 302
        assert LogEntry.objects.filter(object_id=world.author.pk, user=world.people["manager"]).exists()

    def test_it_also_ends_a_lock(self, world, mina):
        client = Client()
        for _ in range(5):
            client.post("/accounts/login/", {"username": "ana@example.org", "password": "wrong"})
        answer = mina.post(reverse("admin:recommendations_user_password", args=[world.author.pk]))
        password = re.search(r'id="one-time-password">([^<]+)<', answer.content.decode()).group(1)
        answer = client.post("/accounts/login/", {"username": "ana@example.org", "password": password})
        assert answer.status_code == 302

    def test_ones_own_password_is_changed_in_the_settings(self, world, mina):
        manager = world.people["manager"]
        answer = mina.post(reverse("admin:recommendations_user_password", args=[manager.pk]), follow=True)
        assert "Change your own password in your settings." in words(answer)
        manager.refresh_from_db()
        assert manager.check_password(PASSWORD)

    def test_rights_cannot_be_sent_beside_the_form(self, world, mina):
        omar = world.people["other"]
        self.change(mina, omar, is_superuser="on", password="x", groups="4", user_permissions="1")
        assert omar.is_superuser is False
        assert omar.check_password(PASSWORD)
        assert people.role_of(person=omar) == Role.CONTRIBUTOR
