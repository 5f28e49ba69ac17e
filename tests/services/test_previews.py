"""Copies without metadata and previews: what is left in them, who gets which, and how failures are told."""

import hashlib
import io
import json
import os
import signal
import subprocess
import sys
import tempfile

import pytest
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from recommendations import jobs, vault
from recommendations.choices import DerivedKind, ExaminationState, Finding, Purpose, Sensitivity
from recommendations.files.sandbox import Unreadable, inspect
from recommendations.models import Derived, Event, Evidence, Examination
from recommendations.models.leases import new_lease
from recommendations.selectors import derived
from recommendations.services.evidence import examinations, uploads
from recommendations.services.integrity import objects
from tests.support import corpus, factories, pictures
from tests.support.factories import NOW, item_of
from tests.support.limited import limited
from tests.support.pages import browser_of, text_of

SAMPLES = {
    "photo.jpg": pictures.jpeg,
    "drawing.png": pictures.png,
    "photo.webp": pictures.webp,
    "glass.webp": lambda: pictures.webp("RGBA"),
    "scan.tif": pictures.tiff,
}


def bytes_of(row):
    with vault.open_verified(row.object_name, size=row.size, sha256=row.sha256) as stream:
        return stream.read()


def examine(item, now=NOW):
    jobs.examine_evidence(now, seconds=None)
    return Examination.objects.get(evidence=item, purpose=Purpose.PICTURES)


def content_of(answer):
    return b"".join(answer.streaming_content)


def scrubbed_figures(uploader):
    """Make copies of every sample. Returns: {name: what is left in it}, and whether the originals stayed."""
    left, kept = {}, True
    for name, make in SAMPLES.items():
        content = make()
        item = item_of(uploader, name=name, content=content, title=name)
        jobs.examine_evidence(NOW, seconds=None)
        made = [bytes_of(row) for row in item.derived.filter(kind__in=["copy", "preview"])]
        assert len(made) == 2, name
        left[name] = [
            *(mark for data in made for mark in pictures.beside_the_picture(data)),
            *(["words"] if any(pictures.SECRET_WORDS in data for data in made) else []),
        ]
        item.refresh_from_db()
        kept &= bytes_of(item) == content and item.sha256 == hashlib.sha256(content).hexdigest()
    return left, kept


def test_no_tag_is_left_in_copies_and_the_originals_stay(team):
    for make in (pictures.jpeg, pictures.png):
        assert pictures.beside_the_picture(make()) and pictures.SECRET_WORDS in make()
    left, kept = scrubbed_figures(team["author"])
    assert left == {name: [] for name in SAMPLES}
    assert kept
    assert list(objects()) == []


def test_a_picture_that_lies_on_its_side_is_turned(team):
    item = item_of(team["author"], name="photo.jpg", content=pictures.jpeg(turned=6))
    examine(item)
    with Image.open(io.BytesIO(bytes_of(derived.clean_copy_of(item)))) as image:
        assert image.size == (40, 60)
        above, below = image.getpixel((20, 10)), image.getpixel((20, 50))
    assert above[0] > 200 > below[0] and below[2] > 200


def test_the_metadata_is_for_who_may_have_the_original(team):
    item = item_of(team["author"], name="photo.jpg", content=pictures.jpeg())
    examine(item)
    for who in ("author", "reviewer", "manager"):
        page = text_of(browser_of(team[who]).get(item.get_absolute_url()))
        assert "39.02500, 125.75000" in page and "Kim the courier" in page, who
        answer = browser_of(team[who]).get(reverse("evidence-download", args=[item.key]))
        assert content_of(answer) == pictures.jpeg()
    for who in ("viewer", "other"):
        browser = browser_of(team[who])
        page = text_of(browser.get(item.get_absolute_url()))
        assert "39.02500" not in page and "Kim" not in page and "copy without metadata" in page, who
        assert browser.get(reverse("evidence-download", args=[item.key])).status_code == 404
        copy = browser.get(reverse("evidence-copy", args=[item.key]))
        assert copy["Content-Disposition"] == 'attachment; filename="photo-copy.jpeg"'
        assert pictures.beside_the_picture(content_of(copy)) == []


def test_pages_of_a_document_are_pictures_and_its_file_is_for_all(team):
    item = item_of(team["author"], name="law.pdf", content=corpus.pdf(*["words"] * 12))
    assert examine(item).state == ExaminationState.DONE
    browser = browser_of(team["viewer"])
    page = browser.get(item.get_absolute_url()).content.decode()
    assert page.count("/preview/") == 10 and 'alt="Page 3"' in page
    shown = browser.get(reverse("evidence-preview", args=[item.key, 3]))
    assert (shown["Content-Type"], shown["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    assert shown["Cache-Control"] == "private, no-store"
    assert shown["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "sandbox" in shown["Content-Security-Policy"]
    assert shown["Content-Disposition"] == 'inline; filename="preview-3"'
    assert content_of(shown).startswith(b"\xff\xd8")
    assert browser.get(reverse("evidence-preview", args=[item.key, 11])).status_code == 404
    assert browser.get(reverse("evidence-download", args=[item.key])).status_code == 200


def test_what_is_made_of_a_restricted_item_is_as_restricted(team):
    item = item_of(
        team["author"], name="photo.jpg", content=pictures.jpeg(), sensitivity=Sensitivity.RESTRICTED
    )
    examine(item)
    doors = [
        item.get_absolute_url(),
        reverse("evidence-copy", args=[item.key]),
        reverse("evidence-preview", args=[item.key, 1]),
        reverse("evidence-download", args=[item.key]),
    ]
    for who in ("viewer", "other", "reviewer", "manager"):
        assert {browser_of(team[who]).get(door).status_code for door in doors} == {404}
        assert not Derived.objects.visible_to(team[who]).exists()
        assert not Examination.objects.visible_to(team[who]).exists()
    factories.grant(team["other"], evidence=item)
    assert {browser_of(team["other"]).get(door).status_code for door in doors} == {200}
    assert Event.objects.filter(kind="downloaded", actor=team["other"]).count() == 2


@pytest.mark.parametrize(
    ("name", "content", "finding"),
    [
        ("huge.png", corpus.png(30_000, 30_000), Finding.TOO_LARGE),
        ("cut.jpg", corpus.JPEG_HEAD + b"\0" * 50, Finding.BROKEN),
        ("photo.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 20, Finding.BROKEN),
        ("cut.pdf", corpus.pdf("words")[:200], Finding.BROKEN),
    ],
)
def test_a_failure_is_kept_and_told(team, name, content, finding):
    item = item_of(team["author"], name=name, content=content)
    assert "A preview is being made." in text_of(browser_of(team["viewer"]).get(item.get_absolute_url()))
    row = examine(item)
    assert (row.state, row.finding, row.due_at) == (ExaminationState.FAILED, finding, None)
    page = text_of(browser_of(team["viewer"]).get(item.get_absolute_url()))
    assert f"No preview could be made: {row.get_finding_display()}." in page
    assert not Derived.objects.exists()
    assert jobs.examine_evidence(NOW, seconds=None) == 0


def test_of_the_whole_corpus_only_pictures_of_our_own_drawing_are_shown(team):
    for name, content, verdict in corpus.samples():
        if verdict != corpus.REFUSED:
            item_of(team["author"], name=name, content=content, title="A sample")
    assert jobs.examine_evidence(NOW, seconds=None) >= 10
    shown = set(Derived.objects.exclude(kind=DerivedKind.METADATA).values_list("content_type", flat=True))
    assert shown == {"image/jpeg", "image/png"}
    opaque = Evidence.objects.filter(content_type="application/octet-stream")
    assert opaque.count() > 20 and not Examination.objects.filter(evidence__in=opaque).exists()
    assert not Examination.objects.filter(state=ExaminationState.RUNNING).exists()


def test_a_worker_killed_over_an_item_is_followed_by_another_and_three_are_enough(team):
    item = item_of(team["author"], name="photo.jpg", content=pictures.jpeg())
    leased = {"attempts": 1, **new_lease(NOW + examinations.LEASE)}
    lost = Examination.objects.create(evidence=item, purpose=Purpose.PICTURES, **leased)
    assert jobs.examine_evidence(NOW, seconds=None) == 0
    later = NOW + examinations.LEASE
    assert examine(item, later).state == ExaminationState.DONE
    item.derived.all().delete()
    Examination.objects.filter(pk=lost.pk).update(state="running", attempts=3, **new_lease(NOW))
    assert examine(item).finding == Finding.CRASHED


def test_a_worker_that_was_given_up_leaves_nothing(team, monkeypatch):
    item = item_of(team["author"], name="photo.jpg", content=pictures.jpeg())
    real = examinations._keep

    def overtaken(part, *rest):
        Examination.objects.update(attempts=2, **new_lease(NOW))
        return real(part, *rest)

    monkeypatch.setattr(examinations, "_keep", overtaken)
    jobs.examine_evidence(NOW, seconds=None)
    assert not Derived.objects.exists()
    assert set(vault.object_names()) == {item.object_name}


def test_a_file_damaged_on_the_disk_is_told_and_can_be_done_again(team, settings, capsys):
    item = item_of(team["author"], name="photo.jpg", content=pictures.jpeg())
    path = settings.EVIDENCE_DIR / f"{item.object_name}.age"
    whole = path.read_bytes()
    path.chmod(0o600)
    path.write_bytes(whole[:-1])
    assert examine(item).finding == Finding.DAMAGED
    path.write_bytes(whole)
    assert examinations.forget_failures() == 1
    assert examine(item).state == ExaminationState.DONE


def test_the_sweep_keeps_what_was_made(team, settings):
    item = item_of(team["author"], name="photo.jpg", content=pictures.jpeg())
    examine(item)
    for name in vault.object_names():
        os.utime(settings.EVIDENCE_DIR / f"{name}.age", (1, 1))
    uploads.sweep(now=timezone.now())
    assert len(list(vault.object_names())) == 4


def child(task, content, content_type, **limits):
    with tempfile.TemporaryFile() as stream:
        stream.write(content)
        stream.flush()
        return [part.kind for part in inspect(task, stream, content_type=content_type, **limits)]


def test_the_clock_ends_what_hangs(monkeypatch):
    limited(monkeypatch, "time.sleep(600)")
    with pytest.raises(Unreadable, match="too_much"):
        child("pictures", pictures.jpeg(), "image/jpeg", seconds=0.2)


def test_a_picture_that_needs_more_memory_than_it_may_have_is_too_large(monkeypatch):
    content = corpus.png(7000, 7000, colour=2, depth=8)  # 140 MiB of dots, which usually is allowed
    limited(monkeypatch, "limits.MEMORY_BYTES = 256 * 1024 * 1024")
    with pytest.raises(Unreadable, match="too_large"):
        child("pictures", content, "image/png")


def test_work_that_does_not_end_is_ended_by_the_kernel(monkeypatch):
    limited(monkeypatch, "limits.CPU_SECONDS = 1\nchild.work = lambda *_what: iter(int, 1)")
    with pytest.raises(Unreadable, match="too_much"):
        child("pictures", pictures.jpeg(), "image/jpeg")


def test_the_kernel_holds_the_process_to_its_limits():
    """In such a process memory ends at 512 MiB, no file can be written, and time ends at 20 seconds."""
    script = (
        "from recommendations.files.sandbox import limits; limits.apply()\n"
        "import json, resource, signal\n"
        "said = {}\n"
        "try: bytearray(600 * 1024 * 1024)\n"
        "except MemoryError: said['memory'] = True\n"
        "try:\n"
        "    with open('/tmp/written-by-a-child', 'wb') as stream: stream.write(b'x')\n"
        "except OSError: said['file'] = True\n"
        "said['cpu'] = resource.getrlimit(resource.RLIMIT_CPU)[0]\n"
        "print(json.dumps(said))"
    )
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert json.loads(said.stdout) == {"memory": True, "file": True, "cpu": 20}
    assert signal.SIGXCPU  # what the kernel sends then


def test_the_process_inherits_no_secret(team, monkeypatch):
    seen = {}
    real = subprocess.Popen

    def watched(command, **how):
        seen.update(how["env"])
        return real(command, **how)

    monkeypatch.setenv("SECRET_KEY", "hidden")
    monkeypatch.setattr("recommendations.files.sandbox.parent.subprocess.Popen", watched)
    child("pictures", pictures.jpeg(), "image/jpeg")
    assert set(seen) == {"LANG", "PATH"}
