"""The list of recommendations: filters, sorting, paging, and what none of them may give away."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from recommendations.choices import Pillar, Sensitivity, Status
from recommendations.filters.recommendations import ORDERS, RecommendationFilter
from recommendations.models import Recommendation
from tests.support import factories
from tests.support.factories import NOW
from tests.support.pages import text_of

pytestmark = pytest.mark.usefixtures("at_the_time_of_the_story")

LIST = reverse("recommendation-list")
FILTERS = {"q", "report", "status", "pillar", "owner", "due", "evidence", "open", "verified", "tag", "sort"}


@pytest.fixture
def look(client, team, report):
    """Look at the list as somebody, with filters; returns the references of its lines."""

    def looked(role="viewer", **filters):
        client.force_login(team[role])
        response = client.get(LIST, filters)
        assert response.status_code == 200
        return [line.reference[-2:] for line in response.context["lines"]]

    return looked


def change(number, **fields):
    """Change fields of one recommendation behind the services' back."""
    Recommendation.objects.filter(position=number).update(**fields)


def test_the_public_names_of_the_filters_are_kept():
    assert set(RecommendationFilter.base_filters) == FILTERS


def test_without_filters_all_that_is_followed_stands_in_the_reports_order(look):
    assert look() == ["01", "02", "03"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("number 3", ["03"]),
        ("NUMBER thing", ["01", "02", "03"]),
        ("tip-2024-kp-03", ["03"]),
        ("special", ["01"]),
        ("special 3", []),
        ("%", []),
        ("' OR 1=1 --", []),
    ],
)
def test_every_word_searched_for_must_stand_in_reference_title_or_text(look, words, found):
    change(1, short_title="Something special")
    assert look(q=words) == found


def test_filter_by_status_and_pillar(look):
    change(2, status=Status.CONTRARY, pillar=Pillar.PROTECTION)
    assert look(status="contrary") == ["02"]
    assert look(pillar="protection") == ["02"]
    assert look(pillar="none") == ["01", "03"]
    assert look(status="contrary", pillar="none") == []


def test_filter_by_owner_nobody_and_me(look, team):
    change(1, owner=team["author"])
    change(2, owner=team["other"])
    assert look(owner="nobody") == ["03"]
    assert look("author", owner="me") == ["01"]
    assert look(owner=team["other"].pk) == ["02"]
    assert look(owner=team["manager"].pk) == []


def test_filter_by_what_is_due(look):
    change(1, next_review_on=NOW.date() - timedelta(days=3))
    change(2, next_review_on=NOW.date())
    assert look(due="overdue") == ["01"]
    assert look(due="this_month") == ["02"]


def test_due_is_counted_in_the_readers_own_day(look, team):
    change(1, next_review_on=NOW.date())
    team["viewer"].time_zone = "Asia/Seoul"
    team["viewer"].save()
    with time_machine.travel(NOW.replace(hour=16), tick=False):
        assert look(due="overdue") == ["01"]
        assert look("author", due="overdue") == []


def test_the_evidence_filter_does_not_give_restricted_items_away(look, team, recommendation):
    hidden = factories.link(team["reviewer"], sensitivity=Sensitivity.RESTRICTED)
    factories.approve(team["author"], recommendation, reviewer=team["reviewer"], cites=[hidden])
    assert look("reviewer", evidence="has") == ["01"]
    assert look("manager", evidence="has") == []
    assert look("manager", evidence="lacks") == ["01", "02", "03"]


def test_the_evidence_filter_does_not_give_restricted_updates_away(look, team, recommendation):
    factories.approve_restricted(
        team["author"], recommendation, reviewer=team["reviewer"], cites=[factories.link(team["author"])]
    )
    assert look("author", evidence="has") == ["01"]
    assert look("viewer", evidence="has") == []
    assert look("viewer", evidence="lacks") == ["01", "02", "03"]


def test_evidence_counts_by_approved_updates_only(look, team, recommendation):
    factories.submit(team["author"], recommendation, cites=[factories.link(team["author"])])
    assert look("author", evidence="has") == []


def test_the_open_update_filter_shows_each_reader_their_own_view(look, team, recommendation):
    factories.write(team["author"], recommendation)
    assert look("author", open="yes") == ["01"]
    assert look("reviewer", open="yes") == []
    assert look("reviewer", open="no") == ["01", "02", "03"]


def test_a_submitted_update_is_open_to_reviewers_and_a_restricted_one_is_not(look, team, report):
    first, second, _third = report.recommendations.all()
    factories.submit(team["author"], first)
    factories.submit(team["author"], second, sensitivity=Sensitivity.RESTRICTED)
    assert look("reviewer", open="yes") == ["01"]
    assert look("viewer", open="yes") == []
    assert look("author", open="yes") == ["01", "02"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("status", "bogus"),
        ("pillar", "bogus"),
        ("report", "TIP-1999-XX"),
        ("owner", "77777"),
        ("owner", "99999999999999999999999"),
        ("owner", "1' OR '1'='1"),
        ("owner", "²"),
        ("due", "yesterday"),
        ("evidence", "1"),
        ("open", "maybe"),
        ("sort", "password"),
        ("q", "a" * 201),
    ],
)
def test_a_filter_value_that_does_not_exist_is_named_and_nothing_is_shown(client, team, report, name, value):
    client.force_login(team["viewer"])
    response = client.get(LIST, {name: value})
    text = text_of(response)
    assert name in response.context["filters"].form.errors
    assert "Nothing is shown, because the address contains an unknown filter value" in text
    assert "Thing 1" not in text


def test_an_empty_result_says_which_filter_to_loosen(client, team, report):
    change(2, status=Status.CONTRARY)
    client.force_login(team["viewer"])
    text = text_of(client.get(LIST, {"status": "contrary", "due": "overdue"}))
    assert "No recommendation fits all of these filters" in text
    assert "1 without “Due: Overdue”" in text
    assert "without “Status" not in text


def test_each_filter_in_use_is_a_chip_that_takes_it_away(client, team, report):
    client.force_login(team["viewer"])
    response = client.get(LIST, {"q": "thing", "owner": "nobody", "page": "1"})
    assert [(one.name, str(one.value), one.without) for one in response.context["active"]] == [
        ("q", "thing", "owner=nobody"),
        ("owner", "Nobody", "q=thing"),
    ]


def test_closed_reports_are_set_apart_until_chosen(look, client, team, report):
    factories.report(year=2023, closed_at=NOW, count=1)
    factories.report(year=2024, code="XX", name="Elsewhere", closed_at=NOW, count=2)
    assert look() == ["01", "02", "03"]
    assert look(report="TIP-2023-KP") == ["01"]
    assert look(report="TIP-2024-XX") == ["01", "02"]
    assert "Closed reports are not included" in text_of(client.get(LIST))


def test_people_offered_are_the_owners_of_the_chosen_report(look, client, team, report):
    factories.report(year=2025, count=1)
    Recommendation.objects.filter(report=report, position=1).update(owner=team["author"])
    Recommendation.objects.filter(report__year=2025).update(owner=team["other"])
    look(report="TIP-2025-KP")
    offered = client.get(LIST, {"report": "TIP-2025-KP"}).context["filters"].form.fields["owner"].choices
    assert [label for _value, label in offered] == [
        "Anybody",
        "Nobody",
        "Me",
        "Those that I am responsible for now",
        "Omar",
    ]


@pytest.mark.parametrize("name", [name for name in ORDERS if not name.startswith("-")])
def test_every_order_turns_around(look, team, name):
    change(1, short_title="B", status=Status.PARTLY, owner=team["author"], last_verified_on=NOW.date())
    change(2, short_title="A", status=Status.CONTRARY, owner=team["other"], next_review_on=NOW.date())
    change(3, short_title="C", next_review_on=NOW.date() + timedelta(days=1))
    first, last = look(sort=name)[0], look(sort=f"-{name}")[0]
    assert first != last


def test_sorting_by_status_follows_the_criteria_and_not_the_alphabet(look):
    change(1, status=Status.IMPLEMENTED)
    change(2, status=Status.CONTRARY)
    change(3, status=Status.NO_ACTION)
    assert look(sort="status") == ["02", "03", "01"]


def test_a_second_click_on_a_head_turns_the_order_and_keeps_the_filters(client, team, report):
    client.force_login(team["viewer"])
    body = client.get(LIST, {"owner": "nobody", "sort": "due", "page": "1"}).content.decode()
    assert 'aria-sort="ascending"><a href="?owner=nobody&amp;sort=-due">' in body


@pytest.fixture
def many(db):
    """A report of 120 recommendations."""
    return factories.report(count=120)


@pytest.mark.parametrize(
    ("page", "first", "last"),
    [
        (None, 1, 50),
        ("2", 51, 100),
        ("3", 101, 120),
        ("4", 101, 120),
        ("0", 1, 50),
        ("x", 1, 50),
        ("9" * 30, 1, 50),
    ],
)
def test_pages_hold_fifty_and_a_page_past_the_end_is_the_last(client, team, many, page, first, last):
    client.force_login(team["viewer"])
    response = client.get(LIST, {"page": page} if page else {})
    assert [line.position for line in response.context["lines"]] == list(range(first, last + 1))
    assert f"{first} to {last} of 120 recommendations" in text_of(response)


def test_html_in_titles_and_names_is_shown_as_text(client, team, report):
    team["author"].name = "<i>Ana</i>"
    team["author"].save()
    change(1, short_title="<script>alert(1)</script>", owner=team["author"])
    client.force_login(team["viewer"])
    response = client.get(LIST, {"q": "<script>"})
    assert "<script>alert" not in response.content.decode()
    assert "<i>" not in response.content.decode()
    assert [line.position for line in response.context["lines"]] == [1]


def test_the_list_says_when_it_was_true_in_the_readers_zone(client, team, report):
    team["viewer"].time_zone = "Asia/Seoul"
    team["viewer"].save()
    client.force_login(team["viewer"])
    assert "as of 2 Sep 2024, 18:00 KST" in text_of(client.get(LIST))


def test_a_visitor_is_sent_to_sign_in(client, report):
    assert client.get(LIST).status_code == 302


def test_the_verified_filter_counts_by_the_quarter_of_the_readers_day(look):
    change(1, last_verified_on=NOW.date().replace(month=7, day=1))
    change(2, last_verified_on=NOW.date().replace(month=6, day=30))
    assert look(verified="this_quarter") == ["01"]
    assert look(verified="earlier") == ["02", "03"]
