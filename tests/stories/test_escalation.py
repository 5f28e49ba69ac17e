"""Who is told beside the owner once a review is long overdue: first its reviewer, then all of them."""

import pytest

from recommendations.models import Recommendation, User
from tests.support.reminding import bring_near, run_days, told


@pytest.fixture
def due(team, recommendation):
    return bring_near(team, recommendation)


def test_after_two_weeks_the_reviewers_are_told_too(team, due):
    run_days(7, 30)
    assert len(told(team["author"])) == 4
    assert told(team["reviewer"]) == told(team["second"]) == told(team["manager"])
    assert told(team["manager"]) == [f"KP-01 is {days} days overdue (another owner)" for days in (14, 21, 28)]
    assert not told(team["other"]) and not told(team["viewer"])


def test_the_reviewer_of_a_recommendation_is_told_two_weeks_before_the_other_reviewers(team, due):
    Recommendation.objects.filter(pk=due.pk).update(reviewer=team["second"])
    run_days(7, 30)
    assert told(team["second"]) == [f"KP-01 is {days} days overdue (another owner)" for days in (14, 21, 28)]
    assert told(team["reviewer"]) == told(team["manager"]) == ["KP-01 is 28 days overdue (another owner)"]


def test_one_who_reviews_no_more_holds_nothing_back(team, due):
    Recommendation.objects.filter(pk=due.pk).update(reviewer=team["second"])
    User.objects.filter(pk=team["second"].pk).update(is_active=False)
    run_days(7, 16)
    assert told(team["reviewer"]) == ["KP-01 is 14 days overdue (another owner)"]
