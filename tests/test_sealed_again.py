"""Sealed files of people who go back, send again, or give files long names."""

import subprocess
import uuid

import pyrage
import pytest
from django.urls import reverse

from recommendations import vault
from recommendations.choices import SEALED
from recommendations.models import Evidence, StagedUpload
from tests import forms
from tests.items import ADD
from tests.pages import browser_of
from tests.sealed import CONTENT, TITLE, ciphertext_of, opened, sealed_details, sealed_item, statement
from tests.test_write_updates import at_the_time_of_the_story  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana(team):
    """The author's browser."""
    return browser_of(team["author"])


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
