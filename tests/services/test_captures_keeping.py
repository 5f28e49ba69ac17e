"""Copies of pages are kept as evidence is: verified, encrypted anew, swept around, removed with it."""

import io
import os
import time
from contextlib import contextmanager

import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from recommendations import vault
from recommendations.audit import log
from recommendations.choices import CaptureFinding, CaptureState, EventKind, Sensitivity
from recommendations.models import Capture, Damage, Event
from recommendations.services import grants
from recommendations.services.evidence import captures, retention, uploads, verification
from recommendations.services.integrity import CHECKS
from recommendations.vault import keys
from tests.support.capturing import WHOLE, capture, fetch_all, link, wish
from tests.support.factories import NOW
from tests.support.pages import browser_of, words
from tests.support.sites import raw
from tests.support.vaulting import flip, path_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_the_time_of_the_story")]
SECRET = "hyesan"
WHY = {"reason": "Consent was withdrawn.", "basis": "GDPR 17"}


@pytest.fixture
def secret(site, team, captures_on):
    """A restricted link of Ana's that Rita may see too."""
    site.paths[f"/{SECRET}"] = raw(WHOLE)
    item = link(site, team["author"], f"/{SECRET}", sensitivity=Sensitivity.RESTRICTED)
    grants.grant(item=item, person=team["reviewer"], actor=team["author"], reason="To review", now=NOW)
    return item


def remove(item, team):
    """Have Ana propose the removal of an item, and Rita approve it."""
    retention.approve(
        item=retention.propose(item=item, actor=team["author"], now=NOW, on=NOW.date(), **WHY),
        actor=team["reviewer"],
        now=NOW,
    )


def test_with_its_item_it_is_removed_and_no_word_or_byte_is_left(
    site, team, secret, django_capture_on_commit_callbacks
):
    row = capture(site, secret, team["author"])
    assert row.object_name and SECRET in row.final_url
    with django_capture_on_commit_callbacks(execute=True):
        remove(secret, team)
    assert list(vault.object_names()) == [] and not Capture.objects.exists()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            found = str(cursor.fetchall())
            assert SECRET not in found and row.sha256 not in found, table
    assert list(log.breaches()) == list(log.unexplained_redactions()) == []
    assert [one for name, check in CHECKS.items() if "stand in" not in name for one in check()] == []
    ana = browser_of(team["author"])
    assert ana.get(reverse("capture-download", args=[secret.key, 1])).status_code == 404
    assert ana.get(reverse("evidence-capture", args=[secret.key])).status_code == 404
    assert "Copies of this page" not in words(ana.get(secret.get_absolute_url()))


def test_removed_while_its_page_is_fetched_nothing_is_kept(
    site, team, secret, django_capture_on_commit_callbacks
):
    wish(secret, team["author"])

    def fetch_and_remove(url, recording):
        answer = captures.client.fetch(
            url, recording=recording, ports={"http": site.server_port}, allowed=lambda _address: True
        )
        with django_capture_on_commit_callbacks(execute=True):
            remove(secret, team)
        return answer

    assert captures.capture_due(now=NOW, fetch=fetch_and_remove) == 0
    assert list(vault.object_names()) == [] and not Capture.objects.exists()
    assert not Event.objects.filter(kind=EventKind.CAPTURED).exists()


def test_a_role_taken_away_meanwhile_has_nothing_fetched(site, linked, team):
    wish(linked, team["author"])
    team["author"].groups.set(team["viewer"].groups.all())
    assert fetch_all(site) == 1 and site.connections == 0
    assert Capture.objects.get().finding == CaptureFinding.CHANGED


def test_a_person_who_left_has_nothing_fetched(site, linked, team):
    wish(linked, team["author"])
    team["author"].is_active = False
    team["author"].save()
    assert fetch_all(site) == 1 and site.connections == 0
    assert Capture.objects.get().finding == CaptureFinding.CHANGED


def test_a_damaged_copy_is_found_and_named_by_its_item_and_not_sent(site, linked, team):
    row = capture(site, linked, team["author"])
    assert verification.verify(now=NOW).problems == []
    flip(row.object_name)
    (problem,) = verification.verify(now=NOW).problems
    assert f"{linked.key}, copy of a page" in problem and Damage.objects.get().evidence == linked
    answered = browser_of(team["viewer"]).get(reverse("capture-download", args=[linked.key, 1]))
    assert answered.status_code == 500 and not answered.streaming
    assert not Event.objects.filter(kind=EventKind.DOWNLOADED).exists()


def test_a_new_server_key_encrypts_it_anew(site, linked, team):
    row, old = capture(site, linked, team["author"]), keys.identities()[0]
    before = path_of(row.object_name).read_bytes()
    call_command("evidence_keys", "rekey", "--new-server-key")
    assert str(keys.identities()[0]) != str(old) and path_of(row.object_name).read_bytes() != before
    with vault.open_verified(row.object_name, size=row.size, sha256=row.sha256) as stream:
        assert stream.read(2) == b"\x1f\x8b"


def test_the_sweep_takes_what_a_crash_left_and_no_copy_that_is_on_record(site, linked, team):
    row = capture(site, linked, team["author"])
    orphan = vault.publish(vault.receive(io.BytesIO(WHOLE)))
    for name in (row.object_name, orphan):
        os.utime(path_of(name), (time.time() - 2 * 86400,) * 2)
    assert uploads.sweep(now=NOW) == [orphan] and list(vault.object_names()) == [row.object_name]


def test_a_database_that_goes_away_in_the_end_loses_no_copy_that_it_has(site, linked, team, monkeypatch):
    """The answer to a COMMIT can be lost: the row is there, so the bytes must be."""
    wish(linked, team["author"])
    real = captures.transaction.atomic

    @contextmanager
    def answer_lost():
        with real():
            yield
        raise ConnectionError("the server closed the connection")

    def fetch_then_lose(url, recording):
        answer = captures.client.fetch(
            url, recording=recording, ports={"http": site.server_port}, allowed=lambda _address: True
        )
        monkeypatch.setattr(captures.transaction, "atomic", answer_lost)
        return answer

    with pytest.raises(ConnectionError):
        captures.capture_due(now=NOW, fetch=fetch_then_lose)
    monkeypatch.undo()
    row = Capture.objects.get()
    assert row.state == CaptureState.KEPT and verification.verify(now=NOW).problems == []
