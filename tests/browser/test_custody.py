"""Custody, keeping, removing and handing over in a real browser; several files that meet a broken line."""

import pytest
from django.urls import reverse

from recommendations.choices import Sensitivity
from recommendations.models import Evidence
from recommendations.services import grants
from recommendations.services.evidence import retention
from tests.browser.looking import SHOTS, WIDTHS, look, signed_in
from tests.support import factories, forms
from tests.support.factories import NOW, item_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WHY = {"reason": "Consent was withdrawn.", "basis": "Consent withdrawn, GDPR article 17", "on": NOW.date()}


@pytest.fixture
def crew(transactional_db):
    """One person of each role."""
    return factories.team()


@pytest.fixture
def items(crew):
    """A restricted testimony whose removal Ana proposed, one that was removed, and an open law; all cited."""
    ana, rita = crew["author"], crew["reviewer"]
    made = [
        item_of(ana, title="Testimony 7", sensitivity=Sensitivity.RESTRICTED),
        item_of(ana, title="Testimony 8", sensitivity=Sensitivity.RESTRICTED, content=forms.PDF + b"8"),
        item_of(ana, title="Penal code, 2015", name="law.pdf", content=forms.PDF + b"9"),
    ]
    for item in made[:2]:
        grants.grant(item=item, person=rita, actor=ana, reason="To review", now=NOW)
    factories.approve(ana, factories.report().recommendations.first(), reviewer=rita, cites=made)
    for item in made[:2]:
        retention.propose(item=item, actor=ana, now=NOW, **WHY)
    retention.approve(item=made[1], actor=rita, now=NOW)
    return made


@pytest.mark.looks
@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_is_whole(crew, items, live_server, browser, width):
    SHOTS.mkdir(parents=True, exist_ok=True)
    proposed, removed, law = (str(item.key) for item in items)
    page, faults = signed_in(browser, live_server, crew["reviewer"], WIDTHS[width]), []
    for name, address in {
        "custody": reverse("evidence-custody", args=[proposed]),
        "keep-proposed": reverse("evidence-retention", args=[proposed]),
        "keep": reverse("evidence-retention", args=[law]),
        "kept-and-removed": reverse("retention-list"),
        "tombstone": reverse("evidence-detail", args=[removed]),
        "bundle": reverse("recommendation-bundle", args=["TIP-2024-KP-01"]),
    }.items():
        faults += look(page, live_server, name, address, width)
    assert faults == []


def test_a_second_person_approves_and_the_bundle_is_saved(crew, items, live_server, browser):
    page = signed_in(browser, live_server, crew["reviewer"], WIDTHS["1280"])
    page.goto(live_server.url + reverse("evidence-retention", args=[items[0].key]))
    page.get_by_role("button", name="Approve removal").click()
    page.locator(".notice").get_by_role("button", name="Approve removal").click()
    page.get_by_role("heading", name="Removed on").wait_for()
    assert Evidence.objects.get(pk=items[0].pk).is_removed
    page.goto(live_server.url + reverse("recommendation-bundle", args=["TIP-2024-KP-01"]))
    page.get_by_label("For whom, and for what use").fill("For the UN mandate holder.")
    with page.expect_download() as download:
        page.get_by_role("button", name="Export").click()
    assert download.value.suggested_filename.startswith("evidence-TIP-2024-KP-01-")


def test_several_files_on_their_own_survive_a_broken_line(crew, live_server, browser):
    page = signed_in(browser, live_server, crew["author"], WIDTHS["1280"])
    page.goto(f"{live_server.url}/evidence/add/")
    dropped = page.evaluate_handle(
        """() => {
            const data = new DataTransfer();
            data.items.add(new File(['a,b\\n1,2\\n3,4\\n'], 'one.csv', {type: 'text/csv'}));
            data.items.add(new File(['a,b\\n5,6\\n7,8\\n'], 'two.csv', {type: 'text/csv'}));
            return data;
        }"""
    )
    page.dispatch_event("[data-dropzone]", "drop", {"dataTransfer": dropped})
    page.get_by_label("Title").fill("Tables")
    page.get_by_role("radio", name="Internal").check()
    page.route("**/evidence/add/**", lambda route: route.abort())
    page.get_by_role("button", name="Add").click()
    page.get_by_role("alert").wait_for()
    assert page.get_by_label("Title").input_value() == "Tables"
    page.unroute("**/evidence/add/**")
    page.get_by_role("button", name="Add").click()
    page.get_by_text("2 items were added").wait_for()
    titles = Evidence.objects.filter(title__startswith="Tables").values_list("title", flat=True)
    assert sorted(titles) == ["Tables (one.csv)", "Tables (two.csv)"]
