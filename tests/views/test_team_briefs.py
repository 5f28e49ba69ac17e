"""Briefs for the team: what they tell beside what is published, and that nothing restricted is in them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from recommendations.choices import EventKind, Status
from recommendations.exports.briefs import FORMATS, brief_of
from recommendations.models import Event, Lineage, Recommendation
from recommendations.selectors import inside
from tests.support import factories
from tests.support.briefs import all_of_pdf, made, named_canary, parts_of_docx, text_of_pdf
from tests.support.canary import OF_RESTRICTED, OF_TEAM, assert_silent
from tests.support.factories import DAY, NOW
from tests.support.versions import FIRST, first

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture
def told():
    return named_canary()


def test_for_the_team_it_tells_what_the_team_knows_and_nothing_restricted(told):
    """Also not to somebody who was let in, and no internal note."""
    words = {"reason": OF_RESTRICTED["reason of a restricted update"], "counts": True}
    counted = factories.approve_restricted(
        told.author,
        told.second,
        NOW + 12 * DAY,
        reviewer=told.reviewer,
        public_text=OF_RESTRICTED["words of a restricted update"],
        cites=[told.source],
        **words,
    )
    factories.approve(
        told.author, told.third, NOW + 13 * DAY, reviewer=told.reviewer, cites=[told.restricted_item]
    )
    factories.grant(told.team["viewer"], update=counted)
    factories.grant(told.team["viewer"], evidence=told.restricted_item)
    about = {"kind": "letter", "counterpart": "A ministry", "subject": "Labour camps"}
    factories.advocacy(told.author, recommendations=[told.first], **about)
    hidden = {"subject": OF_RESTRICTED["restricted evidence"], "sensitivity": "restricted"}
    factories.advocacy(told.author, recommendations=[told.first], readers=[told.team["viewer"]], **hidden)
    for made_as in FORMATS:
        answer = made(told, made_as, made_for="internal")
        whole = all_of_pdf(answer.content) if made_as == "pdf" else parts_of_docx(answer.content)
        assert_silent(whole, "team")
        assert_silent(str(answer.headers), "team")
        text = text_of_pdf(answer.content) if made_as == "pdf" else whole.decode("utf-8", "replace")
        text = " ".join(text.split())
        assert OF_TEAM["reason"] in text and OF_TEAM["what the government claims"] in text
        assert OF_TEAM["internal note"] not in text
        assert "Internal: only for the team." in text and "Exported by: " in text
        assert "letter (A ministry): Labour camps." in text
        assert f"-internal.{made_as}" in answer["Content-Disposition"]
    assert {one.payload["level"] for one in Event.objects.filter(kind=EventKind.EXPORTED)} == {"internal"}


def test_the_status_for_the_team_is_that_of_the_page(told):
    about = {"reviewer": told.reviewer, "cites": [told.source], "counts": True, "status": Status.PARTLY}
    factories.approve_restricted(told.author, told.second, NOW + 12 * DAY, **about)
    rows = told.report.recommendations.select_related("report").order_by("position")
    shown = inside.team_today(rows, told.team["viewer"])
    stands = [(one.standing and one.standing.status) or Status.NOT_ASSESSED for one in shown]
    assert stands == [one.status for one in rows.all()]
    brief = brief_of(shown, told.report, TODAY, for_team=told.team["viewer"])
    assert brief.parts[1].standing.sentences[1] == "Its reason is restricted."


def test_it_shows_what_last_year_said(team):
    was, now = first(*FIRST, year=2023), first(FIRST[0], "Criminalize all trafficking.", FIRST[2])
    for kind, at in (("same", 1), ("reworded", 2)):
        Lineage.objects.create(
            earlier=was.recommendations.get(position=at),
            later=now.recommendations.get(position=at),
            kind=kind,
            confirmed_by=team["reviewer"],
            confirmed_at=NOW,
        )
    rows = now.recommendations.select_related("report").order_by("position")
    brief = brief_of(inside.team_today(rows, team["viewer"]), now, TODAY, for_team=team["viewer"])
    said = [(one.earlier, one.earlier_words) for one in brief.parts]
    assert said == [
        ("The report of 2023 has the same words.", ""),
        ("In the report of 2023:", FIRST[1]),
        ("", ""),
    ]
    for kind in FORMATS.values():
        assert kind.make(brief)


def test_for_the_team_statements_are_as_many_for_many_recommendations(told):
    def statements(rows):
        with CaptureQueriesContext(connection) as caught:
            inside.team_today(rows, told.team["viewer"])
        return len(caught)

    rows = told.report.recommendations.select_related("report").order_by("position")
    statements(rows.all())
    others = factories.report(count=30, year=2023)
    for one in others.recommendations.all():
        factories.approve(told.author, one, NOW, reviewer=told.reviewer, cites=[told.source])
    many = Recommendation.objects.select_related("report").order_by("report", "position")
    assert statements(rows) == statements(many)
