"""What the documents name is there: files, functions, headings, links; and so is what code cites of them."""

import re
import tomllib
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Where a path in a document may begin; most are about the application.
BEGINNINGS = (ROOT, ROOT / "recommendations")
DOCUMENTS = sorted([*(ROOT / "docs").rglob("*.md"), ROOT / "SECURITY.md"])
LINKING = [*DOCUMENTS, ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
CITING = (".py", ".html", ".txt", ".md", ".toml", ".yml", ".css", ".js")
NOT_OURS = {".venv", ".git", "var", "node_modules", "test-results", "vendor", "__pycache__"}

# `mail/outbox/leases.py::take`, `tests/unit/test_docs.py`, `vault/`: in backticks, a folder or an ending.
NAMED = re.compile(
    r"`((?:[\w.-]+/)*[\w.-]+\.(?:py|html|txt|md|toml|yml|css|js|json)|(?:[\w.-]+/)+)(?:::([\w.]+))?`"
)
LINK = re.compile(r"\]\(([^)\s]+)\)")
# docs/domain.md, "Status": as comments and docstrings cite a document and a heading of it.
CITED = re.compile(r"\bdocs/([\w/-]+\.md)(?:, \"([^\"]+)\")?")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
# What a start or a backup makes, and the tree does not hold.
MADE_LATER = re.compile(
    r"(var|DATA_DIR|objects|spool)/.*|(manifest|about)\.json|(evidence|custody)\.jsonl|chain-heads\.txt"
)


def written():
    """Yield the path and words of every file of ours that may cite a document."""
    for folder, folders, names in ROOT.walk():
        folders[:] = sorted(set(folders) - NOT_OURS)
        for name in sorted(names):
            if name.endswith(CITING):
                yield folder / name, (folder / name).read_text(errors="replace")


@cache
def headings(path):
    """Return the headings of a document, as they are written."""
    return [re.sub(r"[`*]", "", found) for found in HEADING.findall(path.read_text())]


def anchor(heading):
    """Return the anchor that a forge makes of a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def found(name, document):
    """Return the file or folder that a name in a document means; None where there is none."""
    places = (beginning / name for beginning in (*BEGINNINGS, document.parent))
    return next((place for place in places if place.exists()), None)


def defines(path, name):
    """Say whether a file defines what ``name`` says, such as ``Lease.mark_dot``: a part of it at least."""
    words = path.read_text()
    return all(
        re.search(rf"\b(?:def|class) {part}\b|^\s*(?:\w+, )*{part}\b.*=", words, re.MULTILINE)
        for part in name.split(".")
    )


def test_there_are_documents():
    assert {"domain.md", "architecture.md", "mail.md", "evidence.md"} <= {path.name for path in DOCUMENTS}


def test_every_room_is_in_the_architecture():
    words = (ROOT / "docs" / "architecture.md").read_text()
    application, wiring = ROOT / "recommendations", ROOT / "tracker"
    rooms = [f"{path.name}/" for path in application.iterdir() if list(path.glob("*.py"))]
    rooms += [path.name for path in application.glob("*.py")]
    rooms += [f"tracker/{path.name}" for path in wiring.glob("*.py")]
    rooms += [f"tracker/{path.name}/" for path in wiring.iterdir() if list(path.glob("*.py"))]
    missing = [name for name in rooms if f"`{name}`" not in words and f"`{name}::" not in words]
    assert [name for name in sorted(missing) if not name.endswith("__init__.py")] == []


def test_the_rows_of_the_architecture_are_those_that_are_checked():
    rule = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]
    row_of = {
        name: number
        for number, row in enumerate(rule["layers"])
        for name in re.findall(r"recommendations\.(\w+)", row)
    }
    words = (ROOT / "docs" / "architecture.md").read_text()
    table = re.findall(r"^\| \d+ \| (.+?) \|", words, re.MULTILINE)
    told = [name for cell in table for name in re.findall(r"`(\w+)(?:/|\.py)`", cell)]
    assert [row_of[name] for name in told] == sorted(row_of[name] for name in told)
    assert {name for name in row_of if found(f"{name}.py", ROOT) or found(f"{name}/", ROOT)} == set(told)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_a_document_names_is_there(document):
    missing = []
    for name, inside in NAMED.findall(document.read_text()):
        if MADE_LATER.fullmatch(name):
            continue
        place = found(name, document)
        if not place or (inside and not defines(place, inside)):
            missing.append(f"{name}::{inside}" if inside else name)
    assert not missing


@pytest.mark.parametrize("document", LINKING, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_links_of_a_document_lead_somewhere(document):
    broken = []
    for link in LINK.findall(document.read_text()):
        if link.startswith(("https://", "http://")):
            continue
        name, _sign, place = link.partition("#")
        target = (document.parent / name).resolve() if name else document
        if not target.exists() or (place and place not in map(anchor, headings(target))):
            broken.append(link)
    assert not broken


def test_the_finder_finds_what_is_not_there():
    leases = ROOT / "recommendations" / "mail" / "outbox" / "leases.py"
    assert found("mail/outbox/leases.py", ROOT / "docs" / "mail.md") == leases
    assert found("mail/outbox/nothing.py", ROOT / "docs" / "mail.md") is None
    assert defines(leases, "Lease.mark_dot") and defines(leases, "RESEND_LIMIT")
    assert not defines(leases, "Lease.nothing")


def test_what_is_cited_of_the_documents_is_there():
    missing = []
    for path, words in written():
        # A citation may be broken over two lines of a comment.
        flat = re.sub(r"\n[ \t]*(?:#:? |// |\* )?", " ", words)
        for name, heading in CITED.findall(flat):
            document = ROOT / "docs" / name
            if not document.is_file() or (heading and heading not in headings(document)):
                missing.append(f"{path.relative_to(ROOT)}: docs/{name} {heading}".strip())
    assert not missing


def test_nothing_outside_of_the_repository_is_cited():
    outside = re.compile(r"\((?:\w+ )?(?:design|domain), |\b(?:mail|evidence) design\b|: design, |/work/")
    here = {Path(__file__)}
    found = [
        f"{path.relative_to(ROOT)}: {outside.search(words)[0]}"
        for path, words in written()
        if path not in here and outside.search(words)
    ]
    assert not found


def test_every_decision_is_in_the_index():
    index = (ROOT / "docs" / "adr" / "README.md").read_text()
    decisions = [path.name for path in (ROOT / "docs" / "adr").glob("0*.md")]
    assert decisions
    assert [name for name in decisions if f"({name})" not in index] == []
