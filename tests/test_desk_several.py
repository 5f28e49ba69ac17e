"""Several rows at once on the desk: each under the rules, each with its own result."""

from datetime import timedelta

import pytest
import time_machine

from recommendations.choices import EventKind
from recommendations.models import Event, Recommendation
from tests.cast import NOW
from tests.pages import words

RECOMMENDATIONS = "/desk/recommendations/recommendation/"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


def choose(client, address, action, *rows, **more):
    """Choose rows of a list and an action, as the list's form does."""
    data = {"action": action, "_selected_action": [row.pk for row in rows], **more}
    return client.post(address, data, follow=True)


def test_an_owner_is_named_for_several_after_asking(world, rita):
    asked = choose(rita, RECOMMENDATIONS, "assign", world.second, world.third)
    assert "TIP-2024-KP-02 Thing 2" in words(asked)
    assert not Recommendation.objects.filter(owner=world.people["other"]).exists()
    given = {"confirmed": "yes", "owner": world.people["other"].pk}
    done = choose(rita, RECOMMENDATIONS, "assign", world.second, world.third, **given)
    assert words(done).count(": done.") == 2
    assert Recommendation.objects.filter(owner=world.people["other"]).count() == 2
    assert Event.objects.filter(kind=EventKind.ASSIGNED, actor=world.reviewer).count() == 2


def test_a_row_that_cannot_have_this_owner_says_so_and_the_others_are_done(world, rita):
    Recommendation.objects.filter(pk=world.third.pk).update(deputy=world.people["other"])
    given = {"confirmed": "yes", "owner": world.people["other"].pk}
    text = words(choose(rita, RECOMMENDATIONS, "assign", world.second, world.third, **given))
    assert "TIP-2024-KP-02 Thing 2: done." in text
    assert "TIP-2024-KP-03 Thing 3: not done. The deputy must be somebody other than the owner." in text


def test_a_date_is_set_for_several_and_a_past_one_for_none(world, rita):
    day = NOW.date() + timedelta(days=30)
    given = {"confirmed": "yes", "day": day.isoformat()}
    text = words(choose(rita, RECOMMENDATIONS, "set_date", world.second, world.third, **given))
    assert text.count(": done.") == 2
    assert Recommendation.objects.filter(next_review_on=day).count() == 2
    past = {"confirmed": "yes", "day": "2024-01-01"}
    text = words(choose(rita, RECOMMENDATIONS, "set_date", world.second, world.third, **past))
    assert text.count("not done. This date is past.") == 2


@pytest.mark.parametrize("given", [{}, {"day": "soon"}])
def test_without_a_date_it_asks_again(world, rita, given):
    answer = choose(rita, RECOMMENDATIONS, "set_date", world.second, confirmed="yes", **given)
    assert "Do it" in answer.content.decode()
    assert not Recommendation.objects.exclude(one_off_on=None).exists()
