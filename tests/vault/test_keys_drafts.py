"""What is left of a secret key by a writer that was killed goes; a copy that an operator made stays."""

import io
import os
import signal

import pytest
from django.core.management import call_command
from pyrage import x25519

from recommendations.vault import keys
from tests.support.vaulting import keep_only_items
from tracker import environment


def old(path):
    """Make a file two minutes old."""
    at = path.stat().st_mtime - 120
    os.utime(path, (at, at))


@pytest.mark.parametrize("door", ["prepare", "sweep_evidence"])
def test_a_draft_of_a_key_whose_writer_was_killed_is_taken_away(world, settings, door):
    """By the next start, or by the hourly sweep; what is being written stays, and what is not ours."""
    keep_only_items()
    pid = os.fork()
    if pid == 0:
        os.rename = lambda *_paths: os.kill(os.getpid(), signal.SIGKILL)
        keys.write_identities([x25519.Identity.generate()], anew=True)
        os._exit(0)
    assert os.WIFSIGNALED(os.waitpid(pid, 0)[1])
    (draft,) = settings.KEYS_DIR.glob(".evidence_key.*")
    assert draft.read_text().count("AGE-SECRET-KEY-") == 1, "a secret half lies there"
    young, others = settings.KEYS_DIR / ".evidence_key.1", settings.KEYS_DIR / ".evidence_key.bak"
    young.write_text("x")
    others.write_text("x")
    old(draft)
    old(others)
    before, out = keys.identities(), io.StringIO()
    call_command(door, stdout=out)
    assert not draft.exists() and young.exists() and others.exists()
    assert [str(one) for one in keys.identities()] == [str(one) for one in before]
    if door == "prepare":
        assert f"left by a process that was killed: {draft}" in out.getvalue()


def test_so_is_that_of_the_secret_key_of_the_site(tmp_path):
    left, young = tmp_path / ".secret_key.4242", tmp_path / ".secret_key.4243"
    for path in (left, young):
        path.write_text("x" * 86)
    old(left)
    made = environment.secret_key("SECRET_KEY_OF_NOBODY", tmp_path)
    assert not left.exists() and young.exists() and (tmp_path / "secret_key").read_text() == made
