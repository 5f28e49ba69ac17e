"""The whole stack over a data folder of its own: started, refused, asked."""

import os
import subprocess
import sys
import urllib.parse
import urllib.request
from pathlib import Path

from tests.support.processes import ROOT, WAIT, Watched, exists, free_port

ADDRESS = "first@example.org"
COUNTS = (
    "from recommendations.models import Recommendation, Report, User;"
    "print(Report.objects.count(), Recommendation.objects.count(), User.objects.count())"
)


class Tracker:
    """One data folder, and the starts over it."""

    def __init__(self, folder, database):
        self.folder, self.port = folder, free_port()
        self.environment = {
            "DATA_DIR": str(folder),
            "PORT": str(self.port),
            "DATABASE_URL": database,
            "SITE_URL": "",
            "ADMIN_EMAIL": ADDRESS,
            "TICK_SECONDS": "5",
        }
        self.starts = []

    def start(self, **changes):
        watched = Watched([sys.executable, "manage.py", "run"], **self.environment | changes)
        self.starts.append(watched)
        return watched

    def refused(self, **changes):
        """A start that is expected to end by itself: its return code and what it said."""
        done = subprocess.run(
            [sys.executable, "manage.py", "run"],
            cwd=ROOT,
            env={**os.environ, **self.environment, **changes},
            capture_output=True,
            text=True,
            timeout=WAIT,
        )
        return done.returncode, done.stdout + done.stderr

    def counts(self):
        """How many reports, recommendations and people there are."""
        done = subprocess.run(
            [sys.executable, "manage.py", "shell", "--no-imports", "--command", COUNTS],
            cwd=ROOT,
            env={**os.environ, **self.environment},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.split()

    def open(self, path, form=None, browser=None, timeout=WAIT):
        """Get a page, or post a form to it."""
        data = urllib.parse.urlencode(form).encode() if form else None
        return (browser or urllib.request.build_opener()).open(
            f"http://localhost:{self.port}{path}", data, timeout=timeout
        )

    def serves(self):
        try:
            with self.open("/readyz") as answer:
                return answer.status == 200
        except OSError:
            return False

    def processes(self):
        """All processes that know this data folder, whoever their parent is."""
        found = set()
        for entry in Path("/proc").iterdir():
            try:
                if entry.name.isdigit() and self.mark in (entry / "environ").read_bytes().split(b"\0"):
                    found.add(int(entry.name))
            except OSError:  # it ended, or is somebody else's
                continue
        return {pid for pid in found if exists(pid)}

    @property
    def mark(self):
        return f"DATA_DIR={self.folder}".encode()
