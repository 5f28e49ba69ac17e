"""The level "sealed" in a browser: chosen in the form, told on the pages of an item, missed on the desk."""

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from recommendations.choices import Role
from recommendations.models import Evidence, StagedUpload
from recommendations.services import grants
from tests.browser.looking import SHOTS, WIDTHS, look, signed_in
from tests.support import corpus, factories
from tests.support.factories import item_of
from tests.support.sealed import CANARY, name_officers, sealed_item

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def people(live_server, settings):
    """The team, where the level is offered."""
    settings.SEALED_LEVEL = True
    name_officers("Kim Ha-neul", "Lee Seo-jun")
    for role in Role:
        Group.objects.get_or_create(name=role)
    SHOTS.mkdir(parents=True, exist_ok=True)
    return factories.team()


@pytest.mark.looks
@pytest.mark.parametrize("width", WIDTHS)
def test_its_pages_are_whole(people, live_server, browser, width):
    report = factories.report()
    ana = people["author"]
    item = sealed_item(ana, corpus.pdf(CANARY), title="Statement of a former detainee, spring 2024")
    sealed_item(ana, corpus.pdf(CANARY), title="The same statement, sent again")
    grants.grant(item=item, person=people["reviewer"], actor=ana, reason="Reviews it", now=timezone.now())
    cites = [item, item_of(ana, title="Decree on the conditions of detention")]
    factories.approve(ana, report.recommendations.first(), reviewer=people["reviewer"], cites=cites)
    one = report.recommendations.first().get_absolute_url()
    page = signed_in(browser, live_server, ana, WIDTHS[width])
    pages = {
        "add": "/evidence/add/",
        "item": item.get_absolute_url(),
        "list": "/evidence/",
        "bundle": f"{one}bundle/",
    }
    faults = [
        fault
        for name, path in pages.items()
        for fault in look(page, live_server, f"sealed-{name}", path, width)
    ]
    page.goto(live_server.url + item.get_absolute_url())
    page.get_by_text("How an officer opens it").click()
    page.screenshot(path=SHOTS / f"sealed-open-{width}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    page.context.close()
    name_officers("Kim Ha-neul")
    page = signed_in(browser, live_server, people["manager"], WIDTHS[width])
    faults += look(page, live_server, "sealed-desk", "/desk/", width)
    page.context.close()
    assert faults == []


def test_it_is_chosen_sent_and_mended_by_hand(people, live_server, browser, tmp_path):
    path = tmp_path / f"{CANARY}.pdf"
    path.write_bytes(corpus.pdf(CANARY))
    page = signed_in(browser, live_server, people["author"], WIDTHS["390"])
    page.goto(f"{live_server.url}/evidence/add/")
    page.get_by_label("Files").set_input_files(path)
    page.get_by_label("Sealed").check()
    page.get_by_role("button", name="Add").click()
    page.get_by_text("Enter a title that does not name anybody").first.wait_for()
    page.screenshot(path=SHOTS / "sealed-waits-390.png", full_page=True)
    assert StagedUpload.objects.get().is_sealed and CANARY not in page.content()
    page.get_by_label("Title").fill("A statement")
    page.get_by_role("button", name="Add").click()
    page.get_by_role("heading", name="Only officers can open this file").wait_for()
    item = Evidence.objects.get()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    assert download.value.suggested_filename == item.original_name
    page.context.close()
