"""A place to back up, and backups written anew with something wrong."""

import io
import json

from django.core.management import call_command
from pyrage import x25519

from recommendations.backups import archive
from recommendations.choices import MailState
from recommendations.models import Capture, Mail
from recommendations.services.backups import restore
from recommendations.services.keys import rotation
from tests.support import factories
from tests.support.factories import NOW
from tests.support.remembered import remembered
from tests.support.vaulting import keep_only_items
from tests.support.world import World


def offline_key(folder):
    """Return the path of the file of a new recovery key."""
    path = folder / "recovery-key.txt"
    path.write_text(f"{x25519.Identity.generate()}\n")
    return path


def place_to_back_up(offline):
    """Return a world with files, mails on their way, somebody signed in, and a recovery key."""
    world = remembered(World)
    keep_only_items()
    Mail.objects.filter(key="remind:1").update(state=MailState.PENDING)
    call_command("publish_head", stdout=io.StringIO())
    factories.file(world.author, "Another file", content=b"%PDF-1.4 another\n")
    factories.captured(world.restricted_evidence)
    asked(world.restricted_evidence)
    [identity] = restore.keys.read_identities(offline)
    rotation.name_recovery(recipients=[str(identity.to_public())], now=NOW)
    rotation.reencrypt(now=NOW)
    return world


def asked(item):
    """Have a copy of the page behind a link asked for, which nobody fetched yet."""
    said = {"number": 2, "asked_by": item.uploaded_by, "asked_at": NOW}
    Capture.objects.create(evidence=item, was_restricted=True, **said)


def back_up(path, *arguments):
    out = io.StringIO()
    call_command("backup", str(path), *arguments, stdout=out)
    return out.getvalue()


def rewritten(backup, offline, tmp_path, change):
    """Return a backup with the same key whose members ``change`` has changed, as a list of [name, bytes]."""
    own, members = restore.keys.read_identities(offline), []
    archive.read(backup, own, lambda name, stream: members.append([name, stream.read()]))
    path = tmp_path / "changed.backup"
    with archive.writing(path, [own[0].to_public()]) as writer:
        for name, content in change(members):
            writer.add_bytes(name, content)
    return path


def without_an_object(members):
    return [member for member in members if member != next(m for m in members if m[0].startswith("objects/"))]


def without_the_manifest(members):
    return members[:-1]


def with_a_stranger(members):
    return [["../../outside", b"x"], *members]


def with_another_object(members):
    """The manifest agrees with what is there, and what is there is not what the rows recorded."""
    name, _content = next(member for member in members if member[0].startswith("objects/"))
    manifest = json.loads(members[-1][1])
    was = {key: said[1] for key, said in manifest["objects"].items()}
    mine = was[name.removesuffix(".age")]
    other = next(member for member in members if was.get(member[0].removesuffix(".age"), mine) != mine)
    manifest["members"][name] = manifest["members"][other[0]]
    changed = [[key, other[1] if key == name else value] for key, value in members[:-1]]
    return [*changed, [members[-1][0], json.dumps(manifest).encode()]]


def with_a_row_too_many(members):
    manifest = json.loads(members[-1][1])
    manifest["counts"]["recommendations_event"] += 1
    return [*members[:-1], [members[-1][0], json.dumps(manifest).encode()]]


def of_a_newer_version(members):
    manifest = json.loads(members[-1][1])
    manifest["migrations"].append("recommendations.9999_of_tomorrow")
    return [*members[:-1], [members[-1][0], json.dumps(manifest).encode()]]
