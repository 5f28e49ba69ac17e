"""The level "sealed": testimony that this server cannot open, from its arrival on."""

import re
import subprocess
import uuid

import pyrage
import pytest
from django.apps import apps
from django.urls import reverse

from recommendations import vault
from recommendations.choices import SEALED, EventKind, Sensitivity
from recommendations.models import Event, Evidence, StagedUpload, item_key
from recommendations.services.evidence import items, uploads
from recommendations.vault import officers
from tests.support import forms
from tests.support.factories import NOW, item_of
from tests.support.items import ADD
from tests.support.items import details as plain_details
from tests.support.pages import words
from tests.support.sealed import (
    CANARY,
    CONTENT,
    TITLE,
    ciphertext_of,
    name_officers,
    opened,
    sealed_details,
    sealed_item,
    server_keys,
    statement,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_the_time_of_the_story")]


def places_of_the_word(folder):
    """Return the files below a folder in whose name or bytes the canary is."""
    word = CANARY.encode()
    return [p for p in folder.rglob("*") if p.is_file() and (CANARY in p.name or word in p.read_bytes())]


def test_an_officer_opens_what_nobody_here_can(ana, kims, team, tmp_path):
    answer = ana.post(ADD, sealed_details(file=statement()))
    item = Evidence.objects.get()
    assert answer.url == item.get_absolute_url()
    assert (item.is_sealed, item.sensitivity) == (True, Sensitivity.RESTRICTED)
    response = ana.get(reverse("evidence-download", args=[item.key]))
    ciphertext = b"".join(response.streaming_content)
    assert item.original_name in response["Content-Disposition"]
    assert response["Content-Type"] == "application/octet-stream"
    assert "sandbox" in response["Content-Security-Policy"]
    for officer in kims:
        about, files = opened(ciphertext, officer)
        assert files == {f"file/{CANARY} 진술.pdf": CONTENT}
        assert (about["title"], about["size"]) == (TITLE, len(CONTENT))
        assert about["key"] == str(item.key)
    for identity in server_keys():
        with pytest.raises(pyrage.DecryptError):
            pyrage.decrypt(ciphertext, [identity])
    # With the programs that the page names, tar and sha256sum; age is what pyrage speaks.
    tar = pyrage.decrypt(ciphertext, [kims[0]])
    subprocess.run(["tar", "x"], input=tar, cwd=tmp_path, check=True)
    command = ["sha256sum", "--strict", "-c", "manifest-sha256.txt"]
    subprocess.run(command, cwd=tmp_path / item.sealed_folder, check=True, capture_output=True)


def test_no_row_or_event_tells_its_name_type_or_hash(ana, kims):
    ana.post(ADD, sealed_details(file=statement()))
    plain = vault.receive(statement())
    item = Evidence.objects.get()
    ana.get(item.get_absolute_url())
    ours = [model for model in apps.get_models() if model._meta.managed]
    told = [str(row) for model in ours for row in model._base_manager.values_list()]
    assert len(told) > 10
    for secret in (CANARY, plain.sha256, "application/pdf"):
        assert not [row for row in told if secret in row]
    assert re.fullmatch(r"sealed-[0-9a-f]{8}\.tar\.age", item.original_name)
    assert item.content_mark == officers.mark_of(plain.sha256) != plain.sha256
    added = Event.objects.get(kind=EventKind.EVIDENCE_ADDED)
    assert added.payload["officers"] == [one["key"] for one in item.sealed_to]
    assert added.payload["sha256"] == item.sha256
    plain.discard()


def test_the_key_of_a_sealed_item_is_not_that_of_its_content(kims, team):
    form_key, content = uuid.uuid4(), statement()
    incoming = vault.receive(content)
    name = content.name
    guessed = item_key(uploader=team["author"], form_key=form_key, content=f"{incoming.sha256} {name}")
    about = {"name": name, "uploader": team["author"], "form_key": form_key, "now": NOW}
    key = uploads.stage(incoming=incoming, sealed=True, **about)
    assert key not in (guessed, None)
    again = uploads.stage(incoming=vault.receive(statement()), sealed=True, **about)
    assert again == key and StagedUpload.objects.count() == 1


def test_the_form_sent_twice_adds_one_item(ana, kims):
    key = uuid.uuid4()
    urls = {ana.post(ADD, sealed_details(form_key=key, file=statement())).url for _ in range(2)}
    assert len(urls) == 1 and Evidence.objects.count() == 1 and not StagedUpload.objects.exists()
    assert len(list(vault.object_names())) == 1


def test_after_a_mistake_it_waits_sealed_and_its_level_stays(ana, kims, settings):
    key = uuid.uuid4()
    page = ana.post(ADD, sealed_details(form_key=key, file=statement(), consent=""))
    staged = StagedUpload.objects.get()
    assert staged.is_sealed and "This is testimony" in words(page)
    assert f"Already uploaded: {staged.original_name} (sealed file," in words(page)
    assert CANARY not in page.content.decode() and not places_of_the_word(settings.EVIDENCE_DIR)
    again = sealed_details(form_key=key, staged=staged.key, sensitivity="internal")
    assert "was sealed on arrival" in words(ana.post(ADD, again))
    with pytest.raises(Exception, match="was sealed on arrival"):
        items.add_file(
            key=staged.key,
            uploader=staged.uploaded_by,
            details={"title": "x", "sensitivity": "restricted"},
            now=NOW,
        )
    assert not Evidence.objects.exists()
    ana.post(ADD, sealed_details(form_key=key, staged=staged.key))
    assert opened(ciphertext_of(Evidence.objects.get()), kims[0])[1].popitem()[1] == CONTENT


def test_what_came_before_its_level_was_chosen_is_sealed_then(ana, kims, settings):
    key = uuid.uuid4()
    ana.post(ADD, sealed_details(form_key=key, file=statement(), sensitivity=""))
    waiting = StagedUpload.objects.get()
    assert not waiting.is_sealed
    for _click in range(2):
        answer = ana.post(ADD, sealed_details(form_key=key, staged=waiting.key))
        item = Evidence.objects.get()
        assert answer.url == item.get_absolute_url()
    assert item.is_sealed and item.key != waiting.key and not StagedUpload.objects.exists()
    assert list(vault.object_names()) == [item.object_name], "what waited open is gone"
    assert opened(ciphertext_of(item), kims[1])[0]["sha256"] == waiting.sha256


def test_several_files_are_sealed_one_by_one_and_their_titles_tell_no_name(ana, kims):
    files = [statement(name=f"{CANARY} one.pdf"), statement(CONTENT + b"2", name=f"{CANARY} two.pdf")]
    ana.post(ADD, sealed_details(file=files))
    titles = list(Evidence.objects.values_list("title", flat=True))
    assert len(set(titles)) == 2
    assert all(re.fullmatch(rf"{TITLE} \(sealed-[0-9a-f]{{8}}\.tar\.age\)", title) for title in titles)


def test_it_needs_a_title_of_its_own(ana, kims, recommendation):
    page = ana.post(ADD, sealed_details(file=statement(), title=" "))
    assert "Enter a title that does not name anybody" in words(page)
    row = forms.file_row(statement(), sensitivity=SEALED, title="")
    url = reverse("update-add", args=[recommendation.reference])
    page = ana.post(url, forms.update_form(evidence=[row]))
    assert "Enter a title that does not name anybody" in words(page) and not Evidence.objects.exists()
    assert StagedUpload.objects.filter(is_sealed=True).count() == StagedUpload.objects.count() == 2


def test_with_an_update_it_is_sealed_at_once_or_when_it_is_chosen(ana, kims, recommendation):
    url = reverse("update-add", args=[recommendation.reference])
    said = {"title": TITLE, "sensitivity": SEALED}
    ana.post(url, forms.update_form(evidence=[forms.file_row(statement(), **said)], intent="draft"))
    [first] = Evidence.objects.all()
    assert first.is_sealed and opened(ciphertext_of(first), kims[0])[0]["title"] == TITLE
    key = uuid.uuid4()
    late = forms.file_row(statement(CONTENT + b"2"), title=TITLE, sensitivity="")
    ana.post(url, forms.update_form(evidence=[late], key=key, intent="draft"))
    waiting = StagedUpload.objects.get()
    edit = reverse("update-edit", args=[key])
    chosen = forms.file_row(staged=waiting.key, **said, kind="testimony")
    page = ana.post(edit, forms.update_form(evidence=[chosen], key=key, intent="draft"))
    assert "This is testimony" in words(page) and StagedUpload.objects.get().is_sealed
    assert str(StagedUpload.objects.get().key) in page.content.decode(), "the row goes on with what is sealed"
    chosen["consent"] = "Reports, no name."
    ana.post(edit, forms.update_form(evidence=[chosen], key=key, intent="draft"))
    assert Evidence.objects.filter(is_sealed=True).count() == 2 and not StagedUpload.objects.exists()
    assert len(list(vault.object_names())) == 2


def test_a_link_is_not_sealed(ana, kims):
    page = ana.post(f"{ADD}?shape=link", sealed_details(url="https://example.org/a"))
    assert page.status_code == 200 and not Evidence.objects.exists()


def test_programs_are_refused_before_anything_is_sealed(ana, kims):
    page = ana.post(ADD, sealed_details(file=statement(forms.EXE, "x.exe")))
    assert "a Windows program" in words(page) and not list(vault.object_names())


@pytest.mark.parametrize("on, names", [(False, "Kim Lee"), (True, "Kim"), (True, "")])
def test_where_it_cannot_be_sealed_it_is_not_offered_and_nothing_is_kept(ana, settings, on, names):
    settings.SEALED_LEVEL = on
    name_officers(*names.split())
    assert 'value="sealed"' not in ana.get(ADD).content.decode()
    page = words(ana.post(ADD, sealed_details(file=statement())))
    assert "Nothing can be sealed here at the moment" in page
    assert not list(vault.object_names()) and not StagedUpload.objects.exists()
    assert not places_of_the_word(settings.EVIDENCE_DIR)


def test_it_is_offered_with_what_it_means(ana, kims, recommendation):
    form = ana.get(reverse("update-add", args=[recommendation.reference])).content.decode()
    rows = dict(re.findall(r'<template data-row="(\w+)">(.*?)</template>', form, re.DOTALL))
    assert {shape for shape, row in rows.items() if 'value="sealed"' in row} == {"file"}
    page = words(ana.get(ADD))
    assert (
        "This server cannot open it" in page
        and "The title is not encrypted and everybody with access" in page
    )


def test_the_same_content_is_pointed_out_to_who_may_see_both(ana, kims, team):
    sealed_item(team["other"], CONTENT, title="Hush")
    own = sealed_item(team["author"], CONTENT, name="other.pdf", title="Mine")
    page = ana.post(ADD, sealed_details(file=statement()), follow=True)
    assert "The same file is already held as Mine" in words(page) and "Hush" not in words(page)
    assert "Hush" not in words(ana.get(own.get_absolute_url()))


def test_that_it_is_held_unsealed_too_is_said_to_who_may_see_that(ana, kims, team, recommendation):
    item_of(team["author"], content=CONTENT, title="Lies open")
    item_of(team["other"], content=CONTENT, title="Hush", sensitivity=Sensitivity.RESTRICTED)
    said = "The same file is already held, not sealed, as Lies open"
    page = words(ana.post(ADD, sealed_details(file=statement()), follow=True))
    assert said in page and "Hush" not in page
    key = uuid.uuid4()
    ana.post(ADD, sealed_details(form_key=key, file=statement(), sensitivity=""))
    waiting = StagedUpload.objects.get()
    page = words(ana.post(ADD, sealed_details(form_key=key, staged=waiting.key), follow=True))
    assert said in page and "Hush" not in page
    row = forms.file_row(statement(), title=TITLE, sensitivity=SEALED)
    url = reverse("update-add", args=[recommendation.reference])
    page = words(ana.post(url, forms.update_form(evidence=[row], intent="draft"), follow=True))
    assert said in page and "Hush" not in page


def test_who_sends_it_again_unsealed_is_told_that_it_is_sealed(ana, kims, team):
    sealed_item(team["other"], CONTENT, title="Hush")
    said = plain_details(title="Again", file=statement(), sensitivity="restricted")
    assert "is already held as" not in words(ana.post(ADD, said, follow=True)), "not to who may not know"
    sealed_item(team["author"], CONTENT, title="The sealed one")
    page = ana.post(ADD, {**said, "form_key": uuid.uuid4(), "file": statement(name="b.pdf")}, follow=True)
    assert "The same file is already held as The sealed one" in words(page) and "Hush" not in words(page)
    again = Evidence.objects.latest("pk")
    assert "also held as" in words(ana.get(again.get_absolute_url()))


def test_without_an_officers_key_that_is_one_nothing_is_kept(ana, kims):
    text = officers.officers_file().read_text().replace("age1", "age2", 1)
    officers.officers_file().write_text(text)
    page = words(ana.post(ADD, sealed_details(file=statement())))
    assert "Nothing can be sealed here at the moment" in page and not list(vault.object_names())
