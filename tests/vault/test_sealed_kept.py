"""What is sealed, over its life on the disk: kept, verified, keyed anew, backed up, restored, killed."""

import contextlib
import io
import logging
import os
import signal

import pyrage
import pytest
from django.core.management import call_command
from pyrage import x25519

from recommendations import vault
from recommendations.backups import archive
from recommendations.models import Evidence
from recommendations.services.backups import restore
from recommendations.services.keys import rotation
from recommendations.vault import envelope, keys, officers, spool
from tests.support import corpus, factories, forms
from tests.support.factories import NOW
from tests.support.items import ADD
from tests.support.pages import browser_of
from tests.support.places import Elsewhere
from tests.support.processes import fresh_database
from tests.support.sealed import CANARY, ciphertext_of, name_officers, opened, sealed_details
from tests.support.vaulting import path_of

CONTENT = corpus.docx(f"{CANARY} speaks") + CANARY.encode()
NAME = f"{CANARY}.docx"


def tells(path, own):
    """Say whether the word is in a file's name or bytes, or in what a server's keys find in it."""
    data = path.read_bytes()
    if data.startswith(b"age-encryption.org"):
        with contextlib.suppress(pyrage.DecryptError):
            data += pyrage.decrypt(data, own)
    return CANARY in path.name or CANARY.encode() in data


def places_of_the_word(folder):
    """Return the files below a data folder in which the word is, as far as its keys can read them."""
    own = keys.read_identities(folder / "keys" / "evidence_key")
    return [path for path in folder.rglob("*") if path.is_file() and tells(path, own)]


@pytest.fixture
def place(settings, tmp_path):
    """A data folder with keys: (the officers' identities, the recovery identity, the file of that)."""
    settings.SEALED_LEVEL = True
    settings.DATA_DIR = tmp_path / "data"
    settings.EVIDENCE_DIR, settings.KEYS_DIR = settings.DATA_DIR / "evidence", settings.DATA_DIR / "keys"
    settings.EVIDENCE_KEY_FILE = settings.KEYS_DIR / "evidence_key"
    settings.CHAIN_HEADS = settings.DATA_DIR / "chain-heads.txt"
    settings.EVIDENCE_DIR.mkdir(parents=True)
    keys.make_first(anything_encrypted=False)
    recovery = x25519.Identity.generate()
    offline = tmp_path / "recovery-key.txt"
    offline.write_text(f"{recovery}\n")
    kims = name_officers("Kim", "Lee")
    rotation.name_recovery(recipients=[str(recovery.to_public())], now=NOW)
    rotation.reencrypt(now=NOW)
    return kims, recovery, offline


@pytest.mark.django_db(transaction=True)
def test_the_word_is_on_no_disk_and_the_officers_open_it_after_all(place, settings, tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    logging.getLogger("django.db.backends").setLevel(logging.INFO)
    kims, recovery, offline = place
    browser = browser_of(factories.team()["author"])
    browser.post(ADD, sealed_details(file=forms.upload(NAME, CONTENT)))
    # One of the same content that is not sealed is found, so that the search is known to see.
    plain = vault.publish(vault.receive(io.BytesIO(CONTENT)))
    assert places_of_the_word(settings.DATA_DIR) == [path_of(plain)]
    vault.remove(plain)

    item = Evidence.objects.get()
    backup, word_of = tmp_path / "one.backup", [settings.DATA_DIR]
    for command in (
        ["evidence_verify"],
        ["examine_evidence"],
        ["evidence_keys", "rekey", "--new-server-key"],
    ):
        call_command(*command, stdout=io.StringIO())
    call_command("sweep_evidence", stdout=io.StringIO())
    call_command("backup", str(backup), stdout=io.StringIO())
    assert places_of_the_word(*word_of) == [] and CANARY not in caplog.text

    # The server's keys and the recovery key take off the outer lock, and no more.
    [lying] = [path for path in settings.EVIDENCE_DIR.rglob("*.age") if path.is_file()]
    for identity in (*keys.identities(), recovery):
        ciphertext = pyrage.decrypt(lying.read_bytes(), [identity])
        assert ciphertext == ciphertext_of(item)
        with pytest.raises(pyrage.DecryptError):
            pyrage.decrypt(ciphertext, [identity])
    members = {}
    archive.read(
        backup, restore.keys.read_identities(offline), lambda name, s: members.update({name: s.read()})
    )
    assert members["officers"] == officers.officers_file().read_bytes()
    assert members["sealed_marks"] == officers.marks_file().read_bytes()
    assert not [name for name, data in members.items() if CANARY.encode() in data]

    with fresh_database("sealed_restored") as database:
        elsewhere = Elsewhere(tmp_path / "elsewhere", database)
        elsewhere.environment["SEALED_LEVEL"] = "yes"
        done = elsewhere.manage("restore", backup, "--identity", offline)
        assert done.returncode == 0, done.stderr
        assert (
            "is now sealed to the officers of that time: Kim, Lee. Anybody you have dropped since"
            in done.stdout
        )
        assert "The level “sealed” is offered" in elsewhere.manage("evidence_keys", "officers").stdout
        assert (elsewhere.folder / "keys" / "sealed_marks").read_bytes() == members["sealed_marks"]
        assert (elsewhere.folder / "keys" / "sealed_marks").stat().st_mode & 0o777 == 0o400
        assert places_of_the_word(elsewhere.folder) == []
        [restored] = (elsewhere.folder / "evidence" / "objects").rglob("*.age")
        there = keys.read_identities(elsewhere.folder / "keys" / "evidence_key")
        inner = pyrage.decrypt(restored.read_bytes(), there)
        for identity in kims:
            about, files = opened(inner, identity)
            assert files == {f"file/{NAME}": CONTENT} and about["key"] == str(item.key)


def test_the_secret_of_the_marks_is_made_once_and_for_nobody_else(settings):
    mark = officers.mark_of("0" * 64)
    assert officers.marks_file().stat().st_mode & 0o777 == 0o400
    assert officers.mark_of("0" * 64) == mark != officers.mark_of("1" * 64)
    officers.marks_file().unlink()
    assert officers.mark_of("0" * 64) != mark, "with another secret it is another mark"


def enclose_and_die(incoming, number):
    """Enclose a file in a process that dies when the ``number``-th chunk of ciphertext is written."""
    pid = os.fork()
    if pid == 0:
        real, calls = envelope.Kept.write, iter(range(1, number + 1))

        def write(kept, chunk):
            if next(calls) == number:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(kept, chunk)

        envelope.Kept.write = write
        with incoming.open() as content:
            vault.enclose(content, **about_of(incoming))
        os._exit(0)
    assert os.WTERMSIG(os.waitpid(pid, 0)[1]) == signal.SIGKILL


def about_of(incoming):
    about = {"original_name": NAME, "size": incoming.size, "sha256": incoming.sha256}
    return {"key": envelope.officers.uuid.uuid4(), "about": about, "now": NOW}


@pytest.mark.parametrize("number", [1, 4])
def test_killed_while_it_is_sealed_it_leaves_nothing(settings, number):
    settings.SEALED_LEVEL = True
    name_officers("Kim", "Lee")
    incoming = vault.receive(io.BytesIO(CONTENT + os.urandom(500_000)))
    enclose_and_die(incoming, number)
    assert not list(spool.folder("spool").iterdir()) and not list(vault.object_names())


@pytest.mark.parametrize("number", [1, 4])
def test_where_files_must_have_names_what_is_left_is_swept(settings, number, tmp_path, monkeypatch):
    settings.SEALED_LEVEL = True
    name_officers("Kim", "Lee")
    monkeypatch.setattr(spool, "DESCRIPTORS", tmp_path / "nowhere")
    incoming = vault.receive(io.BytesIO(CONTENT + os.urandom(500_000)))
    enclose_and_die(incoming, number)
    left = list(spool.folder("spool").iterdir())
    assert len(left) == 2 and not list(vault.object_names())
    vault.sweep(set(), older_than=0)
    assert not list(spool.folder("spool").iterdir())


def check_is_still_there(incoming):
    """Check that what came in can be sealed at another try, that nothing else is left, and that it goes."""
    assert not list(spool.folder("spool").iterdir())
    with incoming.open() as content:
        assert content.read() == CONTENT
    incoming.discard()
    with pytest.raises(FileNotFoundError):
        incoming.open()


def test_content_that_changed_since_it_came_is_not_sealed(settings):
    settings.SEALED_LEVEL = True
    name_officers("Kim", "Lee")
    incoming = vault.receive(io.BytesIO(CONTENT))
    for other in (CONTENT[:-1], CONTENT + b"x", CONTENT[:-1] + b"x"):
        with pytest.raises(vault.envelope.Refused, match="changed while it was being sealed"):
            vault.enclose(io.BytesIO(other), **about_of(incoming))
    check_is_still_there(incoming)


def test_a_full_disk_while_it_is_sealed_is_said_so_and_leaves_nothing(settings, monkeypatch):
    settings.SEALED_LEVEL = True
    name_officers("Kim", "Lee")
    incoming = vault.receive(io.BytesIO(CONTENT))
    monkeypatch.setattr(envelope.Incoming, "write", full)
    with pytest.raises(vault.envelope.Refused, match="disk is full"):
        vault.enclose(io.BytesIO(CONTENT), **about_of(incoming))
    check_is_still_there(incoming)


def full(_incoming, _chunk):
    """Refuse as a full disk does."""
    raise vault.envelope.Refused(vault.no_room())
