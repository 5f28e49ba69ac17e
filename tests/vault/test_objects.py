"""Evidence bytes on a real disk: whole or not there at all."""

import gc
import hashlib
import io
import os
import resource
import stat
import subprocess
import sys
import time
import uuid
from pathlib import Path

import pyrage
import pytest
from pyrage import x25519

from recommendations import vault
from recommendations.errors import Refused
from recommendations.vault import reencryption, spool, storage
from tests.support import forms
from tests.support.vaulting import cut, flip, leave_unencrypted, overwrite, path_of


def files_in(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_bytes_come_back_as_they_came(settings):
    content = os.urandom(1_000_003)
    incoming = vault.receive(io.BytesIO(content))
    assert (incoming.size, incoming.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert mode(incoming.path) == 0o600
    name = vault.publish(incoming)
    with vault.open_verified(name, size=len(content), sha256=incoming.sha256) as stream:
        assert stream.read() == content
    path = path_of(name)
    assert vault.OBJECT_NAME.fullmatch(name) and mode(path) == 0o400 and mode(path.parent) == 0o700
    assert files_in(settings.EVIDENCE_DIR) == [path]


def test_a_stream_over_the_limit_is_stopped_early(settings):
    taken = []

    class Endless(io.RawIOBase):
        def read(self, size):
            taken.append(size)
            return b"x" * size

    with pytest.raises(Refused, match="larger than"):
        vault.receive(Endless(), max_bytes=1_000_000)
    assert sum(taken) < 2_000_000
    assert not files_in(settings.EVIDENCE_DIR)


def test_an_empty_file_is_refused(settings):
    with pytest.raises(Refused, match="empty"):
        vault.receive(io.BytesIO())
    assert not files_in(settings.EVIDENCE_DIR)


@pytest.mark.parametrize("size", [10, 300_000])
def test_a_full_disk_is_said_and_leaves_nothing(settings, monkeypatch, size):
    """/dev/full answers as a disk without room does, by the kernel itself."""
    real = os.open
    monkeypatch.setattr(
        spool.os, "open", lambda path, *how: real(path, *how) and real("/dev/full", os.O_WRONLY)
    )
    with pytest.raises(Refused, match="disk is full"):
        vault.receive(io.BytesIO(b"x" * size))
    assert not files_in(settings.EVIDENCE_DIR)


def test_a_file_size_limit_of_the_system_is_said_too(settings):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        with pytest.raises(Refused, match="disk is full"):
            vault.receive(io.BytesIO(b"x" * 1_000_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not files_in(settings.EVIDENCE_DIR)


def test_a_rename_that_fails_leaves_nothing(settings, monkeypatch):
    def fail(*_args):
        raise OSError(28, "No space left on device")

    incoming = vault.receive(io.BytesIO(b"abc"))
    monkeypatch.setattr(storage.os, "rename", fail)
    with pytest.raises(Refused, match="disk is full"):
        vault.publish(incoming)
    assert not files_in(settings.EVIDENCE_DIR)


def test_a_disk_that_fills_up_while_encrypting_is_said_and_leaves_nothing(settings):
    incoming = vault.receive(io.BytesIO(b"x" * 1_000_000))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, hard))
    try:
        with pytest.raises(Refused, match="disk is full"):
            vault.publish(incoming)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not files_in(settings.EVIDENCE_DIR)


def test_what_was_written_wrong_is_not_kept(settings, monkeypatch):
    """A disk that says it wrote, and wrote something else, is found before any row names the object."""
    real = storage.LocalStorage._save

    def save_wrong(self, name, content):
        saved = real(self, name, content)
        flip(name.removesuffix(".age"), at=-3)
        return saved

    monkeypatch.setattr(storage.LocalStorage, "_save", save_wrong)
    with pytest.raises(Refused, match="could not store"):
        vault.publish(vault.receive(io.BytesIO(b"abc")))
    assert not files_in(settings.EVIDENCE_DIR)


def test_a_reader_that_breaks_off_leaves_nothing(settings):
    class Broken(io.RawIOBase):
        def read(self, size):
            if self.tell_once:
                self.tell_once = False
                return b"half"
            raise ConnectionResetError

        tell_once = True

    with pytest.raises(ConnectionResetError):
        vault.receive(Broken())
    assert not files_in(settings.EVIDENCE_DIR)


def test_what_nobody_holds_any_more_leaves_the_spool(settings):
    incoming = vault.Incoming()
    incoming.write(b"half of it")
    assert files_in(settings.EVIDENCE_DIR)
    del incoming
    gc.collect()
    assert not files_in(settings.EVIDENCE_DIR)


@pytest.mark.parametrize("damage", ["flip", "flip the head", "cut", "emptied", "gone"])
def test_damage_is_found(settings, damage):
    incoming = vault.receive(io.BytesIO(forms.PDF))
    size, sha256 = incoming.size, incoming.sha256
    name = vault.publish(incoming)
    if damage == "gone":
        path_of(name).unlink()
    elif damage == "cut":
        cut(name)
    elif damage == "emptied":
        overwrite(path_of(name), b"")
    else:
        flip(name, at=-1 if damage == "flip" else 70)
    for door in (vault.open_verified, vault.verify):
        with pytest.raises(vault.Damaged) as caught:
            door(name, size=size, sha256=sha256)
        assert not isinstance(caught.value, vault.Locked)
    with pytest.raises(vault.Damaged):
        vault.open_object(name)


def test_another_whole_object_in_its_place_is_found():
    """Encryption alone does not tell one object from another; the recorded hash does."""
    one, other = (vault.receive(io.BytesIO(content)) for content in (b"one", b"two"))
    recorded = {"size": one.size, "sha256": one.sha256}
    name, other_name = vault.publish(one), vault.publish(other)
    overwrite(path_of(name), path_of(other_name).read_bytes())
    with pytest.raises(vault.Damaged, match="not the bytes"):
        vault.open_verified(name, **recorded)


@pytest.mark.parametrize("key", ["missing", "wrong", "empty", "nonsense"])
def test_a_key_that_is_not_in_order_is_said_and_not_called_damage(settings, key):
    incoming = vault.receive(io.BytesIO(b"abc"))
    recorded = {"size": incoming.size, "sha256": incoming.sha256}
    name = vault.publish(incoming)
    path = settings.EVIDENCE_KEY_FILE
    kept = path.read_bytes()
    written = {"wrong": f"{x25519.Identity.generate()}\n", "empty": "# nothing\n", "nonsense": "secret\n"}
    path.unlink() if key == "missing" else overwrite(path, written[key].encode())
    with pytest.raises(vault.Locked, match="key"):
        vault.open_verified(name, **recorded)
    with pytest.raises(Refused, match="the key that encrypts evidence"):
        vault.receive(io.BytesIO(b"more"))
    assert len(files_in(settings.EVIDENCE_DIR)) == 1
    path.unlink(missing_ok=True)
    path.write_bytes(kept)
    vault.verify(name, **recorded)


def test_objects_are_age_files_that_hold_nothing_readable(settings):
    content = b"her name and her village " * 1000
    name = vault.publish(vault.receive(io.BytesIO(content)))
    path = path_of(name)
    assert path.suffix == ".age" and path.read_bytes().startswith(b"age-encryption.org/v1\n-> X25519 ")
    assert not any(b"village" in file.read_bytes() for file in files_in(settings.EVIDENCE_DIR))
    assert pyrage.decrypt(path.read_bytes(), vault.keys.identities()) == content


def test_an_object_of_before_there_was_encryption_is_read_until_it_is_encrypted(settings):
    incoming = vault.receive(io.BytesIO(b"of yesterday"))
    recorded = {"size": incoming.size, "sha256": incoming.sha256}
    name = vault.publish(incoming)
    leave_unencrypted(name, b"of yesterday")
    vault.verify(name, **recorded)
    assert list(vault.object_names()) == [name] and not vault.is_encrypted(name)
    reencryption.reencrypt(name, expected=(recorded["size"], recorded["sha256"]))
    assert [file.suffix for file in files_in(settings.EVIDENCE_DIR)] == [".age"]
    vault.verify(name, **recorded)


def test_an_unencrypted_object_that_was_changed_is_left_as_it_is(settings):
    name = vault.publish(vault.receive(io.BytesIO(b"of yesterday")))
    leave_unencrypted(name, b"changed by somebody")
    with pytest.raises(vault.Damaged):
        reencryption.reencrypt(name, expected=(12, "0" * 64))
    assert [file.read_bytes() for file in files_in(settings.EVIDENCE_DIR)] == [b"changed by somebody"]


@pytest.mark.parametrize("encrypted_is_whole", [True, False])
def test_encryption_that_was_killed_half_way_is_taken_up_again(settings, encrypted_is_whole):
    """Both are there: the bytes as they came, and what was encrypted of them."""
    incoming = vault.receive(io.BytesIO(b"of yesterday"))
    expected = (incoming.size, incoming.sha256)
    name = vault.publish(incoming)
    (settings.EVIDENCE_DIR / name).write_bytes(b"of yesterday")
    if not encrypted_is_whole:
        cut(name)
    reencryption.reencrypt(name, expected=expected)
    assert [file.suffix for file in files_in(settings.EVIDENCE_DIR)] == [".age"]
    vault.verify(name, size=expected[0], sha256=expected[1])


@pytest.mark.parametrize(
    "name", ["../secret_key", "/etc/passwd", "objects/aa/bb/../../../x", "objects/aa/bb/cc", "", "spool/x"]
)
def test_only_names_of_objects_are_opened(name):
    with pytest.raises(vault.Damaged):
        vault.open_object(name)
    with pytest.raises(vault.Damaged):
        vault.remove(name)


def test_the_sweep_takes_what_is_old_and_unknown_and_nothing_else(settings):
    kept, orphan, fresh = (vault.publish(vault.receive(io.BytesIO(b"x"))) for _ in range(3))
    spooled = settings.EVIDENCE_DIR / "spool" / uuid.uuid4().hex
    spooled.write_bytes(b"half")
    yesterday = time.time() - 2 * 86400
    for path in (path_of(kept), path_of(orphan), spooled):
        os.utime(path, (yesterday, yesterday))
    gone = vault.sweep({kept}, older_than=86400)
    assert set(gone) == {orphan, f"spool/{spooled.name}"}
    assert set(vault.object_names()) == {kept, fresh}


def test_a_process_killed_at_any_step_leaves_a_whole_object_or_nothing_under_objects(settings):
    """SIGKILL after 0 to 40 milliseconds of endless intake: what lies among the objects is whole."""
    content = b"0123456789abcdef" * 65536
    script = (
        "import io, os, django; django.setup()\n"
        "from django.conf import settings; from pathlib import Path\n"
        "settings.EVIDENCE_DIR, settings.KEYS_DIR = Path(os.environ['VAULT']), Path(os.environ['KEYS'])\n"
        "settings.EVIDENCE_KEY_FILE = settings.KEYS_DIR / 'evidence_key'\n"
        "from recommendations import vault\n"
        "print('ready', flush=True)\n"
        "while True: vault.publish(vault.receive(io.BytesIO(b'0123456789abcdef' * 65536)))\n"
    )
    env = {
        **os.environ,
        "VAULT": str(settings.EVIDENCE_DIR),
        "KEYS": str(settings.KEYS_DIR),
        "DJANGO_SETTINGS_MODULE": "tracker.settings",
    }
    for delay in (0, 0.001, 0.004, 0.01, 0.02, 0.04):
        process = subprocess.Popen(
            [sys.executable, "-c", script], env=env, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]
        )
        process.stdout.readline()
        time.sleep(delay)
        process.kill()
        process.wait()
        process.stdout.close()
    for name in vault.object_names():
        vault.verify(name, size=len(content), sha256=hashlib.sha256(content).hexdigest())
    vault.sweep(set(), older_than=-10)
    assert not files_in(settings.EVIDENCE_DIR)
