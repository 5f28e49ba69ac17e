"""What stands before the first line of ours runs: finding a Python, making and repairing the environment."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FINDER = ROOT / "scripts" / "find-python"
ENVIRONMENT = ROOT / "scripts" / "environment.py"


@pytest.fixture
def shims(tmp_path):
    """A folder to stand first on PATH, and a function that puts a program there."""
    folder = tmp_path / "bin"
    folder.mkdir()

    def add(name, script):
        path = folder / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return path

    add.folder = folder
    return add


def find(shims, **environment):
    """Run the finder with the shims before anything else."""
    path = f"{shims.folder}:{os.environ['PATH']}"
    return subprocess.run(
        [FINDER], env={"PATH": path, **environment}, capture_output=True, text=True, stdin=subprocess.DEVNULL
    )


def all_broken(shims):
    """Shims for every name that is looked up on PATH, each failing as a version manager's does."""
    for name in ("python3.14", "python3.13", "python3"):
        shims(name, f"echo 'shim: {name}: command not found' >&2; exit 127")


def real(python=sys.executable):
    return f'exec "{python}" "$@"'


def as_version(*version):
    """A Python that takes itself for another version."""
    code = f"import sys; sys.version_info = {version}; code = sys.argv[2]; del sys.argv[1:3]; exec(code)"
    return f'exec "{sys.executable}" -c "{code}" "$@"'


def test_a_shim_that_fails_is_passed_over(shims):
    all_broken(shims)
    shims("python3.13", real())
    done = find(shims)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == sys.executable


def test_an_old_python_is_passed_over(shims):
    all_broken(shims)
    shims("python3.14", as_version(3, 12))
    shims("python3.13", real())
    assert find(shims).stdout.strip() == sys.executable


def test_where_only_an_old_python_is_there_its_version_is_said_and_how_to_get_a_newer_one(shims):
    done = find(shims, PYTHON=str(shims("old", as_version(3, 12))))
    assert (done.returncode, done.stdout) == (1, "")
    assert "needs Python 3.13 or newer" in done.stderr
    assert "cannot be used: it is 3.12." in done.stderr
    assert "uv python install 3.13" in done.stderr


def test_a_shim_that_prints_but_runs_nothing_is_passed_over(shims):
    all_broken(shims)
    shims("python3.14", "echo hello")
    shims("python3.13", real())
    assert find(shims).stdout.strip() == sys.executable


def test_a_python_without_ensurepip_is_passed_over_and_said(shims, tmp_path):
    (tmp_path / "ensurepip.py").write_text("raise ImportError(name='ensurepip')")
    python = shims("broken", f'PYTHONPATH="{tmp_path}" {real()}')
    done = find(shims, PYTHON=str(python))
    assert done.returncode == 1
    assert "it has no module ensurepip" in done.stderr
    assert "apt-get install python3 python3-venv" in done.stderr


def test_the_chosen_python_is_tried_and_no_other_taken_instead(shims):
    broken = shims("mine", "exit 127")
    done = find(shims, PYTHON=str(broken))
    assert (done.returncode, done.stdout) == (1, "")
    assert f"PYTHON={broken} cannot be used: it does not run." in done.stderr


def test_the_chosen_python_is_taken(shims):
    all_broken(shims)
    assert find(shims, PYTHON=str(shims("mine", real()))).stdout.strip() == sys.executable


def test_nothing_found_says_what_was_tried_and_how_to_install(shims):
    all_broken(shims)
    # Only the shims: the absolute names must not be there either, so the finder runs on a copy without them.
    copy = shims.folder / "find-python"
    copy.write_text(FINDER.read_text().replace("/usr/", "/none/").replace("/opt/", "/none/"))
    copy.chmod(0o755)
    done = subprocess.run([copy], env={"PATH": str(shims.folder)}, capture_output=True, text=True)
    assert done.returncode == 1
    assert "needs Python 3.13 or newer" in done.stderr
    assert "python3.13: shim: python3.13: command not found" in done.stderr
    assert "macOS:" in done.stderr


class Scratch:
    """An environment in a folder of its own, from requirements that need no network."""

    def __init__(self, folder):
        self.folder = folder / "venv"
        self.requirements = folder / "requirements.txt"
        self.requirements.write_text("# nothing\n")
        self.dev = folder / "requirements-dev.txt"
        self.dev.write_text("-r requirements.txt\n")

    def make(self, *files, **environment):
        names = map(str, files or [self.requirements])
        return subprocess.run(
            [sys.executable, ENVIRONMENT, self.folder, *names],
            env={"PATH": os.environ["PATH"], "PIP_NO_INDEX": "1", **environment},
            capture_output=True,
            text=True,
        )

    @property
    def mark(self):
        return self.folder / "unfinished"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """One environment for the tests of this file, since making one takes seconds."""
    scratch = Scratch(tmp_path_factory.mktemp("environment"))
    done = scratch.make()
    assert done.returncode == 0, done.stderr
    assert "Installing from" in done.stdout
    return scratch


def test_a_second_time_nothing_is_installed(made):
    done = made.make()
    assert "Installing" not in done.stdout
    assert f"in {made.folder}" in done.stdout


def test_changed_requirements_are_installed_and_an_included_file_counts(made):
    assert "Installing" in made.make(made.requirements, made.dev).stdout
    assert "Installing" not in made.make().stdout  # the larger set serves for the smaller
    made.requirements.write_text("# changed\n")
    assert "Installing" in made.make(made.requirements, made.dev).stdout


def test_an_installation_that_failed_leaves_a_mark_and_is_made_anew(made):
    made.requirements.write_text("no-such-package-of-ours==1\n")
    failed = made.make()
    assert failed.returncode == 1
    assert "Not everything could be installed." in failed.stderr
    assert made.mark.exists()

    (made.folder / "left-over").touch()
    made.requirements.write_text("# nothing\n")
    repaired = made.make()
    assert repaired.returncode == 0, repaired.stderr
    assert "making it again" in repaired.stdout
    assert not (made.folder / "left-over").exists()
    assert not made.mark.exists()


def test_an_environment_whose_python_is_gone_is_made_anew(made):
    (made.folder / "bin" / "python").unlink()
    done = made.make()
    assert done.returncode == 0, done.stderr
    assert "making it again" in done.stdout


@pytest.mark.parametrize("target", ["run", "test", "looks", "demo", "demo-remove", "lint", "clean"])
def test_help_lists_the_targets(target):
    done = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True)
    assert f"make {target} " in done.stdout
