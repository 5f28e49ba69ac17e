"""Several rows at once on the desk: each under the rules, each with its own result."""

from datetime import timedelta

import pytest

from recommendations.choices import EventKind
from recommendations.models import DatedReason, Event, Recommendation
from recommendations.services import recommendations as service
from tests.support import factories
from tests.support.factories import NOW
from tests.support.pages import words

pytestmark = pytest.mark.usefixtures("at_the_time_of_the_story")

RECOMMENDATIONS = "/desk/recommendations/recommendation/"


def choose(client, address, action, *rows, **more):
    """Choose rows of a list and an action, as the list's form does."""
    data = {"action": action, "_selected_action": [row.pk for row in rows], **more}
    return client.post(address, data, follow=True)


def test_an_owner_is_named_for_several_after_asking(world, rita):
    asked = choose(rita, RECOMMENDATIONS, "assign", world.second, world.third)
    assert "TIP-2024-KP-02 Thing 2" in words(asked)
    assert not Recommendation.objects.filter(owner=world.people["other"]).exists()
    given = {"step": "confirmed", "owner": world.people["other"].pk}
    done = choose(rita, RECOMMENDATIONS, "assign", world.second, world.third, **given)
    assert words(done).count(": done.") == 2
    assert Recommendation.objects.filter(owner=world.people["other"]).count() == 2
    assert Event.objects.filter(kind=EventKind.ASSIGNED, actor=world.reviewer).count() == 2


def test_a_row_that_cannot_have_this_owner_says_so_and_the_others_are_done(world, rita):
    Recommendation.objects.filter(pk=world.third.pk).update(deputy=world.people["other"])
    given = {"step": "confirmed", "owner": world.people["other"].pk}
    text = words(choose(rita, RECOMMENDATIONS, "assign", world.second, world.third, **given))
    assert "TIP-2024-KP-02 Thing 2: done." in text
    assert "TIP-2024-KP-03 Thing 3: not done. The deputy must be somebody other than the owner." in text


def test_a_date_is_set_for_several_and_a_past_one_for_none(world, rita):
    day = NOW.date() + timedelta(days=30)
    given = {"step": "confirmed", "day": day.isoformat()}
    text = words(choose(rita, RECOMMENDATIONS, "set_date", world.second, world.third, **given))
    assert text.count(": done.") == 2
    assert Recommendation.objects.filter(next_review_on=day).count() == 2
    past = {"step": "confirmed", "day": "2024-01-01"}
    text = words(choose(rita, RECOMMENDATIONS, "set_date", world.second, world.third, **past))
    assert text.count("not done. This date is in the past.") == 2


@pytest.mark.parametrize("given", [{}, {"day": "soon"}])
def test_without_a_date_it_asks_again(world, rita, given):
    answer = choose(rita, RECOMMENDATIONS, "set_date", world.second, step="confirmed", **given)
    assert 'value="Continue"' in answer.content.decode()
    assert not DatedReason.objects.filter(recommendation=world.second).exists()


def test_nobody_is_chosen_beforehand_and_what_will_happen_to_whom_is_said(world, rita):
    Recommendation.objects.filter(pk=world.third.pk).update(owner=world.people["manager"])
    asked = choose(rita, RECOMMENDATIONS, "assign", world.second, world.third)
    assert asked.context["form"]["owner"].value() in (None, "")
    for step in ("said", "confirmed"):
        again = choose(rita, RECOMMENDATIONS, "assign", world.third, step=step)
        assert "Choose an owner, or choose “Nobody”." in words(again)
    shown = choose(rita, RECOMMENDATIONS, "assign", world.second, world.third, step="said", owner="nobody")
    assert "TIP-2024-KP-03 Thing 3: Mina → to nobody" in words(shown)
    assert "TIP-2024-KP-02 Thing 2: nobody → to nobody" in words(shown)
    world.third.refresh_from_db()
    assert world.third.owner == world.people["manager"], "nothing is done yet"
    choose(rita, RECOMMENDATIONS, "assign", world.second, world.third, step="confirmed", owner="nobody")
    world.third.refresh_from_db()
    assert world.third.owner is None


def test_an_owner_whom_somebody_named_after_it_was_shown_stays(world, rita):
    Recommendation.objects.filter(pk=world.third.pk).update(owner=world.people["author"])
    shown = choose(rita, RECOMMENDATIONS, "assign", world.third, step="said", owner="nobody")
    carried = {f"{world.third.pk}-shown": shown.context["ready"][0].shown}
    about = {"actor": world.people["manager"], "now": NOW, "recommendation": world.third}
    service.assign(owner=world.people["other"], deputy=None, **about)
    done = choose(rita, RECOMMENDATIONS, "assign", world.third, step="confirmed", owner="nobody", **carried)
    assert "not done. Mina changed this after you opened it." in words(done)
    world.third.refresh_from_db()
    assert world.third.owner == world.people["other"]


def test_an_owner_who_was_named_where_nothing_was_to_change_is_told_of(world, rita):
    shown = choose(rita, RECOMMENDATIONS, "assign", world.third, step="said", owner="nobody")
    carried = {f"{world.third.pk}-shown": shown.context["ready"][0].shown}
    Recommendation.objects.filter(pk=world.third.pk).update(owner=world.people["other"])
    done = choose(rita, RECOMMENDATIONS, "assign", world.third, step="confirmed", owner="nobody", **carried)
    assert "not done. Omar was named after you opened it, so this was not changed." in words(done)


def test_a_deputy_who_is_named_while_the_rows_before_are_done_stays(world, rita, monkeypatch):
    assign = service.assign

    def meanwhile(**about):
        Recommendation.objects.filter(pk=world.third.pk).update(deputy=world.people["author"])
        return assign(**about)

    monkeypatch.setattr(service, "assign", meanwhile)
    given = {"step": "confirmed", "owner": world.people["other"].pk}
    done = choose(rita, RECOMMENDATIONS, "assign", world.second, world.third, **given)
    assert words(done).count(": done.") == 2
    world.third.refresh_from_db()
    assert (world.third.owner, world.third.deputy) == (world.people["other"], world.people["author"])


def test_a_row_that_went_in_this_moment_says_so_and_the_others_are_done(world, rita, monkeypatch):
    taken_back = factories.report(year=2023, count=1).recommendations.get()
    assign = service.assign

    def meanwhile(**about):
        Recommendation.objects.filter(pk=taken_back.pk).delete()
        return assign(**about)

    monkeypatch.setattr(service, "assign", meanwhile)
    given = {"step": "confirmed", "owner": world.people["other"].pk}
    done = choose(rita, RECOMMENDATIONS, "assign", taken_back, world.third, **given)
    assert "TIP-2023-KP-01 Thing 1: not done. It no longer exists." in words(done)
    assert Recommendation.objects.filter(owner=world.people["other"]).count() == 1


def test_what_a_date_is_set_beside_is_said_before(world, rita):
    shown = choose(rita, RECOMMENDATIONS, "set_date", world.third, step="said", day="2024-12-24")
    assert "TIP-2024-KP-03 Thing 3: next review 1 Dec 2024 → to also 24 Dec 2024" in words(shown)
