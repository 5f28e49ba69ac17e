"""The database stops, or says nothing any more: people get the page that says so, and the rest is served.

A real web server runs over a line to PostgreSQL that can be cut and frozen; the server serves others on.
"""

import json
import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
import uuid
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import reverse

from recommendations.models import StatusUpdate
from tests.support import factories, forms
from tests.support.processes import ROOT, WAIT, Watched, free_port, wait_until
from tests.support.proxies import Proxy
from tracker.postgresql import base

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.processes,
    pytest.mark.skipif(
        connection.vendor != "postgresql",
        reason="SQLite is a file, and neither stops nor freezes: set DATABASE_URL",
    ),
]
# More than there are threads in the web server.
CROWD = 40
THREADS = 16


class Site:
    """A web server over a line that can be cut, and a person who is signed in there."""

    def __init__(self, folder):
        address = urlsplit(os.environ["DATABASE_URL"])
        self.line = Proxy(address.hostname, address.port or 5432)
        self.port = free_port()
        login = address.netloc.rpartition("@")[0]
        self.environment = {
            "DATABASE_URL": f"postgres://{login}@127.0.0.1:{self.line.port}/{connection.settings_dict['NAME']}",
            "DATA_DIR": str(folder),
            "SECRET_KEY": django_settings.SECRET_KEY,
            "SITE_URL": f"http://localhost:{self.port}",
            "REDIS_URL": "",
        }
        environment = {**os.environ, **self.environment}
        collect = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity=0"]
        subprocess.run(collect, cwd=ROOT, env=environment, check=True)
        granian = [sys.executable, "-m", "granian", "--interface=wsgi", "--http=1", "--no-ws", "--workers=1"]
        place = [f"--blocking-threads={THREADS}", f"--port={self.port}", "tracker.wsgi:application"]
        self.web = Watched([*granian, *place], **self.environment)
        wait_until(lambda: self.status("/readyz") == 200)

    def sign_in(self, person):
        browser = Client()
        browser.force_login(person)
        token = "t" * 32
        self.cookie = f"session={browser.cookies['session'].value}; csrf={token}"
        self.token = token

    def ask(self, path, form=None, cookie=True, token=""):
        """Get a page, or post a form to it. Returns: (status, text)."""
        headers = {"Cookie": self.cookie} if cookie else {}
        data = None
        if form is not None:
            data = encode_multipart(BOUNDARY, {**form, "csrfmiddlewaretoken": token or self.token})
            headers["Content-Type"] = MULTIPART_CONTENT
        request = urllib.request.Request(f"http://localhost:{self.port}{path}", data, headers)
        try:
            with urllib.request.build_opener(Stay).open(request, timeout=WAIT) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def status(self, path):
        try:
            return self.ask(path, cookie=False)[0]
        except OSError:
            return None


class Stay(urllib.request.HTTPRedirectHandler):
    """Follow no redirect."""

    def redirect_request(self, *_arguments):
        return None


@pytest.fixture
def site(tmp_path):
    site = Site(tmp_path)
    yield site
    site.line.thaw()
    os.killpg(site.web.process.pid, signal.SIGKILL)  # with its worker
    site.web.discard()
    site.line.cut()


@pytest.fixture
def over_a_line(monkeypatch):
    """A connection as the web server has it, and the line that it goes over."""
    monkeypatch.setattr(base, "LIVES_WITHIN", 0.2)
    monkeypatch.setattr(base, "line", base.Line())
    address = urlsplit(os.environ["DATABASE_URL"])
    line = Proxy(address.hostname, address.port or 5432)
    login = {
        "user": address.username,
        "password": address.password,
        "dbname": connection.settings_dict["NAME"],
    }
    parameters = {"host": "127.0.0.1", "port": line.port, **login, "connect_timeout": 2}
    with base.Connection.connect(**parameters, autocommit=True) as other:
        other.patience, other.parameters = 60, parameters
        yield other, line
        line.cut()


def test_an_answer_that_takes_long_is_waited_for_and_a_server_that_is_silent_is_not(over_a_line):
    other, line = over_a_line
    assert other.execute("SELECT 1 FROM pg_sleep(0.7)").fetchone() == (1,)
    assert not base.line.is_silent
    line.freeze()
    with pytest.raises(psycopg.OperationalError, match="did not answer in time"):
        other.execute("SELECT 1")
    assert other.closed and base.line.is_silent
    # By now others are told at once, while one tries.
    with (
        base.line.trying(),
        pytest.raises(psycopg.OperationalError, match="a moment ago"),
        base.line.trying(),
    ):
        pass
    line.thaw()


def test_of_a_server_that_lives_one_frozen_process_is_given_up_too(over_a_line):
    other, line = over_a_line
    other.patience, other.parameters = 0.3, None
    line.freeze()
    with pytest.raises(psycopg.OperationalError, match="did not answer in time"):
        other.execute("SELECT 1")
    assert other.closed and not base.line.is_silent


PAGES = ("/", "/recommendations/", "/desk/", "/accounts/login/", "/evidence/add/", "/updates/")
STYLES = re.compile(r'href="(/static/[^"]+\.css)"')


def all_say(site, *, crowd):
    """Ask for many pages at once; while they wait, for what needs no database. Returns: the pages' texts."""
    with ThreadPoolExecutor(crowd + 2) as people:
        pages = [people.submit(site.ask, PAGES[number % len(PAGES)]) for number in range(crowd)]
        machines = people.submit(site.ask, "/readyz", cookie=False)
        health = people.submit(site.ask, "/healthz", cookie=False)
        answers = [page.result() for page in pages]
    for machine in (machines, health):
        status, text = machine.result()
        assert (status, json.loads(text)["database"]) == (503, "no answer")
    assert {status for status, _text in answers} == {503}
    texts = {text for _status, text in answers}
    assert all("The database does not answer" in text for text in texts)
    return texts


def test_the_database_stops_and_comes_back(site):
    people, recommendation = factories.team(), factories.report().recommendations.first()
    site.sign_in(people["author"])
    assert site.ask("/")[0] == 200
    site.line.cut()
    all_say(site, crowd=12)
    row = forms.file_row(forms.upload("a.pdf"), title="My title")
    form = forms.update_form(key=uuid.uuid4(), evidence=[row], reason='Kept "words".')
    where = reverse("update-add", args=[recommendation.reference])
    status, text = site.ask(where, form)
    assert status == 503 and "Kept &quot;words&quot;." in text and "My title" in text
    assert "have to choose the files again" in text and not StatusUpdate.objects.exists()
    status, text = site.ask(where, form, token="x" * 32)
    assert status == 503 and "Kept" not in text, "words are for who sent them"
    site.line.mend()
    again = {name: value for name, value in form.items() if not name.startswith("evidence-0-")}
    wait_until(lambda: site.ask(where, again | {"evidence-TOTAL_FORMS": 0})[0] == 302, 30)
    assert StatusUpdate.objects.get().reason == 'Kept "words".'


def test_the_database_freezes_and_thaws(site):
    people, recommendation = factories.team(), factories.report().recommendations.first()
    site.sign_in(people["author"])
    styles = STYLES.findall(site.ask("/")[1])
    with ThreadPoolExecutor(THREADS) as everybody:
        # Each thread of the web server has a line of its own by now.
        assert set(everybody.map(lambda _number: site.ask("/updates/")[0], range(THREADS))) == {200}
    site.line.freeze()
    texts = all_say(site, crowd=CROWD)
    for path in {style for text in texts for style in STYLES.findall(text)} | set(styles):
        assert site.status(path) == 200
    where = reverse("update-add", args=[recommendation.reference])
    row = forms.file_row(forms.upload("a.pdf"), title="My title")
    form = forms.update_form(evidence=[row], reason="Kept.")
    status, text = site.ask(where, form)
    assert status == 503 and "Kept." in text and "My title" in text
    site.line.thaw()
    wait_until(lambda: site.ask("/")[0] == 200, 30)
