"""The progress of a long command: a bar on a terminal, plain lines elsewhere."""

import sys

from tqdm import tqdm

# Plain lines come at each tenth.
TENTHS = 10


def progress(what, stream=None):
    """Return a function that wraps a list, yields its items and shows how far it is.

    Args:
        what: what is being done, in a word or two.
        stream: where plain lines go; by default the standard error, as for the bar.
    """

    def wrap(items):
        items = list(items)
        if sys.stderr.isatty():
            return tqdm(items, desc=what, unit=" files")
        return _in_lines(what, items, stream or sys.stderr)

    return wrap


def _in_lines(what, items, stream):
    said = 0
    for number, item in enumerate(items, start=1):
        yield item
        if number * TENTHS // len(items) > said:
            said = number * TENTHS // len(items)
            stream.write(f"{what}: {number} of {len(items)}\n")
