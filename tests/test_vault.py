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

import pytest

from recommendations import vault
from recommendations.errors import Refused
from tests import forms


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
    path = settings.EVIDENCE_DIR / name
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
        vault.os, "open", lambda path, *how: real(path, *how) and real("/dev/full", os.O_WRONLY)
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
    monkeypatch.setattr(vault.os, "rename", fail)
    with pytest.raises(Refused, match="disk is full"):
        vault.publish(incoming)
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


@pytest.mark.parametrize("damage", ["changed", "cut", "gone"])
def test_damage_is_found(settings, damage):
    incoming = vault.receive(io.BytesIO(forms.PDF))
    size, sha256 = incoming.size, incoming.sha256
    name = vault.publish(incoming)
    path = settings.EVIDENCE_DIR / name
    path.chmod(0o600)
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(forms.PDF[:-1] + (b"x" if damage == "changed" else b""))
    with pytest.raises(vault.Damaged):
        vault.open_verified(name, size=size, sha256=sha256)


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
    for path in (settings.EVIDENCE_DIR / kept, settings.EVIDENCE_DIR / orphan, spooled):
        os.utime(path, (yesterday, yesterday))
    gone = vault.sweep({kept}, older_than=86400)
    assert set(gone) == {orphan, f"spool/{spooled.name}"}
    assert set(vault.object_names()) == {kept, fresh}


def test_a_process_killed_at_any_step_leaves_a_whole_object_or_nothing_under_objects(settings):
    """SIGKILL after 0 to 40 milliseconds of endless intake: what lies among the objects is whole."""
    script = (
        "import io, os, django; django.setup()\n"
        "from django.conf import settings; from pathlib import Path\n"
        "settings.EVIDENCE_DIR = Path(os.environ['VAULT'])\n"
        "from recommendations import vault\n"
        "print('ready', flush=True)\n"
        "while True: vault.publish(vault.receive(io.BytesIO(b'0123456789abcdef' * 65536)))\n"
    )
    env = {**os.environ, "VAULT": str(settings.EVIDENCE_DIR), "DJANGO_SETTINGS_MODULE": "tracker.settings"}
    for delay in (0, 0.001, 0.004, 0.01, 0.02, 0.04):
        process = subprocess.Popen(
            [sys.executable, "-c", script], env=env, stdout=subprocess.PIPE, cwd=Path(__file__).parents[1]
        )
        process.stdout.readline()
        time.sleep(delay)
        process.kill()
        process.wait()
        process.stdout.close()
    sizes = {(settings.EVIDENCE_DIR / name).stat().st_size for name in vault.object_names()}
    assert sizes <= {16 * 65536}
    vault.sweep(set(), older_than=-10)
    assert not files_in(settings.EVIDENCE_DIR)
