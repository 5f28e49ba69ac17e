"""The virus scanner, asked over a real socket in its own protocol: each outcome is told."""

import socketserver
import struct
import threading
from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured

from recommendations import jobs
from recommendations.choices import ExaminationState, Finding, Purpose
from recommendations.models import Derived, Examination
from tests.support import corpus, pictures
from tests.support.factories import NOW, item_of
from tests.support.pages import browser_of, text_of
from tracker import environment

# Harmless, and by agreement a virus to every scanner; cut in two, so that this file is none.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Clamd(socketserver.StreamRequestHandler):
    """Answers INSTREAM as clamd does."""

    def handle(self):
        assert self.rfile.readline() == b"nINSTREAM\n"
        received = b""
        while length := struct.unpack("!L", self.rfile.read(4))[0]:
            received += self.rfile.read(length)
        self.wfile.write(b"stream: Eicar-Test-Signature FOUND\n" if EICAR in received else b"stream: OK\n")


@pytest.fixture
def clamd(settings, tmp_path):
    """A scanner that listens at a path."""
    path = str(tmp_path / "clamd.ctl")
    with socketserver.ThreadingUnixStreamServer(path, Clamd) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.CLAMD = {"path": path}
        yield server
        server.shutdown()


def scanned(item, now=NOW):
    jobs.examine_evidence(now, seconds=None)
    return Examination.objects.get(evidence=item, purpose=Purpose.VIRUS)


def page_of(item, person):
    return text_of(browser_of(person).get(item.get_absolute_url()))


def test_without_a_scanner_no_file_is_called_clean(team):
    item = item_of(team["author"], name="photo.jpg", content=pictures.jpeg())
    jobs.examine_evidence(NOW, seconds=None)
    assert "Not scanned for viruses: no scanner is set up." in page_of(item, team["viewer"])
    assert not Examination.objects.filter(purpose=Purpose.VIRUS).exists()


def test_a_clean_file_is_told_with_the_day_and_scanned_again_after_90_days(team, clamd):
    item = item_of(team["author"], content=corpus.pdf("words"))
    assert "Not scanned for viruses yet" in page_of(item, team["viewer"])
    row = scanned(item)
    assert (row.state, row.finding, row.due_at) == (ExaminationState.DONE, "", NOW + timedelta(days=90))
    assert "The virus scanner found nothing in it. 2 Sep 2024" in page_of(item, team["viewer"])
    assert jobs.examine_evidence(NOW + timedelta(days=89), seconds=None) == 0
    assert jobs.examine_evidence(NOW + timedelta(days=90), seconds=None) == 1


def test_what_is_infected_is_told_not_looked_into_and_only_for_reviewers(team, clamd):
    item = item_of(team["author"], content=corpus.pdf("words") + b"%" + EICAR)
    assert scanned(item).finding == Finding.INFECTED
    page = page_of(item, team["viewer"])
    assert "found malware in it: Eicar-Test-Signature." in page and "A preview is being made" not in page
    assert not Derived.objects.exists()
    door = f"/evidence/{item.key}/download/"
    codes = {who: browser_of(team[who]).get(door).status_code for who in ("viewer", "author", "reviewer")}
    assert codes == {"viewer": 404, "author": 200, "reviewer": 200}


def test_a_scanner_that_is_away_is_told_and_asked_again(team, settings, tmp_path):
    settings.CLAMD = {"path": str(tmp_path / "nobody.ctl")}
    item = item_of(team["author"], content=corpus.pdf("words"))
    row = scanned(item)
    assert (row.state, row.finding) == (ExaminationState.FAILED, Finding.UNREACHABLE)
    assert "Not scanned for viruses: the virus scanner cannot be reached." in page_of(item, team["viewer"])
    assert Examination.objects.get(evidence=item, purpose=Purpose.PICTURES).state == ExaminationState.DONE
    assert scanned(item, NOW + timedelta(hours=1)).attempts == 1
    assert Examination.objects.get(pk=row.pk).ended_at == NOW + timedelta(hours=1)


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        ("", {}),
        ("unix:///run/clamd.ctl", {"path": "/run/clamd.ctl"}),
        ("tcp://scanner:3311", {"host": "scanner", "port": 3311}),
        ("tcp://scanner", {"host": "scanner", "port": 3310}),
    ],
)
def test_the_address_of_the_scanner(monkeypatch, value, meant):
    monkeypatch.setenv("CLAMD_URL", value)
    assert environment.clamd("CLAMD_URL") == meant


@pytest.mark.parametrize("value", ["yes", "/run/clamd.ctl", "tcp://", "tcp://scanner:many", "http://scanner"])
def test_a_wrong_address_of_the_scanner_is_named(monkeypatch, value):
    monkeypatch.setenv("CLAMD_URL", value)
    with pytest.raises(ImproperlyConfigured, match="CLAMD_URL must be an address such as"):
        environment.clamd("CLAMD_URL")
