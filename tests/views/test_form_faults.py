"""What the machine can do to a form: a full disk, a locked database, two clicks at once, a stranger."""

import os
import threading
import uuid

import pytest
from django.db import InterfaceError, OperationalError, connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from recommendations import vault
from recommendations.middleware import interrupted
from recommendations.models import Event, Evidence, PlaceLooked, StagedUpload, StatusUpdate
from recommendations.vault import spool, storage
from tests.support import factories, forms
from tests.support.locks import Holder

FORM = forms.update_form


def files_in(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.fixture
def full_disk(monkeypatch):
    """Write to /dev/full wherever the vault opens a file to write: the kernel answers "no space"."""
    real = os.open

    def open_full(path, flags, *mode):
        if not flags & os.O_CREAT:
            return real(path, flags, *mode)
        os.close(real(path, flags, *mode))
        return real("/dev/full", os.O_WRONLY)

    monkeypatch.setattr(spool.os, "open", open_full)


@pytest.mark.parametrize("size", [100, 500_000])
def test_a_disk_that_fills_up_while_uploading(ana, recommendation, settings, full_disk, size):
    row = forms.file_row(forms.upload("a.pdf", forms.PDF + b"0" * size), title="My title", locator="p. 7")
    page = ana.post(forms.update_address(recommendation), FORM(evidence=[row])).content.decode()
    assert "disk is full" in page and "My title" in page and "p. 7" in page and "We read every issue." in page
    assert not StagedUpload.objects.exists() and not Evidence.objects.exists()
    assert not files_in(settings.EVIDENCE_DIR)


def test_a_disk_known_to_be_too_full_is_not_written_to(ana, recommendation, settings, monkeypatch):
    monkeypatch.setattr(spool, "RESERVE_BYTES", 2**62)
    opened = []
    monkeypatch.setattr(vault, "Incoming", lambda: opened.append(1))
    row = forms.file_row(forms.upload(), title="My title")
    page = ana.post(forms.update_address(recommendation), FORM(evidence=[row])).content.decode()
    assert "disk is full" in page and "My title" in page and not opened


def test_a_disk_that_fills_up_when_the_file_is_put_in_place(ana, recommendation, settings, monkeypatch):
    def fail(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(storage.os, "rename", fail)
    page = ana.post(
        forms.update_address(recommendation), FORM(evidence=[forms.file_row(forms.upload())])
    ).content.decode()
    assert "disk is full" in page
    assert not StagedUpload.objects.exists() and not files_in(settings.EVIDENCE_DIR)


@pytest.mark.parametrize("url", ["/accounts/login/", "/evidence/add/"])
def test_the_bytes_of_a_stranger_are_never_written(client, db, monkeypatch, url):
    def refuse():
        raise AssertionError("a stranger's file was opened")

    monkeypatch.setattr(vault, "Incoming", refuse)
    response = client.post(url, {"username": "x", "password": "y", "file": forms.upload()})
    assert response.status_code in (200, 401)


def test_the_bytes_of_a_viewer_are_never_written(client, team, monkeypatch):
    def refuse():
        raise AssertionError("a viewer's file was opened")

    monkeypatch.setattr(vault, "Incoming", refuse)
    client.force_login(team["viewer"])
    assert client.post("/evidence/add/", {"file": forms.upload()}).status_code == 403


def test_too_many_files_at_once_are_refused(ana, recommendation, settings):
    many = [forms.upload(f"{number}.pdf") for number in range(settings.DATA_UPLOAD_MAX_NUMBER_FILES + 1)]
    response = ana.post(forms.update_address(recommendation), FORM(evidence=[forms.file_row(many)]))
    assert response.status_code == 400
    assert not files_in(settings.EVIDENCE_DIR)


@pytest.fixture
def everything(transactional_db):
    """The cast and a recommendation in a database that several connections see."""
    return factories.team(), factories.report().recommendations.first()


def test_a_locked_database_is_said_and_what_was_typed_goes_through_afterwards(everything):
    people, recommendation = everything
    client = Client()
    client.force_login(people["author"])
    with Holder():
        response = client.post(
            forms.update_address(recommendation), FORM(reason='Kept <b>"words"</b>\nof two lines')
        )
    assert response.status_code == 503 and response["Retry-After"]
    page = response.content.decode()
    assert "The tracker is busy" in page and "what you typed is not lost" in page
    assert "Kept &lt;b&gt;&quot;words&quot;&lt;/b&gt;" in page
    assert not StatusUpdate.objects.exists()
    response = client.post(response.request["PATH_INFO"], dict(response.context["posted"]))
    assert response.status_code == 302
    assert StatusUpdate.objects.get().reason == 'Kept <b>"words"</b>\nof two lines'


def test_a_file_that_met_a_locked_database_leaves_nothing(everything, settings):
    people, recommendation = everything
    client = Client()
    client.force_login(people["author"])
    with Holder():
        response = client.post(
            forms.update_address(recommendation), FORM(evidence=[forms.file_row(forms.upload())])
        )
    assert response.status_code == 503
    assert "have to choose the files again" in response.content.decode()
    assert not files_in(settings.EVIDENCE_DIR)


def test_pages_are_read_while_the_database_is_held(everything):
    people, _recommendation = everything
    client = Client()
    client.force_login(people["author"])
    with Holder():
        url = reverse("evidence-list")
        assert client.get(url).status_code == 200


@pytest.mark.parametrize(
    ("words", "trouble"),
    [("database is locked", "busy"), ("database or disk is full", "full"), ("no such table: x", "")],
)
def test_only_what_waiting_can_mend_is_called_busy(words, trouble):
    assert interrupted.trouble_of(interrupted.OperationalError(words)) == trouble
    assert interrupted.trouble_of(ValueError(words)) == ""


@pytest.mark.parametrize(
    ("error", "code", "trouble"),
    [
        (OperationalError, "55P03", "busy"),
        (OperationalError, "57014", "busy"),
        (OperationalError, "57P01", "away"),
        (OperationalError, "08006", "away"),
        (OperationalError, "53100", "full"),
        (InterfaceError, None, "away"),
        (OperationalError, "42601", ""),
    ],
)
def test_what_the_server_says_is_told_apart(error, code, trouble):
    said = type("Said", (Exception,), {"sqlstate": code})()
    try:
        raise error("words") from said
    except error as raised:
        assert interrupted.trouble_of(raised) == trouble


FULL = """
CREATE FUNCTION disk_is_full() RETURNS trigger LANGUAGE plpgsql
    AS 'BEGIN RAISE EXCEPTION ''could not extend file'' USING ERRCODE = ''disk_full''; END';
CREATE TRIGGER disk_is_full BEFORE INSERT ON recommendations_statusupdate
    FOR EACH ROW EXECUTE FUNCTION disk_is_full()
"""
ROOM_AGAIN = "DROP TRIGGER disk_is_full ON recommendations_statusupdate; DROP FUNCTION disk_is_full()"


@pytest.fixture
def no_room(everything):
    """The database has no room for another update: SQLite really has none, PostgreSQL says what it would."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA page_count")
            cursor.execute(f"PRAGMA max_page_count = {cursor.fetchone()[0]}")
            yield
            cursor.execute("PRAGMA max_page_count = 1073741823")
        else:
            cursor.execute(FULL)
            yield
            cursor.execute(ROOM_AGAIN)


def test_a_database_without_room_is_called_full_and_costs_no_word(everything, no_room):
    people, recommendation = everything
    client = Client()
    client.force_login(people["author"])
    long = "Kept words. " * 800  # more than the pages that are there can take
    page = client.post(forms.update_address(recommendation), FORM(reason=long)).content.decode()
    assert page.count("The disk of the server is full") == 2, "in the title of the window and on the page"
    assert "Nothing was saved" in page and "busy" not in page and "Kept words." in page
    assert not StatusUpdate.objects.exists()


def test_a_session_that_ended_meanwhile_costs_no_word(db, report, settings):
    """With the check against forgery on, as a browser meets it."""
    client = Client(enforce_csrf_checks=True)
    url = forms.update_address(report.recommendations.first())
    page = client.get("/accounts/login/")
    token = page.context["csrf_token"]
    data = FORM(reason="Kept <b>words</b>", csrfmiddlewaretoken=str(token), password1="secret")
    response = client.post(url, data)
    page = response.content.decode()
    assert response.status_code == 401 and "Kept &lt;b&gt;words&lt;/b&gt;" in page and "secret" not in page
    assert "You were signed out" in page and f"/accounts/login/?next={url}" in page
    assert "<dt>Reason for this status</dt>" in page
    assert "TOTAL_FORMS" not in page and "intent" not in page.lower()
    assert client.post(url, {**data, "csrfmiddlewaretoken": "x" * 64}).status_code == 403
    assert not StatusUpdate.objects.exists()


def test_a_password_is_never_repeated(client, team, rf):
    request = rf.post("/x", {"new_password1": "secret", "name": "Kim", "csrfmiddlewaretoken": "t"})
    request.csrf_processing_done = True
    response = interrupted.BusyMiddleware(None).process_exception(
        request, interrupted.OperationalError("database is locked")
    )
    assert b"secret" not in response.content and b"Kim" in response.content


def test_two_clicks_at_the_very_same_moment_make_one_update_and_one_item(everything, settings):
    people, recommendation = everything
    key, answers, start = uuid.uuid4(), [], threading.Barrier(4)

    def click():
        try:
            client = Client()
            client.force_login(people["author"])
            data = FORM(key=key, evidence=[forms.file_row(forms.upload()), forms.link_row()])
            start.wait()
            answers.append(client.post(forms.update_address(recommendation), data).status_code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=click) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [302] * 4
    assert StatusUpdate.objects.get().versions.count() == 1
    assert Evidence.objects.count() == 2 and StatusUpdate.objects.get().citations.count() == 2
    assert not StagedUpload.objects.exists()
    assert len(files_in(settings.EVIDENCE_DIR)) == 1


def test_a_draft_that_the_database_does_not_take_leaves_no_evidence_without_it(
    ana, recommendation, monkeypatch
):
    """The rows and the evidence are one transaction: the file waits, and comes with the next click."""

    def locked(*_args, **_kwargs):
        raise OperationalError("database is locked")

    row = {**forms.file_row(forms.upload()), "locator": "p. 7"}
    data = FORM(evidence=[row, forms.link_row()], intent="draft")
    with monkeypatch.context() as patched:
        patched.setattr(PlaceLooked.objects, "bulk_create", locked)
        assert ana.post(forms.update_address(recommendation), data).status_code == 503
    assert not Evidence.objects.exists() and not StatusUpdate.objects.exists() and not Event.objects.exists()
    waiting = StagedUpload.objects.get()
    again = {**data, "evidence-0-file": "", "evidence-0-staged": waiting.key}
    assert ana.post(forms.update_address(recommendation), again).status_code == 302
    assert StatusUpdate.objects.get().citations.count() == 2 and not StagedUpload.objects.exists()


def test_the_events_of_what_a_draft_brings_come_after_all_its_rows(ana, recommendation):
    with CaptureQueriesContext(connection) as asked:
        ana.post(forms.update_address(recommendation), FORM(evidence=[forms.link_row()], intent="draft"))
    written = [sql["sql"] for sql in asked if sql["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    (event,) = [number for number, sql in enumerate(written) if 'INTO "recommendations_event"' in sql]
    rows = ("recommendations_citation", "recommendations_placelooked", "recommendations_statusupdate")
    assert not [sql for sql in written[event:] if any(f'"{row}"' in sql for row in rows)]
