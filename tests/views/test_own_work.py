"""What the team did itself stands on the recommendation that it was about, with the next moment."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from recommendations.choices import Sensitivity
from recommendations.models import Moment
from tests.support import factories
from tests.support.pages import browser_of, text_of


@pytest.fixture
def logged(team, recommendation):
    def log(subject, **fields):
        return factories.advocacy(team["author"], subject=subject, recommendations=[recommendation], **fields)

    return log


def test_the_page_tells_it_and_leads_to_the_log_about_it(team, recommendation, report, logged):
    entry = logged("The camps")
    other = report.recommendations.exclude(pk=recommendation.pk).first()
    factories.advocacy(team["author"], subject="Something else", recommendations=[other])
    Moment.objects.create(
        kind="treaty_body",
        title="CEDAW, 89th session",
        on=timezone.now().date() + timedelta(days=30),
        kept_by=team["manager"],
        changed_at=timezone.now(),
    )
    vera = browser_of(team["viewer"])
    page = text_of(vera.get(recommendation.get_absolute_url()))
    assert "What we did about it 1" in page and str(entry) in page and "Something else" not in page
    assert "Next moment: CEDAW, 89th session" in page
    address = f"{reverse('advocacy-list')}?recommendation={recommendation.reference}"
    listed = text_of(vera.get(address))
    assert "The camps" in listed and "Something else" not in listed
    assert f"Reference of the recommendation: {recommendation.reference} remove" in listed
    unknown = vera.get(f"{reverse('advocacy-list')}?recommendation=TIP-1999-KP-01")
    assert "No entry fits these filters." in text_of(unknown)


def test_a_restricted_entry_is_on_no_page_of_others_and_not_counted(team, recommendation, logged):
    logged("Canary", sensitivity=Sensitivity.RESTRICTED)
    assert "What we did about it" not in text_of(
        browser_of(team["viewer"]).get(recommendation.get_absolute_url())
    )
    other = text_of(browser_of(team["other"]).get(recommendation.get_absolute_url()))
    assert "Canary" not in other and "Nothing is logged yet." in other
    assert "Canary" in text_of(browser_of(team["author"]).get(recommendation.get_absolute_url()))


def test_a_long_log_is_cut_with_the_number_of_the_rest(team, recommendation, logged):
    for number in range(7):
        logged(f"Meeting {number}")
    page = text_of(browser_of(team["viewer"]).get(recommendation.get_absolute_url()))
    assert "What we did about it 7" in page and "And 2 more" in page
