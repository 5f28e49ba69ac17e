"""Every role, in every state of an update, at every door: what takes effect, and nothing else does.

``EFFECTS`` is the one table. An act that is not named for a role in a state must leave the update as it
was, whatever it answers; no answer is an error of the server.
"""

import re

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from recommendations.choices import Decision, Extent, LineageKind, Sensitivity, UpdateState
from recommendations.models import Lineage, PublicationProposal, StatusUpdate, User
from recommendations.services import publications, reviews, updates
from tests.support import factories
from tests.support.factories import NOW, PASSWORD

ROLES = (
    "anonymous",
    "nobody",
    "viewer",
    "author",
    "other",
    "reviewer",
    "second",
    "manager",
    "superuser",
)
REVIEWERS = "reviewer second manager superuser"
DECIDE = dict.fromkeys(("approve", "return", "desk approve", "desk return"), REVIEWERS)
# Before a report is closed: to the next report, or withdrawn with others.
PUT_AWAY = ("move", "move from the list", "withdraw from the list")
MANAGERS = "manager superuser"

# For each state of an update by Ana: who sees it, and for whom each act takes effect.
EFFECTS = {
    "draft": {
        "see": "author",
        "save": "author",
        "submit": "author",
        "withdraw": "author",
        **dict.fromkeys(PUT_AWAY, "author"),
    },
    "submitted": {
        "see": f"author {REVIEWERS}",
        "withdraw": "author",
        "take": REVIEWERS,
        **DECIDE,
        **dict.fromkeys(PUT_AWAY, f"author {MANAGERS}"),
    },
    # Rita has it in review: to take it again changes nothing.
    "taken": {
        "see": f"author {REVIEWERS}",
        "withdraw": "author",
        "give back": "reviewer",
        **dict.fromkeys(DECIDE, "reviewer"),
        **dict.fromkeys(PUT_AWAY, "author"),
    },
    "returned": {
        "see": f"author {REVIEWERS}",
        "save": "author",
        "submit": "author",
        "withdraw": "author",
        **dict.fromkeys(PUT_AWAY, f"author {MANAGERS}"),
    },
    "approved": {
        "see": f"viewer author other {REVIEWERS}",
        "propose": f"author other {REVIEWERS}",
    },
    # Ana proposed to publish its words.
    "approved, publication proposed": {
        "see": f"viewer author other {REVIEWERS}",
        "publish": REVIEWERS,
        "decline": f"author {REVIEWERS}",
    },
    "approved and published": {
        "see": f"viewer author other {REVIEWERS}",
        "take from outside": REVIEWERS,
    },
    "withdrawn": {"see": "author"},
    # Written by Sam, a reviewer: every other one decides.
    "own": {
        "see": f"{REVIEWERS}",
        "withdraw": "second",
        "take": "reviewer manager superuser",
        **dict.fromkeys(DECIDE, "reviewer manager superuser"),
        **dict.fromkeys(PUT_AWAY, f"second {MANAGERS}"),
    },
    # Restricted: being a manager is not enough.
    "restricted": {"see": "author", "withdraw": "author", **dict.fromkeys(PUT_AWAY, "author")},
    "restricted, Rita let in": {
        "see": "author reviewer",
        "withdraw": "author",
        "take": "reviewer",
        **dict.fromkeys(DECIDE, "reviewer"),
        **dict.fromkeys(PUT_AWAY, "author"),
    },
    # It cites an item that only Ana may see: nobody approves on what they cannot read.
    "cites what is hidden": {
        "see": f"author {REVIEWERS}",
        "withdraw": "author",
        "take": REVIEWERS,
        "return": REVIEWERS,
        "desk return": REVIEWERS,
        **dict.fromkeys(PUT_AWAY, f"author {MANAGERS}"),
    },
}
# 401: nobody is signed in, and what was typed is kept for them.
# 409: refused by what happened meanwhile, with the words given back.
ANSWERS = (200, 302, 401, 403, 404, 409)
OUTSIDE = {"propose": "propose", "publish": "confirm", "decline": "decline", "take from outside": "withdraw"}
ACTS = ("see", "save", "submit", "withdraw", "take", "give back", *DECIDE, *OUTSIDE, *PUT_AWAY)


@pytest.fixture
def people(team):
    """The team, somebody without a role, and a superuser."""
    return {
        **team,
        "nobody": User.objects.create_user("nemo@example.org", PASSWORD, name="Nemo", is_superuser=True),
        "superuser": User.objects.create_superuser("root@example.org", PASSWORD, name="Root"),
    }


def arrange(state, people, recommendation):
    """Make an update that is in a state."""
    author, rita = people["author"], people["reviewer"]
    if state == "draft":
        return factories.write(author, recommendation)
    if state == "own":
        return factories.submit(people["second"], recommendation)
    if state == "returned":
        return factories.send_back(author, recommendation, reviewer=rita, comment="Why?")
    if state.startswith("approved"):
        extent = Extent.WORDS if state.endswith("published") else Extent.NOTHING
        words = {"public_text": "The words.", "extent": extent}
        update = factories.approve(author, recommendation, reviewer=rita, **words)
        if state.endswith("proposed"):
            publications.propose(update=update, actor=author, extent=Extent.WORDS, now=NOW)
        return update
    if state == "cites what is hidden":
        item = factories.link(author, sensitivity=Sensitivity.RESTRICTED)
        return factories.submit(author, recommendation, cites=[item])
    if state.startswith("restricted"):
        update = factories.submit(author, recommendation, sensitivity=Sensitivity.RESTRICTED)
        if state != "restricted":
            factories.grant(rita, update=update)
        return update
    update = factories.submit(author, recommendation)
    if state == "taken":
        return reviews.take(update=update, reviewer=rita, now=timezone.now())
    if state == "withdrawn":
        return updates.withdraw(update=update, actor=author, now=NOW)
    assert state == "submitted"
    return update


def sheet(update, intent):
    """Return what the form of an update posts."""
    rows = {f"{part}-{count}": 0 for part in ("evidence", "places") for count in COUNTS}
    rows |= {"places-TOTAL_FORMS": 1, "places-0-place": "KCNA", "places-0-looked_on": update.as_of}
    return {
        **rows,
        "key": update.key,
        "as_of": update.as_of,
        "status": "no_action",
        "reason": "Other words.",
        "confidence": "low",
        "movement": "same",
        "sensitivity": update.sensitivity,
        "intent": intent,
    }


COUNTS = ("TOTAL_FORMS", "INITIAL_FORMS")


def knock(client, act, update):
    """Do one act at its door. Returns: the answer."""
    if act == "see":
        return client.get(reverse("update-detail", args=[update.key]))
    if act in ("save", "submit"):
        intent = {"save": "draft"}.get(act, act)
        return client.post(reverse("update-edit", args=[update.key]), sheet(update, intent))
    if act == "move":
        return client.post(reverse("update-move", args=[update.key]))
    if act in PUT_AWAY:
        sent = {"act": act.split()[0], "key": update.key, "confirmed": "yes"}
        return client.post(reverse("open-work", args=[update.recommendation.report.slug]), sent)
    if act == "withdraw":
        return client.post(reverse("update-withdraw", args=[update.key]))
    if act in ("take", "give back"):
        return client.post(reverse("review-take", args=[update.key]), {"act": act.replace(" ", "_")})
    if act in OUTSIDE:
        sent = {"act": OUTSIDE[act], "extent": "words", "reason": "Why not?"}
        return client.post(reverse("update-publication", args=[update.key]), sent)
    version = update.versions.last()
    seen = version.number if version else 1
    decision = Decision.APPROVE if act.endswith("approve") else Decision.RETURN
    if act.startswith("desk"):
        action = "approve" if decision == Decision.APPROVE else "send_back"
        data = {"action": action, "step": "confirmed", "comment": "Why?", "_selected_action": update.pk}
        return client.post(
            reverse("admin:recommendations_statusupdate_changelist"),
            {**data, f"{update.pk}-shown": seen},
        )
    data = {"decision": decision, "seen_version": seen, "comment": "Why?"}
    return client.post(reverse("review", args=[update.key]), data)


def face(update):
    """Return all of an update that an act can change."""
    fresh = StatusUpdate.objects.get(pk=update.pk)
    decided = fresh.reviews.count(), fresh.versions.count()
    outside = (
        PublicationProposal.objects.filter(update=fresh).exists(),
        list(fresh.publications.values_list("extent", flat=True)),
    )
    stands = fresh.state, fresh.recommendation_id, fresh.taken_by_id
    return *stands, fresh.reason, fresh.changed_at, decided, outside


def took_effect(client, act, update):
    """Do one act and undo it. Returns: (whether it took effect, the status of the answer)."""
    before = face(update)
    with transaction.atomic():
        answer = knock(client, act, update)
        effect = answer.status_code == 200 if act == "see" else face(update) != before
        transaction.set_rollback(True)
    return effect, answer.status_code


def browsers(people):
    """Return a browser for each role, signed in once."""
    signed_in = {}
    for role in ROLES:
        signed_in[role] = Client()
        if role != "anonymous":
            signed_in[role].force_login(people[role])
    return signed_in


@pytest.fixture
def successor(people, recommendation):
    """The recommendation of the next report to which a confirmed line leads."""
    later = factories.report(year=2025).recommendations.first()
    ends = {"earlier": recommendation, "later": later, "kind": LineageKind.SAME}
    Lineage.objects.create(confirmed_by=people["reviewer"], confirmed_at=NOW, **ends)
    return later


@pytest.mark.usefixtures("successor")
@pytest.mark.parametrize("state", EFFECTS)
def test_every_role_at_every_door_in_every_state(people, recommendation, state):
    update = arrange(state, people, recommendation)
    surprises = []
    for role, client in browsers(people).items():
        for act in ACTS:
            effect, answer = took_effect(client, act, update)
            meant = role in EFFECTS[state].get(act, "").split()
            if effect != meant or answer not in ANSWERS:
                surprises.append(f"{role}, {act}: {'done' if effect else 'not done'} ({answer})")
    assert surprises == []


def test_the_table_knows_every_state_and_every_role():
    assert set(UpdateState.values) <= set(EFFECTS)
    named = re.findall(r"\w+", " ".join(who for acts_of in EFFECTS.values() for who in acts_of.values()))
    assert set(named) <= set(ROLES)
    assert {act for acts_of in EFFECTS.values() for act in acts_of} == set(ACTS)
