"""A disk that is full at any moment of an upload: said in words, and nothing half is left."""

import os
import resource
import subprocess
from pathlib import Path

from django.conf import settings
from django.db import connections

from recommendations.models import Evidence
from tests.evidencefaults.bench import files_on_disk, half_items
from tests.evidencefaults.registry import Figure, figure

SIZE = 2_000_000
LIMITS = 12
QUICK_LIMITS = 4


@figure("disk full", "0 half items, 0 files left, said in words")
def full_disk(bench):
    """Let the kernel refuse to write on past a limit: in the spool, in the sealed file, at its end."""
    found, items, files = Figure(), Evidence.objects.count(), len(files_on_disk())
    count = bench.many(LIMITS, QUICK_LIMITS)
    # The sealed file is a little longer than the spooled one, so the last limit falls into its end.
    limits = [1, *(SIZE * number // count for number in range(1, count)), SIZE + 100]
    for limit in limits:
        status = bench.forked(lambda limit=limit: _upload_within(bench, limit))
        found.tries += 1
        found.missed += status != 0
    found.missed += (Evidence.objects.count(), len(files_on_disk())) != (items, files)
    found.missed += len(half_items())
    small = _on_a_small_disk(bench)
    found.tries += small is not None
    found.missed += bool(small)
    found.said = f"{len(limits)} limits of the kernel" + ("" if small is None else " and a disk of 3 MB")
    return found


def _upload_within(bench, limit):
    """Upload under a limit of file size, which the database does not reach; ends the process."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    client_content = bench.content(SIZE)
    real = os.open

    def open_limited(path, flags, *mode, **options):
        within = str(settings.EVIDENCE_DIR) in str(path) and flags & os.O_CREAT
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit if within else hard, hard))
        return real(path, flags, *mode, **options)

    os.open = open_limited
    answer = bench.upload(client_content, title="Kept words")
    said = b"disk is full" in answer.content and b"Kept words" in answer.content
    os._exit(0 if answer.status_code == 200 and said else 1)


def _on_a_small_disk(bench):
    """Upload onto a file system without room. Returns: whether it went wrong; None where none can be made."""
    place = Path(settings.DATA_DIR) / "small"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", place], capture_output=True)
    if mounted.returncode:
        return None
    connections.close_all()
    try:
        status = bench.forked(lambda: _upload_to(bench, place))
        return status != 0 or any(path.is_file() for path in place.rglob("*"))
    finally:
        subprocess.run(["umount", place], check=True)


def _upload_to(bench, place):
    from recommendations.vault import spool  # noqa: PLC0415 - patched in this process alone

    settings.EVIDENCE_DIR = place
    spool.RESERVE_BYTES = -(2**40)  # the look ahead would refuse it: here the kernel has to
    answer = bench.upload(bench.content(SIZE), title="Kept words")
    os._exit(0 if answer.status_code == 200 and b"disk is full" in answer.content else 1)
