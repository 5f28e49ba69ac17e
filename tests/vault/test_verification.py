"""Reading evidence again: every damage named, to those who may know of it, and nothing mended."""

import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from recommendations import jobs
from recommendations.choices import EventKind
from recommendations.models import Damage, Event, Evidence, Heartbeat, StagedUpload
from recommendations.services.evidence import verification
from tests.support import factories
from tests.support.factories import NOW
from tests.support.pages import browser_of
from tests.support.vaulting import cut, flip, keep_only_items, path_of
from tests.support.world import SECRET


def run(*arguments):
    """Run the command; return (exit status, what it printed and said)."""
    out = io.StringIO()
    try:
        call_command("evidence_verify", *arguments, stdout=out)
    except CommandError as error:
        return error.returncode, out.getvalue() + str(error)
    return 0, out.getvalue()


@pytest.fixture
def whole(world):
    """A world in which every row that names bytes has them."""
    keep_only_items()
    return world


def test_whole_evidence_is_said_to_be_whole_and_recorded(whole):
    status, said = run()
    assert status == 0 and "Files read: 2; each is as it was received." in said
    assert Heartbeat.objects.get(name=verification.VERIFIED).detail == {"share": "1/1", "whole": True}


@pytest.mark.parametrize("damage", [flip, cut, lambda name: path_of(name).unlink()])
def test_a_damage_is_named_by_number_and_recorded_once(whole, damage):
    damage(whole.restricted_file.object_name)
    for _time in range(2):
        status, said = run()
        assert status == 1 and "Damaged files: 1 of 2" in said
        assert str(whole.restricted_file.key) in said and SECRET not in said
    assert Damage.objects.get().evidence == whole.restricted_file
    assert Event.objects.get(kind=EventKind.DAMAGE_FOUND).evidence == whole.restricted_file


def test_nothing_is_mended_and_what_is_whole_again_is_taken_off_the_record(whole):
    flip(whole.file.object_name)
    before = path_of(whole.file.object_name).read_bytes()
    assert run()[0] == 1
    assert path_of(whole.file.object_name).read_bytes() == before
    flip(whole.file.object_name)
    assert run()[0] == 0 and not Damage.objects.exists()


def test_the_desk_names_the_damaged_to_those_who_may_see_them(whole, rita, mina):
    flip(whole.file.object_name)
    flip(whole.restricted_file.object_name)
    run()
    for browser in (rita, mina):
        page = browser.get("/desk/").content.decode()
        assert "Evidence files are damaged" in page and "An open file" in page and SECRET not in page
        assert str(whole.restricted_file.key) not in page
    Evidence.objects.filter(pk=whole.file.pk).update(uploaded_by=whole.author)
    whole.author.groups.set(whole.reviewer.groups.all())
    assert f"{SECRET} (file)" in browser_of(whole.author).get("/desk/").content.decode()


def test_a_key_that_is_missing_is_no_damage(whole, settings):
    settings.EVIDENCE_KEY_FILE.unlink()
    status, said = run()
    assert status == 2 and "is missing" in said
    assert not Damage.objects.exists() and not Heartbeat.objects.filter(name=verification.VERIFIED).exists()


def test_thirty_shares_read_everything_once(whole):
    for number in range(20):
        factories.file(whole.author, f"File {number}")
    later = NOW + timedelta(days=40)
    counts = [verification.verify(now=later, share=(number, 30)).checked for number in range(1, 31)]
    assert sum(counts) == 22 and max(counts) < 22
    nights = {verification.share_of(now=NOW + timedelta(days=day)) for day in range(30)}
    assert nights == {(number, 30) for number in range(1, 31)}


def test_what_is_new_is_read_whatever_the_share(whole):
    now = NOW + timedelta(hours=5)
    assert {verification.verify(now=now, share=(number, 30)).checked for number in (1, 15, 30)} == {2}


@pytest.mark.parametrize("value", ["0/30", "31/30", "1", "1/0", "a/b", "-1/30", "1/30/2"])
def test_a_share_that_is_none_is_refused(whole, value):
    status, said = run(f"--share={value}")
    assert status == 2 and "such as 1/30" in said


def test_the_nightly_ring_works_once_a_day_however_often_it_rings(whole):
    assert jobs.verify_evidence(NOW) == 2
    assert jobs.verify_evidence(NOW + timedelta(hours=1)) == 0
    assert jobs.verify_evidence(NOW + timedelta(hours=21)) == 2


def test_reading_that_stopped_is_an_alarm(whole, mina):
    run()
    assert "not being checked" not in mina.get("/desk/").content.decode()
    Heartbeat.objects.filter(name=verification.VERIFIED).update(at=timezone.now() - timedelta(days=4))
    assert "Evidence is not being checked" in mina.get("/desk/").content.decode()


def test_what_no_row_names_any_more_is_off_the_record(world):
    Damage.objects.all().delete()
    assert run()[0] == 1
    assert Damage.objects.get().evidence is None, "a file that waits for its form is no item yet"
    StagedUpload.objects.all().delete()
    assert run()[0] == 0 and not Damage.objects.exists()
