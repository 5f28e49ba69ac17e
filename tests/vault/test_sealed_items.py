"""Sealed items afterwards: who finds them, what is told of them, and that they stay sealed."""

import csv
import io
import json

import pyrage
import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client, TestCase
from django.urls import reverse
from pyrage import x25519

from recommendations import vault
from recommendations.audit import triggers
from recommendations.choices import EventKind, Sensitivity
from recommendations.errors import Refused
from recommendations.models import Event, Evidence, Passage
from recommendations.services import grants, integrity
from recommendations.services.evidence import details, examinations, retention
from recommendations.vault import officers
from tests.support import factories
from tests.support.bundles import bundle_of, unpacked, verified
from tests.support.doors import ROLES
from tests.support.factories import NOW, item_of
from tests.support.items import details as plain_details
from tests.support.knocking import cookies_of, table, value
from tests.support.pages import browser_of, words
from tests.support.sealed import (
    CANARY,
    CONTENT,
    TITLE,
    name_officers,
    opened,
    sealed_details,
    sealed_item,
    statement,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_the_time_of_the_story")]


def test_what_is_sealed_is_served_after_the_level_is_switched_off(ana, kims, team, settings):
    item = sealed_item(team["author"], CONTENT)
    settings.SEALED_LEVEL = False
    officers.write_officers([])
    assert "Only officers can open this file" in words(ana.get(item.get_absolute_url()))
    response = ana.get(reverse("evidence-download", args=[item.key]))
    assert opened(b"".join(response.streaming_content), kims[0])[1].popitem()[1] == CONTENT


def test_its_page_says_to_whom_it_is_sealed_and_how_it_is_opened(ana, kims, team):
    item = sealed_item(team["author"], CONTENT)
    page = words(ana.get(item.get_absolute_url()))
    for said in ("Kim Ha-neul", "Lee Seo-jun", item.sealed_to[0]["key"], "sha256sum -c"):
        assert said in page
    assert f"age -d -i officer-key.txt {item.original_name} | tar x" in page
    assert "Preview" not in page and "scanned" not in page.replace("It was not scanned", "")


def test_nobody_looks_into_it(kims, team, settings):
    item = sealed_item(team["author"], CONTENT)
    for purpose in examinations.TYPES:
        assert item not in examinations.waiting(purpose=purpose, now=NOW)
    settings.CLAMD = ("127.0.0.1", 3310)
    assert item not in examinations.waiting(purpose="virus", now=NOW)
    open_one = item_of(team["author"])
    assert open_one in examinations.waiting(purpose="virus", now=NOW), "it would be there to be found"


def test_who_is_let_in_downloads_it_and_that_is_recorded(kims, team):
    item = sealed_item(team["author"], CONTENT)
    rita = browser_of(team["reviewer"])
    assert TITLE not in words(rita.get(reverse("evidence-list")))
    grants.grant(item=item, person=team["reviewer"], actor=team["author"], reason="reviews it", now=NOW)
    assert TITLE in words(rita.get(reverse("evidence-list")))
    assert rita.get(reverse("evidence-download", args=[item.key])).status_code == 200
    assert Event.objects.filter(kind=EventKind.DOWNLOADED, actor=team["reviewer"], evidence=item).count() == 1


def test_at_every_door_of_a_restricted_item_it_is_as_hidden(world, settings):
    settings.SEALED_LEVEL = True
    name_officers("Kim", "Lee")
    item, tried = sealed_item(world.author, CONTENT), 0
    for role in ROLES:
        cookies = cookies_of(world, role)
        for name, arguments, method, status in table(role):
            if not (arguments and arguments[0] in ("restricted_file.key", "restricted_evidence.key")):
                continue
            # Omar was let in on the world's restricted item, and on none other.
            status = 404 if role == "contributor" and status in (200, 302) else status
            browser = Client()
            browser.cookies = cookies
            url = reverse(name, args=[item.key, *(value(world, one) for one in arguments[1:])])
            answer = getattr(browser, method)(url)
            assert answer.status_code == status, (name, method, role)
            assert TITLE not in answer.content.decode()
            tried += 1
    assert tried > 80


def test_what_is_sealed_is_removed_as_anything_else(kims, team):
    item = sealed_item(team["author"], CONTENT)
    said = {"reason": "Consent was withdrawn.", "basis": "GDPR 17", "on": NOW.date(), "now": NOW}
    grants.grant(item=item, person=team["reviewer"], actor=team["author"], reason="decides", now=NOW)
    proposed = retention.propose(item=item, actor=team["author"], **said)
    with TestCase.captureOnCommitCallbacks(execute=True):
        retention.approve(item=proposed, actor=team["reviewer"], now=NOW)
    item.refresh_from_db()
    assert item.is_removed and item.is_sealed and not list(vault.object_names())
    assert "Removed on" in words(browser_of(team["author"]).get(item.get_absolute_url()))


def test_check_data_names_what_is_not_sealed_as_it_says(kims, team):
    item = sealed_item(team["author"], CONTENT)
    assert list(integrity.sealed()) == []
    incoming = vault.receive(statement())
    triggers.remove()
    Evidence.objects.filter(pk=item.pk).update(
        sealed_to=[], size=incoming.size, sha256=incoming.sha256, object_name=vault.publish(incoming)
    )
    Passage.objects.create(evidence=item, page=1, part=1, text="x", tokens="x")
    said = " ".join(integrity.sealed())
    assert (
        "no officer is recorded" in said
        and "this server can open it" in said
        and "something was made" in said
    )
    triggers.install()


def test_the_list_finds_the_sealed_ones(ana, kims, team, settings):
    item_of(team["author"], title="Restricted alone", sensitivity=Sensitivity.RESTRICTED)
    sealed_item(team["author"], CONTENT)
    page = words(ana.get("/evidence/?sensitivity=sealed"))
    assert "1 item ·" in page and TITLE in page and "Restricted alone" not in page
    assert "2 items ·" in words(ana.get("/evidence/?sensitivity=restricted"))
    settings.SEALED_LEVEL = False
    assert "is not one of the choices" in words(ana.get("/evidence/?sensitivity=sealed"))


def test_its_level_is_never_lowered(ana, kims, team):
    item = sealed_item(team["author"], CONTENT)
    url = reverse("evidence-change", args=[item.key])
    page = words(ana.post(url, plain_details(sensitivity="internal")))
    assert "It was sealed on arrival and stays sealed" in page
    with pytest.raises(Refused, match="stays sealed"):
        details.change(item=item, actor=team["author"], details={"sensitivity": "public"}, now=NOW)
    for changed in (
        {"sensitivity": "internal"},
        {"is_sealed": False},
        {"is_sealed": False, "content_mark": "", "sensitivity": "public"},
        {"sealed_to": []},
        {"content_mark": "0" * 64},
    ):
        with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
            Evidence.objects.filter(pk=item.pk).update(**changed)
    # What is said about it can be put right all the same.
    ana.post(url, sealed_details(title="A better title"))
    item.refresh_from_db()
    assert (item.title, item.sensitivity, item.is_sealed) == ("A better title", "restricted", True)


def test_an_open_item_is_not_made_sealed_by_the_back_door(ana, kims, team):
    item = item_of(team["author"])
    page = ana.post(reverse("evidence-change", args=[item.key]), sealed_details())
    assert page.status_code == 200
    with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
        Evidence.objects.filter(pk=item.pk).update(
            is_sealed=True, sensitivity="restricted", content_mark="1" * 64
        )


def test_managers_are_told_when_nothing_can_be_sealed(team, settings, kims):
    mina = browser_of(team["manager"])
    assert "Nothing can be sealed" not in words(mina.get("/desk/"))
    name_officers("Kim")
    assert "Nothing can be sealed" in words(mina.get("/desk/"))
    settings.SEALED_LEVEL = False
    assert "Nothing can be sealed" not in words(mina.get("/desk/"))


def test_a_bundle_leaves_it_out_and_says_so(team, kims, recommendation, tmp_path):
    author, reviewer = team["author"], team["reviewer"]
    items = [item_of(author, title="Statute"), sealed_item(author, CONTENT, title="Hush")]
    grants.grant(item=items[1], person=reviewer, actor=author, reason="reviews it", now=NOW)
    factories.approve(author, recommendation, reviewer=reviewer, cites=items)
    page = reverse("recommendation-bundle", args=[recommendation.reference])
    assert "1 sealed item that you can see is not included" in words(browser_of(reviewer).get(page))
    partner = x25519.Identity.generate()
    said = {"restricted": "on", "recipient": str(partner.to_public())}
    answer = bundle_of(reviewer, recommendation, **said)
    folder = unpacked(pyrage.decrypt(answer.data, [partner]), tmp_path)
    assert verified(folder)[:2] == (0, 0)
    assert "1 sealed item is not included" in (folder / "README.txt").read_text()
    rows = [json.loads(line) for line in (folder / "evidence.jsonl").read_text().splitlines()]
    assert [row.get("title") for row in rows] == ["Statute", None]
    assert rows[1]["sealed_items_left_out"] == 1 and rows[1]["file_is"] == "left out"
    everything = "".join(path.read_text(errors="replace") for path in folder.rglob("*") if path.is_file())
    assert not [word for word in ("Hush", CANARY, str(items[1].key), items[1].sha256) if word in everything]
    assert not Event.objects.filter(kind=EventKind.EXPORTED, evidence=items[1]).exists()
    # Who hands over nothing restricted, or sees no sealed item, says nothing of it.
    for who in ("reviewer", "viewer"):
        folder = unpacked(bundle_of(team[who], recommendation).data, tmp_path / who)
        assert "sealed" not in (folder / "README.txt").read_text()
    assert "sealed" not in words(browser_of(team["viewer"]).get(page))


def test_a_bundle_of_nothing_else_is_refused(team, kims, recommendation):
    author, reviewer = team["author"], team["reviewer"]
    item = sealed_item(author, CONTENT)
    grants.grant(item=item, person=reviewer, actor=author, reason="reviews it", now=NOW)
    factories.approve(author, recommendation, reviewer=reviewer, cites=[item])
    page = reverse("recommendation-bundle", args=[recommendation.reference])
    assert "All evidence that you can see here is sealed" in words(browser_of(reviewer).get(page))
    said = {"restricted": "on", "recipient": str(x25519.Identity.generate().to_public())}
    assert "sealed items are never exported" in words(bundle_of(reviewer, recommendation, **said))


def test_a_list_that_is_taken_out_says_that_an_item_is_sealed(ana, kims, team):
    sealed_item(team["author"], CONTENT)
    item_of(team["author"], sensitivity=Sensitivity.RESTRICTED, title="A letter")
    asked = {"made_as": "csv", "level": "restricted", "columns": ["title", "sensitivity"]}
    answer = ana.post(reverse("export", args=["evidence"]), asked)
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert sorted(rows[-2:]) == [["A letter", "Restricted"], [TITLE, "Sealed"]]
