"""The twenty tests and the controls, by number: each is a module of its own in ``scenarios``.

A scenario has ``TITLE``, ``PASS`` (the figure at which it passes) and
``run(bench)``, which yields one ``Figures`` for each variant. ``REDIS_ONLY`` marks those that need Redis.
"""

import importlib
import pkgutil
from dataclasses import dataclass
from types import ModuleType

from tests.faults import scenarios


@dataclass(frozen=True)
class Scenario:
    """One test of the table."""

    number: str
    module: ModuleType

    @property
    def title(self):
        """What is done to the tracker."""
        return self.module.TITLE

    @property
    def passes(self):
        """The figure at which it passes."""
        return self.module.PASS

    @property
    def redis_only(self):
        """Whether it is about Redis."""
        return getattr(self.module, "REDIS_ONLY", False)

    def run(self, bench):
        """Run it. Yields: Figures."""
        yield from self.module.run(bench)


def all_scenarios():
    """Return every scenario, the tests by number, then the controls."""
    names = sorted(module.name for module in pkgutil.iter_modules(scenarios.__path__))
    found = []
    for name in names:
        sign, number = name[0], name[1:].partition("_")[0]
        label = str(int(number)) if sign == "t" else f"C{int(number)}"
        found.append(Scenario(label, importlib.import_module(f"{scenarios.__name__}.{name}")))
    return sorted(found, key=lambda scenario: (scenario.number[0] == "C", int(scenario.number.strip("C"))))
