"""The page of a further source version in a browser: with the keyboard, without scripts, in two widths."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from recommendations.models import Recommendation, SourceVersion
from tests.browser.axe import violations
from tests.browser.layout import untidy
from tests.support import factories
from tests.support.importing import upload
from tests.support.versions import FIRST, first, narrative

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
REWRITTEN = "Provide shelter and medical care to victims who were returned from abroad."
CORRECTED = FIRST[1].replace("Criminalize sex", "Criminalize all sex")


@pytest.fixture
def open_page(browser, client, live_server, settings):
    """Open a page for a person, in a context of the browser of its own."""
    contexts = []

    def opened(person, address, **how):
        client.force_login(person)
        contexts.append(context := browser.new_context(**how))
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
        page = context.new_page()
        page.goto(live_server.url + address)
        return page

    yield opened
    for context in contexts:
        context.close()


def press(page, name):
    page.get_by_role("button", name=name).focus()
    page.keyboard.press("Enter")


def test_with_the_keyboard_and_without_scripts(open_page, client):
    people, report = factories.team(), first(*FIRST)
    third = report.recommendations.get(position=3)
    factories.approve(people["author"], third, reviewer=people["reviewer"])
    client.force_login(people["manager"])
    staged = upload(client, narrative(FIRST[0], CORRECTED, REWRITTEN)).context["staged"]
    page = open_page(people["manager"], staged.get_absolute_url(), java_script_enabled=False)
    page.get_by_role("link", name="What it would change").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="North Korea 2024: source version 2")).to_be_visible()
    third = page.locator("#item-3").get_by_label("Which one is it?")
    expect(third).to_have_value("")
    # The browser itself leads to what has no answer yet.
    press(page, "Show what this means")
    expect(third).to_be_focused()
    third.focus()
    page.keyboard.type("A new")
    press(page, "Show what this means")
    expect(page.get_by_text("This is what your choices mean.")).to_be_visible()
    expect(page.get_by_role("heading", name="Not in this document 1")).to_be_visible()
    press(page, "Add source version 2")
    expect(page.get_by_text("North Korea 2024 has source version 2 now")).to_be_visible()
    assert SourceVersion.objects.count() == 2
    assert Recommendation.objects.get(reference="TIP-2024-KP-03").gone_since == 2


@pytest.mark.parametrize("width", [1280, 390])
def test_the_pages_are_tidy_and_accessible(open_page, live_server, width):
    people, report = factories.team(), first(*FIRST)
    size = {"width": width, "height": 900}
    page = open_page(people["manager"], report.get_absolute_url(), viewport=size)
    for number, data in enumerate((narrative(FIRST[0], CORRECTED, tier="2"), narrative(*FIRST[:2])), 1):
        page.goto(live_server.url + reverse("report-import"))
        page.get_by_label("Or choose a document").set_input_files(
            {"name": "korea.txt", "mimeType": "text/plain", "buffer": data}
        )
        page.get_by_role("button", name="Continue").click()
        page.get_by_role("link", name="What it would change").first.click()
        page.wait_for_url("**/version/")
        assert violations(page) == [] and untidy(page) == []
        if number == 1:
            page.get_by_label("Tier 3, as it says now").check()
        page.get_by_role("button", name="Add source version").click()
        page.wait_for_url(f"**{report.get_absolute_url()}")
        assert violations(page) == [] and untidy(page) == []
    for address in (
        reverse("source-version", args=[report.slug, 1]),
        reverse("source-version", args=[report.slug, 2]),
        reverse("source-version-undo", args=[report.slug, 3]),
        reverse("recommendation-detail", args=["TIP-2024-KP-02"]),
        reverse("recommendation-detail", args=["TIP-2024-KP-03"]),
    ):
        page.goto(live_server.url + address)
        assert violations(page) == [] and untidy(page) == [], address
