"""The pages on which it is decided what may be said outside, in both widths."""

import pytest
from django.urls import reverse

from recommendations.choices import Extent, Status
from recommendations.services import publications
from recommendations.services.evidence import details
from tests.browser.looking import SHOTS, WIDTHS, look, signed_in
from tests.support import factories
from tests.support.factories import AS_OF, DAY, NOW
from tests.support.past import freeze
from tests.support.versions import FIRST, bring, narrative
from tests.support.versions import first as imported

pytestmark = [pytest.mark.browser, pytest.mark.looks, pytest.mark.django_db(transaction=True)]

WORDS = "State media published an amendment of the labour law on 30 August; its text is not public."


@pytest.fixture
def pages(live_server):
    """Return {name: address} of the pages, and the reviewer who opens them."""
    team, report = factories.team(), factories.report()
    first, second, third = report.recommendations.order_by("position")
    about = {"reviewer": team["reviewer"], "public_text": WORDS}
    item = factories.link(team["author"], "A decree", sensitivity="public")
    factories.publish(team["author"], first, cites=[item], as_of=AS_OF - DAY, **about)
    told = factories.publish(team["author"], first, cites=[item], **about)
    moving = {"status": Status.INITIAL, "as_of": AS_OF + DAY, "cites": [item], "public_text": WORDS}
    overtakes = factories.submit(team["author"], first, proposed_extent=Extent.WORDS, **moving)
    corrects = factories.submit(team["author"], first, corrects=told, public_text=WORDS)
    hidden = factories.submit(team["author"], second, sensitivity="restricted", public_text=WORDS)
    factories.grant(team["reviewer"], update=hidden)
    later = factories.approve(team["author"], third, **about)
    uncounted = factories.approve_restricted(
        team["author"], third, status=Status.PARTLY, as_of=AS_OF + DAY, cites=[item], **about
    )
    counted = factories.approve_restricted(team["author"], second, counts=True, **about)
    about_second = factories.submit(team["second"], second, as_of=AS_OF + DAY, cites=[item])
    counted.grants.all().delete()
    publications.propose(update=later, actor=team["author"], extent=Extent.WORDS, now=NOW)
    details.change(item=item, actor=team["author"], details={"title": "A decree " * 9}, now=NOW)
    other = imported(*FIRST, year=2023)
    third_of_other = other.recommendations.get(position=3)
    earlier_words = factories.publish(team["author"], third_of_other, **about)
    corrected = narrative(*FIRST[:2], FIRST[2].replace("at home", "at their home"), year=2023)
    bring(other, corrected, actor=team["manager"], now=NOW + DAY)
    edition = freeze(team, report, as_of=NOW.date(), now=NOW + DAY)
    addresses = {
        "review-overtakes": reverse("review", args=[overtakes.key]),
        "review-corrects": reverse("review", args=[corrects.key]),
        "review-restricted": reverse("review", args=[hidden.key]),
        "publication": reverse("update-publication", args=[told.key]),
        "publication-proposed": reverse("update-publication", args=[later.key]),
        "publication-corrected": reverse("update-publication", args=[earlier_words.key]),
        "brief": reverse("recommendation-brief", args=[first.reference]),
        "brief-of-report": reverse("report-brief", args=[report.slug]),
        "update-published": told.get_absolute_url(),
        "edition-published": edition.get_absolute_url() + "?level=public",
        "counting": reverse("update-counting", args=[uncounted.key]),
        "reason-restricted": second.get_absolute_url(),
        "review-hidden-before": reverse("review", args=[about_second.key]),
        "publication-list": reverse("publication-list"),
        "published-list": reverse("published-list"),
        "withdraw-outside": reverse("update-outside", args=[told.key]),
        "review-list": reverse("review-list"),
        "evidence-held": item.get_absolute_url(),
        "publish-form": reverse("update-add", args=[third.reference]),
    }
    return addresses, team["reviewer"]


@pytest.mark.parametrize("width", WIDTHS)
def test_they_are_tidy(browser, live_server, pages, width):
    SHOTS.mkdir(parents=True, exist_ok=True)
    addresses, reviewer = pages
    page = signed_in(browser, live_server, reviewer, WIDTHS[width])
    faults = []
    for name, address in addresses.items():
        faults += look(page, live_server, name, address, width)
    page.context.close()
    assert faults == []
