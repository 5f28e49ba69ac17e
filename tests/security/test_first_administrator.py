"""Somebody real can always sign in: the first administrator is made once, whatever came before."""

import re

import pytest

from recommendations.choices import Role
from recommendations.models import User
from recommendations.services.people import first_administrator

pytestmark = pytest.mark.django_db


def test_the_first_administrator_is_made_once():
    person, password = first_administrator(email="First@Example.org")
    assert person.email == "first@example.org"
    assert person.check_password(password)
    assert person.is_manager
    assert not person.is_superuser
    assert re.fullmatch(r"(\w{5}-){3}\w{5}", password)
    assert first_administrator(email="second@example.org") is None
    assert User.objects.count() == 1


def test_a_made_up_team_does_not_stand_in_for_the_first_administrator():
    User.objects.create_user("ana@example.org", "a password", role=Role.MANAGER, name="Ana", is_example=True)
    person, _ = first_administrator(email="first@example.org")
    assert not person.is_example
