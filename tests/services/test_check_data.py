"""``manage.py check_data``: silent on whole data, and naming each breach."""

import io
import os
import time
import uuid

import pytest
from django.core.management import call_command

from recommendations import vault
from recommendations.audit import triggers
from recommendations.choices import Extent, Sensitivity, SourceForm, Status
from recommendations.models import Evidence, Publication, Recommendation, Report, SourceVersion
from recommendations.services import integrity
from recommendations.services.evidence import items, uploads
from tests.support import factories
from tests.support.checking import breach, check
from tests.support.factories import NOW
from tests.support.importing import SEED
from tests.support.vaulting import flip, path_of


@pytest.fixture
def imported(db):
    call_command("import_report", str(SEED), stdout=io.StringIO(), stderr=io.StringIO())
    return Report.objects.get()


def test_whole_data_keeps_every_promise(team, imported):
    factories.approve(team["author"], imported.recommendations.first(), NOW, reviewer=team["reviewer"])
    assert "All promises are kept." in check()


def test_a_status_that_does_not_follow_is_named(team, imported):
    factories.approve(team["author"], imported.recommendations.first(), NOW, reviewer=team["reviewer"])
    Recommendation.objects.filter(position=1).update(status=Status.IMPLEMENTED)
    Recommendation.objects.filter(position=2).update(next_review_on="2030-01-01")
    said = breach()
    assert "TIP-2024-KP-01: status is implemented" in said
    assert "TIP-2024-KP-02: next_review_on" in said


def test_a_text_that_was_not_read_from_its_document_is_named(imported):
    said = f"{imported}, source version 1: the stored text is not the text of the stored document."
    triggers.remove()
    rows = SourceVersion.objects.filter(report=imported)
    rows.update(source_form=SourceForm.PDF)
    assert said not in breach(), "of another document, the event of its import says which text it was"
    rows.update(text=f"{imported.text} And more.")
    assert said in breach()
    rows.update(source_form=SourceForm.TEXT)
    assert said in breach()


def test_an_approval_without_a_review_is_named(team, imported):
    update = factories.approve(
        team["author"], imported.recommendations.first(), NOW, reviewer=team["reviewer"]
    )
    update.reviews.all().delete()
    assert f"Update {update.key} is approved without a review" in breach()


def test_what_is_published_by_its_author_or_without_an_approval_is_named(team, imported):
    first, second = imported.recommendations.order_by("position")[:2]
    own = factories.approve(team["author"], first, NOW, reviewer=team["reviewer"])
    waiting = factories.submit(team["author"], second, NOW)
    act = {"extent": Extent.WORDS, "at": NOW, "proposed_by": team["other"]}
    Publication.objects.decide(update=own, by=team["author"], **act)
    Publication.objects.decide(update=waiting, by=team["second"], **act)
    said = breach()
    assert f"Update {own.key} was published by its own author." in said
    assert f"Update {waiting.key} is published without an approval." in said


def test_changed_words_of_a_source_are_named(imported):
    Report.objects.update(text=imported.text.replace("Accede", "Resign"))
    assert f"{imported}: its full text is not that of its newest source version." in breach()
    Report.objects.update(text=imported.text)
    eleventh = Recommendation.objects.filter(reference="TIP-2024-KP-11")
    eleventh.update(text="Resign.")
    assert "TIP-2024-KP-11: its words or place are not those of the newest source version." in breach()
    eleventh.update(text=imported.recommendations.get(position=11).text, gone_since=2)
    assert "TIP-2024-KP-11: whether it is in the newest source version is not as marked." in breach()
    triggers.remove()
    SourceVersion.objects.update(text=imported.text.replace("Accede", "Resign"))
    assert "TIP-2024-KP-11: its text is not the text of source version 1 at " in breach()


@pytest.fixture
def testimony(team):
    """A restricted file in the vault."""
    staged = uploads.stage(
        incoming=vault.receive(io.BytesIO(b"canary words")),
        name="canary.txt",
        uploader=team["author"],
        form_key=uuid.uuid4(),
        now=NOW,
    )
    details = {"title": "canary title", "sensitivity": Sensitivity.RESTRICTED}
    return items.add_file(key=staged, uploader=team["author"], details=details, now=NOW)


def test_a_flipped_byte_and_a_missing_file_are_named_without_their_titles(testimony):
    assert "All promises are kept." in check()
    flip(testimony.object_name)
    said = breach()
    assert f"Evidence {testimony.key}" in said
    assert "canary" not in said
    path_of(testimony.object_name).unlink()
    assert f"Evidence {testimony.key}" in breach()


def test_what_a_crash_left_is_a_leftover_until_its_sweep_is_overdue(testimony, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    orphan = vault.publish(vault.receive(io.BytesIO(b"left by a crash")))
    spooled = settings.EVIDENCE_DIR / "spool" / uuid.uuid4().hex
    spooled.write_bytes(b"left by a broken line")
    killed = tmp_path / ".backup-left"
    killed.mkdir()
    assert "LEFTOVER objects" not in check(), "a file as young as this may still be on its way in"
    for hours, told in ((2, "LEFTOVER"), (47, "LEFTOVER"), (49, "BREACH")):
        for path in (path_of(orphan), spooled):
            os.utime(path, (time.time() - hours * 3600,) * 2)
        said = breach() if told == "BREACH" else check()
        for name in (orphan, f"spool/{spooled.name}"):
            assert f"{told} {name}: this file belongs to no item" in said
        assert f"LEFTOVER {killed}: left by a backup" in said
    for command in ("sweep_evidence", "check_data"):
        call_command(command, stdout=(out := io.StringIO()))
    assert "All promises are kept." in out.getvalue() and "LEFTOVER" not in out.getvalue()


def test_an_item_that_is_removed_while_its_bytes_are_read_is_no_breach(testimony, monkeypatch):
    """As a file that waits for its form is, when the sweep comes meanwhile."""
    staged = uploads.stage(
        incoming=vault.receive(io.BytesIO(b"words")),
        name="waits.txt",
        uploader=testimony.uploaded_by,
        form_key=uuid.uuid4(),
        now=NOW,
    )
    real = integrity.holdings

    def meanwhile():
        found = list(real())
        uploads.drop_staged(key=staged, uploader=testimony.uploaded_by)
        return found

    monkeypatch.setattr(integrity, "holdings", meanwhile)
    assert "All promises are kept." in check()


def test_a_changed_hash_is_found_by_the_event_of_its_arrival(testimony):
    triggers.remove()
    Evidence.objects.filter(pk=testimony.pk).update(sha256="f" * 64)
    triggers.install()
    assert f"Evidence {testimony.key}: its hash or size differs from what event" in breach()
