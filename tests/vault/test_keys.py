"""``manage.py evidence_keys``: made, shown, changed, lost and recovered; real kills in between."""

import contextlib
import io
import os
import signal
import stat

import pyrage
import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pyrage import x25519

from recommendations import vault
from recommendations.choices import EventKind
from recommendations.models import Event, Evidence
from recommendations.vault import keys, reencryption
from tests.support.factories import BYTES
from tests.support.vaulting import flip, keep_only_items, path_of


def run(*arguments):
    """Run the command; return what it printed."""
    out = io.StringIO()
    call_command("evidence_keys", *arguments, stdout=out)
    return out.getvalue()


def refused(*arguments):
    """Run the command where it must fail; return why, and what it printed before."""
    out = io.StringIO()
    with pytest.raises(CommandError) as caught:
        call_command("evidence_keys", *arguments, stdout=out)
    return str(caught.value) + out.getvalue()


def files():
    return list(Evidence.objects.exclude(object_name=""))


def opened_by(identity):
    """Say for how many of the files an identity finds what was received."""
    found = 0
    for item in files():
        with contextlib.suppress(pyrage.DecryptError):
            found += pyrage.decrypt(path_of(item.object_name).read_bytes(), [identity]) == BYTES
    return found


@pytest.fixture
def world(world):
    """Of the world, its two files alone."""
    keep_only_items()
    return world


@pytest.fixture
def offline(tmp_path):
    """A recovery key as age-keygen writes it: (identity, path of its file)."""
    identity = x25519.Identity.generate()
    path = tmp_path / "recovery-key.txt"
    path.write_text(f"# created: 2024-09-02\n# public key: {identity.to_public()}\n{identity}\n")
    return identity, path


@pytest.fixture
def named(world, offline):
    """The recovery key, named."""
    run("init", "--recovery-recipient", str(offline[0].to_public()))
    return offline


def test_naming_the_recovery_key_encrypts_everything_to_it_too(world, offline):
    identity, _path = offline
    assert opened_by(identity) == 0
    said = run("init", "--recovery-recipient", str(identity.to_public()))
    assert "each read again and compared: 2." in said and f"Recovery: {identity.to_public()}" in said
    assert opened_by(identity) == opened_by(keys.identities()[0]) == len(files()) == 2
    told = Event.objects.filter(kind=EventKind.KEYS_CHANGED)
    assert str(identity.to_public()) in str(told.last().payload)
    assert "encrypted" not in run("init", "--recovery-recipient", str(identity.to_public())), "nothing to do"


def test_no_secret_is_printed_or_recorded(named, offline, settings):
    said = run("show") + run("init") + run("rekey") + run("recover", str(offline[1]), "--drill")
    assert "AGE-SECRET-KEY" not in said.upper()
    for event in Event.objects.all():
        assert "SECRET" not in str(event.payload).upper()


def test_without_a_recovery_key_it_says_how_to_make_one(world):
    said = run("init")
    assert "Recovery: none" in said and "age-keygen" in said and "--new-recovery-key" in said


def test_a_recovery_key_written_to_a_stick(world, tmp_path):
    path = tmp_path / "stick.txt"
    run("init", "--new-recovery-key", str(path))
    assert stat.S_IMODE(path.stat().st_mode) == 0o400
    [identity] = keys.read_identities(path)
    assert keys.recovery_recipients() == [str(identity.to_public())] and opened_by(identity) == 2
    assert "File exists" in refused("init", "--new-recovery-key", str(path)), "never written over"


@pytest.mark.parametrize("name", ["age1nonsense", "AGE-SECRET-KEY-1QQ", "ssh-ed25519 AAAA", "x"])
def test_what_is_no_recipient_is_refused(world, name):
    assert "is not an age recipient" in refused("init", "--recovery-recipient", name)
    assert not keys.recovery_recipients()


def test_the_servers_own_key_is_no_recovery_key(world):
    own = str(keys.identities()[0].to_public())
    assert "server’s own key" in refused("init", "--recovery-recipient", own)


def test_a_new_server_key_takes_the_old_ones_place(named):
    old = keys.identities()[0]
    assert "each read again and compared: 2." in run("rekey", "--new-server-key")
    [new] = keys.identities()
    assert str(new) != str(old)
    assert (opened_by(new), opened_by(old), opened_by(named[0])) == (2, 0, 2)


def test_a_damaged_file_keeps_the_old_key_and_is_left_as_it_is(named):
    bad, good = files()
    flip(bad.object_name)
    before = path_of(bad.object_name).read_bytes()
    said = refused("rekey", "--new-server-key")
    assert "1 could not be encrypted" in said and f"left as it is: {bad.object_name}" in said
    assert path_of(bad.object_name).read_bytes() == before and len(keys.identities()) == 2
    vault.verify(good.object_name, size=good.size, sha256=good.sha256)
    assert "not finished. Files left: 1." in run("show")
    flip(bad.object_name)  # as a restore from a backup would
    assert "Continuing" in run("rekey") and len(keys.identities()) == 1


def kill_at(number, act):
    """Run ``act`` in a process that dies when the ``number``-th object is about to be put in place."""
    pid = os.fork()
    if pid == 0:
        calls = iter(range(1, number + 1))
        real = reencryption._put_in_place

        def put(*arguments):
            if next(calls) == number:
                os.kill(os.getpid(), signal.SIGKILL)
            real(*arguments)

        reencryption._put_in_place = put
        act()
        os._exit(0)
    assert os.WIFSIGNALED(os.waitpid(pid, 0)[1])


@pytest.mark.parametrize("number", [1, 2])
def test_killed_in_the_middle_it_is_taken_up_where_it_ended(named, number):
    """No row is touched while objects are encrypted anew: the child leaves this test's database alone."""
    expected = {item.object_name: (item.size, item.sha256) for item in files()}

    def rotate():
        own = [x25519.Identity.generate(), *keys.identities()]
        reencryption.begin(lambda: keys.write_identities(own, anew=True))
        for name in reencryption.left():
            reencryption.reencrypt(name, expected=expected[name])
            reencryption.mark_done(name)

    kill_at(number, rotate)
    assert len(keys.identities()) == 2 and len(reencryption.left()) == 3 - number
    for item in files():
        vault.verify(item.object_name, size=item.size, sha256=item.sha256)
    said = run("rekey")
    assert "Continuing where" in said and f"each read again and compared: {3 - number}." in said
    assert opened_by(keys.identities()[0]) == 2 and len(keys.identities()) == 1


def test_a_lost_server_key_is_made_up_for_by_the_offline_one(named, settings, world):
    identity, path = named
    lost = keys.identities()[0]
    settings.EVIDENCE_KEY_FILE.unlink()
    assert "is missing" in refused("show") and "is missing" in refused("rekey")
    said = run("recover", str(path))
    assert "each read again and compared: 2." in said and "new key" in said
    assert opened_by(keys.identities()[0]) == opened_by(identity) == 2 and opened_by(lost) == 0
    client = Client()
    client.force_login(world.author)
    assert b"".join(client.get(f"/evidence/{world.file.key}/download/")) == BYTES


def test_a_wrong_server_key_is_put_aside_not_thrown_away(named, settings):
    settings.EVIDENCE_KEY_FILE.unlink()
    keys.write_identities([x25519.Identity.generate()])
    wrong = settings.EVIDENCE_KEY_FILE.read_bytes()
    assert "not the one that evidence was encrypted with" in refused("rekey")
    assert "was kept as" in run("recover", str(named[1]))
    [aside] = settings.KEYS_DIR.glob("*.old")
    assert aside.read_bytes() == wrong
    assert opened_by(keys.identities()[0]) == 2


def test_recovery_that_was_killed_is_taken_up_with_the_same_new_key(named, settings):
    settings.EVIDENCE_KEY_FILE.unlink()
    expected = {item.object_name: (item.size, item.sha256) for item in files()}
    offline = [named[0]]

    def recover():
        reencryption.begin(lambda: keys.write_identities([x25519.Identity.generate()]))
        for name in reencryption.left():
            reencryption.reencrypt(name, expected=expected[name], own=[*keys.identities(), *offline])
            reencryption.mark_done(name)

    kill_at(2, recover)
    made = str(keys.identities()[0])
    assert "each read again and compared: 1." in run("recover", str(named[1]))
    assert str(keys.identities()[0]) == made and opened_by(keys.identities()[0]) == 2


def test_a_strangers_key_recovers_nothing(named, tmp_path, settings):
    path = tmp_path / "stranger.txt"
    path.write_text(f"{x25519.Identity.generate()}\n")
    before = settings.EVIDENCE_KEY_FILE.read_bytes()
    assert "does not open the evidence here" in refused("recover", str(path))
    assert "does not open the test item" in refused("recover", str(path), "--drill")
    assert settings.EVIDENCE_KEY_FILE.read_bytes() == before
    assert Event.objects.filter(kind=EventKind.KEY_TRIED).last().payload == {"passed": False}
    assert "did NOT open" in run("show")


@pytest.mark.parametrize("content", [None, "", "nonsense", "age1publichalf"])
def test_a_file_that_is_no_key_is_said(named, tmp_path, content):
    path = tmp_path / "no-key.txt"
    if content is not None:
        path.write_text(content)
    assert "The key file" in refused("recover", str(path), "--drill")


def test_the_drill_opens_files_and_is_recorded(named):
    assert "opens the test item and 2 of the newest files" in run("recover", str(named[1]), "--drill")
    assert Event.objects.filter(kind=EventKind.KEY_TRIED).last().payload == {"passed": True}
    assert "it opened" in run("show") and "never" not in run("show")


def test_the_drill_finds_a_file_that_the_offline_key_does_not_open(named):
    """Encrypted behind the vault's back to the server alone, as by a fault of ours."""
    item = files()[0]
    path = path_of(item.object_name)
    path.chmod(0o600)
    path.write_bytes(pyrage.encrypt(BYTES, [keys.identities()[0].to_public()]))
    refused("recover", str(named[1]), "--drill")
    assert "did NOT open" in run("show")


def test_the_desk_tells_managers_until_the_recovery_key_is_named_and_tried(world, mina, rita, offline):
    lost = "If this server were lost, nobody could open the evidence"
    assert lost in mina.get("/desk/").content.decode() and lost not in rita.get("/desk/").content.decode()
    run("init", "--recovery-recipient", str(offline[0].to_public()))
    page = mina.get("/desk/").content.decode()
    assert lost not in page and "Test the recovery key" in page
    run("recover", str(offline[1]), "--drill")
    page = mina.get("/desk/").content.decode()
    assert "Test the recovery key" not in page and "age1" not in page


def test_the_desk_says_when_the_key_is_not_in_order(world, mina, rita, settings):
    settings.EVIDENCE_KEY_FILE.unlink()
    for browser in (mina, rita):
        page = browser.get("/desk/").content.decode()
        assert "Evidence can be neither added nor opened" in page and str(settings.KEYS_DIR) not in page
