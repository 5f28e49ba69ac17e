"""The figures: each is a function that tries something many times and counts what went wrong."""

import importlib
import pkgutil
from dataclasses import dataclass, field

import tests.evidencefaults as package

FIGURES = {}


@dataclass
class Figure:
    """What one function found.

    ``tries`` is how often it tried, ``missed`` how often it was not as it has to be; ``notes`` are other
    numbers, for the JSON, and ``said`` a few words for the table. ``skipped`` says why it could not be tried.
    """

    tries: int = 0
    missed: int = 0
    said: str = ""
    notes: dict = field(default_factory=dict)
    skipped: str = ""

    @property
    def passed(self):
        """Whether everything was as it has to be, and something was tried at all."""
        return bool(self.skipped) or (self.tries > 0 and self.missed == 0)


def figure(name, wants, *, quick=True):
    """Declare a figure.

    Args:
        name: what the table calls it.
        wants: what has to come out, in words.
        quick: whether it belongs to the slice that every change is tried with.
    """

    def declare(function):
        FIGURES[name] = (function, wants, quick)
        return function

    return declare


def discover():
    """Import every module of this package, so that each declares its figures. Returns: all of them."""
    for module in pkgutil.iter_modules(package.__path__):
        if module.name != "__main__":
            importlib.import_module(f"{package.__name__}.{module.name}")
    return FIGURES
