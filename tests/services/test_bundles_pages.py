"""Copies of pages in a bundle: by the right to their item, verified by the record, and explained."""

import gzip
import hashlib
from datetime import timedelta

import pyrage
import pytest
from django.urls import reverse
from pyrage import x25519

from recommendations import vault
from recommendations.choices import EventKind, Sensitivity
from recommendations.models import Event
from recommendations.services import grants
from tests.support import factories, forgeries
from tests.support.bundles import bundle_of, check_is_found, unpacked, verified
from tests.support.capturing import WHOLE, capture, check_warc, link
from tests.support.factories import NOW
from tests.support.forgeries import told
from tests.support.pages import browser_of, words
from tests.support.sites import leads_to, raw

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_the_time_of_the_story")]
LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def kept(site, linked, team, recommendation):
    """An open link with two copies, and a restricted one with one, which Rita sees too; all cited."""
    ana, rita = team["author"], team["reviewer"]
    site.paths |= {"/moved": leads_to("/page"), "/hyesan": raw(WHOLE)}
    secret = link(site, ana, "/hyesan", sensitivity=Sensitivity.RESTRICTED, title="Ms. K.")
    grants.grant(item=secret, person=rita, actor=ana, reason="To review", now=NOW)
    capture(site, linked, ana)
    site.paths["/page"] = raw(b"HTTP/1.1 404 Gone\r\n\r\nIt is gone.")
    capture(site, linked, ana, LATER)
    capture(site, secret, ana)
    factories.approve(ana, recommendation, reviewer=rita, cites=[linked, secret])
    return linked, secret


def test_each_copy_goes_out_as_it_was_kept_and_is_verified(team, recommendation, kept, tmp_path):
    folder = unpacked(bundle_of(team["viewer"], recommendation).data, tmp_path)
    assert verified(folder)[:2] == (0, 0)
    (item,) = told(folder)
    first, second = item["copies"]
    assert (first["file"], first["status"]) == ("pages/0001-1-127.0.0.2-2024-09-02.warc.gz", 200)
    assert (second["number"], second["status"], second["final_address"]) == (2, 404, kept[0].url)
    for copy in (first, second):
        content = (folder / copy["file"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == copy["sha256"] and len(content) == copy["size"]
        assert check_warc(folder / copy["file"]) == (0, "")
        assert f"{copy['sha256']}  {copy['file']}" in (folder / "manifest-sha256.txt").read_text()
    assert WHOLE in gzip.decompress((folder / first["file"]).read_bytes())
    readme = (folder / "README.txt").read_text()
    assert "WARC" in readme and "ReplayWeb.page" in readme and "offline" in readme
    events = Event.objects.filter(kind=EventKind.EXPORTED, evidence=kept[0])
    assert [event.payload["copies"] for event in events] == [[1, 2]]


def test_those_of_restricted_items_go_by_the_right_to_the_item_and_encrypted(
    team, recommendation, kept, tmp_path
):
    key = x25519.Identity.generate()
    for who, wanted in (("reviewer", 2), ("second", 1), ("manager", 1), ("viewer", 1)):
        page = browser_of(team[who]).get(reverse("recommendation-bundle", args=[recommendation.reference]))
        assert f"{wanted + 1} copies of pages" in words(page)
        answer = bundle_of(team[who], recommendation, restricted="on", recipient=str(key.to_public()))
        folder = unpacked(pyrage.decrypt(answer.data, [key]), tmp_path / who)
        assert len(told(folder)) == wanted and verified(folder)[:2] == (0, 0)
        assert len(list((folder / "pages").iterdir())) == wanted + 1
        everything = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
        assert (b"hyesan" in everything or str(kept[1].key).encode() in everything) == (who == "reviewer")
    plain = unpacked(bundle_of(team["reviewer"], recommendation).data, tmp_path / "plain")
    assert len(list((plain / "pages").iterdir())) == 2
    assert str(kept[1].key) not in (plain / "custody.jsonl").read_text()


@pytest.mark.parametrize(
    ("forgery", "fault"),
    [
        (forgeries.forge_page, "is not the page that was stored"),
        (forgeries.forge_page_and_its_line, "The record does not say that"),
    ],
)
def test_a_page_that_was_changed_on_the_way_is_found(team, recommendation, kept, tmp_path, forgery, fault):
    check_is_found(bundle_of(team["viewer"], recommendation), tmp_path, forgery, fault)


def test_a_damaged_copy_stops_the_bundle(team, recommendation, kept):
    vault.remove(kept[0].captures.get(number=2).object_name)
    answer = bundle_of(team["viewer"], recommendation)
    assert "A file is damaged" in words(answer)
    assert not Event.objects.filter(kind=EventKind.EXPORTED).exists()


def test_without_copies_nothing_is_said_of_them(team, recommendation, linked, tmp_path):
    factories.approve(team["author"], recommendation, reviewer=team["reviewer"], cites=[linked])
    folder = unpacked(bundle_of(team["viewer"], recommendation).data, tmp_path)
    (item,) = told(folder)
    assert item["copies"] == [] and not (folder / "pages").exists()
    assert "WARC" not in (folder / "README.txt").read_text() and verified(folder)[:2] == (0, 0)
