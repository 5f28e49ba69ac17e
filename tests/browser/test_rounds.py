"""Submitted, returned, submitted again, approved, by keyboard alone: matrix, queue and home have changed."""

import pytest
from playwright.sync_api import expect

from recommendations.models import Ask
from tests.browser.axe import violations
from tests.browser.keyboard import UPDATE, press_until, reach, reach_text, write_by_keyboard
from tests.support import factories
from tests.support.pages import browser_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HREF = "document.activeElement.getAttribute('href') ?? ''"


@pytest.fixture
def team(live_server):
    """The cast and a report."""
    made = factories.team()
    factories.report()
    return made


@pytest.fixture
def browse(browser, settings, live_server, team):
    """Open a browser of its own for somebody; returns its page."""
    opened = []

    def enter(who, **options):
        client = browser_of(team[who])
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        context = browser.new_context(base_url=live_server.url, **options)
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
        opened.append(context)
        return context.new_page()

    yield enter
    for context in opened:
        context.close()


def open_review(page, update):
    """Go from the desk's queue to the review page."""
    page.goto("/desk/")
    press_until(page, HREF, f"/reviews/{update.key}/")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/reviews/{update.key}/")


def test_from_the_first_words_to_the_matrix_by_keyboard_alone(browse):
    ana, rita, vera = browse("author"), browse("reviewer"), browse("viewer")
    vera.goto("/")
    row = vera.locator("tr", has_text="Thing 1").first
    expect(row).to_contain_text("Not yet assessed")
    update = write_by_keyboard(ana)

    open_review(rita, update)
    reach_text(rita, "Take for review")
    rita.keyboard.press("Enter")
    expect(rita.get_by_text("You are reviewing it.")).to_be_visible()
    reach_text(rita, "Comment on this: Reason for this status")
    rita.keyboard.press("Enter")
    rita.keyboard.press("Tab")
    rita.keyboard.type("Which papers?")
    assert violations(rita) == []
    reach_text(rita, "Return to the author")
    rita.keyboard.press("Enter")
    expect(rita.get_by_text("is returned to Ana.")).to_be_visible()
    expect(rita.get_by_text("Nothing waits for review.")).to_be_visible()

    ana.goto("/")
    press_until(ana, HREF, f"/updates/{update.key}/edit/")
    ana.keyboard.press("Enter")
    ana.wait_for_url("**/edit/")
    expect(ana.locator("#remark-reason")).to_contain_text("Rita: Which papers?")
    assert violations(ana) == []
    reach(ana, "Reason for this status")
    ana.keyboard.press("Control+End")
    ana.keyboard.type(" Rodong Sinmun of May was read.")
    reach_text(ana, "Submit for review")
    ana.keyboard.press("Enter")
    ana.wait_for_url(UPDATE)

    open_review(rita, update)
    expect(rita.get_by_text("No paper mentions it. Rodong Sinmun of May was read.")).to_be_visible()
    reach_text(rita, "Approve")
    rita.keyboard.press("Enter")
    expect(rita.get_by_text("is approved.")).to_be_visible()

    rita.goto("/desk/")
    expect(rita.get_by_text("Nothing waits for review.")).to_be_visible()
    expect(rita.locator(".matrix tr", has_text="Thing 1").first).to_contain_text("No action")
    vera.reload()
    expect(row).to_contain_text("No action")


def test_words_that_are_chosen_in_the_text_become_those_of_the_ask(browse):
    page = browse("reviewer")
    page.goto("/recommendations/TIP-2024-KP-01/asks/")
    box = page.locator("[data-choose]").bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 1, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 1, middle, steps=5)
    page.mouse.up()
    expect(page.get_by_label("Its words in the recommendation")).to_have_value(
        "Do the thing that is number 1."
    )
    page.get_by_label("Short title").fill("The thing")
    page.get_by_role("button", name="Add ask").click()
    expect(page.get_by_text("The ask is added.")).to_be_visible()
    ask = Ask.objects.get()
    assert (ask.start, ask.words) == (0, "Do the thing that is number 1.")
    assert violations(page) == []


def test_an_ask_is_split_off_without_scripts(browse):
    page = browse("reviewer", java_script_enabled=False)
    page.goto("/recommendations/TIP-2024-KP-01/asks/")
    page.get_by_label("Its words in the recommendation").fill("the thing of another")
    page.get_by_label("Short title").fill("The thing")
    page.get_by_role("button", name="Add ask").click()
    expect(page.locator(".error-summary")).to_contain_text("These words are not in the recommendation.")
    page.get_by_label("Its words in the recommendation").fill("the  THING")
    page.get_by_role("button", name="Add ask").click()
    expect(page.get_by_text("The ask is added.")).to_be_visible()
    assert Ask.objects.get().words == "the thing"
