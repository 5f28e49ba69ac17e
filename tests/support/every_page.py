"""Every page of an open row, plain and filtered, and every list as a file, as one person reads them."""

import re

from django.db import transaction
from django.test import Client
from django.urls import reverse

from recommendations.choices import Sensitivity
from tests.support.doors import DESK, DOORS
from tests.support.knocking import value

# What differs by chance, or tells of no more than that something was recorded: the head of the sequence.
NOISE = re.compile(
    r'name="csrfmiddlewaretoken" value="\w+"|form_key=[0-9a-f]{16}|[0-9a-f]{64}|'
    r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|entry of the whole record is now \d+"
)
FILTERS = {
    "recommendation-list": ["q=thing", "evidence=none", "sort=-evidence", "status=no_action"],
    "update-list": ["q=K.", "sensitivity=restricted", "state=submitted", "moved=no", "sort=as_of"],
    "evidence-list": [
        "q=told",
        "sensitivity=restricted",
        "cited=no",
        "cited=yes",
        "sort=cited",
        "q=item",
    ],
    "advocacy-list": ["steps=open", "steps=mine", "q=K.", "kind=meeting", "person=me"],
    "report-as-of": ["as_of=2024-09-02"],
    "edition-detail": ["level=public"],
}


TAKEN_OUT = {
    "updates": ["reference", "title", "state", "sensitivity"],
    "evidence": ["title", "source", "sensitivity", "cited_by"],
    "recommendations": ["reference", "status", "evidence"],
    "advocacy": ["about", "recommendations", "sensitivity"],
}


def doors(world):
    """Yield the address of every page of an open row, plain and filtered."""
    table = [(name, arguments) for name, arguments, method in DOORS if method == "get"]
    for noun, rules in DESK.items():
        table.append((f"admin:{noun}_changelist", ()))
        if "open" in rules:
            table.append((f"admin:{noun}_change", (f"{rules['open']}.pk",)))
    for name, arguments in table:
        if name in ("logout", "healthz") or "recommendations_mail" in name:
            continue
        address = reverse(name, args=[value(world, path) for path in arguments])
        yield address
        for query in FILTERS.get(name, ()):
            yield f"{address}?{query}"


def read(world, role, addresses=None):
    """Return {address: what it says} for one role, lists that leave the house among them; undo all of it.

    Args: ``addresses`` are those that are read; all, and the lists, when left out.
    """
    client = Client()
    client.force_login(world.people[role])
    with transaction.atomic():
        said = {address: _words(client.get(address)) for address in addresses or doors(world)}
        for listed, columns in () if addresses else TAKEN_OUT.items():
            for level in Sensitivity:
                form = {"made_as": "csv", "level": level, "columns": columns}
                answer = client.post(reverse("export", args=[listed]), form)
                said[f"take out {listed}, {level}"] = _words(answer)
        transaction.set_rollback(True)
    return said


def _words(answer):
    whole = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return f"{answer.status_code} " + NOISE.sub("…", whole.decode(errors="replace"))
