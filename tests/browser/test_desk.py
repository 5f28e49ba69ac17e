"""The desk and the review page in a real browser: under the strict policy, on both widths, by keyboard."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from recommendations.choices import MailState, Role, Status, UpdateState
from recommendations.models import Heartbeat, Mail, Recommendation
from tests.browser.axe import violations
from tests.support import factories
from tests.support.remembered import remembered
from tests.support.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SHOTS = Path("test-results/desk")
DUE = date(2024, 8, 30)
LONG = (
    "A title that goes on and on, as titles do that were written by a committee of five; and then some more"
)


@pytest.fixture
def world(live_server, settings, tmp_path):
    """One of everything, some of it long; the roles come back that a flush took away."""
    settings.EVIDENCE_DIR = tmp_path
    for role in Role:
        Group.objects.get_or_create(name=role)
    SHOTS.mkdir(parents=True, exist_ok=True)
    made = remembered(World)
    today = timezone.now().date()
    Recommendation.objects.update(next_review_on=today - timedelta(days=20))
    Recommendation.objects.filter(pk=made.second.pk).update(short_title=LONG, owner=made.people["other"])
    made.proposal = factories.submit(
        made.people["other"],
        made.recommendation,
        status=Status.CONTRARY,
        reason="Nothing good was published; a decree of May says the opposite. " * 6,
        public_text="The state does the opposite.",
        citations=[(made.evidence, "contradicts", "p. 3"), (made.restricted_evidence, "supports", "p. 1")],
    )
    Heartbeat.objects.update(at=timezone.now())
    return made


@pytest.fixture
def complaints(page):
    """What the browser's console says against a page, refusals of the policy above all."""
    heard = []
    page.on("console", lambda message: heard.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard


@pytest.fixture
def sign_in(client, context, settings, world, live_server):
    """Sign somebody in, in the browser."""

    def enter(who):
        client.force_login(world.people[who])
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])

    return enter


def addresses(world):
    """Return the pages to look at, by the name of their picture."""
    desk = "/desk/recommendations"
    return {
        "desk": "/desk/",
        "reviews": "/reviews/",
        "review": reverse("review", args=[world.proposal.key]),
        "review-blocked": reverse("review", args=[world.submitted.key]),
        "settings": "/settings/",
        "password": "/accounts/password/",
        "updates": f"{desk}/statusupdate/",
        "updates-filtered": f"{desk}/statusupdate/?state__exact=submitted&q=Thing&_facets=True",
        "update": f"{desk}/statusupdate/{world.submitted.pk}/change/",
        "update-history": f"{desk}/statusupdate/{world.submitted.pk}/history/",
        "recommendation": f"{desk}/recommendation/{world.recommendation.pk}/change/",
        "people": f"{desk}/user/",
        "person": f"{desk}/user/{world.author.pk}/change/",
        "person-new": f"{desk}/user/add/",
        "person-password": f"{desk}/user/{world.author.pk}/password/",
        "mails": f"{desk}/mail/",
        "mail": f"{desk}/mail/{world.mail.pk}/change/",
        "report": f"{desk}/report/{world.report.pk}/change/",
        "events": f"{desk}/event/",
        "log": "/desk/admin/logentry/",
    }


@pytest.mark.looks
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_every_page_is_accessible_fits_and_obeys_the_policy(
    page, live_server, world, sign_in, complaints, width, scheme
):
    sign_in("manager")
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 844 if width == 390 else 800})
    wrong = {}
    for name, address in addresses(world).items():
        page.goto(live_server.url + address)
        page.screenshot(path=SHOTS / f"{name}-{width}-{scheme}.png", full_page=name != "desk")
        found = violations(page)
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append("wider than the window")
        if found:
            wrong[name] = found
    assert wrong == {}
    assert complaints == []


def test_a_filter_is_chosen_and_all_rows_marked_under_the_policy(
    page, live_server, world, sign_in, complaints
):
    sign_in("reviewer")
    page.goto(live_server.url + "/desk/recommendations/statusupdate/")
    page.get_by_role("link", name="Waiting for review", exact=True).click()
    page.wait_for_url("**state__exact=submitted**")
    page.locator("#action-toggle").check()
    expect(page.get_by_text("2 of 2 selected")).to_be_visible()
    assert complaints == []


def test_several_are_approved_from_the_list(page, live_server, world, sign_in, complaints):
    sign_in("second")
    page.goto(live_server.url + "/desk/recommendations/statusupdate/?state__exact=submitted")
    page.locator("#action-toggle").check()
    page.locator("select[name=action]").select_option("approve")
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_text("This update cites a restricted item that you cannot see")).to_be_visible()
    assert violations(page) == []
    page.screenshot(path=SHOTS / "approve-several.png", full_page=True)
    page.get_by_role("button", name="Approve 1 update").click()
    page.screenshot(path=SHOTS / "approved-several.png", full_page=True)
    expect(page.get_by_text(": approved.")).to_be_visible()
    world.submitted.refresh_from_db()
    assert world.submitted.state == UpdateState.APPROVED
    assert complaints == []


@pytest.mark.parametrize("width", [390, 1280])
def test_a_failed_mail_is_sent_again_from_its_page(page, live_server, world, sign_in, complaints, width):
    world.mail.items.filter(update=None).update(recommendation=world.recommendation, since=DUE)
    Mail.objects.filter(pk=world.mail.pk).update(last_error="5.1.1 No such user")
    Recommendation.objects.filter(pk=world.recommendation.pk).update(next_review_on=DUE)
    sign_in("manager")
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{live_server.url}/desk/recommendations/mail/{world.mail.pk}/change/")
    page.get_by_role("button", name="Send again").click()
    expect(page.get_by_text("to Ana (ana@example.org)")).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.screenshot(path=SHOTS / f"send-again-{width}.png", full_page=True)
    page.get_by_role("button", name="Send 1 mail again").click()
    expect(page.get_by_text("waits to be sent again.")).to_be_visible()
    page.screenshot(path=SHOTS / f"sent-again-{width}.png", full_page=True)
    world.mail.refresh_from_db()
    assert world.mail.state == MailState.PENDING
    assert complaints == []


def test_a_review_by_keyboard_alone(page, live_server, world, sign_in):
    sign_in("reviewer")
    page.goto(live_server.url + "/desk/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    # On from the content: the report's name and the counts of the queue, then its first update.
    seen = []
    while not re.fullmatch(r"/reviews/[0-9a-f-]{36}/", seen[-1] if seen else ""):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.getAttribute('href')") or "")
        assert len(seen) <= 6, seen
    page.keyboard.press("Enter")
    page.wait_for_url("**/reviews/*/")
    page.locator("#id_comment").focus()
    page.keyboard.type("Which decree?")
    page.keyboard.press("Tab")
    while page.evaluate("document.activeElement.value") != "return":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/reviews/")
    expect(page.get_by_text("is returned to")).to_be_visible()


def test_the_pages_work_without_scripts(browser, live_server, world, client, settings):
    context = browser.new_context(java_script_enabled=False)
    client.force_login(world.reviewer)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    page = context.new_page()
    page.goto(live_server.url + "/desk/")
    page.get_by_role("link", name=LONG).first.click()
    page.get_by_label("Comment to the author").fill("Thank you.")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("is approved.")).to_be_visible()
    context.close()
