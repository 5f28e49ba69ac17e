"""What is hidden changes no page: every door reads the same before and after somebody works in secret."""

import uuid
from datetime import timedelta

import pytest
import time_machine

from recommendations.choices import DerivedKind, Sensitivity
from recommendations.models import Damage, Examination, LinkCheck, SavedFilter
from recommendations.rules.following import follow
from recommendations.services import advocacy
from recommendations.services.evidence import custody, retention
from tests.support import factories
from tests.support.every_page import read
from tests.support.factories import NOW

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


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
