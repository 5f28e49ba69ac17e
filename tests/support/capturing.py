"""What tests of copies of pages share: a link to a site of this machine, and the job that fetches."""

import subprocess
import sys

from recommendations.choices import Sensitivity
from recommendations.services.evidence import captures
from tests.support import factories
from tests.support.factories import NOW
from tests.support.sites import SITE, ask

HTML = "<title>법률</title><script>alert(1)</script><p>북한 &lt;b&gt; decree".encode()


PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n%s"
WHOLE = PAGE % (len(HTML), HTML)


def link(site, person, path="/page", *, sensitivity=Sensitivity.INTERNAL, title="A decree"):
    """Add a link to the site."""
    address = f"http://{SITE}:{site.server_port}{path}"
    return factories.link(person, title, sensitivity, url=address)


def wish(item, person, now=NOW):
    """Ask for a copy, knowing how secret the item is."""
    restricted = item.sensitivity == Sensitivity.RESTRICTED
    return captures.ask(item=item, actor=person, was_restricted=restricted, now=now)


def fetch_all(site, now=NOW, **how):
    """Do what the job does, where the site counts as public. Returns: how many ended."""

    def fetch(url, recording):
        return ask(url, site.server_port, recording=recording, **how)

    return captures.capture_due(now=now, fetch=fetch)


def capture(site, item, person, now=NOW):
    """Ask for a copy and have it fetched. Returns: its row."""
    row = wish(item, person, now)
    fetch_all(site, now)
    row.refresh_from_db()
    return row


def check_warc(path):
    """Run the check of the field's own tool over a recorded page. Returns: (exit status, what it said)."""
    tool = [sys.executable, "-m", "warcio.cli", "check", str(path)]
    done = subprocess.run(tool, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr
