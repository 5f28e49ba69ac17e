"""The list of updates: what changed since a day, and what it may not give away."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from recommendations.choices import Sensitivity, Status
from recommendations.filters.updates import UpdateFilter
from recommendations.models import User
from tests.support import factories
from tests.support.factories import NOW
from tests.support.pages import text_of

pytestmark = pytest.mark.usefixtures("at_the_time_of_the_story")

LIST = reverse("update-list")
FILTERS = {
    *("q", "since", "until", "dated", "moved", "state", "kind", "status", "author", "report"),
    *("recommendation", "sensitivity", "sort"),
}


@pytest.fixture
def look(client, team):
    """Look at the list as somebody, with filters; returns what it shows."""

    def looked(role="viewer", **filters):
        client.force_login(team[role])
        response = client.get(LIST, filters)
        assert response.status_code == 200
        return [update.pk for update in response.context["page"].object_list]

    return looked


@pytest.fixture
def made(team, recommendation):
    """An assessment of February, one of July that moved the status, a check of August."""
    author, reviewer = team["author"], team["reviewer"]
    first = factories.approve(author, recommendation, reviewer=reviewer, as_of=date(2024, 2, 10))
    second = factories.approve(
        author,
        recommendation,
        reviewer=reviewer,
        as_of=date(2024, 7, 10),
        status=Status.INITIAL,
        reason="A decree was published.",
        cites=[factories.link(author)],
    )
    third = factories.check(team["other"], recommendation, reviewer=reviewer, as_of=date(2024, 8, 20))
    return first, second, third


def test_the_public_names_of_the_filters_are_kept():
    assert set(UpdateFilter.base_filters) == FILTERS


def test_what_changed_since_march_is_what_was_approved_since_then(look, made):
    _february, july, august = made
    assert look(since="2024-03-01") == [august.pk, july.pk]
    assert look(since="2024-03-01", moved="yes") == [july.pk]
    assert look(since="2024-03-01", moved="no") == [august.pk]


def test_a_move_shows_where_it_came_from(client, team, made):
    client.force_login(team["viewer"])
    assert "No action → to Initial steps" in text_of(client.get(LIST, {"since": "2024-03-01"}))


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"until": "2024-02-10"}, [0]),
        ({"since": "2024-02-11", "until": "2024-07-10"}, [1]),
        ({"kind": "check"}, [2]),
        ({"status": "initial"}, [1]),
        ({"q": "decree"}, [1]),
        ({"recommendation": "tip-2024-kp-01", "sort": "as_of"}, [0, 1, 2]),
        ({"recommendation": "TIP-2024-KP-02"}, []),
        ({"report": "TIP-2024-KP", "sort": "approved"}, [0, 1, 2]),
        ({"dated": "as_of", "since": "2024-08-20"}, [2]),
        ({"dated": "submitted", "since": "2024-08-20"}, [2]),
        ({"dated": "returned", "since": "2024-01-01"}, []),
        ({"sensitivity": "public"}, []),
    ],
)
def test_each_filter_keeps_what_it_says(look, made, given, found):
    assert look(**given) == [made[number].pk for number in found]


def test_a_day_is_the_readers_own_day(look, team, made):
    """Approved at noon UTC: in Auckland that is the next day."""
    User.objects.filter(pk=team["other"].pk).update(time_zone="Pacific/Auckland")
    assert look("viewer", since="2024-08-21") == []
    assert look("other", since="2024-08-21") == [made[2].pk]


def test_drafts_are_their_authors_and_waiting_ones_the_reviewers(look, team, recommendation):
    draft = factories.write(team["author"], recommendation)
    waiting = factories.submit(team["author"], recommendation)
    assert look("viewer") == []
    assert look("author", state="draft") == [draft.pk]
    assert look("author", author="me", state="submitted") == [waiting.pk]
    assert look("reviewer") == [waiting.pk]


def test_a_restricted_update_is_on_no_strangers_list_and_in_no_count(client, team, recommendation):
    hidden = factories.approve_restricted(team["author"], recommendation, reviewer=team["reviewer"])
    for role, sees in {"viewer": False, "other": False, "manager": False, "reviewer": True}.items():
        client.force_login(team[role])
        for given in ({}, {"sensitivity": "restricted"}, {"moved": "no"}, {"q": "published"}):
            page = client.get(LIST, given).context["page"]
            assert page.paginator.count == sees
            assert [one.pk for one in page.object_list] == [hidden.pk] * sees
    assert hidden.sensitivity == Sensitivity.RESTRICTED


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("state", "bogus", "“bogus” is not one of the choices."),
        ("author", "999", "“999” is not one of the choices."),
        ("report", "TIP-1999-XX", "“TIP-1999-XX” is not one of the choices."),
        ("since", "last March", "Give a date as year, month and day, such as 2024-03-01."),
        ("sort", "bogus", "“bogus” is not one of the choices."),
    ],
)
def test_a_value_that_does_not_exist_is_named_and_nothing_is_shown(client, team, made, name, value, words):
    client.force_login(team["viewer"])
    text = text_of(client.get(LIST, {name: value}))
    assert words in text
    assert "Nothing is shown, because the address contains an unknown filter value." in text


def test_an_empty_list_says_what_to_do(client, team, recommendation):
    client.force_login(team["viewer"])
    assert "Nobody has written an update yet." in text_of(client.get(LIST))
    found = text_of(client.get(LIST, {"since": (NOW.date() + timedelta(days=1)).isoformat()}))
    assert "No update fits all of these filters." in found
