"""Sealed files of people who go back, send again, or give files long names."""

import sqlite3
import subprocess
import uuid

import pyrage
import pytest
from django.urls import reverse

from recommendations import vault
from recommendations.choices import SEALED
from recommendations.errors import Refused
from recommendations.models import Evidence, StagedUpload
from recommendations.services.evidence import uploads
from tests.support import forms
from tests.support.factories import NOW
from tests.support.items import ADD
from tests.support.pages import browser_of
from tests.support.sealed import CONTENT, TITLE, ciphertext_of, opened, sealed_details, sealed_item, statement
from tracker import environment

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_the_time_of_the_story")]


def test_who_goes_back_and_sends_it_again_sealed_leaves_nothing_open(ana, kims, recommendation):
    url, key = reverse("update-add", args=[recommendation.reference]), uuid.uuid4()
    row = forms.file_row(statement(), title=TITLE, sensitivity="")
    ana.post(url, forms.update_form(evidence=[row], intent="draft", key=key))
    assert not StagedUpload.objects.get().is_sealed
    again = forms.file_row(statement(), title=TITLE, sensitivity=SEALED)
    ana.post(url, forms.update_form(evidence=[again], intent="draft", key=key))
    item = Evidence.objects.get()
    assert item.is_sealed and not StagedUpload.objects.exists()
    assert list(vault.object_names()) == [item.object_name]


def test_who_begins_anew_and_sends_it_sealed_leaves_nothing_open_of_theirs(ana, kims, team):
    others = browser_of(team["other"])
    for browser, name in [(ana, "a.pdf"), (ana, "b.pdf"), (others, "c.pdf")]:
        browser.post(ADD, sealed_details(file=statement(name=name), sensitivity=""))
    ana.post(ADD, sealed_details(file=statement(CONTENT + b"2"), sensitivity=""))
    assert StagedUpload.objects.filter(is_sealed=False).count() == 4
    ana.post(ADD, sealed_details(file=statement()))
    item = Evidence.objects.get()
    left = StagedUpload.objects.filter(is_sealed=False)
    assert {one.uploaded_by for one in left} == {team["author"], team["other"]}
    assert sorted(vault.object_names()) == sorted([item.object_name, *(one.object_name for one in left)])
    waiting = left.get(uploaded_by=team["author"])
    ana.post(ADD, sealed_details(form_key=waiting.form_key, staged=waiting.key))
    assert left.get().uploaded_by == team["other"]


def test_what_is_taken_back_is_not_added_though_it_was_sealed_since(ana, kims):
    key = uuid.uuid4()
    ana.post(ADD, sealed_details(form_key=key, file=statement(), sensitivity=""))
    waiting = StagedUpload.objects.get()
    ana.post(ADD, sealed_details(form_key=key, staged=waiting.key, consent=""))
    assert StagedUpload.objects.get().is_sealed
    gone_back = sealed_details(form_key=key, staged=waiting.key, drop=waiting.key)
    assert ana.post(ADD, gone_back).status_code == 200
    assert not Evidence.objects.exists() and not StagedUpload.objects.exists()
    assert not list(vault.object_names())


def test_what_waits_sealed_is_added_though_sealing_was_switched_off_since(
    ana, kims, recommendation, settings
):
    url, key, form_key = reverse("update-add", args=[recommendation.reference]), uuid.uuid4(), uuid.uuid4()
    said = {"title": TITLE, "sensitivity": SEALED, "kind": "testimony"}
    row = forms.file_row(statement(), **said)
    ana.post(url, forms.update_form(evidence=[row], intent="draft", key=key))
    beside = StagedUpload.objects.get()
    ana.post(ADD, sealed_details(form_key=form_key, file=statement(), consent=""))
    alone = StagedUpload.objects.exclude(pk=beside.pk).get()
    settings.SEALED_LEVEL = False
    ana.post(ADD, sealed_details(form_key=form_key, staged=alone.key))
    row = forms.file_row(staged=beside.key, consent="Reports, no name.", **said)
    edit = reverse("update-edit", args=[key])
    ana.post(edit, forms.update_form(evidence=[row], intent="draft", key=key))
    assert [item.is_sealed for item in Evidence.objects.all()] == [True, True]
    assert not StagedUpload.objects.exists() and 'value="sealed"' not in ana.get(ADD).content.decode()


def test_the_second_of_two_clicks_finds_it_sealed_not_damaged(ana, kims, team, monkeypatch):
    key, really = uuid.uuid4(), vault.open_verified
    ana.post(ADD, sealed_details(form_key=key, file=statement(), sensitivity=""))
    waiting = StagedUpload.objects.get()
    about = {"key": waiting.key, "uploader": team["author"], "now": NOW}

    def overtaken(*args, **said):
        monkeypatch.setattr(vault, "open_verified", really)
        uploads.seal_staged(**about)
        return really(*args, **said)

    monkeypatch.setattr(vault, "open_verified", overtaken)
    assert uploads.seal_staged(**about) == StagedUpload.objects.get(is_sealed=True).key
    ana.post(ADD, sealed_details(form_key=uuid.uuid4(), file=statement(CONTENT + b"2"), sensitivity=""))
    damaged = StagedUpload.objects.get(is_sealed=False)
    vault.remove(damaged.object_name)
    with pytest.raises(Refused, match="damaged on the server"):
        uploads.seal_staged(**{**about, "key": damaged.key})


@pytest.mark.parametrize("stem", ["진술" * 73, "a: b? <c>|*", "x" * 140])
def test_tar_unpacks_it_whatever_its_name(kims, team, tmp_path, stem):
    name = f"{stem}.pdf"
    item = sealed_item(team["author"], CONTENT, name=name)
    about, files = opened(ciphertext_of(item), kims[0])
    [(path, content)] = files.items()
    assert (about["original_name"], content) == (name, CONTENT)
    assert path.endswith(".pdf") and not set(path) & set('<>:"|?*')
    # Encrypted home folders take names of 143 bytes.
    assert len(path.removeprefix("file/").encode()) <= 143
    tar = pyrage.decrypt(ciphertext_of(item), [kims[0]])
    subprocess.run(["tar", "x"], input=tar, cwd=tmp_path, check=True)
    command = ["sha256sum", "--strict", "-c", "manifest-sha256.txt"]
    subprocess.run(command, cwd=tmp_path / item.sealed_folder, check=True, capture_output=True)


def test_what_a_row_said_before_its_file_was_sealed_is_overwritten(monkeypatch, tmp_path):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    config = environment.database("DATABASE_URL", tmp_path / "tracker.sqlite3")
    with sqlite3.connect(config["NAME"], autocommit=True) as file:
        file.execute("PRAGMA secure_delete=OFF")
        file.executescript(config["OPTIONS"]["init_command"])
        file.execute("CREATE TABLE waiting (name TEXT)")
        file.execute("INSERT INTO waiting VALUES ('kanarienvogel.pdf')")
        file.execute("DELETE FROM waiting")
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"kanarienvogel" not in (tmp_path / "tracker.sqlite3").read_bytes()
