"""The limits of a process that looks into a file (docs/evidence.md, "What is made of an item")."""

import resource
import signal

CPU_SECONDS = 20
WALL_SECONDS = 60
MEMORY_BYTES = 512 * 1024 * 1024
OUTPUT_BYTES = 96 * 1024 * 1024
OPEN_FILES = 64
PIXELS = 50_000_000
PAGES_SHOWN = 10
PAGES_READ = 500
TEXT_CHARACTERS = 1_000_000
# A document's own words packed in an archive are read to this length, whatever the archive declares.
MEMBER_BYTES = 32 * 1024 * 1024
PREVIEW_EDGE = 1200


def apply() -> None:
    """Bind this process; the kernel ends it past any of the limits."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_DATA, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
    ):
        resource.setrlimit(what, (most, most))
    # Writing to a file is refused with an error instead of ending the process with a signal.
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
