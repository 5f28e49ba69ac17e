"""A place where the tracker runs as processes of its own: a folder, a database, and commands there."""

import json
import os
import subprocess
import sys

from tests.support import template
from tests.support.processes import ROOT

ASK = """
import json
from recommendations.models import Capture, Event, Mail
from recommendations.backups import dumps
from recommendations.services.evidence import verification as verifying
from django.utils import timezone
content = dumps.content()
print(json.dumps({
    "objects": content.objects,
    "counts": content.counts,
    "verified": verifying.verify(now=timezone.now()).problems,
    "events": list(Event.objects.order_by("seq").values_list("seq", "hash")),
    "states": dict(Mail.objects.values_list("key", "state")),
    "copies": list(Capture.objects.order_by("number").values_list("number", "state", "finding")),
    "reasons": dict(Mail.objects.values_list("key", "reason")),
}))
"""


class Elsewhere:
    """Another computer: its own folder and database, and commands run there as processes of their own."""

    def __init__(self, folder, database, **environment):
        self.folder, self.database = folder, database
        self.environment = {"DATA_DIR": str(folder), "DATABASE_URL": database, **environment}

    def lay_tables(self):
        """Migrate its database; on SQLite a copy of one that is migrated does as well."""
        self.folder.mkdir(mode=0o700, exist_ok=True)
        if self.database or not template.copy_to(self.folder / "tracker.sqlite3"):
            done = self.manage("migrate", "--verbosity=0")
            assert done.returncode == 0, done.stderr

    def python(self, *arguments):
        """Run Python there. Returns: what became of the process, with its words."""
        return subprocess.run(
            [sys.executable, *map(str, arguments)],
            cwd=ROOT,
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "tracker.settings", **self.environment},
            capture_output=True,
            text=True,
        )

    def manage(self, *arguments):
        """Run a command of ``manage.py`` there."""
        return self.python("manage.py", *arguments)

    def shell(self, code):
        """Run code there, with Django set up. Returns: what it printed."""
        done = self.python("-c", f"import django\ndjango.setup()\n{code}")
        assert done.returncode == 0, done.stderr
        return done.stdout

    def ask(self):
        """Return what its database and its vault hold, as ``ASK`` puts it together."""
        return json.loads(self.shell(ASK))
