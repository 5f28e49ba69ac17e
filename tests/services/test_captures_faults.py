"""Copies of pages when things go wrong: sites that fail, disks, workers that are killed, items that go."""

from datetime import timedelta

import pytest
from django.core.management import call_command

from recommendations import jobs, vault
from recommendations.choices import CaptureFinding, CaptureState
from recommendations.models import Capture, Evidence
from recommendations.services.evidence import captures
from recommendations.web import client
from tests.support.capturing import fetch_all, wish
from tests.support.factories import NOW
from tests.support.pages import browser_of, words
from tests.support.processes import WAIT
from tests.support.sites import answer, drip, raw

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_the_time_of_the_story")]


NOT_KEPT = {
    "broken off": (raw(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nabc"), "no_answer"),
    "no web page": (raw(b"220 mail.example.org ESMTP\r\n"), "no_answer"),
    "dripping": (drip, "no_answer"),
    "too large": (lambda handler: answer(handler, body=b"x" * (21 * 1024 * 1024)), "too_large"),
}


@pytest.mark.parametrize("name", NOT_KEPT)
def test_what_does_not_come_whole_leaves_nothing_but_the_reason(site, linked, team, name):
    site.paths["/page"], finding = NOT_KEPT[name]
    wish(linked, team["author"])
    # Only what drips needs an end; the others say by themselves that they are not whole.
    assert fetch_all(site, seconds=0.5 if name == "dripping" else WAIT) == 1
    row = Capture.objects.get()
    assert (row.state, row.finding, row.object_name) == (CaptureState.FAILED, finding, "")
    assert list(vault.object_names()) == [] and spooled() == []


def spooled():
    return list(vault.spool.folder("spool").iterdir())


def test_our_own_network_is_not_asked_and_the_page_says_what_to_do(team, captures_on, ours):
    linked = Evidence.objects.create(
        form="link", url=f"http://localhost:{ours.server_port}/", title="O", uploaded_by=team["author"],
        uploaded_at=NOW,
    )  # fmt: skip
    wish(linked, team["author"])
    assert jobs.capture_links(NOW) == 1 and ours.connections == 0
    assert Capture.objects.get().finding == CaptureFinding.REFUSED
    assert "not on the public web" in words(browser_of(team["author"]).get(linked.get_absolute_url()))


def test_without_room_or_key_nothing_is_asked(site, linked, team, monkeypatch, settings):
    wish(linked, team["author"])
    monkeypatch.setattr(vault, "has_room_for", lambda _size: False)
    assert fetch_all(site) == 1 and site.connections == 0
    monkeypatch.undo()
    wish(linked, team["author"], NOW + timedelta(minutes=1))
    settings.EVIDENCE_KEY_FILE.unlink()
    assert fetch_all(site, NOW + timedelta(minutes=1)) == 1 and site.connections == 0
    assert {row.finding for row in Capture.objects.all()} == {CaptureFinding.STORAGE}


def test_a_doubled_message_asks_the_site_once(site, linked, team):
    wish(linked, team["author"])
    outcomes = []

    def twice(url, recording):
        outcomes.append(fetch_all(site))
        return client.fetch(url, recording=recording, **local(site))

    outcomes.append(captures.capture_due(now=NOW, fetch=twice))
    assert outcomes == [0, 1] and site.connections == 1 and Capture.objects.count() == 1


def local(site):
    return {"ports": {"http": site.server_port}, "allowed": lambda _address: True, "seconds": 2}


class Killed(BaseException):
    """As good as a kill: nothing of the job goes on."""


def test_a_killed_worker_is_followed_by_another_and_three_are_enough(site, linked, team):
    row, now = wish(linked, team["author"]), NOW

    def die(_url, recording):
        recording.begin("x")
        raise Killed

    for _kill in range(3):
        with pytest.raises(Killed):
            captures.capture_due(now=now, fetch=die)
        assert fetch_all(site, now + timedelta(minutes=4)) == 0, "its lease runs"
        now += timedelta(minutes=6)
    assert fetch_all(site, now) == 1 and site.connections == 0
    row.refresh_from_db()
    assert row.finding == CaptureFinding.CRASHED and list(vault.object_names()) == [] == spooled()


def test_a_worker_that_was_given_up_puts_nothing_on_record(site, linked, team):
    wish(linked, team["author"])

    def slow(url, recording):
        assert fetch_all(site, NOW + timedelta(minutes=6)) == 1
        return client.fetch(url, recording=recording, **local(site))

    assert captures.capture_due(now=NOW, fetch=slow) == 0
    row = Capture.objects.get()
    assert row.state == CaptureState.KEPT and list(vault.object_names()) == [row.object_name]


def test_an_item_removed_meanwhile_keeps_nothing(site, linked, team):
    wish(linked, team["author"])

    def removed(url, recording):
        Capture.objects.all().delete()
        return client.fetch(url, recording=recording, **local(site))

    assert captures.capture_due(now=NOW, fetch=removed) == 0
    assert list(vault.object_names()) == [] == spooled() and not Capture.objects.exists()


def test_yesterdays_wish_is_not_fetched_by_surprise(site, linked, team, capsys):
    wish(linked, team["author"])
    call_command("capture_links", "--now", "2024-09-04T08:00", "--dry-run")
    assert "Copies of pages that are due: 1." in capsys.readouterr().out
    call_command("capture_links", "--now", "2024-09-04T08:00")
    assert "finished, kept or not: 1." in capsys.readouterr().out
    assert Capture.objects.get().finding == CaptureFinding.LAPSED and site.connections == 0
