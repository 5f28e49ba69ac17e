"""Copies of pages: who asks, what is said first, what comes, and what becomes of it when all goes wrong."""

import io
from datetime import timedelta

import pytest
from celery import current_app
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from kombu.exceptions import OperationalError
from warcio.archiveiterator import ArchiveIterator

from recommendations import jobs, vault
from recommendations.choices import CaptureFinding, CaptureState, EventKind, Sensitivity
from recommendations.errors import Refused
from recommendations.models import Capture, Event, Evidence
from tests.support import factories
from tests.support.capturing import WHOLE, capture, check_warc, fetch_all, link, wish
from tests.support.factories import NOW
from tests.support.pages import browser_of, words
from tests.support.sites import raw

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_the_time_of_the_story")]


@pytest.fixture
def rung(monkeypatch):
    """What workers were told, instead of telling them."""
    told = []
    monkeypatch.setattr(current_app, "send_task", lambda name, **how: told.append(name))
    return told


def bytes_of(row):
    with vault.open_verified(row.object_name, size=row.size, sha256=row.sha256) as stream:
        return stream.read()


def test_off_there_is_no_page_no_post_no_command_and_no_job(site, team, rung):
    linked = link(site, team["author"])
    page, ana = reverse("evidence-capture", args=[linked.key]), browser_of(team["author"])
    assert ana.get(page).status_code == ana.post(page, {"restricted": "no"}).status_code == 404
    assert "Copy this page" not in words(ana.get(linked.get_absolute_url()))
    with pytest.raises(Refused):
        wish(linked, team["author"])
    # What was asked for while it was on is not fetched either, and says so.
    Capture.objects.create(
        evidence=linked, number=1, asked_by=team["author"], asked_at=NOW, was_restricted=False
    )
    assert jobs.capture_links(NOW) == fetch_all(site) == site.connections == 0 and rung == []
    assert "turned off since" in words(ana.get(linked.get_absolute_url()))
    with pytest.raises(CommandError, match="LINK_CAPTURE=yes"):
        call_command("capture_links")


def test_what_the_site_will_learn_is_said_before_anything_leaves(site, linked, team, rung):
    ana = browser_of(team["author"])
    assert "Copy this page" in words(ana.get(linked.get_absolute_url()))
    page = ana.get(reverse("evidence-capture", args=[linked.key]))
    said = words(page)
    assert "will see that somebody at the address of this server requested this page now" in said
    assert "Wayback Machine tells the site nothing" in said and "restricted" not in said
    done = ana.post(reverse("evidence-capture", args=[linked.key]), {"restricted": "no"}, follow=True)
    assert "A copy was requested. It is fetched within a minute" in words(done)
    assert site.connections == 0 and rung == ["recommendations.tasks.capture_links"]
    assert "Copy this page" not in words(done)
    assert fetch_all(site) == 1 and site.connections == 1
    said = words(ana.get(linked.get_absolute_url()))
    row = Capture.objects.get()
    assert "Copy of 2 Sep 2024" in said and "requested by Ana. The page was there (200)." in said
    assert row.sha256 in said and "ReplayWeb.page opens it" in said and "Copy this page" in said


def test_a_broker_that_is_down_loses_no_wish(site, linked, team, monkeypatch):
    def down(*_asked, **_how):
        raise OperationalError("no broker")

    monkeypatch.setattr(current_app, "send_task", down)
    page = reverse("evidence-capture", args=[linked.key])
    assert browser_of(team["author"]).post(page, {"restricted": "no"}).url == linked.get_absolute_url()
    assert fetch_all(site) == 1 and Capture.objects.get().state == CaptureState.KEPT


def test_what_came_is_kept_as_it_came_and_goes_out_as_an_attachment_only(site, linked, team, tmp_path):
    row = capture(site, linked, team["author"])
    path = tmp_path / "page.warc.gz"
    path.write_bytes(bytes_of(row))
    assert check_warc(path) == (0, "") and (row.status, row.final_url) == (200, linked.url)
    with open(path, "rb") as stream:
        blocks = [one.content_stream().read() for one in ArchiveIterator(stream, no_record_parse=True)]
    assert blocks[1] == WHOLE
    answered = browser_of(team["viewer"]).get(reverse("capture-download", args=[linked.key, row.number]))
    assert b"".join(answered.streaming_content) == path.read_bytes()
    assert answered["Content-Disposition"] == 'attachment; filename="127.0.0.2-2024-09-02.warc.gz"'
    assert answered["Content-Type"] == "application/octet-stream"
    assert (
        answered["Content-Security-Policy"].startswith("sandbox") and "nosniff" in answered.headers.values()
    )
    page = browser_of(team["viewer"]).get(linked.get_absolute_url()).content
    assert b"alert(1)" not in page and b"decree" not in page.replace(b"A decree", b"")
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            assert "alert(1)" not in str(cursor.fetchall()), table


def test_the_record_tells_who_asked_what_came_and_what_did_not(site, linked, team):
    row = capture(site, linked, team["author"])
    site.paths["/page"] = raw(b"nonsense")
    capture(site, linked, team["reviewer"], NOW + timedelta(minutes=1))
    told = list(Event.objects.filter(evidence=linked).order_by("seq").values_list("kind", "actor", "payload"))
    assert told == [
        (EventKind.CAPTURE_ASKED, team["author"].pk, {"number": 1}),
        (EventKind.CAPTURED, None, {"number": 1, "status": 200, "sha256": row.sha256, "size": row.size}),
        (EventKind.CAPTURE_ASKED, team["reviewer"].pk, {"number": 2}),
        (EventKind.CAPTURE_FAILED, None, {"number": 2, "finding": "no_answer"}),
    ]
    said = words(browser_of(team["viewer"]).get(reverse("evidence-custody", args=[linked.key])))
    assert "Copy of the page made" in said and "The page answered 200" in said
    assert (
        "did not send the whole page within 10 seconds" in said
        and "The record is complete and unchanged." in said
    )
    said = words(browser_of(team["viewer"]).get(linked.get_absolute_url()))
    assert "The last copy could not be made." in said and "ask again later" in said
    assert "Copy of 2 Sep 2024" in said, "the earlier one stays"


def test_a_copy_of_an_error_says_so_and_the_newest_three_come_first(site, linked, team):
    viewer = browser_of(team["viewer"])
    site.paths["/page"] = raw(b"HTTP/1.1 410 Gone\r\n\r\nNo more.")
    for minute in range(3):
        capture(site, linked, team["author"], NOW + timedelta(minutes=minute))
    said = words(viewer.get(linked.get_absolute_url()))
    assert said.count("The page was gone (410)") == said.count("the copy shows that error") == 3
    assert "earlier" not in said
    site.paths["/page"] = raw(b"HTTP/1.1 503 Busy\r\n\r\nLater.")
    capture(site, linked, team["author"], NOW + timedelta(minutes=3))
    said = words(viewer.get(linked.get_absolute_url()))
    assert said.index("The site answered with an error (503)") < said.index("1 earlier copy")


def test_viewers_cannot_ask_and_a_link_one_may_not_see_is_not_found(site, team, captures_on, rung):
    secret = link(site, team["author"], sensitivity=Sensitivity.RESTRICTED)
    page = reverse("evidence-capture", args=[secret.key])
    assert browser_of(team["viewer"]).post(page).status_code == 403
    for stranger in ("reviewer", "other"):
        browser = browser_of(team[stranger])
        assert browser.get(page).status_code == browser.post(page, {"restricted": "yes"}).status_code == 404
        with pytest.raises(Refused):
            wish(secret, team[stranger])
    assert not Capture.objects.exists() and rung == []


def test_a_restricted_link_warns_once_more_and_its_copy_is_as_restricted(site, linked, team, rung):
    Evidence.objects.filter(pk=linked.pk).update(sensitivity=Sensitivity.RESTRICTED)
    page, ana = reverse("evidence-capture", args=[linked.key]), browser_of(team["author"])
    assert "who could be identified through this visit" in words(ana.get(page))
    # Asked on a page that did not say so: nothing is asked.
    refused = ana.post(page, {"restricted": "no"}, follow=True)
    assert "Access to this item has changed" in words(refused) and not Capture.objects.exists()
    ana.post(page, {"restricted": "yes"})
    assert fetch_all(site) == 1
    door = reverse("capture-download", args=[linked.key, 1])
    assert browser_of(team["reviewer"]).get(door).status_code == 404
    assert not Capture.objects.visible_to(team["reviewer"]).exists()
    assert b"".join(ana.get(door).streaming_content)
    assert Event.objects.get(kind=EventKind.DOWNLOADED).payload == {"capture": 1}


def test_what_was_restricted_meanwhile_is_not_fetched(site, linked, team):
    wish(linked, team["author"])
    Evidence.objects.filter(pk=linked.pk).update(sensitivity=Sensitivity.RESTRICTED)
    assert fetch_all(site) == 1 and site.connections == 0
    assert Capture.objects.get().finding == CaptureFinding.CHANGED


def test_who_may_see_it_no_more_has_nothing_fetched(site, team, captures_on):
    secret = link(site, team["author"], sensitivity=Sensitivity.RESTRICTED)
    given = factories.grant(team["other"], evidence=secret)
    wish(secret, team["other"])
    given.delete()
    assert fetch_all(site) == 1 and site.connections == 0
    assert Capture.objects.get().finding == CaptureFinding.CHANGED


def test_one_at_a_time_and_twenty_an_hour(site, linked, team):
    wish(linked, team["author"])
    with pytest.raises(Refused, match="already requested"):
        wish(linked, team["reviewer"])
    with pytest.raises(IntegrityError), transaction.atomic():
        Capture.objects.create(
            evidence=linked, number=9, asked_by=team["author"], asked_at=NOW, was_restricted=False
        )
    for number in range(19):
        wish(link(site, team["author"], f"/{number}"), team["author"])
    one_more = link(site, team["author"], "/one-more")
    with pytest.raises(Refused, match="20 copies in the last hour"):
        wish(one_more, team["author"])
    wish(one_more, team["author"], NOW + timedelta(hours=1))


def test_the_database_refuses_to_change_a_copy(site, linked, team):
    row = capture(site, linked, team["author"])
    for changed in ({"sha256": "0" * 64}, {"status": 404}, {"received_at": NOW - timedelta(days=9)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Capture.objects.filter(pk=row.pk).update(**changed)
    assert io.BytesIO(bytes_of(row)).getvalue()
