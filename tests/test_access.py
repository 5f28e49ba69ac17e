"""Every role at every door of ``doors``: who is let in, who is told no, and what is not found."""

import re

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from recommendations.models import MailWords, User
from tests.doors import DESK, DOORS, OPEN_TO_PARTNERS, ROLES
from tests.world import SECRET, TOKEN

# The contributor is Omar, who was let in on Ana's restricted item but wrote nothing himself.
WHO = {"contributor": "other"}


def may(role, needed):
    """Whether ``role`` is ``needed`` or above it; a superuser is a manager here."""
    ranks = {**{role: rank for rank, role in enumerate(ROLES)}, "superuser": ROLES.index("manager")}
    return bool(needed) and ranks[role] >= ranks[needed]


def desk_doors():
    """Yield (name, arguments, method, role, status) for every door of every noun of the desk."""
    for noun, rules in DESK.items():
        for role in ROLES:
            yield from _doors_of(f"admin:{noun}", rules, role)


def _doors_of(name, rules, role):
    shut = 302 if role == "anonymous" else 403
    seen = 200 if may(role, rules["see"]) else shut
    added = 200 if may(role, rules.get("add")) else shut
    yield f"{name}_changelist", (), "get", role, seen
    yield f"{name}_add", (), "get", role, added
    yield f"{name}_add", (), "post", role, added
    if "open" in rules:
        row = (f"{rules['open']}.pk",)
        changed = 200 if may(role, rules.get("change")) else shut
        yield f"{name}_change", row, "get", role, seen
        yield f"{name}_change", row, "post", role, changed
        yield f"{name}_history", row, "get", role, seen
        yield f"{name}_delete", row, "get", role, shut
        yield f"{name}_delete", row, "post", role, shut
    for closed in rules.get("closed", []):
        row = (f"{closed}.pk",)
        missing = 404 if may(role, rules["see"]) else shut
        yield f"{name}_change", row, "get", role, missing
        yield f"{name}_history", row, "get", role, missing
        yield f"{name}_delete", row, "get", role, shut


def table(role):
    """Return the rows of the table for one role: (name, arguments, method, status)."""
    rows = [(*door, int(line.split()[ROLES.index(role)])) for door, line in DOORS.items()]
    return rows + [(*door, status) for *door, of_role, status in desk_doors() if of_role == role]


def value(world, path):
    """Return what an argument of an address stands for: an attribute path, or a word in quotes."""
    if path.startswith("'"):
        return {"TOKEN": TOKEN}.get(path.strip("'"), path.strip("'"))
    found = world
    for name in path.split("."):
        found = getattr(found, name)
    return found


def cookies_of(world, role):
    """Return the cookies of a browser in which this role is signed in."""
    client = Client()
    if role != "anonymous":
        client.force_login(world.people[WHO.get(role, role)])
    return client.cookies


def knock(world, cookies, name, arguments, method):
    """Ask for one address, and undo whatever that did. Returns: the answer."""
    client = Client()
    client.cookies.update(cookies)
    with transaction.atomic():
        url = reverse(name, args=[value(world, path) for path in arguments])
        answer = getattr(client, method)(url)
        if answer.streaming:
            b"".join(answer.streaming_content)
        transaction.set_rollback(True)
    return answer


@pytest.mark.parametrize("role", ROLES)
def test_every_door_answers_as_the_table_says(world, role):
    wrong, told, cookies = [], [], cookies_of(world, role)
    for name, arguments, method, status in table(role):
        answer = knock(world, cookies, name, arguments, method)
        if answer.status_code != status:
            wrong.append(f"{method} {name} {arguments}: {answer.status_code}, not {status}")
        # Omar may read one restricted item; to everybody else its words must never come.
        if role != "contributor" and not answer.streaming and SECRET in answer.content.decode():
            told.append(f"{method} {name} {arguments}")
    assert wrong == []
    assert told == []


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
