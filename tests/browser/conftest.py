"""Browser tests drive the system's Chromium; without one they are listed as not run, with the reason."""

import io
import os
import shutil
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Page, expect

from recommendations.management.demo.play import play
from recommendations.models import Report
from recommendations.services.editions import freeze
from tests.support.importing import SEED
from tests.support.remembered import remembered

# Playwright keeps an event loop in the test's thread; Django would take the ORM for misused there.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# What is expected comes at once on a free machine; on a busy one it may take its time.
PATIENCE = 120_000  # milliseconds
expect.set_options(timeout=PATIENCE)

# The shell is Chromium without what only a window needs: the same pages for a quarter less work.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

# The tests must be as silent on the network as the product.
QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-default-browser-check",
    "--no-first-run",
    "--no-pings",
]


def find_chromium():
    """Return the path of a Chromium from CHROMIUM or by its usual names, or None."""
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    return next((path for name in NAMES if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def chromium_path():
    """The browser to drive; skips, saying why, where none is found."""
    path = find_chromium()
    if path is None:
        pytest.skip(f"no Chromium: set CHROMIUM or install one of {', '.join(NAMES)}")
    return path


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args, chromium_path):
    """Playwright's launch arguments with the system's browser; root needs it without its sandbox."""
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {**browser_type_launch_args, "executable_path": chromium_path, "args": [*QUIET, *sandbox]}


@pytest.fixture(scope="session")
def browser(browser):
    """A browser whose pages wait as long for everything."""
    make = browser.new_context

    def new_context(**how):
        context = make(**how)
        context.set_default_timeout(PATIENCE)
        return context

    browser.new_context = new_context
    return browser


@pytest.fixture(autouse=True)
def pictures_for_somebody(monkeypatch, request):
    """Take pictures where all looks were asked for; they take a seventh of the time, for nobody elsewhere."""
    if request.config.getoption("--looks") == "one" or os.environ.get("CI"):
        monkeypatch.setattr(Page, "screenshot", lambda page, **_how: b"")


@pytest.fixture
def people():
    """The made-up people, by first name, with the mails that are due to them."""
    return remembered(made_up)


def made_up():
    """Make them and all that they did."""
    call_command("import_report", str(SEED), stdout=io.StringIO(), stderr=io.StringIO())
    made, _password = play(report=Report.objects.get(), now=timezone.now())
    freeze(
        report=Report.objects.get(),
        actor=made["Mina"],
        name="Before the session",
        as_of=timezone.now().date() - timedelta(days=1),
        now=timezone.now(),
    )
    for person in made.values():
        person.working_days = "1234567"
        person.save()
    call_command("tick", stdout=io.StringIO())
    return made
