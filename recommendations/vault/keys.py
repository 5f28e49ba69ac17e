"""The keys that evidence is encrypted to: the server's own, and offline ones for the day that it is lost.

``settings.KEYS_DIR`` holds ``recovery_recipients`` (public), ``probe.age`` (a test item encrypted to all,
which reveals a wrong key before it does harm) and, unless ``settings.EVIDENCE_KEY_FILE`` names another place,
``evidence_key``: the server's secret key in the form of age-keygen, the current one first. The secret half of
a recovery key is never on the server.
"""

import contextlib
import fcntl
import io
import os
import re
import time
import uuid
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pyrage
from django.conf import settings
from pyrage import x25519

from recommendations.vault.storage import sync_folder
from recommendations.vault.trouble import Locked

SECRET = "AGE-SECRET-KEY-"  # noqa: S105
PUBLIC = "age1"
# A file on its way in, with the number of the process that writes it.
DRAFT = re.compile(r"\..+\.\d+")
WRITING_SECONDS = 60
PROBE = b"A test item of the recommendation tracker. Who reads this has a key that opens its evidence.\n"


def recovery_file() -> Path:
    """Return the path of the file that names the recovery recipients."""
    return settings.KEYS_DIR / "recovery_recipients"


def probe_file() -> Path:
    """Return the path of the encrypted test item."""
    return settings.KEYS_DIR / "probe.age"


# --- Reading --------------------------------------------------------------------------------------


def lines_of(text: str) -> list[str]:
    """Return the lines that are not comments."""
    stripped = (line.strip() for line in text.splitlines())
    return [line for line in stripped if line and not line.startswith("#")]


def read_identities(path: Path | str) -> list[x25519.Identity]:
    """Return the identities in a file of age-keygen's form.

    Raises: Locked with a sentence that says what is wrong with the file.
    """
    try:
        lines = lines_of(Path(path).read_text())
        found = [x25519.Identity.from_str(line) for line in lines]
    except FileNotFoundError:
        raise Locked(f"The key file {path} is missing.") from None
    except OSError as error:
        raise Locked(f"The key file {path} cannot be read: {error.strerror}.") from error
    except (UnicodeDecodeError, pyrage.IdentityError):
        raise Locked(
            f"The key file {path} holds something that is not an age key. An age key begins with {SECRET}."
        ) from None
    if not found:
        raise Locked(f"The key file {path} is empty.")
    return found


def identities() -> list[x25519.Identity]:
    """Return the server's identities, the current one first. Raises: Locked."""
    return read_identities(settings.EVIDENCE_KEY_FILE)


def recovery_recipients() -> list[str]:
    """Return the recovery recipients, as strings; empty until one is named."""
    try:
        return lines_of(recovery_file().read_text())
    except FileNotFoundError:
        return []


def recipients() -> list[x25519.Recipient]:
    """Return whom evidence is encrypted to now: the server, then the recovery recipients. Raises: Locked."""
    named = [str(identities()[0].to_public()), *recovery_recipients()]
    return [parse_recipient(name) for name in named]


def parse_recipient(text: str) -> x25519.Recipient:
    """Return the recipient that a text names. Raises: Locked."""
    try:
        return x25519.Recipient.from_str(text.strip())
    except pyrage.RecipientError:
        raise Locked(f"“{text.strip()}” is not an age recipient. A recipient begins with {PUBLIC}.") from None


def check() -> None:
    """Make sure that evidence can be encrypted and opened again.

    Raises: Locked with a sentence for the operator: the key is missing, unreadable, or not the one
    that evidence was encrypted with.
    """
    own = identities()
    if probe_file().exists() and not opens_probe(own):
        raise Locked(
            f"The key in {settings.EVIDENCE_KEY_FILE} is not the one that evidence was encrypted with. "
            "Put the right file back, or open the evidence with the offline key: evidence_keys recover."
        )


def opens_probe(own: Sequence[x25519.Identity]) -> bool:
    """Say whether identities open the test item."""
    try:
        return bool(pyrage.decrypt(probe_file().read_bytes(), own) == PROBE)
    except (OSError, pyrage.DecryptError):
        return False


def is_loose() -> bool:
    """Say whether other users of this computer can read the server's key."""
    try:
        return bool(Path(settings.EVIDENCE_KEY_FILE).stat().st_mode & 0o077)
    except FileNotFoundError:
        return False


# --- Writing --------------------------------------------------------------------------------------


@contextlib.contextmanager
def steady() -> Iterator[list[x25519.Recipient]]:
    """Keep the keys from changing while something is encrypted; yields the recipients. Raises: Locked."""
    with _lock(fcntl.LOCK_SH):
        yield recipients()


@contextlib.contextmanager
def changing() -> Iterator[None]:
    """Keep everybody from encrypting while the keys change."""
    with _lock(fcntl.LOCK_EX):
        yield


@contextlib.contextmanager
def _lock(kind: int) -> Iterator[None]:
    settings.KEYS_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(settings.KEYS_DIR / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, kind)
        yield
    finally:
        os.close(handle)


def write_identities(own: Sequence[x25519.Identity], *, anew: bool = False) -> None:
    """Write the server's key file, but never over another one, unless ``anew``.

    Args:
        own: the identities, the current one first.
    """
    path = Path(settings.EVIDENCE_KEY_FILE)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    text = "".join(f"# public key: {identity.to_public()}\n{identity}\n" for identity in own)
    if not anew and path.exists():
        raise Locked(f"There is already a key file: {path}. It was not changed.")
    write_file(path, text.encode(), mode=0o400)


def write_new_identity(path: Path, identity: x25519.Identity) -> None:
    """Write an identity into a file that must not exist yet. Raises: OSError."""
    text = f"# public key: {identity.to_public()}\n{identity}\n"
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400), "w") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())


def put_aside(path: Path) -> Path | None:
    """Rename a key file that is no longer of use. Returns: its new path, or None if there is none."""
    if not path.exists():
        return None
    aside = path.with_name(f"{path.name}.{uuid.uuid4().hex[:8]}.old")
    path.rename(aside)
    return aside


def write_recovery_recipients(names: Iterable[str]) -> None:
    """Write the recovery recipients; each is checked. Raises: Locked."""
    for name in names:
        parse_recipient(name)
    write_file(recovery_file(), "".join(f"{name}\n" for name in names).encode(), mode=0o600)


def write_probe() -> None:
    """Encrypt the test item to the current recipients. Raises: Locked."""
    encrypted = io.BytesIO()
    pyrage.encrypt_io(io.BytesIO(PROBE), encrypted, recipients())
    write_file(probe_file(), encrypted.getvalue(), mode=0o600)


def write_file(path: Path, content: bytes, *, mode: int) -> None:
    """Put a small file in place completely, synced to the disk."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with contextlib.suppress(FileNotFoundError):
        draft.unlink()
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    os.rename(draft, path)
    sync_folder(path.parent)


def drop_drafts() -> list[Path]:
    """Remove what ``write_file`` left when it was killed: secret halves that were never used.

    Nobody is still writing a file that is a minute old. In a folder that is not ours, such as that of a
    mounted secret, only files with the name of one of our files are considered.

    Returns: their paths.
    """
    key_file, mark = Path(settings.EVIDENCE_KEY_FILE), Path(settings.RESTORE_MARK)
    places = {(settings.KEYS_DIR, "*"), (key_file.parent, key_file.name), (mark.parent, mark.name)}
    found = {path for folder, name in places for path in Path(folder).glob(f".{name}.*")}
    left = [path for path in sorted(found) if DRAFT.fullmatch(path.name) and _age(path) > WRITING_SECONDS]
    for path in left:
        path.unlink(missing_ok=True)
    return left


def _age(path: Path) -> float:
    """Return how old a file is, in seconds; 0 if it has just gone."""
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return 0


def make_first(*, anything_encrypted: bool) -> bool:
    """Make the server's key if there never was one.

    Args:
        anything_encrypted: whether there are encrypted objects; if so, a missing key is a loss.

    Returns: whether a key was made. Raises: Locked when the key is missing though evidence is encrypted.
    """
    with changing():
        if Path(settings.EVIDENCE_KEY_FILE).exists():
            check()
            if not probe_file().exists() and not anything_encrypted:
                write_probe()
            return False
        if probe_file().exists() or anything_encrypted:
            raise Locked(
                f"The key file {settings.EVIDENCE_KEY_FILE} is missing, and evidence is encrypted with it. "
                "Put it back from where you keep a copy, or open the evidence with the offline key: "
                "evidence_keys recover."
            )
        write_identities([x25519.Identity.generate()])
        write_probe()
        return True
