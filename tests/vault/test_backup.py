"""A backup and the way back: into an empty place, all of it or nothing, on both databases."""

import io

import pytest
from django.core.management import CommandError, call_command
from pyrage import x25519

from recommendations.backups import archive, dumps
from recommendations.choices import EventKind, MailState
from recommendations.models import Event, Mail
from recommendations.services.backups import restore
from recommendations.services.evidence import retention
from tests.support import backups
from tests.support.backups import back_up
from tests.support.factories import NOW
from tests.support.vaulting import flip

pytestmark = pytest.mark.django_db(transaction=True)


def remove(item, world):
    """Remove an item, as two people decide it."""
    said = {"reason": "Consent was withdrawn.", "basis": "GDPR 17", "on": NOW.date(), "now": NOW}
    retention.approve(
        item=retention.propose(item=item, actor=world.author, **said), actor=world.reviewer, now=NOW
    )


def refused(command, *arguments):
    with pytest.raises(CommandError) as caught:
        call_command(command, *map(str, arguments), stdout=io.StringIO())
    return str(caught.value)


def test_everything_comes_back_and_nothing_is_mailed_again(place, offline, elsewhere, tmp_path):
    remove(place.evidence, place)
    before = dumps.content()
    events = [list(event) for event in Event.objects.order_by("seq").values_list("seq", "hash")]
    said = back_up(tmp_path / "one.backup")
    assert "files: 4." in said and Event.objects.filter(kind=EventKind.BACKED_UP).exists()
    assert (tmp_path / "one.backup").stat().st_mode & 0o777 == 0o600

    done = elsewhere.manage("restore", tmp_path / "one.backup", "--identity", offline)
    assert done.returncode == 0, done.stderr
    assert "Evidence removed by decision, according to the restored record: 1. Decisions after" in done.stdout
    waiting = set(Mail.objects.filter(state=MailState.PENDING).values_list("key", flat=True))
    assert f"since they may have been sent: {len(waiting)}." in done.stdout and "remind:1" in waiting
    now = elsewhere.ask()
    assert now["objects"] == before.objects and len(now["objects"]) == 4 and now["verified"] == []
    assert now["events"][: len(events)] == events and len(now["events"]) == len(events) + 1
    told = {"recommendations_event", "recommendations_heartbeat", "django_session"}
    assert {name: count for name, count in now["counts"].items() if name not in told} == {
        name: count for name, count in before.counts.items() if name not in told
    }
    assert {key for key, state in now["states"].items() if state == "unknown"} == waiting
    assert set(now["states"].values()) == {"unknown", "sent"}
    assert "Held: restored from the backup" in now["reasons"]["remind:1"]
    assert now["copies"] == [[1, "kept", ""], [2, "failed", "lapsed"]], "no site is asked after a restore"
    assert (elsewhere.folder / "chain-heads.txt").exists()
    assert (
        not list(elsewhere.folder.glob(".restore-*"))
        and not (elsewhere.folder / "restore-unfinished").exists()
    )

    checked = elsewhere.manage("check_data")
    assert "Evidence files are whole: no breaches" in checked.stdout
    assert "The event sequence is unbroken: no breaches" in checked.stdout
    again = elsewhere.manage("restore", tmp_path / "one.backup", "--identity", offline)
    assert again.returncode == 1 and "a restore needs an empty place" in again.stderr


@pytest.fixture
def backup(place, tmp_path):
    """A backup of the place."""
    path = tmp_path / "one.backup"
    back_up(path)
    return path


def verify(path, identity):
    out = io.StringIO()
    call_command("restore", str(path), identity=str(identity), verify=True, stdout=out)
    return out.getvalue()


def test_a_backup_is_verified_beside_a_running_tracker(backup, offline, settings):
    assert "Whole: the backup of" in verify(backup, offline) and "files: 4." in verify(backup, offline)
    assert not list(settings.DATA_DIR.glob(".restore-*"))


@pytest.mark.parametrize("size", [0, 100, -1, -70_000])
def test_a_backup_that_is_cut_short_is_refused(backup, offline, size, settings):
    backup.write_bytes(backup.read_bytes()[:size])
    assert "Not restored." in refused("restore", backup, "--verify", "--identity", offline)
    assert not list(settings.DATA_DIR.glob(".restore-*"))


@pytest.mark.parametrize("share", [0.01, 0.3, 0.6, 0.999])
def test_a_backup_with_one_bit_changed_is_refused(backup, offline, share):
    content = bytearray(backup.read_bytes())
    content[int(len(content) * share)] ^= 1
    backup.write_bytes(content)
    assert "Not restored." in refused("restore", backup, "--verify", "--identity", offline)


def test_another_key_opens_no_backup(backup, tmp_path):
    other = tmp_path / "other.txt"
    other.write_text(f"{x25519.Identity.generate()}\n")
    assert "another recovery key" in refused("restore", backup, "--verify", "--identity", other)
    assert "is missing" in refused("restore", backup, "--verify", "--identity", tmp_path / "none")
    assert "No such file" in refused(
        "restore", tmp_path / "none", "--verify", "--identity", tmp_path / "other.txt"
    )


@pytest.mark.parametrize(
    "change",
    [
        backups.without_an_object,
        backups.without_the_manifest,
        backups.with_a_stranger,
        backups.with_another_object,
        backups.of_a_newer_version,
    ],
)
def test_what_is_not_whole_is_refused_though_it_opens(backup, offline, tmp_path, change):
    path = backups.rewritten(backup, offline, tmp_path, change)
    assert "Not restored." in refused("restore", path, "--verify", "--identity", offline)


def test_a_database_that_is_not_what_the_manifest_counted_leaves_nothing_behind(
    backup, offline, elsewhere, tmp_path
):
    path = backups.rewritten(backup, offline, tmp_path, backups.with_a_row_too_many)
    done = elsewhere.manage("restore", path, "--identity", offline)
    assert done.returncode == 1 and "number of rows" in done.stderr
    assert [file for file in elsewhere.folder.rglob("objects/*/*/*") if file.is_file()] == []
    done = elsewhere.manage("restore", backup, "--identity", offline)
    assert done.returncode == 0, done.stderr


def test_no_backup_without_a_recovery_key_or_with_encryption_unfinished(place, settings, tmp_path):
    restore.keys.recovery_file().unlink()
    assert "evidence_keys init" in refused("backup", tmp_path / "one.backup")
    assert not (tmp_path / "one.backup").exists()


def test_a_damaged_file_is_said_and_only_left_out_when_asked(place, offline, elsewhere, tmp_path):
    flip(place.file.object_name)
    path = tmp_path / "one.backup"
    assert "removed in the meantime (1)" in refused("backup", path)
    assert list(tmp_path.glob("one.backup*")) == []
    assert f"LEFT OUT, damaged: {place.file.object_name}" in back_up(path, "--even-if-damaged")
    assert "NOT IN THE BACKUP" in verify(path, offline)


def test_no_backup_is_written_over_and_a_full_disk_leaves_none(place, tmp_path):
    path = tmp_path / "one.backup"
    path.write_bytes(b"yesterday's")
    assert "already" in refused("backup", path) and path.read_bytes() == b"yesterday's"
    assert "No such file" in refused("backup", tmp_path / "nowhere" / "one.backup")
    assert "could not be written" in refused("backup", "/dev/full/one.backup")


def test_a_backup_holds_no_readable_word_and_no_server_key(backup, settings, offline):
    content = backup.read_bytes()
    assert b"Ms. K." not in content and b"AGE-SECRET" not in content
    names = []
    archive.read(backup, restore.keys.read_identities(offline), lambda name, _stream: names.append(name))
    assert not any("key" in name for name in names)
