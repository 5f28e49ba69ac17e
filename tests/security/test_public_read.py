"""The one read of what is public: what it tells of a report today, of an edition, and what it never tells."""

import json
from dataclasses import asdict, fields, is_dataclass
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from recommendations.choices import Earlier, Extent, Status
from recommendations.models import Recommendation
from recommendations.selectors import outside
from recommendations.services import asks
from tests.support import factories
from tests.support.canary import ADDRESS, PUBLIC_WORDS, SOURCE, assert_silent, assert_told
from tests.support.factories import DAY, NOW

pytestmark = pytest.mark.django_db


def as_text(told):
    return json.dumps([asdict(one) for one in told], default=str, ensure_ascii=False)


@pytest.mark.parametrize("read", ["today", "edition"])
def test_it_tells_what_is_published_and_no_word_beside(canary, read):
    told = outside.public_of(canary.report) if read == "today" else outside.public_in(canary.edition)
    assert_silent(as_text(told))
    assert_told(as_text(told))


def test_the_words_of_the_canary_are_there_to_be_found(canary):
    """What stands in the rows would be found, if it were told."""
    rows = " ".join(str(row) for row in Recommendation.objects.values()) + str(list(canary.team.values()))
    with pytest.raises(AssertionError, match="short title"):
        assert_silent(rows)
    with pytest.raises(AssertionError, match="restricted update"):
        assert_silent(canary.restricted.reason.encode(), "team")
    assert_silent(rows, "team")
    with pytest.raises(AssertionError):
        assert_told(" ".join(PUBLIC_WORDS[1:]))


def test_what_it_says_of_one_recommendation(canary):
    first, second, third = outside.public_of(canary.report)
    assert (first.reference, first.position, first.page_key) == ("TIP-2024-KP-01", 1, "TIP-2024-KP-01")
    assert first.text == canary.first.text
    standing = first.standing
    assert (standing.status, standing.as_of) == (Status.PARTLY, canary.newer.as_of)
    assert (standing.confidence, standing.movement) == ("medium", "same")
    assert [one.status for one in first.updates] == [Status.PARTLY, Status.NO_ACTION]
    newer, older = first.updates
    cited = [(one.source.number, one.source.title, one.where) for one in newer.citations]
    assert cited == [(1, "Letter of a ministry", ""), (2, SOURCE, "page 9")]
    assert [(one.source.number, one.where) for one in older.citations] == [(2, "page 4")]
    assert [one.number for one in first.sources] == [1, 2]
    source = first.sources[1]
    assert (source.address, source.language, source.published_by) == (ADDRESS, "Korean", "KCNA")
    # The restricted update: its words, and not where in the item it points.
    (of_restricted,) = second.updates
    assert of_restricted.status == "" and [one.where for one in of_restricted.citations] == [""]
    assert second.standing is None
    # Of two asks, the one with a finding decides, and is published.
    assert third.standing.status == Status.INITIAL and third.updates == ()
    assert [ask.standing and ask.standing.status for ask in third.asks] == [Status.INITIAL, None]
    assert [ask.words for ask in third.asks] == ["Do the thing", "number 3"]
    assert third.said == 1


def test_nothing_of_it_can_be_changed(canary):
    def parts(value):
        if is_dataclass(value):
            yield value
            for field in fields(value):
                yield from parts(getattr(value, field.name))
        elif isinstance(value, (tuple, list)):
            for one in value:
                yield from parts(one)

    told = list(parts(outside.public_of(canary.report)))
    assert len(told) > 10
    assert all(type(one).__dataclass_params__.frozen for one in told)
    assert not [one for one in told for field in fields(one) if isinstance(getattr(one, field.name), list)]


def test_an_update_is_named_outside_by_a_key_of_its_own(canary):
    keys = {one.key for row in outside.public_of(canary.report) for one in row.updates}
    inside = {canary.newer.key, canary.older.key, canary.told_of_restricted.key}
    assert len(keys) == 3 and not keys & inside
    again = {one.key for row in outside.public_in(canary.edition) for one in row.updates}
    assert again == keys


def test_since_when_is_the_first_day_from_which_on_it_was_told_without_a_break(team, recommendation):
    def say(day, status, extent=Extent.WORDS_AND_STATUS):
        about = {"reviewer": team["reviewer"], "cites": [factories.link(team["author"])]}
        about |= {"earlier": Earlier.LEAVE, "extent": extent, "public_text": "Seen."}
        factories.approve(team["author"], recommendation, NOW + day * DAY, status=status, **about)

    def standing():
        return outside.public_of(recommendation.report)[0].standing

    say(1, Status.PARTLY)
    say(10, Status.NO_ACTION)
    say(20, Status.PARTLY)
    say(30, Status.PARTLY)
    assert standing().as_of == (NOW + 29 * DAY).date()
    assert standing().since == (NOW + 19 * DAY).date()
    # What is not published neither moves the status outside nor breaks it.
    say(25, Status.INITIAL, Extent.NOTHING)
    assert standing().since == (NOW + 19 * DAY).date()


def test_statements_are_as_many_for_many_recommendations(canary):
    def statements(make):
        with CaptureQueriesContext(connection) as caught:
            make()
        return len(caught)

    few = (
        statements(lambda: outside.public_of(canary.report)),
        statements(lambda: outside.public_in(canary.edition)),
    )
    others = factories.report(count=40, year=2023)
    for number, one in enumerate(others.recommendations.order_by("position")):
        about = {"reviewer": canary.reviewer, "cites": [canary.source, canary.other]}
        if number % 2:
            words = one.text.split(" ")
            asks.add(
                recommendation=one, actor=canary.reviewer, title="An ask", words=" ".join(words[:2]), now=NOW
            )
        factories.publish(canary.author, one, NOW + DAY, **about)
    many = list(Recommendation.objects.select_related("report").order_by("report", "position"))
    told = []
    assert statements(lambda: told.extend(outside.public_today(many))) == 8
    assert len(told) == 43 and sum(one.said for one in told) == 44
    edition = canary.edition
    assert few == (
        statements(lambda: outside.public_of(others)),
        statements(lambda: outside.public_in(edition)),
    )


def test_what_was_withdrawn_is_told_neither_today_nor_in_an_edition(canary):
    for told in (outside.public_of(canary.report), outside.public_in(canary.edition)):
        assert [one.words for one in told[1].updates] == ["Written of what stays restricted."]


def test_of_a_past_edition_it_tells_the_words_of_then(canary):
    later = datetime.combine(canary.edition.as_of, datetime.min.time(), UTC) + timedelta(days=20)
    factories.publish(
        canary.author,
        canary.second,
        later,
        reviewer=canary.reviewer,
        cites=[canary.other],
        public_text="Said after the edition.",
        earlier=Earlier.LEAVE,
    )
    assert "Said after the edition." in as_text(outside.public_of(canary.report))
    assert "Said after the edition." not in as_text(outside.public_in(canary.edition))
