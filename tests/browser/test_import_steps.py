"""The four steps of an import in a real browser, from the file to what is carried over.

One person does it with the keyboard alone and without scripts, and her presses are counted: the whole way has
to be short. The other tests look at both widths.
"""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from recommendations.documents import read
from recommendations.models import Ask, Lineage, Recommendation
from recommendations.services import asks, review_dates
from recommendations.services import recommendations as service
from recommendations.services.reports import import_report
from tests.browser.axe import violations
from tests.browser.looking import SHOTS
from tests.support import factories
from tests.support.factories import NOW
from tests.support.importing import NARRATIVE, year_before

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Whoever presses one key a second is through in five minutes.
AT_MOST = 300


@pytest.fixture
def team(transactional_db):
    """A team whose report of 2023 has owners and titles, two asks and a date."""
    people = factories.team()
    report, _made = import_report(document=read(year_before()), now=NOW, actor=people["manager"])
    for row in report.recommendations.all():
        about = {"recommendation": row, "actor": people["reviewer"], "now": NOW}
        service.assign(owner=people["author"], deputy=people["other"], reviewer=people["second"], **about)
        service.retitle(short_title=f"Title of {row.position}", pillar="prevention", **about)
    for position, words in ((1, "performed in prison camps"), (4, "Stop the garnishing of wages")):
        about["recommendation"] = report.recommendations.get(position=position)
        asks.add(title=f"Ask of {position}", words=words, **about)
    review_dates.add_date(on=timezone.localdate() + timedelta(days=30), what_for="the session", **about)
    return people


@pytest.fixture
def sign_in(client, live_server, settings):
    """Sign a person in, in a context of the browser."""

    def signed_in(context, person):
        client.force_login(person)
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])

    return signed_in


class Keyboard:
    """The keys of a person who sees the page: Tab until what she wants has the focus, then one more."""

    def __init__(self, page):
        self.page, self.presses = page, 0

    def press(self, key):
        self.page.keyboard.press(key)
        self.presses += 1

    def go_to(self, wanted):
        """Press Tab until ``wanted`` has the focus."""
        for _press in range(AT_MOST):
            if wanted.evaluate("one => one === document.activeElement"):
                return
            self.press("Tab")
        raise AssertionError(f"Tab does not lead to {wanted}")

    def press_on(self, wanted, key="Enter"):
        self.go_to(wanted)
        self.press(key)


def test_from_the_file_to_what_is_carried_over_with_the_keyboard_and_without_scripts(
    browser, team, live_server, sign_in, tmp_path, record_property
):
    (tmp_path / "korea.txt").write_bytes(NARRATIVE)
    context = browser.new_context(java_script_enabled=False)
    sign_in(context, team["manager"])
    page = context.new_page()
    page.goto(live_server.url + reverse("report-import"))
    keys = Keyboard(page)
    keys.go_to(page.get_by_label("Or choose a document"))
    # The dialog of the system to choose a file: as many keys as its path has, and Enter to open and to close.
    page.get_by_label("Or choose a document").set_input_files(tmp_path / "korea.txt")
    keys.presses += len("korea.txt") + 2
    keys.press_on(page.get_by_role("button", name="Continue"))
    expect(page.get_by_text("Step 2 of 4")).to_be_visible()
    keys.press_on(page.get_by_role("button", name="Continue"))
    expect(page.get_by_text("Step 3 of 4")).to_be_visible()
    keys.press_on(page.get_by_role("button", name="Choose the 7 lines whose words are the same"))
    expect(page.get_by_text("7 of 11 chosen")).to_be_visible()
    for line in ("TIP-2023-KP-04", "TIP-2023-KP-06", "TIP-2023-KP-08", "TIP-2024-KP-11"):
        keys.press_on(page.locator(f"#line-{line}").get_by_label("Confirm with the import"), "Space")
    keys.press_on(page.get_by_role("button", name="Continue"))
    expect(page.get_by_text("Step 4 of 4")).to_be_visible()
    expect(page.get_by_text("8 recommendations take over")).to_be_visible()
    keys.press_on(page.get_by_role("button", name="Import 11 recommendations"))
    expect(
        page.get_by_text("11 lines are confirmed. 8 recommendations take over what was shown.")
    ).to_be_visible()
    assert Lineage.objects.count() == 12, "what is split has two rows"
    reworded = Recommendation.objects.get(reference="TIP-2024-KP-04")
    assert reworded.owner == team["author"]
    assert reworded.dated_reasons.get().what_for == "the session"
    assert [ask.title for ask in Ask.objects.filter(recommendation__report__year=2024)] == ["Ask of 1"]
    record_property("presses", keys.presses)
    print(f"presses: {keys.presses}")
    assert keys.presses < AT_MOST
    keys.press_on(page.get_by_role("link", name="Undo the import"))
    keys.press_on(page.get_by_role("button", name="Undo the import"))
    expect(page.get_by_text("The import of North Korea 2024 is undone.")).to_be_visible()
    assert not Lineage.objects.exists()
    context.close()


def test_a_dozen_clicks_lead_from_the_file_to_what_is_carried_over(
    page, team, live_server, sign_in, context, tmp_path
):
    (tmp_path / "korea.txt").write_bytes(NARRATIVE)
    sign_in(context, team["manager"])
    clicks = []

    def click(wanted):
        wanted.click()
        clicks.append(wanted)

    page.goto(live_server.url + reverse("report-import"))
    page.get_by_label("Or choose a document").set_input_files(tmp_path / "korea.txt")
    clicks += ["the field", "the file", "Open"]
    click(page.get_by_role("button", name="Continue"))
    click(page.get_by_role("button", name="Continue"))
    click(page.get_by_role("button", name="Choose the 7 lines"))
    for line in ("TIP-2023-KP-04", "TIP-2023-KP-06", "TIP-2023-KP-08", "TIP-2024-KP-11"):
        click(page.locator(f"#line-{line}").get_by_label("Confirm with the import"))
    click(page.get_by_role("button", name="Continue"))
    click(page.get_by_role("button", name="Import 11 recommendations"))
    expect(page.get_by_text("11 lines are confirmed.")).to_be_visible()
    assert len(clicks) <= 12


@pytest.mark.parametrize("width", [390, 1280])
def test_each_step_is_accessible_and_fits(page, team, live_server, sign_in, context, tmp_path, width):
    SHOTS.mkdir(parents=True, exist_ok=True)
    (tmp_path / "korea.txt").write_bytes(NARRATIVE)
    sign_in(context, team["manager"])
    page.set_viewport_size({"width": width, "height": 900})

    def look(name):
        page.screenshot(path=SHOTS / f"import-{name}-{width}.png", full_page=True)
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")

    page.goto(live_server.url + reverse("report-import"))
    look("1")
    page.get_by_label("Or choose a document").set_input_files(tmp_path / "korea.txt")
    page.get_by_role("button", name="Continue").click()
    look("2")
    page.get_by_role("button", name="Continue").click()
    look("3")
    page.get_by_role("button", name="Choose the 7 lines").click()
    row = page.locator("#line-TIP-2023-KP-04")
    row.locator("summary").click()
    row.get_by_label("Kind").select_option("split")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_contain_text("“Split” ties one recommendation")
    look("3-refused")
    row.get_by_label("Kind").select_option("widened")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("Step 4 of 4")).to_be_visible()
    look("4")
