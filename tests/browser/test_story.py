"""The whole line in a real browser over the real parts: web, worker, beat, broker, and a mail server.

A fresh tracker imports the narrative; Ana logs an update with evidence; Rita approves it; the desk, the
list and the digest say so, and the worker's mails arrive. Nothing here reaches into the database but the
making of the two people, which the tests of the desk do by its own door.
"""

import os
import re
import subprocess
import sys
import zoneinfo
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from aiosmtpd.controller import Controller

from tests.browser.axe import violations
from tests.support import template
from tests.support.processes import ROOT, Watched, free_port, fresh_database, wait_until
from tests.support.servers import Sink

pytestmark = [pytest.mark.browser, pytest.mark.processes]

PASSWORD = "correct horse battery staple"
# They joined a week ago: who joins after the morning of a digest does not get that one.
PEOPLE = """
from datetime import timedelta
from django.utils import timezone
from recommendations.models import User
for name, role in (("Ana", "Contributor"), ("Rita", "Reviewer")):
    User.objects.create_user(
        f"{name.lower()}@ngo.test", "{password}", role=role, name=name, time_zone="{zone}",
        working_days="1234567", digest_frequency="never",
        date_joined=timezone.now() - timedelta(days=7),
    )
"""


def zone_where_it_is_noon():
    """Return the name of a time zone in which it is about noon, so that the day's mails are due."""
    hours = 12 - datetime.now(UTC).hour
    return f"Etc/GMT{-hours:+d}" if hours else "Etc/GMT"


@contextmanager
def mail_sink():
    """A real mail server on loopback, and its address."""
    sink = Sink()
    controller = Controller(sink, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield sink, f"smtp://127.0.0.1:{controller.port}"
    finally:
        controller.stop()


@pytest.fixture
def tracker(tmp_path):
    """A tracker that runs, with two people; yields its address, its password and the mail server."""
    port = free_port()
    with fresh_database("story") as database, mail_sink() as (sink, mail_address):
        environment = {
            "DATA_DIR": str(tmp_path / "data"),
            "PORT": str(port),
            "DATABASE_URL": database,
            "EMAIL_URL": mail_address,
            "SITE_URL": "",
            "ADMIN_EMAIL": "first@ngo.test",
            "TICK_SECONDS": "5",
        }
        if not database:
            (tmp_path / "data").mkdir(mode=0o700)
            template.copy_to(tmp_path / "data" / "tracker.sqlite3")
        running = Watched([sys.executable, "manage.py", "run"], **environment)
        try:
            password = running.wait_for(r"Password\s+(\S+)")[1]
            running.wait_for("The tracker is ready")
            code = PEOPLE.replace("{password}", PASSWORD).replace("{zone}", zone_where_it_is_noon())
            subprocess.run(
                [sys.executable, "manage.py", "shell", "--no-imports", "--command", code],
                cwd=ROOT,
                env={**os.environ, **environment},
                check=True,
            )
            yield f"http://localhost:{port}", password, sink
            running.end()
        finally:
            running.discard()


def sign_in(page, address, who, password):
    """Sign in as one person."""
    page.goto(f"{address}/accounts/login/")
    page.get_by_label("E-mail address").fill(who)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{address}/")


def log_an_update(page, address, path):
    """Log an update on number 6 with a file and a link, and submit it."""
    page.goto(f"{address}/recommendations/TIP-2024-KP-06/")
    page.get_by_role("link", name="Log an update").click()
    page.get_by_label("What was found").fill("A draft article on trafficking was read in the assembly.")
    page.locator("input[name=status][value=initial]").check()
    page.get_by_label("Reason for this status").fill("A first reading is a concrete step in this period.")
    page.locator("input[name=confidence][value=medium]").check()
    page.get_by_role("button", name="Add a file").click()
    page.locator("input[name=evidence-0-file]").set_input_files(path)
    describe(page, 0, "Minutes of the assembly", "law")
    page.get_by_role("button", name="Add a link").click()
    page.locator("input[name=evidence-1-url]").fill("https://news.example.org/reading")
    describe(page, 1, "Report on the first reading", "press")
    page.get_by_role("button", name="Submit for review").click()
    page.wait_for_url(re.compile(r"/updates/[0-9a-f-]{36}/$"))


def describe(page, row, title, kind):
    """Say what an evidence row is."""
    page.locator(f"input[name=evidence-{row}-title]").fill(title)
    page.locator(f"select[name=evidence-{row}-kind]").select_option(kind)
    page.locator(f"input[name=evidence-{row}-source]").fill("Example Assembly")
    page.locator(f"select[name=evidence-{row}-sensitivity]").select_option("internal")


def subjects(sink, to):
    """The subjects of what the mail server accepted for one person."""
    return [message["Subject"] for message in sink.messages if to in message["To"]]


def test_from_the_narrative_to_the_digest(tracker, browser, tmp_path):
    address, password, sink = tracker
    manager, ana, rita = (browser.new_context().new_page() for _ in range(3))

    sign_in(manager, address, "first@ngo.test", password)
    titles = manager.locator("table a[href^='/recommendations/TIP-2024-KP-']").all_inner_texts()
    assert len(titles) == 11
    assert "Criminalize sex and labor trafficking" in titles[5]
    manager.goto(f"{address}/desk/")
    assert "Criminalize sex and labor trafficking" in manager.locator("main").inner_text()
    before = manager.get_by_role("link", name=re.compile("Initial steps"))
    assert before.count() == 0 or "0" in before.first.inner_text()

    sign_in(ana, address, "ana@ngo.test", PASSWORD)
    minutes = tmp_path / "minutes.txt"
    minutes.write_text("First reading of a draft article.\n" * 40)
    log_an_update(ana, address, minutes)
    assert "Waiting for review" in ana.locator("main").inner_text()

    sign_in(rita, address, "rita@ngo.test", PASSWORD)
    rita.goto(f"{address}/desk/")
    assert violations(rita) == []
    rita.locator(".now").get_by_role("link").nth(1).click()
    rita.wait_for_url("**/reviews/*/")
    text = rita.locator("main").inner_text()
    assert "A first reading is a concrete step" in text
    assert "Minutes of the assembly" in text
    rita.get_by_role("button", name="Approve").click()
    rita.wait_for_load_state()

    # The desk and the list have moved at once.
    rita.goto(f"{address}/recommendations/?status=initial")
    assert "Criminalize sex and labor trafficking" in rita.locator("table").inner_text()
    rita.goto(f"{address}/desk/")
    assert "Nothing waits" in rita.locator("main").inner_text()
    ana.goto(f"{address}/recommendations/TIP-2024-KP-06/")
    history = ana.locator("main").inner_text()
    assert "approved by Rita" in history
    assert "Report on the first reading" in history

    # The worker told the author.
    wait_until(lambda: any("approved" in words.lower() for words in subjects(sink, "ana@ngo.test")))

    # Rita asks for a digest on this very day; the next tick writes it, once.
    today = datetime.now(zoneinfo.ZoneInfo(zone_where_it_is_noon())).isoweekday()
    rita.goto(f"{address}/settings/")
    rita.locator("input[name=digest_frequency][value=weekly]").check()
    rita.locator("select[name=digest_weekday]").select_option(str(today))
    rita.get_by_role("button", name="Save").click()
    wait_until(lambda: any("igest" in str(message["List-Id"]) for message in sink.messages))
    [digest] = [message for message in sink.messages if "igest" in str(message["List-Id"])]
    words = digest.get_body(("plain",)).get_content()
    assert "Criminalize sex and labor trafficking" in words
    assert re.search(r"Not yet assessed\s*->\s*Initial steps", words)
    assert "Based on 2 citations" in words
    assert "First reading of a draft" not in words, "no bytes of evidence ever go by mail"
    rita.goto(f"{address}/digests/")
    rita.locator("main table a, main li a").first.click()
    rita.wait_for_url("**/digests/*/")
    assert "Criminalize sex and labor trafficking" in rita.locator("main").inner_text()
