"""What a director asks in the morning is answered within three clicks of the first page.

The paths, each from *My work*: "what is overdue and whose": the number beside Overdue. "What changed since
March": Updates, a date under Since, Show. "Why is number 6 no action": its title. "What did we say on
1 June": Reports, the report, a date under As it stood, Show that day.
"""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from recommendations.models import Recommendation, StatusUpdate, User
from tests.browser.looking import WIDTHS, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MOST = 3


class Reader:
    """Somebody who never saw the tracker before, and counts their clicks."""

    def __init__(self, page, address):
        self.page, self.clicks = page, 0
        page.goto(address)

    def click(self, found):
        """Click, and wait for the page behind it."""
        self.clicks += 1
        assert self.clicks <= MOST
        found.click()
        self.page.wait_for_load_state()

    def text(self):
        """Return the words of the page."""
        return self.page.locator("main").inner_text()


@pytest.fixture
def vera(people, live_server, browser):
    """The viewer of the demonstration, on her first page."""
    page = signed_in(browser, live_server, people["Vera"], WIDTHS["1280"])
    yield Reader(page, live_server.url)
    page.context.close()


def test_what_is_overdue_and_whose(vera):
    late = Recommendation.objects.overdue_on(timezone.now().date())
    vera.click(vera.page.locator("#overdue-title a"))
    assert vera.page.locator("tbody tr").count() == late.count() > 0
    for row in late:
        line = vera.page.locator("tbody tr", has_text=row.reference).inner_text()
        assert "overdue" in line
        assert str(row.owner) in line


def test_what_changed_since_march(vera):
    since = timezone.now().date() - timedelta(days=80)
    viewer = User.objects.get(email="vera@example.org")
    changed = StatusUpdate.objects.visible_to(viewer).filter(approved_at__date__gte=since)
    vera.click(vera.page.get_by_role("link", name="Updates", exact=True))
    vera.page.get_by_label("Since").fill(since.isoformat())
    vera.click(vera.page.get_by_role("button", name="Show").first)
    assert 0 < changed.count() < StatusUpdate.objects.approved().count()
    assert f"{changed.count()} update" in vera.text()
    assert re.search(r"(No action|Not yet assessed|No reliable information)\s*→", vera.text())


def test_why_number_6_is_no_action(vera):
    sixth = Recommendation.objects.get(position=6)
    assert sixth.status == "no_action"
    vera.click(vera.page.locator(".matrix tbody tr").nth(5).get_by_role("link").first)
    assert "Reason for this status" in vera.text()
    assert " ".join(sixth.current_update.reason.split()) in " ".join(vera.text().split())


def test_what_did_we_say_on_a_day_in_the_past(vera):
    day = timezone.now().date() - timedelta(days=80)
    vera.click(vera.page.get_by_role("link", name="Reports", exact=True))
    vera.click(vera.page.locator("main").get_by_role("link", name="North Korea 2024").first)
    vera.page.get_by_label("As it stood").or_(vera.page.locator("input[name=as_of]")).first.fill(
        day.isoformat()
    )
    vera.click(vera.page.get_by_role("button", name="Show"))
    then = StatusUpdate.objects.approved().filter(approved_at__date__lte=day)
    said = {update.recommendation.short_title for update in then.select_related("recommendation")}
    assert said
    assert all(title in vera.text() for title in said)
    assert str(day.year) in vera.text()
