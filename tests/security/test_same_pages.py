"""What is hidden changes no page: every door reads the same before and after somebody works in secret."""

import re
import uuid
from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.urls import reverse

from recommendations.choices import DerivedKind, Sensitivity
from recommendations.models import Damage, Examination, LinkCheck, SavedFilter
from recommendations.rules.following import follow
from recommendations.services import advocacy
from recommendations.services.evidence import custody, retention
from tests.support import factories
from tests.support.doors import DESK, DOORS
from tests.support.factories import NOW
from tests.support.knocking import value

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)
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
    "advocacy-list": ["steps=open", "steps=mine"],
    "report-as-of": ["as_of=2024-09-02"],
    "edition-detail": ["level=public"],
}


TAKEN_OUT = {
    "updates": ["reference", "title", "state", "sensitivity"],
    "evidence": ["title", "source", "sensitivity", "cited_by"],
    "recommendations": ["reference", "status", "evidence"],
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


def read(world, role):
    """Return {address: what it says} for one role, lists that leave the house among them; undo all of it."""
    client = Client()
    client.force_login(world.people[role])
    with transaction.atomic():
        said = {address: _words(client.get(address)) for address in doors(world)}
        for listed, columns in TAKEN_OUT.items():
            for level in Sensitivity:
                form = {"made_as": "csv", "level": level, "columns": columns}
                answer = client.post(reverse("export", args=[listed]), form)
                said[f"take out {listed}, {level}"] = _words(answer)
        transaction.set_rollback(True)
    return said


def _words(answer):
    whole = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return f"{answer.status_code} " + NOISE.sub("…", whole.decode(errors="replace"))


def work_in_secret(world):
    """Let Ana do, restricted or unsent, one of everything that the product knows."""
    ana, now = world.author, LATER
    item = factories.link(ana, "Hidden one", Sensitivity.RESTRICTED)
    twin = factories.file(ana, "Hidden twin of the open file", Sensitivity.RESTRICTED)
    for held in (item, twin):
        retention.hold(item=held, actor=ana, reason="A court may ask.", now=now)
    retention.lift_hold(item=twin, actor=ana, reason="It did not.", now=now)
    retention.propose(
        item=twin, actor=ana, reason="Consent withdrawn.", basis="Art. 17", on=now.date(), now=now
    )
    factories.made_of(twin, DerivedKind.PREVIEW)
    Damage.objects.create(evidence=twin, object_name="three", problem="cut", found_at=now, seen_at=now)
    Examination.objects.create(evidence=twin, purpose="words", state="failed")
    LinkCheck.objects.create(evidence=item, checked_at=now, outcome="answers")
    cited = [(item, "supports", "p. 3"), (twin, "supports", ""), (world.evidence, "supports", "p. 9")]
    hidden = factories.submit(
        ana, world.recommendation, sensitivity=Sensitivity.RESTRICTED, citations=cited, reason="Hidden."
    )
    for one, kind in ((world.second, "assessment"), (world.recommendation, "check")):
        seen = factories.submit(
            ana, one, kind=kind, sensitivity=Sensitivity.RESTRICTED, as_of=now.date() - timedelta(days=1)
        )
        factories.grant(world.reviewer, update=seen)
        factories.decide(seen, world.reviewer, now=now)
    factories.write(ana, world.recommendation, citations=[(world.file, "supports", "")])
    for which in ({"evidence": item}, {"update": hidden}):
        factories.grant(world.people["other"], **which)
    custody.note_view(item=item, person=ana, now=now)
    custody.note_download(item=twin, person=ana, now=now)
    SavedFilter.objects.create(owner=ana, listed="evidence", name="Hidden", query="q=x", created_at=now)
    advocacy.log(
        author=ana,
        key=uuid.uuid4(),
        fields={
            "kind": "meeting",
            "held_on": now.date(),
            "counterpart": "Hidden",
            "subject": "Hidden",
            "result": "",
            "next_step": "Hidden",
            "next_on": now.date(),
            "next_owner": ana,
            "sensitivity": Sensitivity.RESTRICTED,
        },
        recommendations=[world.recommendation],
        readers=[],
        now=now,
    )


@pytest.mark.parametrize("role", ["viewer", "manager"])
def test_every_page_reads_the_same_while_somebody_works_in_secret(world, role):
    with time_machine.travel(LATER, tick=False):
        about = {"reason": "Asked for.", "basis": "Art. 17", "on": LATER.date(), "now": LATER}
        retention.propose(item=world.evidence, actor=world.author, **about)
        follow(world.recommendation)  # its ask was made behind the services' back
        before = read(world, role)
        work_in_secret(world)
        after = read(world, role)
    assert len(before) > 150
    assert [address for address in before if before[address] != after[address]] == []
