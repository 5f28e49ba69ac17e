"""Writing in a real browser: by keyboard alone, with files that are dropped, on a slow line."""

import uuid
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.db import OperationalError
from playwright.sync_api import expect

from recommendations.choices import Role, Sensitivity
from recommendations.models import Evidence, StatusUpdate
from recommendations.services import updates
from tests.browser.axe import violations
from tests.browser.keyboard import UPDATE, write_by_keyboard
from tests.browser.layout import untidy
from tests.browser.writing import add_item, pages
from tests.support import factories, forms
from tests.support.factories import NOW

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SHOTS = Path("test-results/write")


@pytest.fixture
def world(live_server):
    """The cast, a report, and some evidence; the roles come back that a flush took away."""
    for role in Role:
        Group.objects.get_or_create(name=role)
    SHOTS.mkdir(parents=True, exist_ok=True)
    team, recommendation = factories.team(), factories.report().recommendations.first()
    items = [
        add_item(
            team["author"], "law.zip", forms.archive("law/1.txt", "law/2.txt"), title="Penal code, 2015"
        ),
        add_item(team["author"], "words.txt", b"words\n", title="Testimony 7", sensitivity="restricted"),
    ]
    return {"team": team, "recommendation": recommendation, "items": items, "url": live_server.url}


@pytest.fixture
def sign_in(client, context, settings, world):
    """Sign somebody in, in the browser."""

    def enter(who):
        client.force_login(world["team"][who])
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": world["url"]}])

    return enter


@pytest.mark.looks
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "light"), (1280, "dark")])
def test_every_page_is_accessible_and_fits(page, world, sign_in, width, scheme):
    sign_in("author")
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 900})
    faults = {}
    for name, address in pages(world).items():
        page.goto(world["url"] + address)
        page.screenshot(path=SHOTS / f"{name}-{width}-{scheme}.png", full_page=True)
        wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
        found = violations(page) + (["wider than the screen"] if wide else [])
        if found:
            faults[name] = found
    assert faults == {}


@pytest.mark.parametrize("width", [1280, 390])
def test_errors_are_linked_focused_and_accessible(page, world, sign_in, width):
    sign_in("author")
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{world['url']}/recommendations/{world['recommendation'].reference}/updates/new/")
    page.get_by_role("button", name="Add a file").click()
    page.get_by_role("button", name="Add a link").click()
    page.get_by_role("button", name="Cite evidence that we already hold").click()
    page.get_by_label("Web address").fill("nonsense")
    page.get_by_role("radio", name="Initial steps").check()
    page.get_by_role("button", name="Submit for review").click()
    summary = page.locator(".error-summary")
    summary.wait_for()
    assert page.evaluate("document.activeElement.className") == "error-summary"
    page.screenshot(path=SHOTS / f"errors-{width}.png", full_page=True)
    assert violations(page) == []
    summary.get_by_role("link").first.press("Enter")
    assert page.get_by_label("Web address").input_value() == "nonsense"


def test_an_update_by_keyboard_alone(page, world, sign_in):
    sign_in("author")
    update = write_by_keyboard(page, world["url"])
    assert (update.state, update.status, update.places.get().place) == ("submitted", "no_action", "KCNA")


def test_files_are_dropped_and_sent_on_a_slow_line_with_progress(page, context, world, sign_in, tmp_path):
    sign_in("author")
    page.goto(f"{world['url']}/recommendations/{world['recommendation'].reference}/updates/new/")
    fill_assessment(page)
    handle = page.evaluate_handle(
        """() => {
            const data = new DataTransfer();
            const words = '%PDF-1.7\\n' + 'x'.repeat(3 * 1024 * 1024);
            data.items.add(new File([words], 'long.pdf', {type: 'application/pdf'}));
            data.items.add(new File(['a,b\\n1,2\\n3,4\\n'], 'table.csv', {type: 'text/csv'}));
            return data;
        }"""
    )
    page.dispatch_event("[data-catch]", "drop", {"dataTransfer": handle})
    assert page.locator(".picked li").all_text_contents() == ["long.pdf (3.1 MB)", "table.csv (0.1 kB)"]
    for chooser in page.get_by_label("Who can see this").all():
        chooser.select_option("internal")
    page.screenshot(path=SHOTS / "dropped-1280.png", full_page=True)
    line = context.new_cdp_session(page)
    slow = {"offline": False, "latency": 20, "downloadThroughput": -1, "uploadThroughput": 1_500_000}
    line.send("Network.emulateNetworkConditions", slow)
    page.get_by_role("button", name="Submit for review").click()
    bar = page.locator("[data-sending] progress")
    bar.wait_for()
    seen = set()
    while "/new/" in page.url:
        seen.add(page.evaluate("document.querySelector('[data-sending] progress')?.value ?? 0"))
        if len(seen) == 3:
            page.screenshot(path=SHOTS / "sending-1280.png", full_page=True)
        page.wait_for_timeout(100)
    assert len(seen) > 3
    update = StatusUpdate.objects.get()
    assert update.state == "submitted"
    assert sorted(update.citations.values_list("evidence__title", flat=True)) == ["long.pdf", "table.csv"]


def fill_assessment(page):
    """Fill in what an assessment needs, but for its evidence."""
    page.get_by_role("radio", name="Initial steps").check()
    page.get_by_label("Reason for this status").fill("A law was passed.")
    page.get_by_role("radio", name="High").check()


def test_without_javascript_a_file_goes_through_in_plain_posts(browser, world, client, settings):
    client.force_login(world["team"]["author"])
    context = browser.new_context(java_script_enabled=False)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": world["url"]}])
    page = context.new_page()
    page.goto(f"{world['url']}/recommendations/{world['recommendation'].reference}/updates/new/")
    fill_assessment(page)
    page.get_by_role("button", name="Add a file").click()
    file = {"name": "a.pdf", "mimeType": "application/pdf", "buffer": forms.PDF}
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Submit for review").click()
    expect(page.get_by_text("Already uploaded:")).to_be_visible()
    page.screenshot(path=SHOTS / "waiting-1280.png", full_page=True)
    page.get_by_label("Who can see this").select_option("restricted")
    page.get_by_role("button", name="Submit for review").click()
    page.wait_for_url(UPDATE)
    assert Evidence.objects.get(title="a.pdf").sensitivity == Sensitivity.RESTRICTED
    context.close()


def test_leaving_with_something_typed_asks_first(page, world, sign_in):
    sign_in("author")
    page.goto(f"{world['url']}/recommendations/{world['recommendation'].reference}/updates/new/")
    page.get_by_label("What was found").fill("Half a thought")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.get_by_role("link", name="Evidence", exact=True).click()
    page.wait_for_url("**/evidence/")
    assert asked == ["beforeunload"]


def test_a_check_in_two_clicks(page, world, sign_in):
    sign_in("author")
    factories.approve(
        world["team"]["author"], world["recommendation"], reviewer=world["team"]["reviewer"], as_of=NOW.date()
    )
    updates.record_check(
        author=world["team"]["author"],
        recommendation=world["recommendation"],
        key=uuid.uuid4(),
        as_of=NOW.date(),
        places=[("KCNA", NOW.date()), ("Rodong Sinmun", NOW.date())],
        internal_note="",
        now=NOW,
    )
    page.goto(f"{world['url']}/recommendations/{world['recommendation'].reference}/")
    page.get_by_role("link", name="Nothing new today").click()
    page.screenshot(path=SHOTS / "check-offered-1280.png", full_page=True)
    page.get_by_label("Rodong Sinmun").check()
    page.get_by_role("button", name="Submit for review").last.click()
    page.wait_for_url(UPDATE)
    assert [row.place for row in StatusUpdate.objects.latest("pk").places.all()] == ["Rodong Sinmun"]


@pytest.mark.parametrize("width", [1280, 390])
def test_an_interrupted_form_is_told_and_goes_through_later(page, world, sign_in, monkeypatch, width):
    """The refusal of a held database is real in tests/views/test_form_faults.py; here it is how it looks."""

    def locked(**_fields):
        raise OperationalError("database is locked")

    sign_in("author")
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{world['url']}/recommendations/{world['recommendation'].reference}/updates/new/")
    fill_assessment(page)
    with monkeypatch.context() as patched:
        patched.setattr(updates, "save_draft", locked)
        page.get_by_role("button", name="Save draft").last.click()
        page.get_by_role("heading", name="The tracker is busy").wait_for()
    page.get_by_text("What you typed", exact=True).click()
    page.screenshot(path=SHOTS / f"busy-{width}.png", full_page=True)
    assert violations(page) == []
    page.get_by_role("button", name="Send it again").click()
    page.get_by_text("Your draft is saved.").wait_for()
    assert StatusUpdate.objects.get().reason == "A law was passed."


def test_a_session_that_ended_shows_what_was_typed(page, context, world, sign_in):
    sign_in("author")
    page.goto(f"{world['url']}/recommendations/{world['recommendation'].reference}/updates/new/")
    fill_assessment(page)
    context.clear_cookies(name="session")
    page.get_by_role("button", name="Submit for review").click()
    page.get_by_role("heading", name="You were signed out").wait_for()
    page.screenshot(path=SHOTS / "signed-out-1280.png", full_page=True)
    assert "A law was passed." in page.content()
    assert violations(page) == []


@pytest.mark.parametrize("width", [1280, 390])
def test_a_report_that_was_taken_back_meanwhile_shows_what_was_typed(page, world, sign_in, width):
    sign_in("author")
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{world['url']}/recommendations/{world['recommendation'].reference}/updates/new/")
    fill_assessment(page)
    world["recommendation"].delete()
    page.get_by_role("button", name="Submit for review").click()
    page.get_by_role("heading", name="Not saved: it no longer exists").wait_for()
    page.screenshot(path=SHOTS / f"gone-{width}.png", full_page=True)
    assert "A law was passed." in page.content()
    assert violations(page) == [] and untidy(page) == []


@pytest.mark.parametrize("answer", ["forgery", "proxy"])
def test_a_refused_upload_leaves_what_was_typed_in_its_place(page, context, world, sign_in, answer):
    """After signing in again in another tab the old form is refused; a proxy has error pages of its own."""
    sign_in("author")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(world["url"] + "/evidence/add/")
    file = {"name": "a.pdf", "mimeType": "application/pdf", "buffer": forms.PDF}
    page.get_by_label("Files").last.set_input_files(file)
    page.get_by_label("Title").fill("Half an hour of words")
    page.get_by_role("radio", name="Restricted").check()
    if answer == "forgery":
        context.clear_cookies(name="csrf")
        said = "This form was open for too long"
    else:
        page.route("**/evidence/add/**", lambda route: route.fulfill(status=502, body="<h1>Bad Gateway</h1>"))
        said = "The connection broke before the tracker answered"
    page.get_by_role("button", name="Add").click()
    page.get_by_role("alert").filter(has_text=said).wait_for()
    assert page.get_by_label("Title").input_value() == "Half an hour of words"
    assert page.get_by_role("button", name="Add").is_enabled() and not Evidence.objects.filter(
        title__startswith="Half"
    )
    page.get_by_role("alert").scroll_into_view_if_needed()
    page.screenshot(path=SHOTS / f"refused-{answer}-390.png")
    assert violations(page) == []
