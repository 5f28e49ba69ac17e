"""Every page of the tracker with the demonstration on it, at both widths: what the README shows, and more.

The pictures go to ``test-results/pictures``; ``make pictures`` copies the two of the README to ``docs``.
What is asserted of each page is what a picture cannot hide: it answers, nothing is blocked by the
content security policy, no word is cut or glued, nothing runs over the edge, and axe finds no fault.
"""

import os
import re
import shutil
from pathlib import Path

import pytest
from django.utils import timezone

from recommendations.choices import UpdateState
from recommendations.models import DatedReason, Evidence, Mail, StatusUpdate
from tests.browser.layout import untidy
from tests.browser.looking import SHOTS, WIDTHS, look, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

README_WIDTH = "1280"
README = ("desk", "recommendation")


def pages():
    """Return (name, address, who looks) of every page."""
    waiting = StatusUpdate.objects.filter(state=UpdateState.SUBMITTED).first()
    draft = StatusUpdate.objects.get(state=UpdateState.DRAFT)
    returned = StatusUpdate.objects.get(state=UpdateState.RETURNED)
    file = Evidence.objects.exclude(object_name="").first()
    digest = Mail.objects.filter(kind="digest").first()
    promise = DatedReason.objects.get(source="promise")
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
        ("review-dates", f"{sixth}dates/", "Rosa"),
        ("review-date", f"{sixth}dates/{promise.pk}/", "Rosa"),
        ("update-add", f"{sixth}updates/new/", "Ana"),
        ("check-add", "/recommendations/TIP-2024-KP-11/check/", "Ana"),
        ("update-edit", f"/updates/{draft.key}/edit/", "Ana"),
        ("update-returned", f"/updates/{returned.key}/", "Jun"),
        ("review-list", "/reviews/", "Rosa"),
        ("review", f"/reviews/{waiting.key}/", "Rosa"),
        ("updates", "/updates/", "Vera"),
        ("export", "/export/updates/?moved=yes", "Vera"),
        ("saved-filters", "/saved-filters/updates/?moved=yes", "Vera"),
        ("advocacy", "/advocacy/", "Ana"),
        ("advocacy-new", "/advocacy/new/", "Ana"),
        ("moments", "/advocacy/moments/", "Mina"),
        ("calendar", "/calendar/", "Mina"),
        ("updates-since", "/updates/?since=2024-03-01&moved=yes&state=bogus", "Rosa"),
        ("evidence-list", "/evidence/", "Vera"),
        ("origins", "/evidence/origins/", "Vera"),
        ("evidence", f"/evidence/{file.key}/", "Ana"),
        ("evidence-custody", f"/evidence/{file.key}/custody/", "Ana"),
        ("evidence-add", "/evidence/add/", "Ana"),
        ("reports", "/reports/", "Vera"),
        ("report", "/reports/TIP-2024-KP/", "Vera"),
        ("recommendation-history", "/recommendations/TIP-2024-KP-01/history/", "Rosa"),
        ("report-as-of", f"/reports/TIP-2024-KP/as-of/?as_of={timezone.localdate()}", "Vera"),
        ("editions", "/reports/TIP-2024-KP/editions/", "Mina"),
        ("edition", "/reports/TIP-2024-KP/editions/1/", "Vera"),
        ("report-claims", "/reports/TIP-2024-KP/claims/", "Vera"),
        ("report-import", "/reports/import/", "Mina"),
        ("report-facts", "/reports/TIP-2024-KP/facts/", "Mina"),
        ("digests", "/digests/", "Mina"),
        ("digest", f"/digests/{digest.pk}/", "Mina"),
        ("settings", "/settings/", "Ana"),
        ("desk", "/desk/", "Mina"),
        ("desk-mails", "/desk/recommendations/mail/", "Mina"),
        ("desk-people", "/desk/recommendations/user/", "Mina"),
    ]


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
    ("/reports/TIP-2024-KP/as-of/", "Vera"),
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
    page.goto(live_server.url + "/reports/TIP-2024-KP/as-of/")
    assert page.get_by_text("Example: a new mass mobilization was ordered.").is_visible()
    assert page.get_by_label("At the end of").is_hidden()
