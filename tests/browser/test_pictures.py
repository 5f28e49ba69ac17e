"""Every page of the tracker with the demonstration on it, at both widths: what the README shows, and more.

The pictures go to ``test-results/pictures``; ``make pictures`` copies the two of the README to ``docs``.
What is asserted of each page is what a picture cannot hide: it answers, nothing is blocked by the
content security policy, no word is cut or glued, nothing runs over the edge, and axe finds no fault.
"""

import io
import os
import re
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from recommendations.choices import UpdateState
from recommendations.management.demo.play import play
from recommendations.models import Evidence, Mail, Report, StatusUpdate
from recommendations.services.editions import freeze
from tests.browser.axe import violations
from tests.browser.layout import untidy
from tests.importing.test_import_report import SEED

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SHOTS = Path("test-results/pictures")
WIDTHS = {"1280": {"width": 1280, "height": 800}, "390": {"width": 390, "height": 844}}
# On a phone, the pages that everybody begins with are read, not scrolled past.
LONGEST = {"my-work": 4300, "my-work-contributor": 4300, "desk": 4300}
HEIGHT = "document.documentElement.scrollHeight"
README_WIDTH = "1280"
README = ("desk", "recommendation")


def pages():
    """Return (name, address, who looks) of every page."""
    waiting = StatusUpdate.objects.filter(state=UpdateState.SUBMITTED).first()
    draft = StatusUpdate.objects.get(state=UpdateState.DRAFT)
    returned = StatusUpdate.objects.get(state=UpdateState.RETURNED)
    file = Evidence.objects.exclude(object_name="").first()
    digest = Mail.objects.filter(kind="digest").first()
    sixth = "/recommendations/TIP-2024-KP-06/"
    return [
        ("my-work", "/", "Rosa"),
        ("my-work-contributor", "/", "Jun"),
        ("list", "/recommendations/", "Rosa"),
        ("list-filtered", "/recommendations/?status=no_action&due=overdue", "Vera"),
        ("recommendation", "/recommendations/TIP-2024-KP-01/", "Ana"),
        ("recommendation-empty", "/recommendations/TIP-2024-KP-05/", "Vera"),
        ("asks", "/recommendations/TIP-2024-KP-01/asks/", "Rosa"),
        ("update-add-ask", "/recommendations/TIP-2024-KP-01/updates/new/?ask=3", "Ana"),
        ("recommendation-settings", f"{sixth}settings/", "Mina"),
        ("update-add", f"{sixth}updates/new/", "Ana"),
        ("check-add", "/recommendations/TIP-2024-KP-11/check/", "Ana"),
        ("update-edit", f"/updates/{draft.key}/edit/", "Ana"),
        ("update-returned", f"/updates/{returned.key}/", "Jun"),
        ("review-list", "/reviews/", "Rosa"),
        ("review", f"/reviews/{waiting.key}/", "Rosa"),
        ("updates", "/updates/", "Vera"),
        ("take-out", "/take-out/updates/?moved=yes", "Vera"),
        ("saved-filters", "/saved-filters/updates/?moved=yes", "Vera"),
        ("advocacy", "/advocacy/", "Ana"),
        ("advocacy-new", "/advocacy/new/", "Ana"),
        ("moments", "/advocacy/moments/", "Mina"),
        ("updates-since", "/updates/?since=2024-03-01&moved=yes&state=bogus", "Rosa"),
        ("evidence-list", "/evidence/", "Vera"),
        ("origins", "/evidence/origins/", "Vera"),
        ("evidence", f"/evidence/{file.key}/", "Ana"),
        ("evidence-custody", f"/evidence/{file.key}/custody/", "Ana"),
        ("evidence-add", "/evidence/add/", "Ana"),
        ("reports", "/reports/", "Vera"),
        ("report", "/reports/TIP-2024-KP/", "Vera"),
        ("recommendation-history", "/recommendations/TIP-2024-KP-01/history/", "Rosa"),
        ("report-standing", f"/reports/TIP-2024-KP/standing/?as_of={timezone.localdate()}", "Vera"),
        ("editions", "/reports/TIP-2024-KP/editions/", "Mina"),
        ("edition", "/reports/TIP-2024-KP/editions/1/", "Vera"),
        ("report-claims", "/reports/TIP-2024-KP/claims/", "Vera"),
        ("report-import", "/reports/import/", "Mina"),
        ("digests", "/digests/", "Mina"),
        ("digest", f"/digests/{digest.pk}/", "Mina"),
        ("settings", "/settings/", "Ana"),
        ("desk", "/desk/", "Mina"),
        ("desk-mails", "/desk/recommendations/mail/", "Mina"),
        ("desk-people", "/desk/recommendations/user/", "Mina"),
    ]


@pytest.fixture
def people():
    """The made-up people, by first name, with the mails that are due to them."""
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


def signed_in(browser, live_server, person, size):
    """Return a page of a browser in which ``person`` is signed in."""
    client = Client()
    client.force_login(person)
    context = browser.new_context(viewport=size)
    cookie = client.cookies["session"]
    context.add_cookies([{"name": "session", "value": cookie.value, "url": live_server.url}])
    return context.new_page()


def look(page, live_server, name, address, width):
    """Open a page, take its picture, and return what is wrong with it."""
    answer = page.goto(live_server.url + address)
    page.screenshot(path=SHOTS / f"{name}-{width}.png", full_page=True)
    faults = list(violations(page))
    if answer.status != 200 or page.url.split("?")[0] != live_server.url + address.split("?")[0]:
        faults.append(f"answers {answer.status} at {page.url}")
    faults += untidy(page)
    if page.evaluate(HEIGHT) > LONGEST.get(name, float("inf")):
        faults.append("is too long")
    return [f"{name} at {width}: {fault}" for fault in faults]


@pytest.mark.looks
@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_is_whole(people, live_server, browser, width):
    SHOTS.mkdir(parents=True, exist_ok=True)
    faults, blocked = [], []
    looking = {
        name: signed_in(browser, live_server, person, WIDTHS[width]) for name, person in people.items()
    }
    for page in looking.values():
        page.on("console", lambda said: blocked.append(said.text) if said.type == "error" else None)
    for name, address, who in pages():
        faults += look(looking[who], live_server, name, address, width)
    assert faults + blocked == []
    if os.environ.get("PICTURES") and width == README_WIDTH:
        for name in README:
            shutil.copy(SHOTS / f"{name}-{width}.png", Path(os.environ["PICTURES"]) / f"{name}.png")


# Paper on which offices print, in inches.
SHEETS = {"A4": ("8.27in", "11.69in"), "A4 across": ("11.69in", "8.27in"), "letter": ("8.5in", "11in")}


def sheets(page, width, height):
    """Return on how many sheets a page is printed."""
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(width=width, height=height)))


@pytest.mark.looks
def test_the_dashboard_is_seen_in_one_look_and_printed_on_one_sheet(people, live_server, browser):
    for address, who, last in (("/desk/", "Mina", ".foot-row"), ("/", "Vera", ".matrix tbody tr:last-child")):
        page = signed_in(browser, live_server, people[who], WIDTHS["1280"])
        page.goto(live_server.url + address)
        assert page.locator(".matrix tbody tr").count() == 11
        lowest = page.locator(last).bounding_box()
        assert lowest["y"] + lowest["height"] <= WIDTHS["1280"]["height"], address
        assert {name: sheets(page, *size) for name, size in SHEETS.items()} == dict.fromkeys(SHEETS, 1)
        page.context.close()


# What is left of a sheet between the margins of the dashboard, the narrowest that we ask for, in pixels.
PAPER = {"A4": 793 - 2 * 34, "A4 across": 1122 - 2 * 34, "letter": 816 - 2 * 34}
TOO_WIDE = """() => [...document.querySelectorAll("table, .tally, .statuses, .facts")].filter((one) => {
  const box = one.parentElement.getBoundingClientRect();
  return one.checkVisibility() && getComputedStyle(one.parentElement).clipPath === "none"
    && one.getBoundingClientRect().right > box.right + 1;
}).map((one) => one.textContent.trim().slice(0, 40))"""
PRINTED = [
    ("/desk/", "Mina"),
    ("/", "Vera"),
    ("/recommendations/", "Rosa"),
    ("/updates/", "Rosa"),
    ("/evidence/", "Rosa"),
    ("/reports/TIP-2024-KP/standing/", "Vera"),
    ("/reports/TIP-2024-KP/editions/1/", "Vera"),
    ("/reports/TIP-2024-KP/claims/", "Vera"),
    ("/recommendations/TIP-2024-KP-01/history/", "Rosa"),
]


@pytest.mark.looks
@pytest.mark.parametrize("sheet", PAPER)
def test_nothing_is_cut_on_paper(people, live_server, browser, sheet):
    SHOTS.mkdir(parents=True, exist_ok=True)
    size, faults = {"width": PAPER[sheet], "height": 1000}, {}
    looking = {name: signed_in(browser, live_server, people[name], size) for name in ("Mina", "Rosa", "Vera")}
    for address, who in PRINTED:
        page = looking[who]
        page.emulate_media(media="print")
        page.goto(live_server.url + address)
        faults[address] = page.evaluate(TOO_WIDE) + untidy(page)
    assert {address: said for address, said in faults.items() if said} == {}
    # What is folded on a screen is read on paper, and what can only be pressed is not there.
    page = looking["Vera"]
    page.goto(live_server.url + "/reports/TIP-2024-KP/standing/")
    assert page.get_by_text("Example: a new mass mobilization was ordered.").is_visible()
    assert page.get_by_label("As it stood at the end of").is_hidden()
