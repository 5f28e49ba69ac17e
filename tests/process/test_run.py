"""`manage.py run` from an empty folder to the last process ended: the whole stack with real processes."""

import http.cookiejar
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

from tests.support.processes import ROOT, WAIT, exists, free_port, fresh_database, wait_until
from tests.support.trackers import ADDRESS, Tracker
from tracker import environment

pytestmark = pytest.mark.processes

TICK = r"^worker .*recommendations\.tasks\.tick\S* succeeded"
SENDING = r"^mailer .*recommendations\.tasks\.send_outbox\S* succeeded"


@pytest.fixture(scope="module")
def tracker(tmp_path_factory):
    """A tracker over empty data; the tests of this file follow one another over it."""
    if not Path("/proc/self/environ").exists():
        pytest.skip("needs /proc to see that no process is left")
    with fresh_database("run") as database:
        tracker = Tracker(tmp_path_factory.mktemp("run"), database)
        yield tracker
        for watched in tracker.starts:
            watched.discard()
        wait_until(lambda: not tracker.processes())


@pytest.fixture(scope="module")
def beginning(tracker):
    """What the very first start said, up to where it is served."""
    watched = tracker.start()
    watched.wait_for("Press Ctrl-C")
    return list(watched.seen)


@pytest.fixture
def running(tracker, beginning):
    """The tracker as it runs; it is started over the same data where a test has ended it."""
    watched = tracker.starts[-1]
    if watched.process.poll() is not None:
        watched = tracker.start()
        watched.wait_for("Press Ctrl-C")
    return watched


@pytest.fixture
def ended(tracker, beginning):
    """Nothing runs over the data."""
    watched = tracker.starts[-1]
    if watched.process.poll() is None:
        assert watched.end() == 0
    wait_until(lambda: not tracker.processes())


def test_the_first_start_imports_the_report_and_says_where_to_go(tracker, beginning):
    output = "\n".join(beginning)
    assert "The tracker is ready" in output
    assert f"Open http://localhost:{tracker.port} in a browser" in output
    assert f"as files into {tracker.folder / 'mail'}" in output
    assert f"http://localhost:{tracker.port}/desk/" in output
    assert tracker.counts() == ["1", "11", "1"]


def test_what_is_kept_is_for_its_owner_only(tracker, running):
    files = [path for path in tracker.folder.iterdir() if path.is_file()]
    assert {path.name for path in files} >= {"run.lock", "secret_key"}
    assert {path.name: path.stat().st_mode & 0o077 for path in files if path.stat().st_mode & 0o077} == {}


def test_the_printed_password_signs_in(tracker, beginning, running):
    [line] = [line for line in beginning if "Password " in line]
    password = re.search(r"Password +(\S+)", line)[1]
    jar = http.cookiejar.CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    with tracker.open("/accounts/login/", browser=browser) as page:
        assert page.status == 200
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.read().decode())[1]
    form = {"username": ADDRESS, "password": password, "csrfmiddlewaretoken": token}
    with tracker.open("/accounts/login/", form, browser) as page:
        assert page.status == 200
        assert "/accounts/login/" not in page.url


def typed_later(folder, **environment):
    """Return the address that a command typed by hand puts into links, and whether its mails are held."""
    here = {
        name: value for name, value in os.environ.items() if name not in ("PORT", "SITE_URL", "EMAIL_URL")
    }
    asked = "from tracker import settings; print(settings.SITE_URL, settings.MAIL_SERVER_NOT_NAMED)"
    done = subprocess.run(
        [sys.executable, "-c", asked],
        cwd=ROOT,
        env={**here, "DATA_DIR": str(folder), **environment},
        capture_output=True,
        text=True,
    )
    return done.stdout.split()


def test_a_command_typed_later_knows_where_the_site_is(tracker, running):
    here = tracker.folder
    assert typed_later(here) == [f"http://localhost:{tracker.port}", "False"]
    assert typed_later(here, PORT="9999") == ["http://localhost:9999", "False"]
    assert typed_later(here, SITE_URL="https://tracker.example.org")[0] == "https://tracker.example.org"


def test_a_command_typed_later_knows_that_mails_go_through_a_server(tmp_path):
    start = environment.Announced("https://tracker.example.org", has_mail_server=True)
    environment.announce(tmp_path / "last-start.json", start)
    assert typed_later(tmp_path) == ["https://tracker.example.org", "True"]
    assert typed_later(tmp_path, EMAIL_URL="smtp://127.0.0.1:25")[1] == "False"
    (tmp_path / "last-start.json").write_text("{}")
    assert typed_later(tmp_path) == ["http://localhost:8000", "False"]


def test_a_tick_is_rung_by_beat_and_done_by_the_worker(running):
    running.wait_for(TICK)


def test_a_second_start_on_the_same_data_is_refused(tracker, running):
    code, output = tracker.refused(PORT=str(free_port()))
    assert code == 1
    assert f"is already running on the data in {tracker.folder} (process {running.process.pid})" in output
    assert tracker.serves()


def test_forms_that_arrive_slowly_keep_nobody_else_out(tracker, running):
    # With a token in the cookie, or the form is refused before it is read.
    head = (
        f"POST /accounts/login/ HTTP/1.1\r\nHost: localhost\r\nCookie: csrf={'a' * 32}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n"
        "Expect: 100-continue\r\n\r\n"
    ).encode()
    slow = [socket.create_connection(("127.0.0.1", tracker.port), WAIT) for _ in range(20)]
    try:
        for connection in slow:
            connection.sendall(head)
        for connection in slow:  # each has a thread that waits for its form now
            assert connection.recv(100).startswith(b"HTTP/1.1 100 ")
            connection.sendall(b"username=")
        assert tracker.serves()
    finally:
        for connection in slow:
            connection.close()


@pytest.mark.parametrize("part", ["web", "worker", "mailer", "beat"])
def test_a_killed_part_comes_back(tracker, running, part):
    queues = {"worker": "--queues=celery", "mailer": "--queues=mail"}
    name = {"web": "granian", "beat": "tracker\0beat", **queues}[part].encode()
    pids = [pid for pid in tracker.processes() if name in Path(f"/proc/{pid}/cmdline").read_bytes()]
    os.kill(min(pids), signal.SIGKILL)  # of the web's two the first is the one we started
    running.wait_for(rf"{part} was killed by SIGKILL; it starts again in 1 s")
    wait_until(lambda: not any(exists(pid) for pid in pids))
    if part == "web":
        wait_until(tracker.serves)
    else:
        running.wait_for(SENDING if part == "mailer" else TICK)


def test_a_stop_signal_ends_everything(tracker, running):
    # Supervisor, lifeline, web with its worker, worker, mailer, beat.
    wait_until(lambda: len(tracker.processes()) == 7)
    assert running.end(signal.SIGTERM) == 0
    assert tracker.processes() == set()
    assert not tracker.serves()


def test_the_next_start_imports_nothing_twice_and_prints_no_password(tracker, ended):
    second = tracker.start()
    second.wait_for("Press Ctrl-C")
    assert tracker.counts() == ["1", "11", "1"]
    assert not any("assword" in line or "Imported" in line for line in second.seen)


def test_a_start_right_after_a_kill_waits_for_what_is_ending(tracker, running):
    running.process.kill()
    running.process.wait()
    third = tracker.start()
    third.wait_for("Press Ctrl-C")
    assert third.end(signal.SIGINT) == 0


def test_whoever_kills_the_first_process_ends_them_all(tracker, running):
    running.process.kill()
    running.process.wait()
    wait_until(lambda: not tracker.processes())


def test_the_site_is_served_while_redis_is_not_there(tracker, ended):
    """As after a power cut, when the machine of Redis takes longer."""
    watched = tracker.start(REDIS_URL=f"redis://127.0.0.1:{free_port()}/0")
    watched.wait_for("REDIS_URL: .* does not answer: .* The site is served; mails and other jobs wait")
    watched.wait_for("Press Ctrl-C")
    assert tracker.serves()
    watched.wait_for(r"^worker .*Cannot connect to redis")
    assert watched.end(signal.SIGTERM) == 0
    wait_until(lambda: not tracker.processes())
