"""How tests knock at the doors of ``doors``: as whom, at which address, and with what after-effect."""

from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse

from tests.support.doors import DESK, DOORS, ROLES
from tests.support.world import TOKEN

# The contributor is Omar, who was let in on Ana's restricted item but wrote nothing himself.
WHO = {"contributor": "other"}


def view_of(name):
    """Return the view behind a name."""
    return next(
        pattern.callback
        for pattern in every_pattern(get_resolver().url_patterns)
        if getattr(pattern, "name", None) == name
    )


def every_pattern(patterns):
    """Yield each address that leads to a view."""
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            yield from every_pattern(pattern.url_patterns)
        else:
            yield pattern


def may(role, needed):
    """Whether ``role`` is ``needed`` or above it; ``create_superuser`` makes a manager."""
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
