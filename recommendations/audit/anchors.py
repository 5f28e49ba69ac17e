"""The last hash of the event sequence, published once a day where the owner of the database cannot change it.

Somebody who administers the database can compute the hash chain again, from any event on. So its last hash is
published every day: in the digests of reviewers, and in a file that goes into backups. The hash reveals
nothing of what happened.
"""

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from django.conf import settings

from recommendations.models import Event


class Head(NamedTuple):
    """The hash of the latest event at a moment, as it was published; ``at`` is UTC in ISO 8601."""

    at: str
    seq: int
    hash: str


LINE = re.compile(r"(?P<at>\S+) (?P<seq>[0-9]+) (?P<hash>[0-9a-f]{64})")


def publish(now: datetime) -> int:
    """Write the last hash into ``settings.CHAIN_HEADS``, unless one of this day (UTC) is already there.

    Returns: how many lines were written, 0 or 1. Raises: OSError when the file cannot be written.
    """
    now = now.astimezone(UTC)
    last = Event.objects.order_by("-seq").first()
    known = published()
    if last is None or (known and known[-1].at[:10] == f"{now:%Y-%m-%d}"):
        return 0
    line = f"{now:%Y-%m-%dT%H:%M:%SZ} {last.seq} {last.hash}\n"
    handle = os.open(settings.CHAIN_HEADS, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(handle, line.encode())
        os.fsync(handle)
    finally:
        os.close(handle)
    return 1


def published() -> list[Head]:
    """Return the published hashes, oldest first; an incomplete line is skipped."""
    try:
        lines = settings.CHAIN_HEADS.read_text().splitlines()
    except FileNotFoundError:
        return []
    found = (LINE.fullmatch(line) for line in lines)
    return [Head(one["at"], int(one["seq"]), one["hash"]) for one in found if one]


def contradicted() -> Iterator[str]:
    """Yield a sentence for each published hash that the sequence no longer has."""
    for at, seq, head in published():
        found = Event.objects.filter(seq=seq).values_list("hash", flat=True).first()
        if found != head:
            yield (
                f"Event {seq} is not what it was when its hash was published on {at}. The record was "
                "rewritten from there on, or an older backup was restored."
            )
