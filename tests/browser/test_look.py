"""The look in a real browser: accessible, at home on every width, its small scripts no hindrance."""

from pathlib import Path

import pytest

from recommendations.models import User
from tests.browser.axe import violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SHOTS = Path("test-results/look")
PAGE = "/recommendations/TIP-2024-KP-06/"


@pytest.fixture(autouse=True)
def stand_in(settings):
    """Serve the sample page."""
    settings.ROOT_URLCONF = "tests.support.look_urls"
    SHOTS.mkdir(parents=True, exist_ok=True)


@pytest.fixture
def signed_in(client, context, live_server, settings):
    """Sign a superuser in, in the browser."""
    client.force_login(User.objects.create_superuser("mina@example.org", name="Mina Ko"))
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])


@pytest.mark.looks
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_every_part_is_accessible(page, live_server, width, scheme):
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(live_server.url + PAGE + "?errors")
    page.screenshot(path=SHOTS / f"parts-{width}-{scheme}.png", full_page=True)
    assert violations(page) == []


@pytest.mark.looks
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "name, address",
    [
        ("sign-in", "/accounts/login/?next=/"),
        ("viewer", "/recommendations/as-viewer/"),
        ("missing", "/recommendations/nothing/"),
    ],
)
def test_the_plain_pages_are_accessible(page, live_server, name, address, scheme):
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(live_server.url + address)
    page.screenshot(path=SHOTS / f"{name}-390-{scheme}.png")
    assert violations(page) == []


@pytest.mark.looks
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_desk_wears_the_same_head(page, live_server, signed_in, settings, width, scheme):
    settings.ROOT_URLCONF = "tracker.urls"
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 844})
    for name, address in (
        ("start", "/desk/"),
        ("list", "/desk/recommendations/user/"),
        ("form", "/desk/recommendations/user/add/"),
    ):
        page.goto(live_server.url + address)
        page.screenshot(path=SHOTS / f"desk-{name}-{width}-{scheme}.png")
        assert (
            page.locator(".sections").get_by_role("link", name="Desk").get_attribute("aria-current") == "page"
        )
        assert page.get_by_role("navigation", name="Main").is_visible()
        assert violations(page) == []


@pytest.mark.looks
@pytest.mark.parametrize("width", [320, 390, 768, 1280, 1920])
def test_no_page_is_wider_than_the_window(page, live_server, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(live_server.url + PAGE)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.looks
def test_text_at_200_percent_still_fits(page, live_server):
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(live_server.url + PAGE)
    page.evaluate("document.styleSheets[0].insertRule(':root { font-size: 200% }')")
    page.screenshot(path=SHOTS / "parts-200-percent.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280


@pytest.mark.looks
def test_targets_are_large_enough_to_touch(new_context, live_server):
    page = new_context(viewport={"width": 390, "height": 900}, has_touch=True).new_page()
    page.goto(live_server.url + PAGE)
    small = page.evaluate(
        """() => [...document.querySelectorAll(`.button:not(.small), .sections a, summary, .pages a, .chip,
             .field select, .field input:not([type=radio], [type=checkbox])`)]
           .filter(one => one.checkVisibility() && one.getBoundingClientRect().height < 44)
           .map(one => one.outerHTML.slice(0, 80))"""
    )
    assert small == []


@pytest.mark.looks
def test_print_shows_the_content_and_not_the_navigation(page, live_server):
    page.goto(live_server.url + PAGE)
    page.emulate_media(media="print")
    assert page.locator(".sections").is_hidden()
    assert page.locator(".heading .actions").is_hidden()
    assert page.locator(".verbatim blockquote").is_visible()
    page.pdf(path=SHOTS / "parts.pdf", format="A4")
    assert (SHOTS / "parts.pdf").stat().st_size > 10_000


def test_a_second_press_sends_nothing(page, live_server):
    page.goto(live_server.url + PAGE)
    sent = []
    page.on("request", lambda request: sent.append(request.method))
    # The answer takes its time, as on a slow line.
    page.get_by_role("button", name="Approve").dblclick()
    page.wait_for_url(live_server.url + "/")
    assert sent.count("POST") == 1


def test_a_final_act_asks_and_sends_the_pressed_button(page, live_server):
    page.goto(live_server.url + PAGE)
    page.get_by_role("button", name="Withdraw").click()
    dialog = page.get_by_role("dialog", name="The update is withdrawn and no reviewer will see it.")
    assert dialog.is_visible()
    page.screenshot(path=SHOTS / "dialog.png")
    page.keyboard.press("Escape")
    assert page.get_by_role("button", name="Withdraw").evaluate("one => one === document.activeElement")
    page.get_by_role("button", name="Withdraw").click()
    with page.expect_request("**/*decided") as sent:
        dialog.get_by_role("button", name="Withdraw").click()
    assert "act=withdraw" in sent.value.post_data


def test_the_focus_is_seen_on_every_part_of_a_date(page, live_server):
    page.goto(live_server.url + PAGE)
    field = page.get_by_label("As of")
    field.focus()
    outlines = []
    while field.evaluate("one => one === document.activeElement"):
        outlines.append(field.evaluate("one => getComputedStyle(one).outlineStyle"))
        page.keyboard.press("Tab")
    assert outlines == ["solid"] * 4, "day, month, year, and the calendar"


def test_leaving_with_something_typed_asks(page, live_server):
    page.goto(live_server.url + PAGE)
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto(live_server.url + "/")
    assert asked == []
    page.goto(live_server.url + PAGE)
    page.get_by_label("What was found").last.fill("Two outlets report")
    page.goto(live_server.url + "/")
    assert asked == ["beforeunload"]


def test_the_error_summary_takes_the_focus_and_leads_to_the_field(page, live_server):
    page.goto(live_server.url + PAGE + "?errors")
    assert page.evaluate("document.activeElement.className") == "error-summary"
    page.get_by_role("link", name="Status: This field is required.").click()
    assert page.evaluate("document.activeElement.name") == "status"


def test_files_are_listed_and_sent_with_the_message_shown_once(page, live_server, tmp_path, settings):
    # The sample's visitor is nobody, and the vault takes no file from strangers.
    settings.FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
    letter = tmp_path / "letter.txt"
    letter.write_text("x" * 200_000)
    page.goto(live_server.url + PAGE)
    page.get_by_label("Files").set_input_files([letter, letter])
    assert page.locator(".picked li").count() == 2
    page.get_by_label("As of").fill("2026-11-03")
    page.get_by_label("What was found").last.fill("Two outlets report")
    page.get_by_role("radio", name="Initial steps").check()
    page.get_by_role("radio", name="Public").check()
    page.get_by_label("I have removed names").check()
    page.screenshot(path=SHOTS / "filled-in.png", full_page=True)
    page.get_by_role("button", name="Submit for review").click()
    page.wait_for_url("**/recommendations/")
    page.screenshot(path=SHOTS / "message.png")
    assert page.locator(".message").inner_text() == "Done. Stored 2 files."
    assert page.title().startswith("Plain")


def test_a_broken_line_says_so_and_keeps_what_was_typed(page, live_server, tmp_path):
    letter = tmp_path / "letter.txt"
    letter.write_text("x")
    page.goto(live_server.url + PAGE)
    page.get_by_label("Files").set_input_files(letter)
    page.get_by_label("What was found").last.fill("Two outlets report")
    page.route("**" + PAGE, lambda route: route.abort())
    page.get_by_role("button", name="Submit for review").click()
    page.get_by_text("The connection broke before the tracker answered.").wait_for()
    page.screenshot(path=SHOTS / "broken-line.png")
    assert page.get_by_role("button", name="Submit for review").is_enabled()
    assert page.get_by_label("What was found").last.input_value() == "Two outlets report"


def test_all_is_there_without_scripts(new_context, live_server):
    page = new_context(java_script_enabled=False).new_page()
    page.goto(live_server.url + PAGE)
    page.locator(".person > summary").click()
    assert page.get_by_role("button", name="Sign out").is_visible()
    page.screenshot(path=SHOTS / "menu.png")
    assert page.get_by_label("Files").is_visible()
    assert page.get_by_role("button", name="Copy link").count() == 0
