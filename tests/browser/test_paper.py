"""What a printer gets: nothing that is for the team alone or restricted, on any page that shows it."""

import pytest

from recommendations.choices import Sensitivity, Status
from tests.browser.looking import signed_in
from tests.support import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NOTE = "Ask Mr. P. in Dandong"
SECRET = "A witness saw it"


def test_no_page_prints_an_internal_note_or_a_restricted_update(live_server, browser, team, recommendation):
    item = factories.link(team["author"], f"{SECRET} (item)", sensitivity=Sensitivity.RESTRICTED)
    factories.grant(team["reviewer"], evidence=item)
    open_one = factories.approve(
        team["author"],
        recommendation,
        reviewer=team["reviewer"],
        internal_note=NOTE,
        status=Status.NO_ACTION,
        cites=[item],
    )
    secret = factories.approve_restricted(
        team["author"], recommendation, reviewer=team["reviewer"], reason=SECRET, status=Status.NO_ACTION
    )
    page = signed_in(browser, live_server, team["reviewer"], {"width": 1280, "height": 800})
    waiting = factories.submit(team["author"], recommendation, internal_note=NOTE, cites=[item])
    pages = {
        recommendation.get_absolute_url(): NOTE,
        open_one.get_absolute_url(): NOTE,
        secret.get_absolute_url(): SECRET,
        f"{recommendation.get_absolute_url()}history/": SECRET,
        f"/reviews/{waiting.key}/": SECRET,
        f"{recommendation.report.get_absolute_url()}as-of/": SECRET,
    }
    for address, shown in pages.items():
        page.goto(live_server.url + address)
        page.emulate_media(media="screen")
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert shown in page.inner_text("main"), f"the screen shows it on {address}"
        page.emulate_media(media="print")
        printed = page.inner_text("body")
        assert NOTE not in printed and SECRET not in printed, address
