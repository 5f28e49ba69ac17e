"""The reading pages in a real browser: accessible, on every width, by keyboard alone, without scripts."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from recommendations.choices import LineageKind, Role, Sensitivity, Status
from recommendations.models import Recommendation
from recommendations.services.reports import import_report
from tests.browser.axe import violations
from tests.support import factories, years
from tests.support.importing import DOCUMENT, NARRATIVE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SHOTS = Path("test-results/reading")
FIRST, SECOND, THIRD = (f"TIP-2024-KP-{number:02}" for number in (1, 2, 3))
LONG = "Maximiliane-Theodora von Hohenstaufen-Wittelsbach de la Cruz y Fernández"

ENTRY = UUID(int=7)

PAGES = {
    "home": reverse("home"),
    "list": reverse("recommendation-list"),
    "list-of-nothing": reverse("recommendation-list") + "?q=xyzzy&status=partly",
    "list-wrong": reverse("recommendation-list") + "?status=bogus&report=TIP-1999-XX",
    "detail": reverse("recommendation-detail", args=[FIRST]),
    "detail-empty": reverse("recommendation-detail", args=[THIRD]),
    "how-we-rate": reverse("how-we-rate"),
    "settings": reverse("recommendation-settings", args=[FIRST]),
    "narrative": reverse("recommendation-narrative", args=[FIRST]),
    "review-dates": reverse("review-dates", args=[FIRST]),
    "advocacy": reverse("advocacy-list") + "?kind=meeting&since=2024-01-01",
    "advocacy-entry": reverse("advocacy-detail", args=[ENTRY]),
    "advocacy-evidence": reverse("advocacy-evidence", args=[ENTRY]),
    "reports": reverse("report-list"),
    "report": reverse("report-detail", args=["TIP-2024-KP"]),
    "lines": reverse("report-lines", args=["TIP-2024-KP"]),
    "country": reverse("country", args=["KP"]),
    "country-export": reverse("country-export", args=["KP"]),
    "lines-none": reverse("report-lines", args=["TIP-2023-KP"]),
    "import": reverse("report-import"),
    "facts": reverse("report-facts", args=["TIP-2024-KP"]),
    "close": reverse("report-close", args=["TIP-2024-KP"]),
    "open-work": reverse("open-work", args=["TIP-2024-KP"]),
    "reopen": reverse("report-reopen", args=["TIP-2023-KP"]),
    "undo-import": reverse("report-undo-import", args=["TIP-2023-KP"]),
}


@pytest.fixture
def team(transactional_db):
    """The cast. Tests that commit empty the tables behind them, the roles of the migration too."""
    for role in Role:
        Group.objects.get_or_create(name=role)
    return factories.team()


@pytest.fixture
def people(team):
    """The team, over the shipped narrative with a few months of work."""
    now = timezone.now()
    import_report(document=DOCUMENT, now=now - timedelta(days=200), actor=team["manager"])
    factories.report(year=2023, closed_at=now)
    team["author"].name = LONG
    team["author"].save()
    Recommendation.objects.update(owner=team["manager"])
    Recommendation.objects.filter(reference=SECOND).update(owner=None, short_title="Very long " * 12)
    first = Recommendation.objects.get(reference=FIRST)
    work(team, first, now.date())
    before = factories.report(year=2021, closed_at=now).recommendations.first()
    years.tie(before, first, LineageKind.REWORDED, by=team["reviewer"])
    return team


def work(team, first, today):
    """Let the team work on the first recommendation: a joint, a correction, a check, what is open."""
    by = {"reviewer": team["reviewer"]}
    seen = factories.link(team["author"], "Pictures of two dates " * 8, source="Institute")
    hidden = factories.link(team["author"], "Testimony", sensitivity=Sensitivity.RESTRICTED)
    factories.approve(team["author"], first, as_of=today - timedelta(days=120), **by)
    wrong = factories.approve(
        team["author"],
        first,
        as_of=today - timedelta(days=90),
        status=Status.INITIAL,
        cites=[seen],
        government_claim="All camps were closed. " * 10,
        **by,
    )
    factories.grant(team["reviewer"], evidence=hidden)
    entry = factories.advocacy(team["manager"], key=ENTRY, recommendations=[first])
    entry.evidence.add(seen, factories.link(team["other"], "Our letter"))
    factories.approve(
        team["author"], first, as_of=today - timedelta(days=80), corrects=wrong, cites=[seen, hidden], **by
    )
    factories.check(team["other"], first, as_of=today - timedelta(days=40), **by)
    factories.submit(team["author"], first, as_of=today)
    factories.send_back(team["manager"], first, reviewer=team["second"], comment="Which day?", as_of=today)


@pytest.fixture
def sign_in(client, context, live_server, settings):
    """Sign a person in, in the browser."""

    def signed_in(person):
        client.force_login(person)
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])

    return signed_in


def overflows(page):
    """Say whether the page must be scrolled sideways."""
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


@pytest.mark.looks
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_every_page_is_accessible_and_fits(page, live_server, people, sign_in, width, scheme):
    SHOTS.mkdir(parents=True, exist_ok=True)
    sign_in(people["manager"])
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 900})
    refused = []
    page.on("console", lambda message: refused.append(message.text))
    titles, found = set(), {}
    for name, address in PAGES.items():
        page.goto(live_server.url + address)
        page.evaluate("document.querySelectorAll('details:not(.menu)').forEach(one => one.open = true)")
        page.screenshot(path=SHOTS / f"{name}-{width}-{scheme}.png", full_page=True)
        titles.add(page.title())
        found[name] = violations(page) + (["must be scrolled sideways"] if overflows(page) else [])
    assert {name: problems for name, problems in found.items() if problems} == {}
    assert refused == []
    assert len(titles) == len(PAGES) - 2  # the list is three times the list


def test_lists_keep_their_menus_in_view_and_their_filters_in_one_row(page, live_server, people, sign_in):
    sign_in(people["manager"])
    for listed in ("recommendation-list", "update-list", "evidence-list"):
        page.set_viewport_size({"width": 390, "height": 900})
        page.goto(live_server.url + reverse(listed))
        if page.locator(".list-acts summary").count():  # an empty list has nothing to take out
            page.locator(".list-acts summary").click()
            box = page.locator(".list-acts .menu-body").bounding_box()
            assert box["x"] >= 0 and box["x"] + box["width"] <= 390, listed
        page.set_viewport_size({"width": 1280, "height": 900})
        row = page.locator(".filters .filter-row").first
        button, last = row.locator("> .button"), row.locator("> .field").last.locator("input, select")
        ends = [one.bounding_box()["y"] + one.bounding_box()["height"] for one in (button, last)]
        assert abs(ends[0] - ends[1]) < 4, listed


def test_by_keyboard_alone_from_my_work_to_the_passage_in_its_source(page, live_server, people, sign_in):
    sign_in(people["manager"])
    page.goto(live_server.url + "/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    focus(page, "Recommendations")
    page.keyboard.press("Enter")
    page.get_by_label("Search in the text").focus()
    page.keyboard.type("mobilizations")
    page.keyboard.press("Enter")
    page.wait_for_url("**/recommendations/?q=mobilizations**")
    assert page.locator("table.recommendations tbody tr").count() == 1
    focus(page, Recommendation.objects.get(reference=FIRST).short_title)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{FIRST}/")
    focus(page, "In the report")
    page.keyboard.press("Enter")
    expect(page.locator(".passage mark")).to_be_visible()
    focus(page, "Read the whole report text")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/reports/TIP-2024-KP/#{FIRST}")
    assert page.locator(f"mark[id='{FIRST}']").is_visible()


def focus(page, words):
    """Press Tab until what has the focus says ``words``."""
    for _press in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()").startswith(words):
            return
    raise AssertionError(f"“{words}” is not reached by Tab.")


def test_filters_chips_and_order_work_without_javascript(browser, live_server, people, client, settings):
    client.force_login(people["viewer"])
    context = browser.new_context(java_script_enabled=False)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
    page = context.new_page()
    page.goto(live_server.url + reverse("recommendation-list"))
    rows = page.locator("table.recommendations tbody tr")
    assert rows.count() == 11
    page.get_by_label("Owner").select_option("nobody")
    page.get_by_role("button", name="Show").first.click()
    page.wait_for_url("**owner=nobody**")
    expect(rows).to_have_count(1)
    page.get_by_role("link", name="Owner: Nobody remove").click()
    expect(rows).to_have_count(11)
    page.get_by_role("link", name="Recommendation", exact=True).click()
    page.wait_for_url("**sort=title**")
    expect(rows).to_have_count(11)
    context.close()


def test_a_first_report_is_imported_in_three_steps(page, live_server, sign_in, team, tmp_path):
    sign_in(team["manager"])
    (tmp_path / "korea.txt").write_bytes(NARRATIVE)
    page.goto(live_server.url + reverse("report-import"))
    page.get_by_label("Or choose a document").set_input_files(tmp_path / "korea.txt")
    page.get_by_role("button", name="Continue").click()
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / "preview-1280.png", full_page=True)
    assert violations(page) == []
    page.locator("#item-1 summary").press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/#item-2")
    assert page.locator("#item-2").inner_text().startswith("End the use of state-sponsored")
    page.get_by_role("button", name="Undo all corrections").press("Enter")
    page.wait_for_url("**/#list")
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/confirm/")
    assert violations(page) == []
    page.get_by_role("button", name="Import 11 recommendations").click()
    page.wait_for_url("**/reports/TIP-2024-KP/")
    assert page.locator(".source mark").count() == 11
