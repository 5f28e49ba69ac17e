"""How the files of code and tests are kept: no test leans on another, and none is too long to be read."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MOST_LINES = 320
LONGEST_OF_TEMPLATES = 120
FOLDERS = ("bench", "recommendations", "scripts", "tests", "tracker")


def files():
    """Return every Python file that somebody writes: no migration, and nothing that was brought along."""
    found = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")]
    return sorted(path for path in found if not {"migrations", "vendor"} & set(path.parts))


def imported(source):
    """Yield the full name of everything that a file imports, wherever it does so."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{'.' * node.level}{node.module or ''}.{alias.name}" for alias in node.names)


def of_tests(source):
    """Return what a file imports of modules that pytest collects."""
    return [
        name
        for name in imported(source)
        if name.startswith(("tests.", ".", "test_"))
        and any(part.startswith("test_") for part in name.split("."))
    ]


def test_no_file_imports_from_a_test():
    """What two tests need is in tests/support, a fixture in a conftest.py."""
    found = {str(path.relative_to(ROOT)): of_tests(path.read_text()) for path in files()}
    assert {path: names for path, names in found.items() if names} == {}


def test_no_migration_leans_on_the_code_of_today():
    """What it needs of a rule stands in it as it was; fields name their validators, defaults and classes."""
    found = {
        path.name: [
            name
            for name in imported(path.read_text())
            if name.startswith(("recommendations.", "tracker."))
            and not name.startswith(("recommendations.models.", "recommendations.migrations."))
        ]
        for path in sorted((ROOT / "recommendations" / "migrations").glob("*.py"))
    }
    assert found and {path: names for path, names in found.items() if names} == {}


def test_no_file_is_too_long():
    """Aim at 300 lines; part a longer one by subject."""
    lines = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in files()}
    assert len(lines) > 500
    assert {path: many for path, many in lines.items() if many > MOST_LINES} == {}


def test_no_line_of_a_template_is_too_long():
    """djlint breaks tags but no texts: a long text goes into blocktranslate trimmed, over several lines."""
    paths = sorted((ROOT / "templates").rglob("*.html"))
    long = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in paths
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if len(line) > LONGEST_OF_TEMPLATES
    ]
    assert len(paths) > 100
    assert long == []


KEEPS_WHITE_SPACE = r'class="[^"]*(?<![-\w])(?:kept|source|passage)(?![-\w])[^"]*"'
EMPTY_FIRST_LINE = re.compile(rf"<\w[^<>]*(?:{KEEPS_WHITE_SPACE})[^<>]*>\s*\n")


def test_no_text_in_which_white_space_counts_begins_with_that_of_its_template():
    """A text that djlint has put on a line of its own would be shown below an empty line."""
    paths = sorted((ROOT / "templates").rglob("*.html"))
    assert [str(path) for path in paths if EMPTY_FIRST_LINE.search(path.read_text())] == []
    assert EMPTY_FIRST_LINE.search('<dd id="a" class="prose kept">\n  {{ words }}\n</dd>')


def given_by_place(module):
    """Return the public functions of a module that take anything by its place among the arguments."""
    public = [node for node in ast.parse(module).body if isinstance(node, ast.FunctionDef)]
    taken = {one.name: [*one.args.posonlyargs, *one.args.args, one.args.vararg] for one in public}
    return [name for name, given in taken.items() if name[0] != "_" and any(given)]


def test_services_take_everything_by_name():
    """So does ``services/__init__.py`` promise: an actor cannot be handed in as the person acted on."""
    services = sorted((ROOT / "recommendations" / "services").rglob("*.py"))
    found = {str(path.relative_to(ROOT)): given_by_place(path.read_text()) for path in services}
    assert len(found) > 30 and {path: names for path, names in found.items() if names} == {}


@pytest.mark.parametrize("given", ["actor", "actor, *, person", "actor, /", "*people", "actor=None"])
def test_the_finder_finds_what_is_taken_by_its_place(given):
    assert given_by_place(f"def act({given}):\n    pass") == ["act"]
    assert not given_by_place(f"def _act({given}):\n    pass")
    assert not given_by_place("def act(*, actor, **fields):\n    pass")


@pytest.mark.parametrize(
    "room", ["accounts", "audit", "backups", "mail", "rules", "selectors", "services", "succession", "vault"]
)
def test_mypy_wants_the_types_of_each_function_of_a_room(room):
    """With one function without them ``make lint`` fails, which no other test would notice."""
    overrides = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mypy"]["overrides"]
    strict = [one for one in overrides if one.get("disallow_untyped_defs")]
    assert any(f"recommendations.{room}.*" in one["module"] for one in strict)
    assert all(one["disallow_incomplete_defs"] for one in strict)
    assert not [one for one in overrides if one.get("disallow_untyped_defs") is False]


@pytest.mark.parametrize(
    "line",
    [
        "from tests.views.test_a import b",
        "from tests.views import test_a",
        "import tests.views.test_a",
        "from .test_a import b",
        "from . import test_a",
        "def late():\n    from tests.views.test_a import b",
    ],
)
def test_the_finder_finds_an_import_from_a_test_however_it_is_written(line):
    assert of_tests(line)
    assert not of_tests(line.replace("test_a", "a"))
