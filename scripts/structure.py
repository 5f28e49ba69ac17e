#!/usr/bin/env python3
"""Counts what the structure of the code looks like: rooms, arrows, functions, types, templates.

Run by ``make structure``. A room is a folder or a module directly in ``recommendations/`` or ``tracker/``,
with all that is inside it; migrations are left out. An arrow is one room that imports another. It prints
one line for each figure and changes nothing.
"""

import ast
import statistics
import sys
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
PACKAGES = ("recommendations", "tracker")
LEFT_OUT = ("recommendations.migrations",)
LONGEST_LINE = 120


def room_of(module):
    """Return the room of a module: what lies directly in one of ``PACKAGES``, with all that is inside it."""
    return ".".join(module.split(".")[:2])


def arrows(graph):
    """Return {(importing room, imported room)}."""
    found = set()
    for module in graph.modules:
        for imported in graph.find_modules_directly_imported_by(module):
            pair = room_of(module), room_of(imported)
            if pair[0] != pair[1]:
                found.add(pair)
    return found


def circles(pairs):
    """Return the groups of rooms that import each other, directly or over others."""
    reached = {}
    for start, _end in pairs:
        seen, waiting = set(), [start]
        while waiting:
            here = waiting.pop()
            new = {end for begin, end in pairs if begin == here} - seen
            seen |= new
            waiting += new
        reached[start] = seen
    return {frozenset(b for b in reached if a in reached[b] and b in reached[a]) for a in reached} - {
        frozenset()
    }


def functions(place):
    """Yield each function of a module, or below a folder."""
    place = ROOT / place
    for path in [place] if place.is_file() else sorted(place.rglob("*.py")):
        if "migrations" not in path.parts:
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    yield node


def is_annotated(function):
    """Say whether each argument of a function, and what it returns, has a type."""
    given = function.args
    rest = [one for one in (given.vararg, given.kwarg) if one]
    arguments = [*given.posonlyargs, *given.args, *given.kwonlyargs, *rest]
    own = [one for one in arguments if one.arg not in ("self", "cls")]
    return function.returns is not None and all(one.annotation for one in own)


def rooms_and_arrows():
    """Yield the figures of the import graph."""
    graph = grimp.build_graph(*PACKAGES)
    for module in list(graph.modules):
        if module.startswith(LEFT_OUT):
            graph.remove_module(module)
    rooms = {room_of(one) for one in graph.modules} - set(PACKAGES)
    loose = sorted(one for one in graph.find_children("recommendations") if not graph.find_children(one))
    pairs = arrows(graph)
    yield "rooms", f"{len(rooms)}"
    yield "loose modules", f"{len(loose)}: {', '.join(one.partition('.')[2] for one in loose)}"
    yield "arrows between rooms", f"{len(pairs)}, in circles: {len(circles(pairs))}"


def functions_and_types():
    """Yield the figures of the functions."""
    lengths = [node.end_lineno - node.lineno + 1 for folder in PACKAGES for node in functions(folder)]
    p90 = statistics.quantiles(lengths, n=10)[8]
    yield "functions", f"{len(lengths)}; lines: median {statistics.median(lengths):.0f}, p90 {p90:.0f}"
    public = {room: list(public_functions(room)) for room in rooms_on_disk()}
    everything = [one for found in public.values() for one in found]
    yield "public functions with types", share_of_typed(everything)
    for room, found in public.items():
        if found:
            yield f"  in {room}", share_of_typed(found)


def rooms_on_disk():
    """Return the paths of the folders and modules directly in ``PACKAGES``."""
    found = [path for package in PACKAGES for path in sorted((ROOT / package).iterdir())]
    kept = [path for path in found if path.suffix == ".py" or (path / "__init__.py").exists()]
    return [str(path.relative_to(ROOT)) for path in kept if path.name not in ("__init__.py", "migrations")]


def public_functions(room):
    """Yield the functions and methods of a room that others may call, at whatever depth of classes."""
    for function in functions(room):
        if not function.name.startswith("_"):
            yield function


def share_of_typed(found):
    """Return how many of some functions are annotated, in words."""
    return f"{sum(map(is_annotated, found)) / len(found):.0%} of {len(found)}"


def template_lines():
    """Yield the figure of the templates."""
    paths = (ROOT / "templates").rglob("*.html")
    lines = [line for path in paths for line in path.read_text(encoding="utf-8").splitlines()]
    long = sum(len(line) > LONGEST_LINE for line in lines)
    yield f"template lines over {LONGEST_LINE} characters", f"{long} of {len(lines)}"


if __name__ == "__main__":
    for name, figure in (*rooms_and_arrows(), *functions_and_types(), *template_lines()):
        print(f"{name}: {figure}")
