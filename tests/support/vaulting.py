"""What tests do to the vault behind its back."""

from django.conf import settings

from recommendations import vault
from recommendations.models import Capture, Damage, Derived, StagedUpload
from recommendations.vault.objects import stored_name


def path_of(object_name):
    """Return where an object lies on the disk."""
    return settings.EVIDENCE_DIR / stored_name(object_name)


def flip(object_name, at=-1):
    """Change one bit of an object on the disk; ``at`` is the place of its byte."""
    path = path_of(object_name)
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    overwrite(path, content)


def cut(object_name, size=1):
    """Take bytes off the end of an object on the disk."""
    path = path_of(object_name)
    overwrite(path, path.read_bytes()[:-size])


def overwrite(path, content):
    """Write over a file that is read-only."""
    path.chmod(0o600)
    path.write_bytes(content)
    path.chmod(0o400)


def leave_unencrypted(object_name, content):
    """Make an object what it was before there was encryption: the bytes as they came."""
    path_of(object_name).unlink()
    path = settings.EVIDENCE_DIR / object_name
    path.write_bytes(content)
    path.chmod(0o400)


def keep_only_items():
    """Leave of a world what it holds as evidence items: what was made of them goes, and what waits."""
    for row in [*Derived.objects.all(), *Capture.objects.kept()]:
        vault.remove(row.object_name)
    for model in (Derived, Capture, StagedUpload, Damage):
        model.objects.all().delete()
