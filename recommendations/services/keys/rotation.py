"""Encrypting evidence: at the first start, for files from before there was encryption, and to other keys.

Every act can be killed at any moment and called again. An event says what was done with which keys, and names
only their public halves; a secret half is never written anywhere except into the key file.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from pyrage import x25519

from recommendations import vault
from recommendations.audit import log
from recommendations.choices import EventKind
from recommendations.errors import Refused
from recommendations.models import Evidence, Heartbeat
from recommendations.selectors.holdings import expectations
from recommendations.vault import keys, reencryption

DRILL = "recovery_drill"
# How many of the newest files a drill opens beside the test item.
DRILL_FILES = 5


def make_first_key() -> bool:
    """Make the server's key if there never was one. Returns: whether it was made.

    Raises: vault.Locked when the key is missing or wrong though evidence is encrypted.
    """
    return keys.make_first(anything_encrypted=vault.anything_encrypted())


def drop_drafts() -> list[Path]:
    """Remove what killed writers of keys left. Returns: the paths."""
    return keys.drop_drafts()


def encrypt_unencrypted(
    *, progress: Callable[[Sequence[str]], Iterable[str]] = iter
) -> tuple[int, list[str]]:
    """Encrypt stored files that are unencrypted; if it is stopped, call it again until nothing is left.

    Args:
        progress: wraps the list of names and yields them, as a progress bar does.

    Returns: (how many were encrypted, a sentence for each that could not be).
    """
    return _each(reencryption.unencrypted(), progress)


def name_recovery(*, recipients: Iterable[str], now: datetime) -> bool:
    """Name the offline recovery recipients, which replace the previous ones; ``reencrypt`` does the rest.

    Args:
        recipients: strings that begin with ``age1``.

    Returns: whether they differ from the previous ones. Raises: vault.Locked for what is not a recipient.
    """
    named = [str(keys.parse_recipient(name)) for name in recipients]
    if sorted(named) == sorted(keys.recovery_recipients()):
        return False
    own = str(keys.identities()[0].to_public())
    if own in named:
        raise Refused("This is the server’s own key. A recovery key is made and kept on another computer.")
    if {one.key for one in vault.officers.officers()} & set(named):
        raise Refused("This is an officer's key. A recovery key opens backups, and must not open testimony.")
    reencryption.begin(partial(keys.write_recovery_recipients, named))
    _note(now, did="recovery recipients named", recovery=named)
    return True


def make_recovery_key(*, path: Path) -> str:
    """Make a recovery key and write its secret half to a file that must not exist yet.

    Returns: the recipient, a string. Raises: OSError.
    """
    identity = x25519.Identity.generate()
    keys.write_new_identity(path, identity)
    return str(identity.to_public())


def begin_rotation(*, now: datetime) -> None:
    """Make a new server key; the old keys stay after it, and still open what is not yet encrypted to it."""
    own = [x25519.Identity.generate(), *keys.identities()]
    reencryption.begin(partial(keys.write_identities, own, anew=True))
    _note(now, did="new server key made", server=str(own[0].to_public()))


def begin_anew(*, now: datetime) -> None:
    """Begin to encrypt everything to the current keys, unless that has already begun."""
    if not reencryption.is_unfinished():
        reencryption.begin(lambda: None)
        _note(now, did="encrypting everything again started")


def begin_recovery(*, offline: Sequence[x25519.Identity], now: datetime) -> Path | None:
    """Give the server a new key if its own is lost; ``reencrypt`` with the offline ones does the rest.

    Args:
        offline: the identities of a recovery key.

    Returns: where the old key file was put, or None if there was none.

    Raises: Refused when the key opens nothing here.
    """
    if not keys.opens_probe(offline):
        raise Refused("This key does not open the evidence here: it is not one of its recovery keys.")
    if reencryption.is_unfinished() and _has_right_key():
        return None  # taken up where a run before was stopped
    aside = keys.put_aside(Path(settings.EVIDENCE_KEY_FILE))
    own = [x25519.Identity.generate()]
    # The list of recipients may be lost with the rest; who recovers is among them, or was.
    named = dict.fromkeys([*keys.recovery_recipients(), *(str(one.to_public()) for one in offline)])

    def change() -> None:
        keys.write_recovery_recipients(named)
        keys.write_identities(own)

    reencryption.begin(change)
    _note(now, did="recovered with the offline key", server=str(own[0].to_public()))
    return aside


def _has_right_key() -> bool:
    try:
        keys.check()
    except vault.Locked:
        return False
    return True


def reencrypt(
    *,
    now: datetime,
    offline: Sequence[x25519.Identity] = (),
    progress: Callable[[Sequence[str]], Iterable[str]] = iter,
) -> tuple[int, list[str]]:
    """Encrypt what is left to be encrypted again; when nothing is left, remove the server's old keys.

    Args:
        offline: identities that open what the server's own do not.
        progress: wraps the list of names and yields them.

    Returns: (how many were encrypted, a sentence for each that could not be). If there is one, the work
    counts as unfinished: the old keys are kept, and what could not be opened is left as it is.
    """
    own = [*keys.identities(), *offline]
    encrypted, problems = _each(reencryption.left(), progress, own, reencryption.mark_done)
    if not problems:
        reencryption.finish()
        if len(keys.identities()) > 1:
            keys.write_identities(keys.identities()[:1], anew=True)
        _note(now, did="everything encrypted to the current keys", files=encrypted)
    return encrypted, problems


def _each(
    names: Sequence[str],
    progress: Callable[[Sequence[str]], Iterable[str]],
    own: Sequence[x25519.Identity] | None = None,
    done: Callable[[str], object] = lambda _name: None,
) -> tuple[int, list[str]]:
    """Encrypt objects again, one after the other. Returns: (how many, what went wrong in sentences)."""
    expected, encrypted, problems = expectations(), 0, []
    for name in progress(names):
        try:
            reencryption.reencrypt(name, expected=expected.get(name), own=own)
        except vault.Locked:
            raise
        except (vault.Damaged, OSError) as error:
            problems.append(f"{error}")
            continue
        done(name)
        encrypted += 1
    return encrypted, problems


def try_recovery(*, offline: Sequence[x25519.Identity], now: datetime) -> int:
    """Open the test item, and the newest files, with the offline key, and record the test.

    Returns: how many files were opened beside the test item.

    Raises: Refused when the key does not open what it should; that is recorded too.
    """
    newest = Evidence.objects.exclude(object_name="").order_by("-uploaded_at", "-pk")[:DRILL_FILES]
    opened = 0
    try:
        if not keys.opens_probe(offline):
            raise Refused(
                "This key does not open the test item. It is not one of the recovery keys named here, "
                "or encrypting to it has not been finished: “evidence_keys show” says which of the "
                "two, and “evidence_keys rekey” finishes it."
            )
        for item in newest:
            if reencryption.fingerprint(item.object_name, offline) != (item.size, item.sha256):
                raise Refused(f"Evidence {item.key}, opened with this key, is not what was received.")
            opened += 1
    except (vault.Damaged, Refused) as problem:
        _record_drill(now, passed=False)
        raise Refused(str(problem)) from problem
    _record_drill(now, passed=True)
    return opened


@transaction.atomic
def _record_drill(now: datetime, *, passed: bool) -> None:
    Heartbeat.objects.beat(DRILL, now, passed=passed)
    log.record(EventKind.KEY_TRIED, now=now, passed=passed)


@transaction.atomic
def _note(now: datetime, **said: Any) -> None:
    log.record(EventKind.KEYS_CHANGED, now=now, **said)
