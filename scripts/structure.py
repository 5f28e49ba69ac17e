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
TYPED = ("services", "rules", "selectors", "mail", "audit", "vault")
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


def functions(folder):
    """Yield each function below a folder."""
    for path in sorted((ROOT / folder).rglob("*.py")):
        if "migrations" not in path.parts:
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    yield node


def is_annotated(function):
    """Say whether each argument of a function, and what it returns, has a type."""
    arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
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
    public = [
        node
        for room in TYPED
        for node in functions(f"recommendations/{room}")
        if not node.name.startswith("_")
    ]
    share = sum(map(is_annotated, public)) / len(public)
    yield "public functions with types", f"{share:.0%} of {len(public)} in {', '.join(TYPED)}"


def template_lines():
    """Yield the figure of the templates."""
    paths = (ROOT / "templates").rglob("*.html")
    lines = [line for path in paths for line in path.read_text(encoding="utf-8").splitlines()]
    long = sum(len(line) > LONGEST_LINE for line in lines)
    yield f"template lines over {LONGEST_LINE} signs", f"{long} of {len(lines)}"


if __name__ == "__main__":
    for name, figure in (*rooms_and_arrows(), *functions_and_types(), *template_lines()):
        print(f"{name}: {figure}")
