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
# A report's document is read while its person waits.
NARRATIVE_SECONDS = 10
NARRATIVE_MEMORY_BYTES = 300 * 1024 * 1024
NARRATIVE_PAGES = 100
NARRATIVE_CHARACTERS = 1_000_000


def apply(task: str = "") -> None:
    """Bind this process to the limits of its task; the kernel ends it past any of them."""
    waited_for = task == "narrative"
    memory = NARRATIVE_MEMORY_BYTES if waited_for else MEMORY_BYTES
    seconds = NARRATIVE_SECONDS if waited_for else CPU_SECONDS
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_DATA, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
    ):
        resource.setrlimit(what, (most, most))
    # Writing to a file is refused with an error instead of ending the process with a signal.
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
