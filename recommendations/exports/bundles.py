"""Evidence for a partner: a ZIP file that can be verified without us.

Files, copies of pages, ``evidence.jsonl`` (what is known about each), ``custody.jsonl`` (the part of the
record of events from the oldest of the items on), a manifest for ``sha256sum -c``, and a script that verifies
all of it. It is written to a file on disk while it is made; no evidence file is ever whole in memory.

Not exported: notes, consent and safety notes, and who added, opened or got access to an item. The record's
other entries are there as salted hashes, which reveal nothing.
"""

import hashlib
import json
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, Self

from django.conf import settings
from django.template.loader import render_to_string

from recommendations import vault
from recommendations.audit import log
from recommendations.choices import EventKind
from recommendations.files import types
from recommendations.models import Capture, Derived, Event, Evidence, User
from recommendations.selectors import derived

VERIFIER = Path(__file__).parents[1] / "shipped" / "verify_bundle.py"
LONGEST_NAME = 80
NOT_IN_NAMES = set('<>:"/\\|?*')

AS_RECEIVED, COPY, LEFT_OUT = "as received", "copy without metadata", "left out"
# What tells which hash was recorded when; whatever else happened to an item stays here.
PROOFS = (EventKind.EVIDENCE_ADDED, EventKind.CAPTURED)


# A row whose bytes go out.
type Held = Evidence | Derived | Capture


@dataclass(frozen=True)
class Page:
    """A copy of the page behind a link, and where it is in the bundle."""

    held: Capture
    path: str


@dataclass(frozen=True)
class Piece:
    """One item of a bundle, with the row whose bytes go out for it, if any do, and the copies of its page."""

    item: Evidence
    held: Held | None
    path: str
    file_is: str
    pages: tuple[Page, ...] = ()

    @property
    def members(self) -> list[tuple[str, Held]]:
        """Return (path, row) of each file that goes out."""
        files = [(self.path, self.held)] if self.held is not None else []
        return files + [(page.path, page.held) for page in self.pages]


def pieces(items: Sequence[Evidence], person: User, *, originals: bool) -> list[Piece]:
    """Return what of each item goes out.

    Args:
        items: evidence items that ``person`` sees.
        originals: whether pictures go as they were received where ``person`` may have them so; otherwise
            the copy without metadata goes. Other files have no such copy and go as received.
    """
    kept: dict[int, list[Capture]] = {}
    for copy in Capture.objects.visible_to(person).kept().filter(evidence__in=items).order_by("number"):
        kept.setdefault(copy.evidence_id, []).append(copy)
    return [
        _piece(number, item, person, originals, kept.get(item.pk, ()))
        for number, item in enumerate(items, start=1)
    ]


def _piece(number: int, item: Evidence, person: User, originals: bool, copies: Iterable[Capture]) -> Piece:
    if not item.is_file:
        stem = f"pages/{number:04}"
        pages = (Page(copy, f"{stem}-{copy.number}-{safe_name(copy.filename)}") for copy in copies)
        return Piece(item, None, "", "", tuple(pages))
    held: Evidence | Derived | None = None
    file_is = LEFT_OUT
    may_have = derived.may_open_original(item, person)
    if may_have and (originals or not derived.is_picture(item)):
        held, file_is = item, AS_RECEIVED
    elif copy := derived.clean_copy_of(item):
        held, file_is = copy, COPY
    if held is None:
        return Piece(item, None, "", LEFT_OUT)
    name = item.original_name
    if file_is == COPY:
        name = f"{name.rpartition('.')[0] or name}.{held.content_type.partition('/')[2]}"
    return Piece(item, held, f"files/{number:04}-{safe_name(name)}", file_is)


def safe_name(name: str) -> str:
    """Return a file name that is safe on every system: no folder, no sign that turns text or ends a line.

    Names that a system keeps for itself (CON, NUL) are harmless behind the number that stands before.
    """
    name = unicodedata.normalize("NFC", types.clean_name(name))
    kept = "".join(
        "_" if sign in NOT_IN_NAMES or unicodedata.category(sign)[0] in "CZ" else sign for sign in name
    )
    stem, dot, extension = kept.strip("._ ").rpartition(".")
    if not dot:
        return extension[:LONGEST_NAME] or "file"
    return f"{stem[:LONGEST_NAME].strip('._ ') or 'file'}.{extension[:10]}"


class Writer:
    """Writes the members of a bundle, and remembers the hash of each; the manifest is written at the end."""

    def __init__(self, target: BinaryIO, now: datetime) -> None:
        self.archive = zipfile.ZipFile(target, "w")
        self.stamp = now.astimezone(UTC).timetuple()[:6]
        self.manifest: dict[str, str] = {}

    def add(self, name: str, chunks: Iterable[bytes], compression: int = zipfile.ZIP_DEFLATED) -> str:
        """Write one member from an iterable of bytes. Returns: its SHA-256."""
        info = zipfile.ZipInfo(name, self.stamp)
        info.compress_type, info.external_attr = compression, 0o644 << 16
        found = hashlib.sha256()
        with self.archive.open(info, "w", force_zip64=True) as member:
            for chunk in chunks:
                found.update(chunk)
                member.write(chunk)
        self.manifest[name] = found.hexdigest()
        return found.hexdigest()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, error: type[BaseException] | None, *rest: object) -> None:
        """Write the manifest where all went well; close the archive in any case."""
        if error is None:
            lines = [f"{found}  {name}\n".encode() for name, found in self.manifest.items()]
            self.add("manifest-sha256.txt", lines)
        self.archive.close()


def write(
    target: BinaryIO,
    parts: Sequence[Piece],
    *,
    cited: Mapping[int, list[dict[str, Any]]],
    about: str,
    now: datetime,
    sealed: int = 0,
) -> None:
    """Write a bundle.

    Args:
        parts: as ``pieces`` returned them.
        cited: {item's id: [what cites it, as JSON values]}.
        about: what it is about, in words.
        sealed: how many sealed items were left out.

    Raises: vault.Damaged for a file that is not what was received; OSError when the disk refuses.
    """
    facts = {"about": about, "now": now.astimezone(UTC), "parts": parts, "site": settings.SITE_URL}
    facts["sealed"] = sealed
    facts["pages"] = sum(len(part.pages) for part in parts)
    facts["left_out"] = sum(part.file_is == LEFT_OUT for part in parts)
    with Writer(target, now) as writer:
        for part in parts:
            for path, held in part.members:
                writer.add(path, _chunks_of(held), zipfile.ZIP_STORED)
        told = [_told(part, cited, writer) for part in parts]
        writer.add("evidence.jsonl", map(_line, told + _sealed_told(sealed)))
        writer.add("custody.jsonl", map(_line, _custody(parts)))
        writer.add("verify.py", [VERIFIER.read_bytes()])
        writer.add("README.txt", [render_to_string("bundle/README.txt", facts).encode()])


def _chunks_of(held: Held) -> Iterator[bytes]:
    with vault.open_verified(held.object_name, size=held.size or 0, sha256=held.sha256) as stream:
        while chunk := stream.read(vault.CHUNK):
            yield chunk


def _line(values: Mapping[str, object]) -> bytes:
    return (json.dumps(values, ensure_ascii=False, sort_keys=True) + "\n").encode()


def _told(part: Piece, cited: Mapping[int, list[dict[str, Any]]], writer: Writer) -> dict[str, object]:
    """Return what a partner is told about an item."""
    item = part.item
    return {
        "key": str(item.key),
        "title": item.title,
        "kind": item.kind,
        "source": item.source,
        "origin": item.origin,
        "language": item.language,
        "published_on": item.published_on and item.published_on.isoformat(),
        "event_on": item.event_on and item.event_on.isoformat(),
        "sensitivity": item.sensitivity,
        "reliability": item.reliability,
        "credibility": item.credibility,
        "address": item.url,
        "added_at": item.uploaded_at.astimezone(UTC).isoformat(),
        "removed_at": item.removed_at and item.removed_at.astimezone(UTC).isoformat(),
        "sha256": item.sha256,
        "size": item.size,
        "file": part.path,
        "file_is": part.file_is,
        "file_sha256": writer.manifest.get(part.path, ""),
        "copies": [_told_of(page) for page in part.pages],
        "cited": cited.get(item.pk, []),
    }


def _told_of(page: Page) -> dict[str, object]:
    """Return what a partner is told about a copy of a page; not who requested it."""
    copy = page.held
    return {
        "number": copy.number,
        "received_at": copy.received_at and copy.received_at.astimezone(UTC).isoformat(),
        "status": copy.status,
        "final_address": copy.final_url,
        "sha256": copy.sha256,
        "size": copy.size,
        "file": page.path,
    }


def _sealed_told(number: int) -> list[dict[str, object]]:
    """Return the line about the sealed items that were left out, if any; it says nothing about each."""
    if not number:
        return []
    return [{"key": "", "sha256": "", "file": "", "file_is": LEFT_OUT, "sealed_items_left_out": number}]


def _custody(parts: Sequence[Piece]) -> Iterator[dict[str, object]]:
    """Yield the record's entries from the oldest of the items on, those of the items with kind and time.

    The arrival of an item, or of a copy of its page, is told whole, with its salt: it proves which hash was
    recorded when.
    """
    keys = {part.item.pk: str(part.item.key) for part in parts}
    first = (
        Event.objects.filter(evidence__in=list(keys)).order_by("seq").values_list("seq", flat=True).first()
    )
    if first is None:
        return
    for event in Event.objects.filter(seq__gte=first).order_by("seq").iterator(chunk_size=500):
        row = {
            "seq": event.seq,
            "digest": event.digest,
            "previous_hash": event.previous_hash,
            "hash": event.hash,
        }
        if event.evidence_id in keys:
            row |= {"evidence": keys[event.evidence_id], "kind": event.kind, "at": event.at.isoformat()}
            if event.kind in PROOFS and not event.redacted_at:
                row |= {"said": log.said(event), "salt": event.salt}
        yield row
