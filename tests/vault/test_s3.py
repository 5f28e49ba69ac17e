"""Evidence in S3-compatible storage: the setting, and the vault over a server on loopback that speaks S3."""

import importlib.util
import io
import os
import uuid

import boto3
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.urls import reverse
from moto.server import ThreadedMotoServer
from pyrage import x25519

from recommendations import vault
from recommendations.errors import Refused
from recommendations.models import Damage, Event, Evidence
from recommendations.services.backups import restore
from recommendations.services.evidence import verification
from recommendations.services.integrity import objects as integrity_of_objects
from recommendations.services.keys import rotation
from recommendations.vault import reencryption
from recommendations.vault.objects import stored_names
from tests.support import forms
from tests.support.factories import NOW
from tests.support.items import ADD, details
from tests.support.places import Elsewhere
from tests.support.processes import fresh_database
from tracker import environment

LATER = -10  # seconds: also what was written this very moment counts as old


class Bucket:
    """A server that speaks S3, with one bucket; ``url`` is the value of the setting."""

    def __init__(self):
        self.server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        self.server.start()
        self.endpoint = "http://{}:{}".format(*self.server.get_host_and_port())
        self.client = boto3.client("s3", endpoint_url=self.endpoint, region_name="us-east-1")
        # The server is this process, and what it holds outlives it: a name for each.
        self.name = f"evidence-{uuid.uuid4().hex}"
        self.client.create_bucket(Bucket=self.name)
        self.url = self.at("house/one")

    def at(self, prefix):
        return f"s3://{self.name}/{prefix}?endpoint={self.endpoint}&region=us-east-1"

    def listed(self):
        found = self.client.list_objects_v2(Bucket=self.name).get("Contents", [])
        return [entry["Key"] for entry in found]

    def read(self, key):
        return self.client.get_object(Bucket=self.name, Key=key)["Body"].read()

    def stop(self):
        if self.server:
            self.server.stop()
            self.server = None


@pytest.fixture
def bucket(settings, monkeypatch):
    """Evidence in a bucket, by the setting alone."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "tracker")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not-a-secret")
    made = Bucket()
    monkeypatch.setenv("EVIDENCE_STORAGE", made.url)
    settings.STORAGES = {**settings.STORAGES, "evidence": environment.evidence_storage("EVIDENCE_STORAGE")}
    yield made
    made.stop()


def published(content):
    incoming = vault.receive(io.BytesIO(content))
    recorded = {"size": incoming.size, "sha256": incoming.sha256}
    return vault.publish(incoming), recorded


def item_of(person, content=forms.PDF):
    name, recorded = published(content)
    return Evidence.objects.create(
        form="file",
        title="In the bucket",
        object_name=name,
        original_name="one.pdf",
        uploaded_by=person,
        uploaded_at=NOW,
        **recorded,
    )


def test_an_object_is_encrypted_into_the_bucket_opened_and_taken_away(settings, bucket):
    content = os.urandom(9_000_000)  # more than one part of an upload
    name, recorded = published(content)
    assert bucket.listed() == [f"house/one/{name}.age"]
    assert bucket.read(bucket.listed()[0]).startswith(b"age-encryption.org/v1"), "it lies there encrypted"
    assert not [path for path in settings.EVIDENCE_DIR.rglob("*") if path.is_file()]
    with vault.open_verified(name, **recorded) as stream:
        assert stream.read() == content
    reencryption.reencrypt(name, expected=tuple(recorded.values()))
    vault.verify(name, **recorded)
    assert list(vault.object_names()) == [name] and vault.is_encrypted(name)
    vault.remove(name)
    vault.remove(name)
    assert bucket.listed() == []
    with pytest.raises(vault.Damaged) as missing:
        vault.open_object(name)
    assert not isinstance(missing.value, vault.Locked), "what is gone is not called out of reach"


def test_no_file_is_ever_written_over_by_another(bucket):
    names = [published(b"the same bytes")[0] for _ in range(3)]
    assert len(set(names)) == 3 == len(bucket.listed())
    before = [bucket.read(key) for key in bucket.listed()]
    published(b"others")
    assert [bucket.read(key) for key in bucket.listed() if any(name in key for name in names)] == before


def test_the_sweep_takes_what_no_row_names_and_leaves_other_peoples_files(bucket):
    kept, lost = published(b"kept")[0], published(b"lost")[0]
    for key in ("house/one/objects/readme", "house/other/objects/aa/bb/x.age"):
        bucket.client.put_object(Bucket=bucket.name, Key=key, Body=b"not ours")
    assert sorted(stored_names()) == sorted(f"{name}.age" for name in (kept, lost))
    assert vault.sweep({kept}, older_than=3600) == []
    assert vault.sweep({kept}, older_than=LATER) == [lost]
    assert list(vault.object_names()) == [kept] and len(bucket.listed()) == 3


def test_a_changed_object_is_found(bucket):
    name, recorded = published(b"as it was" * 1000)
    [key] = bucket.listed()
    content = bytearray(bucket.read(key))
    content[-1] ^= 1
    bucket.client.put_object(Bucket=bucket.name, Key=key, Body=bytes(content))
    with pytest.raises(vault.Damaged) as damage:
        vault.verify(name, **recorded)
    assert not isinstance(damage.value, vault.Locked)


def test_a_server_that_is_down_loses_nothing_and_damages_nothing(client, team, bucket, settings):
    item = item_of(team["author"])
    client.force_login(team["viewer"])
    assert b"".join(client.get(reverse("evidence-download", args=[item.key]))) == forms.PDF
    bucket.stop()
    response = client.get(reverse("evidence-download", args=[item.key]))
    page = response.content.decode()
    assert response.status_code == 503 and "Nothing is lost" in page and "damaged" not in page
    with pytest.raises(Refused, match="What you typed is not lost"):
        published(b"not now")
    assert not list(settings.EVIDENCE_DIR.glob("spool/*"))
    client.force_login(team["author"])
    page = client.post(ADD, details(title="Kept words", file=forms.upload())).content.decode()
    assert "could not store this file" in page and "Kept words" in page
    assert Evidence.objects.get() == item, "and nothing half"
    vault.remove(item.object_name)  # what a committed removal does last; the sweep comes back to it
    with pytest.raises(vault.Unreachable):
        vault.sweep(set(), older_than=LATER)
    with pytest.raises(CommandError, match="cannot be used now") as told:
        call_command("evidence_verify", stdout=io.StringIO())
    assert told.value.returncode == 2 and not Damage.objects.exists() and not Event.objects.exists()
    [said] = integrity_of_objects()
    assert "No evidence can be verified" in said


def test_a_line_that_breaks_within_a_file_is_not_called_damage(bucket, monkeypatch):
    name, recorded = published(os.urandom(2_000_000))
    from botocore.exceptions import IncompleteReadError  # noqa: PLC0415 - only this test breaks lines
    from botocore.response import StreamingBody  # noqa: PLC0415

    whole = StreamingBody.read

    def broken(self, amt=None):
        if self.tell() > 500_000:
            raise IncompleteReadError(actual_bytes=self.tell(), expected_bytes=2_000_000)
        return whole(self, amt)

    monkeypatch.setattr(StreamingBody, "read", broken)
    with pytest.raises(vault.Locked, match="cannot be used now"):
        vault.verify(name, **recorded)
    monkeypatch.undo()


def test_a_bucket_that_is_not_there_refuses_in_words(bucket):
    bucket.client.delete_bucket(Bucket=bucket.name)
    with pytest.raises(Refused, match=r"could not store this file .*bucket"):
        published(b"where to?")


@pytest.mark.django_db(transaction=True)
def test_a_backup_of_the_bucket_comes_back_into_another(team, bucket, settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir()
    settings.CHAIN_HEADS = settings.DATA_DIR / "chain-heads.txt"
    key = tmp_path / "recovery-key.txt"
    key.write_text(f"{x25519.Identity.generate()}\n")
    items = [item_of(team["author"], os.urandom(50_000)) for _ in range(3)]
    [identity] = restore.keys.read_identities(key)
    rotation.name_recovery(recipients=[str(identity.to_public())], now=NOW)
    rotation.reencrypt(now=NOW)
    assert verification.verify(now=NOW).checked == 3
    call_command("backup", str(tmp_path / "one.backup"), stdout=io.StringIO())
    with fresh_database("restored_bucket") as database:
        there = Elsewhere(tmp_path / "elsewhere", database)
        there.environment["EVIDENCE_STORAGE"] = bucket.at("house/two")
        done = there.manage("restore", tmp_path / "one.backup", "--identity", key)
        assert done.returncode == 0, done.stderr
        now = there.ask()
        again = there.manage("restore", tmp_path / "one.backup", "--identity", key)
    assert set(now["objects"]) == {item.object_name for item in items} and now["verified"] == []
    assert again.returncode != 0, "never over what is there"
    assert len([name for name in bucket.listed() if name.startswith("house/two/")]) == 3


# --- The setting ----------------------------------------------------------------------------------


def test_without_the_setting_evidence_lies_on_this_computer(monkeypatch):
    monkeypatch.delenv("EVIDENCE_STORAGE", raising=False)
    assert "Local" in environment.evidence_storage("EVIDENCE_STORAGE")["BACKEND"]


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        ("s3://house", {"bucket_name": "house", "location": ""}),
        (
            "s3://house/a/b/?region=eu-1",
            {"bucket_name": "house", "location": "a/b", "region_name": "eu-1"},
        ),
    ],
)
def test_what_the_setting_means(monkeypatch, value, meant):
    monkeypatch.setenv("EVIDENCE_STORAGE", value)
    assert environment.evidence_storage("EVIDENCE_STORAGE")["OPTIONS"] == meant


@pytest.mark.parametrize(
    "value",
    [
        "yes",
        "s3://",
        "s3:///prefix",
        "https://s3.example.org/house",
        "s3://key:secret@house",
        "s3://House_of",
        "s3://house/../other",
        "s3://house?region",
        "s3://house?acl=public-read",
        "s3://house?endpoint=s3.example.org",
        "s3://[house",
    ],
)
def test_a_wrong_setting_is_named_without_repeating_what_may_be_a_secret(monkeypatch, value):
    monkeypatch.setenv("EVIDENCE_STORAGE", value)
    with pytest.raises(ImproperlyConfigured, match=r"EVIDENCE_STORAGE.* must be an address") as told:
        environment.evidence_storage("EVIDENCE_STORAGE")
    assert "secret@" not in str(told.value)


def test_without_its_package_the_start_says_what_to_install(monkeypatch):
    monkeypatch.setenv("EVIDENCE_STORAGE", "s3://house")
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "storages" else found(name))
    with pytest.raises(ImproperlyConfigured, match=r"pip install -r requirements-s3\.txt"):
        environment.evidence_storage("EVIDENCE_STORAGE")
