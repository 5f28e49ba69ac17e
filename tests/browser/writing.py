"""What the tests of writing in a browser share: items, a story, and the address of every page of writing."""

import uuid
from datetime import date

from recommendations import vault
from recommendations.choices import Decision, Sensitivity
from recommendations.services import reviews, updates
from recommendations.services.evidence import items as evidence_items
from recommendations.services.evidence import uploads
from tests.support import forms
from tests.support.factories import NOW


def add_item(person, name, content, *, title, sensitivity=Sensitivity.INTERNAL):
    """Make an evidence item by the services."""
    incoming = vault.receive(forms.upload(name, content))
    key = uploads.stage(incoming=incoming, name=name, uploader=person, form_key=uuid.uuid4(), now=NOW)
    details = {
        "title": title,
        "sensitivity": sensitivity,
        "kind": "law",
        "source": "KCNA",
    }
    return evidence_items.add_file(key=key, uploader=person, details=details, now=NOW)


def a_story(world):
    """A returned assessment of the author's, and an approved one, with evidence."""
    team, recommendation, items = world["team"], world["recommendation"], world["items"]
    made = []
    for decision in (Decision.APPROVE, Decision.RETURN):
        update = updates.save_draft(
            author=team["author"],
            recommendation=recommendation,
            key=uuid.uuid4(),
            now=NOW,
            fields={
                "as_of": date(2024, 8, 30),
                "status": "initial",
                "confidence": "medium",
                "movement": "better",
                "reason": "A law was passed inside the period.",
                "public_text": "The assembly passed a law.\n\nIt is not in force yet.",
                "government_answer": "rejects",
                "government_claim": "“There is no such problem.”",
                "internal_note": "Ask the translator about article 3.",
            },
            places=[("KCNA", date(2024, 8, 30)), ("Rodong Sinmun", date(2024, 8, 29))],
            citations=[(items[0], "supports", "art. 3"), (items[1], "contradicts", "minute 12")],
        )
        updates.submit(update=update, actor=team["author"], now=NOW)
        evidence_grant(world, items[1])
        reviews.decide(
            update=update, reviewer=team["reviewer"], decision=decision, comment="Which article?", now=NOW
        )
        made.append(update)
    return made


def evidence_grant(world, item):
    """Let the reviewer in on the testimony, so that they can decide."""
    item.grants.get_or_create(
        person=world["team"]["reviewer"],
        defaults={"granted_by": world["team"]["author"], "granted_at": NOW, "reason": "To review"},
    )


def pages(world):
    """Every page of writing, by the name of its picture."""
    approved, returned = a_story(world)
    reference, item = world["recommendation"].reference, world["items"][0]
    restricted = world["items"][1]
    return {
        "add": f"/recommendations/{reference}/updates/new/",
        "edit": f"/updates/{returned.key}/edit/",
        "correct": f"/recommendations/{reference}/updates/new/?corrects={approved.key}",
        "check": f"/recommendations/{reference}/check/",
        "detail": f"/updates/{returned.key}/",
        "withdraw": f"/updates/{returned.key}/withdraw/",
        "evidence-list": "/evidence/",
        "evidence-none": "/evidence/?q=nothing&kind=press",
        "evidence-add": "/evidence/add/",
        "evidence-link": "/evidence/add/?shape=link",
        "evidence-detail": f"/evidence/{item.key}/",
        "evidence-restricted": f"/evidence/{restricted.key}/",
        "evidence-custody": f"/evidence/{restricted.key}/custody/",
        "evidence-change": f"/evidence/{item.key}/change/",
        "access": f"/evidence/{restricted.key}/access/",
        "keep-or-remove": f"/evidence/{restricted.key}/retention/",
        "kept-and-removed": "/evidence/retention/",
        "bundle": f"/recommendations/{reference}/bundle/",
        "origin": f"/updates/{returned.key}/origin/",
    }
