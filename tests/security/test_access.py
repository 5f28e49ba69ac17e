"""Every role at every door of ``doors``: who is let in, who is told no, and what is not found."""

import re

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import URLPattern, URLResolver, get_resolver

from recommendations.models import MailWords, User
from tests.support.doors import DESK, DOORS, OPEN_TO_PARTNERS, ROLES
from tests.support.knocking import cookies_of, desk_doors, knock, table
from tests.support.strictness import wrong_with
from tests.support.world import SECRET


@pytest.mark.parametrize("role", ROLES)
def test_every_door_answers_as_the_table_says(world, role):
    wrong, told, loose, cookies = [], [], {}, cookies_of(world, role)
    for name, arguments, method, status in table(role):
        answer = knock(world, cookies, name, arguments, method)
        if answer.status_code != status:
            wrong.append(f"{method} {name} {arguments}: {answer.status_code}, not {status}")
        if found := wrong_with(answer):
            loose[f"{method} {name} {arguments}"] = found
        # Omar may read one restricted item; to everybody else its words must never come.
        if role != "contributor" and not answer.streaming and SECRET in answer.content.decode():
            told.append(f"{method} {name} {arguments}")
    assert wrong == []
    assert told == []
    # The browser is told to be strict by every answer, and no page needs it looser.
    assert loose == {}


def test_an_outside_partner_finds_nothing_but_their_settings(world):
    """As a partner Mina keeps every group and grant she had: refusing wins."""
    former = world.people["manager"]
    User.objects.filter(pk=former.pk).update(is_partner=True)
    cookies, wrong, told = cookies_of(world, "manager"), [], []
    names = [person.name for role, person in world.people.items() if role != "manager"]
    for name, arguments, method, status in table("manager"):
        answer = knock(world, cookies, name, arguments, method)
        allowed = {status} if name in OPEN_TO_PARTNERS else {302} if name == "home" else {404}
        if answer.status_code not in allowed:
            wrong.append(f"{method} {name} {arguments}: {answer.status_code}")
        page = "" if answer.streaming else answer.content.decode()
        if any(re.search(rf"\b{name}\b", page) for name in [*names, SECRET, "Thing 1", "@example.org"]):
            told.append(f"{method} {name} {arguments}")
    assert wrong == []
    # Their own address stands on their own settings; nobody else's does.
    assert {line.split()[1] for line in told} <= {"settings", "password_change"}
    settings = knock(world, cookies, "settings", (), "get").content.decode()
    assert set(re.findall(r"\w+@example\.org", settings)) == {former.email}


def names_of(resolver, space=""):
    """Yield the name of every address; one without a name stands for itself."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{pattern.namespace}:" if pattern.namespace else space
            yield from names_of(pattern, inner)
        elif isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name}" if pattern.name else f"{space}{pattern.pattern}"


def test_every_address_is_in_the_table():
    known = {name for name, _arguments, _method in DOORS}
    known |= {name for name, *_rest in desk_doors()}
    # Django's page for an address that nothing answers to, and its way from "<pk>/" to the change page.
    known |= {"admin:(?P<url>.*)$", "admin:<path:object_id>/"}
    assert set(names_of(get_resolver("tracker.urls"))) - known == set()


def test_every_noun_is_on_the_desk():
    # What a mail says is read with the mail, by each as far as they may.
    ours = set(apps.get_app_config("recommendations").get_models()) - {MailWords}
    assert ours - set(admin.site._registry) == set()
    assert {f"{model._meta.app_label}_{model._meta.model_name}" for model in admin.site._registry} == set(
        DESK
    )
