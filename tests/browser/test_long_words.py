"""Names, titles and addresses that people really have: nothing is cut, glued or wider than its window."""

from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from recommendations.choices import Role
from recommendations.models import Recommendation
from tests.browser.axe import violations
from tests.browser.layout import untidy
from tests.browser.writing import add_item
from tests.support import factories, forms

pytestmark = [pytest.mark.browser, pytest.mark.looks, pytest.mark.django_db(transaction=True)]

SHOTS = Path("test-results/long-words")
NAME = "Maximiliane-Theodora von Hohenstaufen-Wittelsbach de la Cruz y Fernández"
FILE = "2024_scan_of_the_administrative_regulation_on_overseas_workers_and_their_remittances_final_FINAL.pdf"
ADDRESS = "https://example.org/" + "a-long-way/without/an/end/" * 5
SOURCE = "Ministry_of_External_Economic_Relations_Department_of_Overseas_Labour"


@pytest.fixture
def pages(transactional_db):
    """Every page that shows a title of one long word, a long name or a long address, by its name."""
    for role in Role:
        Group.objects.get_or_create(name=role)
    team, recommendation = factories.team(), factories.report().recommendations.first()
    team["author"].name = NAME
    team["author"].save()
    items = [
        add_item(team["author"], "law.pdf", forms.PDF, title="law.pdf"),
        add_item(team["author"], FILE, forms.PDF + b"\n", title=FILE),
    ]
    words = {"reason": f"A law, see {ADDRESS}.", "public_text": "Donaudampfschifffahrtsgesellschaft " * 5}
    update = factories.submit(team["author"], recommendation, cites=items, places=[SOURCE], **words)
    Recommendation.objects.update(owner=team["author"])
    long, reference = items[1].key, recommendation.reference
    return team["reviewer"], {
        "review": reverse("review", args=[update.key]),
        "update": reverse("update-detail", args=[update.key]),
        "evidence": reverse("evidence-detail", args=[long]),
        "custody": reverse("evidence-custody", args=[long]),
        "change": reverse("evidence-change", args=[long]),
        "retention": reverse("evidence-retention", args=[long]),
        "evidence-list": reverse("evidence-list"),
        "updates": reverse("update-list"),
        "list": reverse("recommendation-list"),
        "recommendation": reverse("recommendation-detail", args=[reference]),
        "history": reverse("recommendation-history", args=[reference]),
        "bundle": reverse("recommendation-bundle", args=[reference]),
        "home": reverse("home"),
        "desk": reverse("admin:index"),
        "reports": reverse("report-list"),
    }


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_long_words_stay_in_their_place(pages, page, client, context, live_server, settings, width):
    SHOTS.mkdir(parents=True, exist_ok=True)
    reader, addresses = pages
    client.force_login(reader)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    page.set_viewport_size({"width": width, "height": 900})
    faults = {}
    for name, address in addresses.items():
        page.goto(live_server.url + address)
        page.screenshot(path=SHOTS / f"{name}-{width}.png", full_page=True)
        faults[name] = untidy(page) + (violations(page) if width == 390 else [])
    assert {name: said for name, said in faults.items() if said} == {}
    # The pieces of a cited item are a sentence: the badge, its title, what it is.
    page.goto(live_server.url + addresses["review"])
    line = page.locator("summary", has_text="law.pdf").inner_text()
    assert " ".join(line.split()) == "Supports law.pdf · Law or regulation, PDF document, 35 bytes"
