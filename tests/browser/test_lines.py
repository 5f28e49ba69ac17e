"""The page of lines in a real browser: a reviewer confirms, changes and undoes with the keyboard alone."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from recommendations.models import Lineage, Recommendation, User
from recommendations.services import lineage
from tests.browser.axe import violations
from tests.support import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page_of_reviewer(browser, client, live_server, settings):
    """A page without scripts, signed in, on the lines from 2023 to 2024: two are the same, one is not."""
    people = factories.team()
    for year, text in ((2023, "Close the camps."), (2024, "Close the camps at once.")):
        factories.report(year=year).recommendations.filter(position=3).update(text=text)
    client.force_login(people["reviewer"])
    context = browser.new_context(java_script_enabled=False)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
    page = context.new_page()
    page.goto(live_server.url + reverse("report-lines", args=["TIP-2024-KP"]))
    yield page
    context.close()


def press(page, name):
    """Go to a button with the keyboard, and press it."""
    page.get_by_role("button", name=name).focus()
    page.keyboard.press("Enter")


def test_with_the_keyboard_and_without_scripts(page_of_reviewer):
    page = page_of_reviewer
    press(page, "Confirm the 2 lines whose words are the same")
    expect(page.get_by_text("2 confirmed, 1 proposed")).to_be_visible()
    third = page.locator("#line-TIP-2023-KP-03")
    third.get_by_label("Kind").focus()
    page.keyboard.type("Split")
    press(page, "Confirm : TIP-2023-KP-03 → TIP-2024-KP-03")
    expect(page.get_by_role("alert")).to_contain_text(
        "ties one recommendation of the earlier report to several"
    )
    sent = page.locator("section[aria-labelledby=sent-title]")
    expect(sent.get_by_label("Numbers in the earlier report")).to_have_value("3")
    sent.get_by_label("Kind").focus()
    page.keyboard.type("Wid")
    sent.get_by_role("button").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("3 confirmed, 0 proposed")).to_be_visible()
    assert page.url.endswith("#line-TIP-2023-KP-03")
    assert Lineage.objects.get(earlier__position=3).kind == "widened"
    third.get_by_role("button", name="Undo the confirmation").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("2 confirmed, 1 proposed")).to_be_visible()
    assert Lineage.objects.count() == 2


@pytest.mark.parametrize("width", [390, 1280])
def test_an_answer_that_refuses_is_accessible_too(page, live_server, client, context, settings, width):
    people = factories.team()
    for year in (2023, 2024):
        factories.report(year=year)
    client.force_login(people["reviewer"])
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(live_server.url + reverse("report-lines", args=["TIP-2024-KP"]))
    page.locator(".line-form summary").first.click()
    page.get_by_label("Numbers in the later report").first.fill("3, seven")
    page.locator(".line-form button").first.click()
    expect(page.get_by_role("alert")).to_contain_text("“seven” is no number")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def give(people):
    """Let people answer for what is the same in 2023, one of whom can only read, and for one of 2024."""
    old = Recommendation.objects.filter(report__year=2023)
    old.update(owner=people["Ana"], deputy=people["Omar"], pillar="protection")
    old.filter(position=1).update(owner=people["Vera"])
    Recommendation.objects.filter(reference="TIP-2024-KP-02").update(owner=people["Mina"])


def test_carrying_over_with_the_keyboard_and_without_scripts(page_of_reviewer):
    page = page_of_reviewer
    people = {one.name: one for one in User.objects.all()}
    give(people)
    press(page, "Confirm the 2 lines whose words are the same")
    offer = page.locator("#carry-over")
    expect(offer).to_contain_text("Vera cannot write updates.")
    expect(offer).to_contain_text("Mina stays (2023: Ana)")
    press(page, "Carry over : TIP-2024-KP-01")
    expect(page.get_by_text("TIP-2024-KP-01 takes over from TIP-2023-KP-01: deputy (Omar)")).to_be_visible()
    press(page, "Carry over all of it, to 1 recommendation")
    expect(page.get_by_text("TIP-2024-KP-02 takes over from TIP-2023-KP-02")).to_be_visible()
    assert Recommendation.objects.get(reference="TIP-2024-KP-02").deputy == people["Omar"]


@pytest.mark.parametrize("width", [390, 1280])
def test_what_can_be_carried_over_is_accessible(page, live_server, client, context, settings, width):
    people = factories.team()
    reports = {"earlier": factories.report(year=2023), "later": factories.report(year=2024)}
    give({one.name: one for one in people.values()})
    lineage.confirm_same(**reports, actor=people["reviewer"], now=factories.NOW)
    client.force_login(people["reviewer"])
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(live_server.url + reverse("report-lines", args=["TIP-2024-KP"]))
    expect(page.locator("#carry-over")).to_contain_text("Mina stays (2023: Ana)")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
