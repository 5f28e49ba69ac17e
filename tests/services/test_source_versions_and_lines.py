"""Lines between reports, once a cut list has become whole: confirmed ones stay, proposals are made anew."""

import pytest

from recommendations.choices import LineageKind
from recommendations.models import Report
from recommendations.selectors.lines import lines_between
from recommendations.services import lineage
from tests.support.factories import NOW
from tests.support.versions import FIRST, bring, first, narrative

pytestmark = pytest.mark.django_db
MONITOR = "Let independent monitors see where people work."


def kinds(earlier, later):
    found = lines_between(Report.objects.get(pk=earlier.pk), Report.objects.get(pk=later.pk))
    return [(line.name, line.kind) for line in found.proposed]


def test_a_list_that_became_whole_drops_what_it_does_not_have(team):
    earlier = first(*FIRST, year=2023)
    later = first(FIRST[0], cut="Let independent monit")
    about = {"earlier": earlier, "later": later, "actor": team["reviewer"], "now": NOW}
    lineage.confirm_same(**about)
    assert ("TIP-2023-KP-02 → –", LineageKind.NOT_KNOWN) in kinds(earlier, later)
    bring(later, narrative(FIRST[0], MONITOR), actor=team["manager"])
    proposed = kinds(earlier, later)
    assert ("TIP-2023-KP-02 → –", LineageKind.DROPPED) in proposed
    assert ("– → TIP-2024-KP-02", LineageKind.NEW) in proposed
    found = lines_between(earlier, later).confirmed
    assert [line.name for line in found] == ["TIP-2023-KP-01 → TIP-2024-KP-01"]


def test_a_confirmed_line_to_what_is_gone_stays_and_nothing_is_proposed_for_it(team):
    earlier, later = first(*FIRST, year=2023), first(*FIRST)
    about = {"earlier": earlier, "later": later, "actor": team["reviewer"], "now": NOW}
    lineage.confirm(old=[3], new=[3], kind=LineageKind.SAME, **about)
    bring(later, narrative(*FIRST[:1]), actor=team["manager"])
    found = lines_between(earlier, later)
    assert [line.name for line in found.confirmed] == ["TIP-2023-KP-03 → TIP-2024-KP-03"]
    assert [line.name for line in found.proposed if line.new] == ["TIP-2023-KP-01 → TIP-2024-KP-01"]
