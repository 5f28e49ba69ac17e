"""A look that found nothing reliable is kept as the last look; the finding before it stands."""

import re
from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.urls import reverse

from recommendations.choices import EarlierFinding, EventKind, Status
from recommendations.models import Event, Recommendation
from recommendations.services import asks, integrity
from recommendations.services.review_dates import add_date
from tests.support import factories
from tests.support.factories import DAY, NOW
from tests.support.pages import browser_of, text_of

STATUSES = integrity.CHECKS["Statuses follow from approved updates"]
LATER = NOW + 30 * DAY


@pytest.fixture
def found(team, recommendation):
    """What a contrary finding left: the recommendation."""
    say(team, recommendation, Status.CONTRARY)
    return recommendation


@pytest.fixture
def split(team, recommendation):
    """A recommendation with two asks: (the whole, one, other)."""
    words = recommendation.text.split(" ")
    first, rest = " ".join(words[:2]), " ".join(words[2:])
    added = [
        asks.add(recommendation=recommendation, actor=team["reviewer"], title=said, words=said, now=NOW)
        for said in (first, rest)
    ]
    return recommendation, *added


def say(team, recommendation, status, at=NOW, **fields):
    fields.setdefault("cites", [factories.link(team["author"])])
    update = factories.approve(
        team["author"], recommendation, at, reviewer=team["reviewer"], status=status, **fields
    )
    assert list(STATUSES()) == []
    return update


def look(team, recommendation, at=LATER, **fields):
    return say(team, recommendation, Status.NO_INFORMATION, at, cites=(), **fields)


def test_the_finding_stands_with_its_age_and_the_look_beside_it(team, found):
    verified, moved = found.last_verified_on, Event.objects.filter(kind=EventKind.STATUS_CHANGED).count()
    looked = look(team, found, reason="")
    assert (found.status, found.last_verified_on) == (Status.CONTRARY, verified)
    assert (found.looked_on, found.answered_on) == (looked.as_of, looked.as_of)
    assert found.next_review_on == looked.as_of + 90 * DAY, "the review is done, though nothing was found"
    assert Event.objects.filter(kind=EventKind.STATUS_CHANGED).count() == moved, "nothing moved"
    page = text_of(browser_of(team["viewer"]).get(found.get_absolute_url()))
    assert f"Last looked {looked.as_of.day} {looked.as_of:%b %Y}: no reliable information" in page
    assert "90 days after it was last looked at" in page
    history = page[page.index("History") :]
    assert "Contrary action No reliable information" not in history, "it is no step in the history"


def test_a_look_says_where_somebody_looked(team, found):
    with pytest.raises(ValidationError, match="Say what the status is based on"):
        factories.submit(
            team["author"], found, LATER, status=Status.NO_INFORMATION, reason="", places=(), cites=()
        )


def test_the_review_page_says_that_it_is_kept_as_the_last_look(team, found):
    update = factories.submit(team["author"], found, LATER, status=Status.NO_INFORMATION)
    page = text_of(browser_of(team["reviewer"]).get(reverse("review", args=[update.key])))
    assert "Contrary action (stays; the update is kept as the last look: No reliable information)" in page


def test_the_review_page_says_that_the_earlier_finding_is_set_aside(team, found):
    aside = {"earlier_finding": EarlierFinding.SET_ASIDE, "status": Status.NO_INFORMATION}
    update = factories.submit(team["author"], found, LATER, **aside)
    page = text_of(browser_of(team["reviewer"]).get(reverse("review", args=[update.key])))
    assert "No reliable information (sets the earlier finding aside)" in page


def test_an_assessment_that_sets_the_finding_aside_takes_its_place(team, found):
    aside = {"earlier_finding": EarlierFinding.SET_ASIDE, "status": Status.NO_INFORMATION}
    with pytest.raises(ValidationError, match="This changes the status"):
        factories.submit(team["author"], found, LATER, reason="", **aside)
    update = factories.approve(team["author"], found, LATER, reviewer=team["reviewer"], **aside)
    assert (found.status, found.current_update) == (Status.NO_INFORMATION, update)
    assert list(STATUSES()) == []
    moved = Event.objects.filter(kind=EventKind.STATUS_CHANGED).latest("seq")
    assert (moved.payload["before"], moved.payload["after"]) == ("contrary", "no_information")
    page = text_of(browser_of(team["viewer"]).get(update.get_absolute_url()))
    assert "It can no longer be relied on" in page


@pytest.mark.parametrize("status", [Status.NO_ACTION, Status.CONTRARY])
def test_another_status_sets_nothing_aside(team, found, status):
    with pytest.raises(ValidationError, match="any other status replaces it"):
        factories.submit(
            team["author"], found, LATER, status=status, earlier_finding=EarlierFinding.SET_ASIDE
        )


def test_where_nothing_was_found_there_is_nothing_to_set_aside(team, recommendation):
    form = browser_of(team["author"]).get(reverse("update-add", args=[recommendation.reference]))
    assert "earlier_finding" not in form.content.decode()
    with pytest.raises(ValidationError, match="There is no earlier finding to set aside"):
        factories.submit(
            team["author"],
            recommendation,
            status=Status.NO_INFORMATION,
            earlier_finding=EarlierFinding.SET_ASIDE,
        )


def test_the_form_asks_about_the_earlier_finding_once_there_is_one(team, found):
    form = browser_of(team["author"]).get(reverse("update-add", args=[found.reference]))
    assert 'name="earlier_finding"' in form.content.decode()


def test_a_correction_by_a_look_gives_the_finding_before_back_and_needs_a_reason(team, found):
    wrong = say(team, found, Status.IMPLEMENTED, NOW + 10 * DAY)
    corrected = {"status": Status.NO_INFORMATION, "corrects": wrong}
    with pytest.raises(ValidationError, match="This changes the status"):
        factories.submit(team["author"], found, LATER, reason="", **corrected)
    update = factories.submit(team["author"], found, LATER, **corrected)
    page = text_of(browser_of(team["reviewer"]).get(reverse("review", args=[update.key])))
    assert "Without the corrected update, the status would be: Contrary action" in page
    factories.decide(update, team["reviewer"], now=LATER)
    found.refresh_from_db()
    assert found.status == Status.CONTRARY and list(STATUSES()) == []


def test_an_ask_without_a_finding_erases_nothing(team, split):
    whole, one, other = split
    say(team, whole, Status.CONTRARY, ask=one)
    look(team, whole, ask=one)
    say(team, whole, Status.NO_ACTION, LATER, ask=other)
    one.refresh_from_db()
    assert (whole.status, one.status) == (Status.CONTRARY, Status.CONTRARY)


def test_an_ask_that_moves_the_whole_says_so_and_needs_a_reason(team, split):
    whole, one, other = split
    say(team, whole, Status.CONTRARY)
    say(team, whole, Status.IMPLEMENTED, ask=one)
    last = {"ask": other, "status": Status.PARTLY, "cites": [factories.link(team["author"])]}
    sentence = "moves the whole recommendation from “Contrary action” to “Partly implemented”"
    with pytest.raises(ValidationError, match=sentence):
        factories.submit(team["author"], whole, LATER, reason="", **last)
    update = factories.submit(team["author"], whole, LATER, **last)
    page = text_of(browser_of(team["reviewer"]).get(reverse("review", args=[update.key])))
    assert re.search("It moves the whole recommendation: Contrary action .{0,30}Partly implemented", page), (
        page
    )
    factories.decide(update, team["reviewer"], now=LATER)
    moved = Event.objects.filter(kind=EventKind.STATUS_CHANGED).latest("seq")
    assert (moved.payload["before"], moved.payload["after"]) == ("contrary", "partly")


def test_a_look_answers_a_date_and_no_date_is_added_that_it_answers(team, found):
    look(team, found)
    with pytest.raises(ValidationError, match="It was looked at on"):
        add_date(recommendation=found, actor=team["reviewer"], on=LATER.date(), now=LATER)


@pytest.fixture
def upgrade(capsys, monkeypatch):
    """Return a function that lets the migration count again, and returns what it printed.

    The columns of dates that it wrote too are gone since; here nothing was set beside the interval.
    """
    migration = import_module("recommendations.migrations.0047_looks_are_no_findings")

    def dates(one, answered_on):
        day = (answered_on or one.imported_on) + one.interval_days * DAY
        return {"answered_on": answered_on, "next_review_on": day}

    def follow_again():
        migration.follow_again(apps, None)
        return capsys.readouterr().out

    monkeypatch.setattr(migration, "dates", dates)
    return follow_again


def as_it_was(recommendation, update):
    """Store what the rule of before made of a look: the status, and when it was verified."""
    Recommendation.objects.filter(pk=recommendation.pk).update(
        current_update=update,
        status=update.status,
        last_verified_on=update.as_of,
        looked_on=None,
        answered_on=None,
    )


def test_the_upgrade_gives_a_finding_back_that_a_look_had_replaced_and_says_so(team, found, upgrade):
    verified, looked = found.last_verified_on, look(team, found)
    as_it_was(found, looked)
    said = upgrade()
    name = found.reference
    assert f"{name}: “No reliable information” is “Contrary action” now." in said
    assert f"{name}: last verified on {looked.as_of}; it is {verified} now." in said
    assert f"{name}: last looked on {looked.as_of}, and no reliable information was found" in said
    assert list(STATUSES()) == []
    assert "is “" not in upgrade(), "a second run moves nothing"


def test_the_upgrade_counts_by_asks_and_without_restricted_ones(team, split, upgrade):
    whole, one, other = split
    say(team, whole, Status.CONTRARY)
    say(team, whole, Status.IMPLEMENTED, ask=one)
    look(team, whole, ask=other)
    hidden = say(team, whole, Status.PARTLY, LATER + DAY, ask=other)
    factories.hide(hidden)
    assert list(STATUSES()) != []
    assert f"{whole.reference}: “Partly implemented” is “Contrary action” now." in upgrade()
    assert list(STATUSES()) == []
