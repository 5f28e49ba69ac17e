"""Another computer to restore on, and backups that were written anew with something wrong in them."""

import json
import os
import subprocess
import sys

from recommendations.backups import archive
from recommendations.services import restoring
from tests.processes import ROOT

ASK = """
import json
from recommendations.models import Capture, Event, Mail
from recommendations.backups import dumps
from recommendations.services import verifying
from django.utils import timezone
content = dumps.content()
print(json.dumps({
    "objects": content.objects,
    "counts": content.counts,
    "verified": verifying.verify(now=timezone.now()).problems,
    "events": list(Event.objects.order_by("seq").values_list("seq", "hash")),
    "states": dict(Mail.objects.values_list("key", "state")),
    "copies": list(Capture.objects.order_by("number").values_list("number", "state", "finding")),
    "reasons": dict(Mail.objects.values_list("key", "reason")),
}))
"""


class Elsewhere:
    """Another computer: its own folder and database, and commands run there as processes of their own."""

    def __init__(self, folder, database):
        self.folder = folder
        self.environment = {**os.environ, "DATA_DIR": str(folder), "DATABASE_URL": database}

    def python(self, *arguments):
        return subprocess.run(
            [sys.executable, *map(str, arguments)],
            cwd=ROOT,
            env={**self.environment, "DJANGO_SETTINGS_MODULE": "tracker.settings"},
            capture_output=True,
            text=True,
        )

    def manage(self, *arguments):
        return self.python("manage.py", *arguments)

    def ask(self):
        done = self.manage("shell", "--no-imports", "--command", ASK)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


def rewritten(backup, offline, tmp_path, change):
    """Return a backup with the same key whose members ``change`` has changed, as a list of [name, bytes]."""
    own, members = restoring.keys.read_identities(offline), []
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
