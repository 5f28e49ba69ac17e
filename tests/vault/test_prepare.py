"""The first start, and the start over data of before there was encryption: ``manage.py prepare``."""

import io

import pytest
from django.core.management import call_command

from recommendations import vault
from recommendations.models import Evidence
from tests.support.factories import BYTES
from tests.support.vaulting import keep_only_items, leave_unencrypted, path_of


def prepare():
    """Run the part of the command that is about evidence; return what it printed."""
    out = io.StringIO()
    call_command("prepare", stdout=out)
    return out.getvalue()


@pytest.fixture
def world(world):
    """Of the world, its two files alone."""
    keep_only_items()
    return world


@pytest.fixture
def no_keys(settings):
    """The keys folder as it is before the first start."""
    for path in settings.KEYS_DIR.iterdir():
        path.unlink()


def test_the_first_start_makes_a_key_that_nobody_else_can_read(db, settings, no_keys):
    prepare()
    path = settings.EVIDENCE_KEY_FILE
    assert path.stat().st_mode & 0o777 == 0o400 and path.parent.stat().st_mode & 0o777 == 0o700
    assert path.read_text().startswith("# public key: age1") and "AGE-SECRET-KEY-1" in path.read_text()
    made = path.read_bytes()
    prepare()
    assert path.read_bytes() == made


def test_evidence_of_before_there_was_encryption_is_encrypted_at_the_start(world, settings, no_keys):
    files = Evidence.objects.exclude(object_name="")
    for item in files:
        leave_unencrypted(item.object_name, BYTES)
    said = prepare()
    assert f"Evidence files encrypted: {len(files)}." in said and "Not encrypted" not in said
    for item in files:
        assert path_of(item.object_name).suffix == ".age"
        assert not (settings.EVIDENCE_DIR / item.object_name).exists()
        with vault.open_verified(item.object_name, size=item.size, sha256=item.sha256) as stream:
            assert stream.read() == BYTES
    assert "Encrypted" not in prepare()


def test_what_cannot_be_encrypted_is_named_and_left(world, settings, no_keys):
    good, bad = Evidence.objects.exclude(object_name="")
    leave_unencrypted(good.object_name, BYTES)
    leave_unencrypted(bad.object_name, b"changed by somebody")
    said = prepare()
    assert (
        f"Not encrypted, and left as it is: {bad.object_name}" in said
        and "Evidence files encrypted: 1." in said
    )
    assert (settings.EVIDENCE_DIR / bad.object_name).read_bytes() == b"changed by somebody"


@pytest.mark.parametrize("probe", [True, False])
def test_a_lost_key_is_never_replaced_in_silence(world, settings, probe):
    settings.EVIDENCE_KEY_FILE.unlink()
    if not probe:
        vault.keys.probe_file().unlink()
    said = prepare()
    assert "neither added nor opened" in said and "is missing" in said and "evidence_keys recover" in said
    assert not settings.EVIDENCE_KEY_FILE.exists()
