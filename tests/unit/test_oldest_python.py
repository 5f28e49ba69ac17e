"""One oldest Python is promised, looked for, checked against, shipped and run."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
OLDEST = PROJECT["project"]["requires-python"].removeprefix(">=")
# Where else it is named, and how.
NAMED = {
    "README.md": r"You only need Python (\d+\.\d+) or newer",
    "scripts/find-python": r"^needed='(\d+\.\d+)'$",
    "Dockerfile": r"^FROM python:(\d+\.\d+)-slim\b",
    ".ci/run": r"^export PYTHON=python(\d+\.\d+)$",
}


@pytest.mark.parametrize("path", NAMED)
def test_every_file_that_names_the_oldest_python_names_the_same(path):
    assert set(re.findall(NAMED[path], (ROOT / path).read_text(), re.MULTILINE)) == {OLDEST}


def test_every_image_of_the_dockerfile_names_it():
    images = re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert images and set(images) == {f"python:{OLDEST}-slim"}


def test_types_and_style_are_checked_as_the_oldest_python_reads_them():
    assert PROJECT["tool"]["mypy"]["python_version"] == OLDEST
    assert PROJECT["tool"]["ruff"]["target-version"] == f"py{OLDEST.replace('.', '')}"


def test_no_older_python_is_looked_for():
    looked_for = re.findall(r"python3\.(\d+)", (ROOT / "scripts" / "find-python").read_text())
    assert min(map(int, looked_for)) == int(OLDEST.partition(".")[2])
