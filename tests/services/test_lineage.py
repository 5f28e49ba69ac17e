"""Confirming lines between two reports: what can be one, who can, undoing it, and two people at once."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from recommendations.choices import EventKind, LineageKind
from recommendations.errors import Gone, Refused
from recommendations.models import Event, Lineage, Recommendation, Report
from recommendations.selectors.lines import lines_between
from recommendations.services import following, lineage
from tests.support import factories
from tests.support.factories import NOW

pytestmark = pytest.mark.django_db
OLD = ["Close the camps.", "Train police and fund shelters.", "Pay workers.", "Let monitors in."]
NEW = ["Let monitors in.", "Close the camps and free those in them.", "Train police.", "Fund shelters."]


def report_of(year, texts, **fields):
    made = factories.report(year=year, count=len(texts), **fields)
    for row, text in zip(made.recommendations.order_by("position"), texts, strict=True):
        row.text = text
        row.save()
    return made


@pytest.fixture
def reports(team):
    """Two whole lists: one is the same, one widened, one split, one dropped."""
    return {"earlier": report_of(2023, OLD), "later": report_of(2024, NEW)}


@pytest.fixture
def by(reports, team):
    return reports | {"actor": team["reviewer"], "now": NOW}


def kinds(reports):
    found = lines_between(**reports)
    return {
        (tuple(row.position for row in line.old), tuple(row.position for row in line.new)): (
            line.kind,
            bool(line.row),
        )
        for line in found.in_order
    }


def test_a_proposal_is_stored_when_a_reviewer_confirms_it(by, reports):
    assert kinds(reports) == {
        ((1,), (2,)): (LineageKind.WIDENED, False),
        ((2,), (3, 4)): (LineageKind.SPLIT, False),
        ((3,), ()): (LineageKind.DROPPED, False),
        ((4,), (1,)): (LineageKind.SAME, False),
    }
    assert not Lineage.objects.exists()
    lineage.confirm(old=[2], new=[3, 4], kind=LineageKind.SPLIT, **by)
    rows = Lineage.objects.order_by("later__position")
    assert [(row.earlier.position, row.later.position, row.kind) for row in rows] == [
        (2, 3, "split"),
        (2, 4, "split"),
    ]
    assert {(row.confirmed_by, row.confirmed_at) for row in rows} == {(by["actor"], NOW)}
    assert kinds(reports)[(2,), (3, 4)] == (LineageKind.SPLIT, True)
    events = Event.objects.filter(kind=EventKind.LINE_CONFIRMED).order_by("seq")
    assert [(event.recommendation, event.actor) for event in events] == [
        (row.later, by["actor"]) for row in rows
    ]
    assert events[0].payload == {
        "from_reference": "TIP-2023-KP-02",
        "to_reference": "TIP-2024-KP-03",
        "line": "split",
    }


def test_all_that_are_the_same_are_confirmed_at_once_and_nothing_else(by, reports):
    assert lineage.confirm_same(**by) == 1
    assert [(row.earlier.position, row.later.position) for row in Lineage.objects.all()] == [(4, 1)]
    assert lineage.confirm_same(**by) == 0
    assert Event.objects.filter(kind=EventKind.LINE_CONFIRMED).count() == 1


def test_a_line_can_be_drawn_by_hand_and_the_rest_is_proposed_without_it(by, reports):
    lineage.confirm(old=[2], new=[3], kind=LineageKind.NARROWED, **by)
    assert kinds(reports) == {
        ((1,), (2,)): (LineageKind.WIDENED, False),
        ((2,), (3,)): (LineageKind.NARROWED, True),
        ((3,), ()): (LineageKind.DROPPED, False),
        ((4,), (1,)): (LineageKind.SAME, False),
        ((), (4,)): (LineageKind.NEW, False),
    }


def test_undoing_a_confirmation_is_an_event_and_brings_the_proposal_back(by, reports):
    before = kinds(reports)
    for old, new, kind in (([2], [3, 4], LineageKind.SPLIT), ([3], [], LineageKind.DROPPED)):
        lineage.confirm(old=old, new=new, kind=kind, **by)
        row = Lineage.objects.order_by("pk").last().pk
        lineage.undo(row=row, **by)
        assert not Lineage.objects.exists()
        with pytest.raises(Gone):
            lineage.undo(row=row, **by)
    assert kinds(reports) == before
    said = Event.objects.filter(kind=EventKind.LINE_UNDONE).order_by("seq").values_list("payload", flat=True)
    assert [(one["from_reference"][-2:], one["to_reference"][-2:], one["line"]) for one in said] == [
        ("02", "03", "split"),
        ("02", "04", "split"),
        ("03", "", "dropped"),
    ]


def test_undoing_one_line_leaves_the_others(by, reports):
    lineage.confirm_same(**by)
    lineage.confirm(old=[1], new=[2], kind=LineageKind.WIDENED, **by)
    lineage.confirm(old=[3], new=[], kind=LineageKind.DROPPED, **by)
    lineage.undo(row=Lineage.objects.get(kind=LineageKind.WIDENED).pk, **by)
    assert sorted(Lineage.objects.values_list("kind", flat=True)) == ["dropped", "same"]


def test_only_reviewers_confirm_and_undo(by, team):
    lineage.confirm_same(**by)
    row = Lineage.objects.get().pk
    about = by | {"actor": team["author"]}
    for act in (
        lambda: lineage.confirm(old=[1], new=[2], kind=LineageKind.WIDENED, **about),
        lambda: lineage.confirm_same(**about),
        lambda: lineage.undo(row=row, **about),
    ):
        with pytest.raises(Refused):
            act()
    assert Lineage.objects.count() == 1


@pytest.mark.parametrize(
    ("old", "new", "kind", "said"),
    [
        ([], [], LineageKind.NEW, "at least one"),
        ([1, 2], [2], LineageKind.REWORDED, "one recommendation to one"),
        ([1], [], LineageKind.SAME, "one recommendation to one"),
        ([1], [2], LineageKind.SPLIT, "to several"),
        ([1, 2], [2, 3], LineageKind.SPLIT, "to several"),
        ([1], [2], LineageKind.MERGED, "several recommendations"),
        ([1], [2], LineageKind.NEW, "none of the earlier"),
        ([1], [2], LineageKind.DROPPED, "none of the later"),
        ([1, 2], [2], LineageKind.NOT_KNOWN, "at most"),
        ([1], [2], LineageKind.SAME, "not the same"),
        ([4], [1], LineageKind.REWORDED, "Choose “Same”"),
        ([9], [1], LineageKind.REWORDED, "North Korea 2023 has no recommendation 9"),
        ([1], [0], LineageKind.REWORDED, "North Korea 2024 has no recommendation 0"),
    ],
)
def test_what_is_no_line_of_this_kind_is_refused(by, old, new, kind, said):
    with pytest.raises(ValidationError, match=said):
        lineage.confirm(old=old, new=new, kind=kind, **by)
    assert not Lineage.objects.exists()
    assert not Event.objects.exists()


def test_a_list_that_is_not_whole_drops_nothing_and_makes_nothing_new(by, reports):
    Report.objects.update(complete=False)
    for old, new, kind in (([3], [], LineageKind.DROPPED), ([], [4], LineageKind.NEW)):
        with pytest.raises(ValidationError, match="not known to be whole"):
            lineage.confirm(old=old, new=new, kind=kind, **by)
        lineage.confirm(old=old, new=new, kind=LineageKind.NOT_KNOWN, **by)
    assert Lineage.objects.filter(kind=LineageKind.NOT_KNOWN).count() == 2


def test_no_recommendation_is_in_two_lines_between_two_reports(by, reports):
    lineage.confirm(old=[2], new=[3, 4], kind=LineageKind.SPLIT, **by)
    for old, new, kind in (
        ([2], [2], LineageKind.REWORDED),
        ([3], [4], LineageKind.REWORDED),
        ([], [3], LineageKind.NEW),
    ):
        with pytest.raises(ValidationError, match="in a confirmed line already"):
            lineage.confirm(old=old, new=new, kind=kind, **by)
    assert Lineage.objects.count() == 2


def test_lines_to_another_report_are_lines_of_their_own(by, reports):
    """What is new since 2023 can have been there in 2020."""
    lineage.confirm(old=[2], new=[3], kind=LineageKind.NARROWED, **by)
    lineage.confirm(old=[], new=[4], kind=LineageKind.NEW, **by)
    older = report_of(2020, ["Fund shelters."])
    lineage.confirm(**by | {"earlier": older}, old=[1], new=[4], kind=LineageKind.SAME)
    assert kinds({"earlier": older, "later": reports["later"]})[(1,), (4,)] == (LineageKind.SAME, True)
    assert kinds(reports)[(), (4,)] == (LineageKind.NEW, True)


def test_two_countries_or_the_wrong_order_are_refused(by, reports):
    other = report_of(2022, OLD, code="TO", name="Tonga")
    for about in ({"earlier": other}, {"earlier": reports["later"], "later": reports["earlier"]}):
        with pytest.raises(Refused, match="earlier one of the same country"):
            lineage.confirm_same(**by | about)


def test_the_database_refuses_an_open_end_that_does_not_say_against_what(reports):
    row = reports["later"].recommendations.first()
    for against in (None, reports["earlier"], reports["earlier"]):
        try:
            with transaction.atomic():
                Lineage.objects.create(later=row, kind=LineageKind.NEW, against=against)
        except IntegrityError:
            continue
    assert Lineage.objects.count() == 1


def test_an_import_with_confirmed_lines_is_not_undone(by, reports, team):
    lineage.confirm(old=[], new=[4], kind=LineageKind.NEW, **by)
    with pytest.raises(Refused, match="cannot be undone"):
        following.undo_import(report=reports["earlier"], actor=team["manager"], now=NOW)


def test_a_line_carries_nothing_over(by, reports, team):
    old, new = reports["earlier"].recommendations.get(position=4), reports["later"].recommendations.first()
    old.owner = team["author"]
    old.save()
    factories.approve(team["author"], old, reviewer=team["second"])
    before = Recommendation.objects.values().get(pk=new.pk)
    lineage.confirm_same(**by)
    assert Recommendation.objects.values().get(pk=new.pk) == before
    assert (new.updates.count(), new.asks.count()) == (0, 0)
