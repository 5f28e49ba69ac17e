"""``manage.py evidence_keys officers``: named, listed, dropped, and tried on a test item."""

import io

import pytest
from django.core.management import CommandError, call_command
from pyrage import x25519

from recommendations.checks import check_officers
from recommendations.choices import EventKind
from recommendations.models import Event
from recommendations.services import integrity
from recommendations.vault import keys, officers
from tests.support.sealed import name_officers, opened

pytestmark = pytest.mark.django_db


def run(*arguments):
    """Run the command; return what it printed."""
    out = io.StringIO()
    call_command("evidence_keys", "officers", *map(str, arguments), stdout=out)
    return out.getvalue()


def refused(*arguments):
    """Run the command where it must fail; return why."""
    with pytest.raises(CommandError) as caught:
        run(*arguments)
    return str(caught.value)


def new_key():
    """Return the public half of a new key."""
    return str(x25519.Identity.generate().to_public())


def test_two_are_named_and_then_the_level_is_offered(settings):
    settings.SEALED_LEVEL = True
    first, second = new_key(), new_key()
    said = run()
    assert "Officers named: 0." in said and "age-keygen -o officer-key.txt" in said
    assert "Officers named: 1." in run("--add", "Kim  Ha-neul", first) and not officers.may_seal()
    said = run("--add", "이서준", second)
    assert f"{first}  Kim Ha-neul" in said and f"{second}  이서준" in said and "is offered" in said
    assert [(one.name, one.key) for one in officers.officers()] == [
        ("Kim Ha-neul", first),
        ("이서준", second),
    ]
    assert officers.may_seal()
    events = Event.objects.filter(kind=EventKind.KEYS_CHANGED).order_by("seq")
    assert [event.payload["officer"] for event in events] == ["Kim Ha-neul", "이서준"]
    out = io.StringIO()
    call_command("evidence_keys", "show", stdout=out)
    assert f"Officer:  {first}  Kim Ha-neul" in out.getvalue()
    settings.SEALED_LEVEL = False
    assert "set SEALED_LEVEL=yes" in run() and not officers.may_seal()


def test_what_dropping_does_not_do_is_said(settings):
    settings.SEALED_LEVEL = True
    name_officers("Kim", "Lee", "Park")
    said = run("--drop", "lee")
    assert "Files sealed before stay as they are" in said and "is offered" in said
    assert [one.name for one in officers.officers()] == ["Kim", "Park"]
    assert "No officer is called “Lee”" in refused("--drop", "Lee")
    assert "Officers named: 1. Sealing needs two" in run("--drop", "Kim")


def test_what_is_no_officers_key_is_refused():
    name_officers("Kim", "Lee")
    before = officers.officers_file().read_text()
    [kim, _lee] = officers.officers()
    secret = str(x25519.Identity.generate())
    recovery = new_key()
    keys.write_recovery_recipients([recovery])
    own = str(keys.identities()[0].to_public())
    for arguments, why in [
        (("Park", secret), "This is the SECRET half of a key"),
        (("Park", secret.lower()), "This is the SECRET half of a key"),
        ((secret, "Park"), "That is a key, not a name"),
        (("age1" + "q" * 58, "Park"), "That is a key, not a name"),
        (("Park", "age1nonsense"), "is not an age recipient"),
        (("Park", "ssh-ed25519 AAAA"), "is not an age recipient"),
        (("Park", kim.key), "already in use"),
        ((" kim", new_key()), "There is already an officer called “kim”"),
        (("", new_key()), "Give the officer's name first"),
        (("x" * 81, new_key()), "Give the officer's name first"),
        (("Pa\x1brk", new_key()), "Give the officer's name first"),
        (("Park", recovery), "This is a recovery key"),
        (("Park", own), "the server's own key"),
    ]:
        said = refused("--add", *arguments)
        assert why in said and secret not in said
    assert officers.officers_file().read_text() == before
    assert not Event.objects.exists()


def test_an_officers_key_does_not_become_a_recovery_key():
    name_officers("Kim", "Lee")
    with pytest.raises(CommandError, match="officer's key"):
        call_command("evidence_keys", "init", "--recovery-recipient", officers.officers()[0].key)


def test_each_officer_opens_the_test_item_and_the_server_does_not(tmp_path):
    assert "There is no officer yet" in refused("--test-item", tmp_path / "drill.age")
    identities = name_officers("Kim", "Lee")
    said = run("--test-item", tmp_path / "drill.age")
    sealed = (tmp_path / "drill.age").read_bytes()
    for identity in identities:
        about, files = opened(sealed, identity)
        [text] = files.values()
        word = text.decode().split()[-1]
        assert word in said and about["original_name"] == "test.txt"
    assert f"age -d -i officer-key.txt {tmp_path / 'drill.age'} | tar x" in said
    for identity in keys.identities():
        with pytest.raises(Exception, match="No matching keys"):
            opened(sealed, identity)
    assert "File exists" in refused("--test-item", tmp_path / "drill.age"), "never written over"
    assert not [event for event in Event.objects.all() if word in str(event.payload)]


def test_the_check_at_each_start_warns_when_nothing_can_be_sealed(settings):
    assert check_officers(None) == []
    settings.SEALED_LEVEL = True
    name_officers("Kim")
    [warning] = check_officers(None)
    assert warning.id == "recommendations.W002" and "fewer than two" in warning.msg
    name_officers("Kim", "Lee")
    assert check_officers(None) == []


def test_an_officer_whom_nobody_named_is_found(settings):
    """Who can write the list, on the server's disk, could have testimony sealed to a key of their own."""
    kim, lee, stranger = new_key(), new_key(), new_key()
    run("--add", "Kim", kim)
    run("--add", "Lee", lee)
    run("--add", "Park", new_key())
    run("--drop", "Park")
    assert list(integrity.named_officers()) == []
    named = officers.officers()
    officers.write_officers([*named[:1], officers.Officer("Lee", stranger)])
    assert list(integrity.named_officers()) == [
        f"Officer Lee ({stranger}): in the list but never named; new files are sealed to them.",
        f"Officer Lee ({lee}): named but not in the list; new files are not sealed to them.",
    ]
    with pytest.raises(CommandError):
        call_command("check_data", stdout=io.StringIO(), stderr=io.StringIO())
