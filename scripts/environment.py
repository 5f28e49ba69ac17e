"""Makes the virtual environment and installs what the requirements files name, where that is not done yet.

Run by the Makefile with the Python that ``find-python`` chose, as ``environment.py FOLDER [FILE …]``.
Only the standard library, since this is what installs the rest.

A stamp in the environment holds the hash of the files it was made from. While pip works there is a mark
instead: an environment with the mark was left half made (a lost connection, Ctrl-C) and is made again.
"""

import fcntl
import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path

HELP_MAKING = "On Debian and Ubuntu: sudo apt-get install python3-venv"
HELP_INSTALLING = (
    "Is there a connection to the internet, and room on the disk? Then run the same command again."
)


def fingerprint(files):
    """The hash of the files and of those they include with a line ``-r NAME``."""
    digest = hashlib.sha256()
    for path in files:
        content = path.read_text(encoding="utf-8")
        included = [path.parent / line.split()[1] for line in content.splitlines() if line.startswith("-r ")]
        digest.update(f"{fingerprint(included)}\n{content}".encode())
    return digest.hexdigest()


def version_of(python):
    """The version of a Python in an environment as text, empty where it does not run or has no pip."""
    command = [python, "-c", "import pip, sys; print(sys.version.split()[0])"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def minor(version):
    """The first two numbers of a version, as text."""
    return version.rpartition(".")[0]


class Environment:
    """One virtual environment in `folder`."""

    def __init__(self, folder):
        self.folder = folder
        self.python = folder / "bin" / "python"
        self.unfinished = folder / "unfinished"
        self.stamp = folder / "installed-from"

    def fits(self, chosen):
        """Whether it is whole, and of the same Python where the user chose one."""
        version = version_of(self.python)
        if not version or self.unfinished.exists():
            return False
        return not chosen or minor(version) == minor(sys.version.split()[0])

    def make(self):
        """Make it again."""
        if self.folder.exists():
            print(
                f"{self.folder} is incomplete, or was made with another Python: making it again.", flush=True
            )
        command = [sys.executable, "-m", "venv", "--clear", str(self.folder)]
        if subprocess.run(command, stdin=subprocess.DEVNULL).returncode:
            sys.exit(f"The environment {self.folder} could not be made. {HELP_MAKING}")

    def holds(self, print_of_files):
        """Whether the files with this hash were installed, or more than they name."""
        return self.stamp.exists() and print_of_files in self.stamp.read_text().split()

    def install(self, files, prints):
        """Install what the files name; the mark says meanwhile that it is not whole."""
        print(f"Installing from {', '.join(map(str, files))} (a minute or two the first time) …", flush=True)
        began = time.monotonic()
        self.unfinished.touch()
        names = [word for path in files for word in ("-r", str(path))]
        command = [str(self.python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *names]
        if subprocess.run(command, stdin=subprocess.DEVNULL).returncode:
            sys.exit(f"Not everything could be installed. {HELP_INSTALLING}")
        self.stamp.write_text("\n".join(prints))
        self.unfinished.unlink()
        print(f"Installed in {time.monotonic() - began:.0f} s.", flush=True)


def main(folder, *names):
    """Bring the environment in `folder` to what the last of the files `names` asks for.

    The files are ordered: each includes those before it, so its environment serves for those too.
    """
    environment = Environment(Path(folder))
    files = [Path(name) for name in names]
    with files[0].open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # a second start waits for the first, then finds all done
        if not environment.fits(chosen=os.environ.get("PYTHON")):
            environment.make()
        wanted = files[-1:]
        if not environment.holds(fingerprint(wanted)):
            environment.install(wanted, [fingerprint([path]) for path in files])
    print(f"Python {version_of(environment.python)} in {folder} (made with {sys.executable})")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit("\nStopped. The next start continues from here.")
    except OSError as error:
        sys.exit(f"The environment could not be made: {error.strerror}: {error.filename}. {HELP_INSTALLING}")
