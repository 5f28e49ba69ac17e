"""Whose owners can be asked whether last year's finding still holds, and who is left out and why.

Of open work that the person who asks cannot see, nothing is told: its owner is asked all the same.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from recommendations.choices import EventKind, LineageKind, Role, UpdateState
from recommendations.models import Event, Lineage, Recommendation, Report, StatusUpdate, User
from recommendations.rules.facts import UpdateFacts
from recommendations.rules.status import LAST_OF_ALL, is_finding
from recommendations.selectors.as_of import report_as_of

# Where more or less is demanded now, last year's reason is about something else.
ASKED = (LineageKind.SAME, LineageKind.REWORDED)


@dataclass(frozen=True)
class Question:
    """A confirmed line whose earlier end has a finding: does it still hold? Asked is the owner of the later.

    ``why_not`` says why nobody is asked, and is empty where the owner can be.
    """

    earlier: Recommendation
    later: Recommendation
    finding: UpdateFacts | None
    owner: User | None
    why_not: str


@dataclass(frozen=True)
class Questions:
    """All of them between two reports, in the order of the later list."""

    everything: list[Question]

    @property
    def ready(self) -> list[Question]:
        """Those that can be asked."""
        return [one for one in self.everything if not one.why_not]

    @property
    def left_out(self) -> list[Question]:
        """Those that cannot."""
        return [one for one in self.everything if one.why_not]


def questions_between(earlier: Report, later: Report, person: User) -> Questions:
    """Return what can be asked between two reports by ``person``.

    Ten statements, however many lines there are.
    """
    lines = list(_lines(earlier, later))
    if not lines:
        return Questions([])
    rows = report_as_of(earlier, earlier.closed_at or LAST_OF_ALL, person)
    stood = {row.recommendation.pk: row.whole.derived.current for row in rows}
    ends = [(line.earlier, line.later) for line in lines if line.earlier and line.later]
    keys = [new.pk for _old, new in ends]
    owners = User.objects.with_rank().in_bulk({new.owner_id for _old, new in ends if new.owner_id})
    asked = set(
        Event.objects.filter(kind=EventKind.STILL_SO, recommendation__in=keys).values_list(
            "recommendation", flat=True
        )
    )
    written = _written(keys, person)
    newer = _newer(keys, earlier)
    found = []
    for old, new in ends:
        old.report, new.report = earlier, later
        finding, owner = stood.get(old.pk), owners.get(new.owner_id or 0)
        why = _why_not(new, finding, owner, asked, written, newer)
        found.append(Question(old, new, finding, owner, why))
    return Questions(found)


def _lines(earlier: Report, later: Report) -> Iterable[Lineage]:
    rows = Lineage.objects.between(earlier, later).filter(kind__in=ASKED, confirmed_at__isnull=False)
    rows = rows.filter(later__gone_since=None)
    return rows.select_related("earlier", "later").order_by("later__position", "pk")


def _written(keys: Iterable[int], person: User) -> set[int]:
    """Return which of these have an update that ``person`` can see, in whatever state but withdrawn."""
    rows = StatusUpdate.objects.visible_to(person).exclude(state=UpdateState.WITHDRAWN)
    return set(rows.filter(recommendation__in=list(keys)).values_list("recommendation", flat=True))


def _newer(keys: Iterable[int], earlier: Report) -> Mapping[int, int]:
    """Return {key: year} of those that have their baseline in a later report than ``earlier``."""
    lines = Lineage.objects.of_the_same_demand().filter(later__in=list(keys))
    lines = lines.filter(earlier__report__year__gt=earlier.year)
    return {line.later_id: line.earlier.report.year for line in lines if line.later_id and line.earlier}


def _why_not(
    new: Recommendation,
    finding: UpdateFacts | None,
    owner: User | None,
    asked: set[int],
    written: set[int],
    newer: Mapping[int, int],
) -> str:
    if new.pk in asked:
        return _("Its owner was asked already.")
    if new.pk in written:
        return _("There is an update on it already.")
    if new.pk in newer:
        return _("Its baseline is that of %(year)s.") % {"year": newer[new.pk]}
    if finding is None or not is_finding(finding):
        return _("Nothing was found about it last year.")
    if owner is None:
        return _("Nobody owns it.")
    if not owner.is_active:
        return _("The access of %(name)s has ended.") % {"name": owner}
    if not owner.has_role(Role.CONTRIBUTOR):
        return _("%(name)s cannot write updates.") % {"name": owner}
    return ""
