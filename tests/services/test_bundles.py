"""Evidence for a partner: verified without us, safe to unpack, encrypted where needed, noted on each item."""

import io
import tracemalloc

import pyrage
import pytest
from django.urls import reverse
from pyrage import x25519

from recommendations import vault
from recommendations.audit import triggers
from recommendations.choices import EventKind, Sensitivity
from recommendations.exports import bundles
from recommendations.models import Derived, Event, Evidence
from recommendations.services import grants
from recommendations.services.evidence import bundles as service
from recommendations.services.evidence import details, retention
from tests.support import factories, forgeries, forms
from tests.support.bundles import WHY, bundle_of, check_is_found, unpacked, verified
from tests.support.factories import NOW, item_of
from tests.support.forgeries import told
from tests.support.pages import browser_of, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_the_time_of_the_story")]
CANARY = "Hyesan"


@pytest.fixture
def cited(team, recommendation):
    """An open file and link, and a restricted testimony of Ana's that Rita sees; all cited by one update."""
    ana, rita = team["author"], team["reviewer"]
    items = [
        item_of(ana, title="Statute", name="법률.pdf"),
        factories.link(ana, "Statement", source="KCNA"),
        item_of(
            ana,
            sensitivity=Sensitivity.RESTRICTED,
            title=f"Ms. K. of {CANARY}",
            content=forms.PDF + b"secret",
        ),
    ]
    Evidence.objects.filter(pk=items[2].pk).update(consent="told us", safety="her sister", note="a note")
    grants.grant(item=items[2], person=rita, actor=ana, reason="To review", now=NOW)
    factories.approve(ana, recommendation, reviewer=rita, cites=items)
    return items


def test_a_partner_verifies_it_with_the_two_commands_of_the_readme(team, recommendation, cited, tmp_path):
    answer = bundle_of(team["viewer"], recommendation)
    assert answer["Content-Disposition"] == 'attachment; filename="evidence-TIP-2024-KP-01-2024-09-02.zip"'
    folder = unpacked(answer.data, tmp_path)
    assert verified(folder)[:2] == (0, 0)
    head = Event.objects.filter(kind=EventKind.EXPORTED).order_by("seq").first().previous_hash
    assert head in verified(folder)[2], "the record goes up to the entry before this export"
    readme = (folder / "README.txt").read_text()
    assert "sha256sum -c manifest-sha256.txt" in readme and "python3 verify.py" in readme
    first, second = told(folder)
    assert (folder / first["file"]).read_bytes() == forms.PDF
    assert first["file_is"] == "as received" and first["cited"][0]["recommendation"] == "TIP-2024-KP-01"
    assert (second["file"], second["address"], second["source"]) == (
        "",
        "https://example.org/statement",
        "KCNA",
    )


@pytest.mark.parametrize(
    ("forgery", "fault"),
    [
        (forgeries.change_file, "is not the file that was sent"),
        (forgeries.add_file, "was not part of the bundle"),
        (forgeries.lose_file, "is missing"),
        (forgeries.forge_item, "The record gives a different hash"),
        (forgeries.silence_record, "The record does not say which file"),
        (forgeries.forge_said, "The words of entry 1 were changed"),
        (forgeries.forge_entry, "was changed"),
        (forgeries.cut_record, "does not follow from the one before it"),
    ],
)
def test_what_was_changed_on_the_way_is_found(team, recommendation, cited, tmp_path, forgery, fault):
    check_is_found(bundle_of(team["viewer"], recommendation), tmp_path, forgery, fault)


def test_what_is_restricted_leaves_encrypted_or_not_at_all(team, recommendation, cited, tmp_path):
    rita, key = team["reviewer"], x25519.Identity.generate()
    refused = bundle_of(rita, recommendation, restricted="on")
    assert "it can only be exported encrypted" in words(refused)
    assert "This is not an age key" in words(
        bundle_of(rita, recommendation, restricted="on", recipient="age1xyz")
    )
    assert not Event.objects.filter(kind=EventKind.EXPORTED).exists()
    answer = bundle_of(rita, recommendation, restricted="on", recipient=str(key.to_public()))
    assert answer["Content-Disposition"].endswith('.zip.age"')
    assert CANARY.encode() not in answer.data and b"secret" not in answer.data
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(answer.data, [x25519.Identity.generate()])
    folder = unpacked(pyrage.decrypt(answer.data, [key]), tmp_path)
    assert verified(folder)[:2] == (0, 0) and len(told(folder)) == 3
    everything = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert all(words not in everything for words in (b"told us", b"her sister", b"a note"))
    plain = bundle_of(rita, recommendation)
    assert CANARY.encode() not in plain.data and b"secret" not in plain.data


def test_a_plain_bundle_never_tells_that_a_restricted_update_cites_an_item(
    team, recommendation, cited, tmp_path
):
    """An open item that a restricted update alone cites would stand there cited by nothing."""
    ana, rita = team["author"], team["reviewer"]
    factories.approve_restricted(
        ana, recommendation, reviewer=rita, cites=[factories.link(ana, "A timetable")]
    )
    key = x25519.Identity.generate()
    plain = told(unpacked(bundle_of(rita, recommendation).data, tmp_path / "plain"))
    assert [item["title"] for item in plain] == ["Statute", "Statement"]
    encrypted = bundle_of(rita, recommendation, restricted="on", recipient=str(key.to_public()))
    whole = told(unpacked(pyrage.decrypt(encrypted.data, [key]), tmp_path / "encrypted"))
    assert "A timetable" in [item["title"] for item in whole]


@pytest.mark.parametrize("who", ["viewer", "other", "second", "manager", "superuser"])
def test_nobody_gets_or_learns_of_what_they_may_not_see(team, recommendation, cited, tmp_path, who):
    team["superuser"] = team["viewer"]
    team["superuser"].is_superuser = who == "superuser"
    team["superuser"].save()
    page = browser_of(team[who]).get(reverse("recommendation-bundle", args=[recommendation.reference]))
    assert CANARY not in page.content.decode() and "of them restricted" not in words(page)
    key = x25519.Identity.generate()
    answer = bundle_of(team[who], recommendation, restricted="on", recipient=str(key.to_public()))
    folder = unpacked(pyrage.decrypt(answer.data, [key]), tmp_path)
    assert [item["title"] for item in told(folder)] == ["Statute", "Statement"]
    everything = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert CANARY.encode() not in everything and str(cited[2].key).encode() not in everything
    assert not Event.objects.filter(kind=EventKind.EXPORTED, evidence=cited[2]).exists()


def test_each_item_tells_that_it_left_and_to_whom(team, recommendation, cited):
    key = str(x25519.Identity.generate().to_public())
    bundle_of(team["reviewer"], recommendation, restricted="on", recipient=key)
    events = Event.objects.filter(kind=EventKind.EXPORTED)
    assert {event.evidence for event in events} == set(cited)
    assert {event.payload["sealed_to"] for event in events} == {key}
    custody = words(browser_of(team["author"]).get(reverse("evidence-custody", args=[cited[2].key])))
    assert "Exported in a bundle, encrypted to age1" in custody and WHY in custody and "Rita" in custody
    assert "Say who it is for" in words(bundle_of(team["reviewer"], recommendation, reason=" "))


def test_a_picture_goes_as_a_copy_unless_its_original_is_asked_for_and_allowed(
    team, recommendation, tmp_path
):
    ana = team["author"]
    item = item_of(ana, name="photo.png", content=forms.PNG, title="Photo")
    triggers.remove()
    Evidence.objects.filter(pk=item.pk).update(content_type="image/png")
    triggers.install()
    factories.approve(ana, recommendation, reviewer=team["reviewer"], cites=[item])
    assert told(unpacked(bundle_of(ana, recommendation).data, tmp_path / "none"))[0]["file_is"] == "left out"
    incoming = vault.receive(io.BytesIO(b"clean"))
    facts = {"size": incoming.size, "sha256": incoming.sha256, "content_type": "image/png", "made_at": NOW}
    Derived.objects.create(derived_from=item, kind="copy", object_name=vault.publish(incoming), **facts)
    wanted = {
        ("author", "copies"): (b"clean", "copy without metadata"),
        ("author", "originals"): (forms.PNG, "as received"),
        ("viewer", "originals"): (b"clean", "copy without metadata"),
    }
    for (who, pictures), (content, file_is) in wanted.items():
        answer = bundle_of(team[who], recommendation, pictures=pictures)
        folder = unpacked(answer.data, tmp_path / who / pictures)
        (one,) = told(folder)
        assert ((folder / one["file"]).read_bytes(), one["file_is"]) == (content, file_is)
        assert verified(folder)[:2] == (0, 0)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Windows\\evil.pdf", "evil.pdf"),
        ("report\r\nSet-Cookie: a.pdf", "reportSet-Cookie_ a.pdf".replace(" ", "_")),
        ("annexe\u202efdp.exe", "annexefdp.exe"),
        ("a\0b.pdf", "ab.pdf"),
        ("CON", "CON"),
        ("법률 제1호.pdf", "법률_제1호.pdf"),
        ("...", "file"),
        ("x" * 300 + ".pdf", "x" * 80 + ".pdf"),
        ("a|b*c?.pdf. ", "a_b_c.pdf"),
    ],
)
def test_names_are_safe_to_unpack_anywhere(name, safe):
    assert bundles.safe_name(name) == safe


def test_a_damaged_file_stops_it_and_nothing_is_noted(team, recommendation, cited, settings):
    vault.remove(cited[0].object_name)
    answer = bundle_of(team["viewer"], recommendation)
    assert "A file is damaged" in words(answer) and "Nothing was exported" in words(answer)
    assert not Event.objects.filter(kind=EventKind.EXPORTED).exists()
    assert list((settings.EVIDENCE_DIR / "spool").iterdir()) == []


@pytest.mark.parametrize("what", ["restricted", "closed", "removed"])
def test_what_is_restricted_closed_or_removed_while_it_is_built_does_not_leave(
    team, recommendation, cited, monkeypatch, settings, what
):
    ana, rita, key = team["author"], team["reviewer"], x25519.Identity.generate()
    built = bundles.write

    def meanwhile(*arguments, **said):
        built(*arguments, **said)
        if what == "restricted":
            details.change(item=cited[1], actor=ana, details={"sensitivity": "restricted"}, now=NOW)
        elif what == "closed":
            cited[2].grants.all().delete()
        else:
            why = {"reason": "Asked for.", "basis": "GDPR 17", "on": NOW.date(), "now": NOW}
            retention.approve(item=retention.propose(item=cited[0], actor=ana, **why), actor=rita, now=NOW)

    monkeypatch.setattr(bundles, "write", meanwhile)
    asked = {"restricted": "on", "recipient": str(key.to_public())} if what == "closed" else {}
    answer = bundle_of(rita, recommendation, **asked)
    assert "changed while the bundle was made. Nothing was exported" in words(answer)
    assert not Event.objects.filter(kind=EventKind.EXPORTED).exists()
    assert list((settings.EVIDENCE_DIR / "spool").iterdir()) == []


def test_a_report_as_a_whole_and_one_without_evidence(team, report, recommendation, cited, tmp_path):
    viewer = browser_of(team["viewer"])
    page = reverse("report-bundle", args=[report.slug])
    answer = viewer.post(page, {"pictures": "copies", "reason": WHY})
    assert len(told(unpacked(b"".join(answer.streaming_content), tmp_path))) == 2
    empty = reverse("recommendation-bundle", args=[report.recommendations.last().reference])
    assert "There is nothing to export yet." in words(viewer.get(empty))
    assert "There is nothing to export" in words(viewer.post(empty, {"pictures": "copies", "reason": WHY}))


def test_a_large_file_is_never_whole_in_memory(team, recommendation):
    item = item_of(team["author"], name="big.txt", content=b"0123456789abcdef" * (1 << 20))
    factories.approve(team["author"], recommendation, reviewer=team["reviewer"], cites=[item])
    items, citations = service.contents(
        person=team["author"], recommendations=type(recommendation).objects.all()
    )
    key = str(x25519.Identity.generate().to_public())
    said = {"about": "x", "originals": True, "recipient": key, "reason": WHY, "now": NOW}
    tracemalloc.start()
    with service.export(person=team["author"], items=items, citations=citations, **said) as stream:
        peak = tracemalloc.get_traced_memory()[1]
        size = stream.seek(0, 2)
    tracemalloc.stop()
    assert size > 16 << 20 and peak < 4 << 20, f"{peak} bytes at most for a file of 16 MiB"
