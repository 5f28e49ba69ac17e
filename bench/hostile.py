"""What hostile input costs: seconds, and memory of the processes that look into files.

    .venv/bin/python bench/hostile.py

Reads flooded narratives of two lengths (a time that grows with the length is four times as long), compares
texts of the greatest length that is compared, and looks into every file of the tests' corpus, each in a
process of its own. Prints; what must not be passed is enforced by the product and tested there.
"""

import contextlib
import multiprocessing
import os
import resource
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

SHORT, LONG = 500_000, 2_000_000

sys.path.insert(0, str(Path(__file__).parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")

import django

django.setup()

from recommendations.files.sandbox import Unreadable, inspect
from recommendations.importing import NotANarrative
from recommendations.text.diff import MOST_PAIRS, word_runs
from tests.support import corpus, pictures
from tests.support.importing import parse
from tests.support.narratives import HOSTILE, flooded

SHOWN = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "tif": "image/tiff",
}


def seconds(work):
    """Return how long a piece of work takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def read(data):
    """Read a narrative that may be none."""
    with contextlib.suppress(NotANarrative):
        parse(data, country="FJ", year=2023)


def look(content, content_type):
    """Look into a file. Returns: (seconds, peak of the process in MiB, how it ended)."""
    ended = "done"
    began = time.perf_counter()
    with tempfile.TemporaryFile() as stream:
        stream.write(content)
        stream.flush()
        try:
            for _part in inspect("pictures", stream, content_type=content_type):
                pass
        except Unreadable as error:
            ended = error.reason
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return time.perf_counter() - began, peak, ended


def files():
    """Yield (name, bytes, content type) of what is looked into: hostile files, and the largest picture."""
    for name, content, verdict in corpus.samples():
        if verdict == corpus.KEPT and (kind := SHOWN.get(name.rpartition(".")[2])):
            yield name, content, kind
    yield "photo.jpg", pictures.jpeg(), "image/jpeg"
    yield "largest.png", corpus.png(7000, 7000, colour=2, depth=8), "image/png"


def main():
    """Measure and print."""
    print(f"narratives: seconds for {SHORT:,} and {LONG:,} characters, and how many times as long")
    for piece in HOSTILE:
        short, long = (seconds(partial(read, flooded(piece, size))) for size in (SHORT, LONG))
        print(f"  {piece!r:<36} {short:7.2f} {long:7.2f} {long / short:6.1f}")
    side = int(MOST_PAIRS**0.5)
    words = [f"w{number % 10} " for number in range(side)]
    turned = "".join(words[: side // 3] + words[side // 2 :] + words[side // 3 : side // 2])
    compared = seconds(partial(word_runs, "".join(words), turned))
    print(f"two texts of {side} words, the most that is compared: {compared:.2f} s")
    print("files: seconds, peak memory of the process in MiB, how it ended")
    # Each in a fork of its own, whose only child is the process that looks.
    with multiprocessing.get_context("fork").Pool(1, maxtasksperchild=1) as pool:
        for name, content, kind in files():
            taken, peak, ended = pool.apply(look, (content, kind))
            print(f"  {name:<36} {taken:7.2f} {peak:7.0f} {ended}")


if __name__ == "__main__":
    main()
