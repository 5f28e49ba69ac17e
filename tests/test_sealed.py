"""The level "sealed": testimony that this server cannot open, from its arrival on."""

import json
import re
import subprocess
import uuid

import pyrage
import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client, TestCase
from django.urls import reverse
from pyrage import x25519

from recommendations import safeguards, vault
from recommendations.choices import SEALED, EventKind, Sensitivity
from recommendations.errors import Refused
from recommendations.models import Event, Evidence, Passage, StagedUpload
from recommendations.services import access, details, evidence, examinations, integrity, keeping
from recommendations.vault import officers
from tests import acts, corpus, forms
from tests.cast import NOW
from tests.doors import ROLES
from tests.items import ADD, item_of
from tests.items import details as plain_details
from tests.pages import browser_of, words
from tests.sealed import (
    CANARY,
    TITLE,
    ciphertext_of,
    name_officers,
    opened,
    sealed_details,
    sealed_item,
    server_keys,
)
from tests.test_access import cookies_of, table, value
from tests.test_bundles import bundle_of, unpacked, verified
from tests.test_write_updates import at_the_time_of_the_story  # noqa: F401

pytestmark = pytest.mark.django_db

CONTENT = corpus.pdf(f"{CANARY} speaks")


@pytest.fixture
def kims(settings):
    """Two officers, named, with the level switched on; their identities."""
    settings.SEALED_LEVEL = True
    return name_officers("Kim Ha-neul", "Lee Seo-jun")


@pytest.fixture
def ana(team):
    """The author's browser."""
    return browser_of(team["author"])


def statement(content=CONTENT, name=f"{CANARY} 진술.pdf"):
    return forms.upload(name, content)


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
    guessed = evidence.item_key(
        uploader=team["author"], form_key=form_key, content=f"{incoming.sha256} {name}"
    )
    about = {"name": name, "uploader": team["author"], "form_key": form_key, "now": NOW}
    key = evidence.stage(incoming=incoming, sealed=True, **about)
    assert key not in (guessed, None)
    again = evidence.stage(incoming=vault.receive(statement()), sealed=True, **about)
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
    assert "was sealed when it came in" in words(ana.post(ADD, again))
    with pytest.raises(Exception, match="was sealed when it came in"):
        evidence.add_file(
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
    assert "Give it a title of your own that names nobody" in words(page)
    row = forms.file_row(statement(), sensitivity=SEALED, title="")
    url = reverse("update-add", args=[recommendation.reference])
    page = ana.post(url, forms.update_form(evidence=[row]))
    assert "Give it a title of your own that names nobody" in words(page) and not Evidence.objects.exists()
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
    assert "Nothing can be sealed here now" in page
    assert not list(vault.object_names()) and not StagedUpload.objects.exists()
    assert not places_of_the_word(settings.EVIDENCE_DIR)


def test_it_is_offered_with_what_it_means(ana, kims, recommendation):
    form = ana.get(reverse("update-add", args=[recommendation.reference])).content.decode()
    rows = dict(re.findall(r'<template data-row="(\w+)">(.*?)</template>', form, re.DOTALL))
    assert {shape for shape, row in rows.items() if 'value="sealed"' in row} == {"file"}
    page = words(ana.get(ADD))
    assert "this server cannot open it" in page and "It is not encrypted, and everybody let in" in page


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
        assert item not in examinations.waiting(purpose, now=NOW)
    settings.CLAMD = ("127.0.0.1", 3310)
    assert item not in examinations.waiting("virus", now=NOW)
    open_one = item_of(team["author"])
    assert open_one in examinations.waiting("virus", now=NOW), "it would be there to be found"


def test_who_is_let_in_downloads_it_and_that_is_recorded(kims, team):
    item = sealed_item(team["author"], CONTENT)
    rita = browser_of(team["reviewer"])
    assert TITLE not in words(rita.get(reverse("evidence-list")))
    access.grant(item=item, person=team["reviewer"], actor=team["author"], reason="reviews it", now=NOW)
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
    access.grant(item=item, person=team["reviewer"], actor=team["author"], reason="decides", now=NOW)
    proposed = keeping.propose(item=item, actor=team["author"], **said)
    with TestCase.captureOnCommitCallbacks(execute=True):
        keeping.approve(item=proposed, actor=team["reviewer"], now=NOW)
    item.refresh_from_db()
    assert item.is_removed and item.is_sealed and not list(vault.object_names())
    assert "Removed on" in words(browser_of(team["author"]).get(item.get_absolute_url()))


def test_check_data_names_what_is_not_sealed_as_it_says(kims, team):
    item = sealed_item(team["author"], CONTENT)
    assert list(integrity.sealed()) == []
    incoming = vault.receive(statement())
    safeguards.remove()
    Evidence.objects.filter(pk=item.pk).update(
        sealed_to=[], size=incoming.size, sha256=incoming.sha256, object_name=vault.publish(incoming)
    )
    Passage.objects.create(evidence=item, page=1, part=1, text="x", tokens="x")
    said = " ".join(integrity.sealed())
    assert "nobody is named" in said and "lies open to this server" in said and "something was made" in said
    safeguards.install()


def test_the_same_content_is_pointed_out_to_who_may_see_both(ana, kims, team):
    sealed_item(team["other"], CONTENT, title="Hush")
    own = sealed_item(team["author"], CONTENT, name="other.pdf", title="Mine")
    page = ana.post(ADD, sealed_details(file=statement()), follow=True)
    assert "The very same file is held already as Mine" in words(page) and "Hush" not in words(page)
    assert "Hush" not in words(ana.get(own.get_absolute_url()))


def test_that_it_is_held_unsealed_too_is_said_to_who_may_see_that(ana, kims, team, recommendation):
    item_of(team["author"], content=CONTENT, title="Lies open")
    item_of(team["other"], content=CONTENT, title="Hush", sensitivity=Sensitivity.RESTRICTED)
    said = "The same file is held unsealed as Lies open"
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
    assert "It was sealed when it came in, and stays so" in page
    with pytest.raises(Refused, match="stays so"):
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


def test_without_an_officers_key_that_is_one_nothing_is_kept(ana, kims):
    text = officers.officers_file().read_text().replace("age1", "age2", 1)
    officers.officers_file().write_text(text)
    page = words(ana.post(ADD, sealed_details(file=statement())))
    assert "Nothing can be sealed here now" in page and not list(vault.object_names())


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
    access.grant(item=items[1], person=reviewer, actor=author, reason="reviews it", now=NOW)
    acts.approve(author, recommendation, reviewer=reviewer, cites=items)
    page = reverse("recommendation-bundle", args=[recommendation.reference])
    assert "1 sealed item that you can see stays out of it" in words(browser_of(reviewer).get(page))
    partner = x25519.Identity.generate()
    said = {"restricted": "on", "recipient": str(partner.to_public())}
    answer = bundle_of(reviewer, recommendation, **said)
    folder = unpacked(pyrage.decrypt(answer.data, [partner]), tmp_path)
    assert verified(folder)[:2] == (0, 0)
    assert "1 sealed item is not in it" in (folder / "README.txt").read_text()
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
    assert "sealed" not in words(browser_of(team["viewer"]).get(page)).replace("leaves sealed", "").replace(
        "leave unsealed", ""
    )


def test_a_bundle_of_nothing_else_is_refused(team, kims, recommendation):
    author, reviewer = team["author"], team["reviewer"]
    item = sealed_item(author, CONTENT)
    access.grant(item=item, person=reviewer, actor=author, reason="reviews it", now=NOW)
    acts.approve(author, recommendation, reviewer=reviewer, cites=[item])
    page = reverse("recommendation-bundle", args=[recommendation.reference])
    assert "All evidence that you may see here is sealed" in words(browser_of(reviewer).get(page))
    said = {"restricted": "on", "recipient": str(x25519.Identity.generate().to_public())}
    assert "never leaves in a bundle" in words(bundle_of(reviewer, recommendation, **said))
