"""What the threads of a country say in a few sentences."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from recommendations.choices import Absence, Status
from recommendations.models import Report
from recommendations.selectors.threads import Country, Thread

# The shapes by which a picture draws years without a recommendation, in the order of its legend. What ended
# before, or begins later, is an empty place.
DRAWN = [Absence.UNCONFIRMED, Absence.NOT_KNOWN, Absence.DROPPED]
_SAME_SHAPE = {
    Absence.NO_REPORT: Absence.NOT_KNOWN,
    Absence.CUT: Absence.NOT_KNOWN,
    Absence.NOT_YET: Absence.DROPPED,
}


def drawn_as(absence: Absence | None) -> Absence | None:
    """Return the absence whose shape stands for this one; None for an empty place."""
    shape = _SAME_SHAPE.get(absence, absence) if absence else None
    return shape if shape in DRAWN else None


@dataclass(frozen=True)
class Summary:
    """The last report of a country, and the threads that it goes on with.

    ``size``, ``statuses``, ``new`` and ``unsure`` count the recommendations of that report, of which a thread
    has several where one was split. Those whose beginning nobody knows are counted apart: they are not new.
    ``marks`` and ``absences`` are what the picture draws.
    """

    report: Report
    before: Report | None
    lasting: list[Thread]
    others: list[Thread]
    size: int
    statuses: list[tuple[Status, int]]
    marks: list[Status]
    absences: list[Absence]
    new: int
    unsure: int
    dropped: int

    @property
    def asked_before(self) -> int:
        """How many of the recommendations of the last report are known to have been made before."""
        return self.size - self.new - self.unsure

    @property
    def longest(self) -> Thread | None:
        """The thread that was asked in most reports, if any was in two."""
        longest = max(self.lasting, key=lambda one: (len(one.years), -one.years[0]), default=None)
        return longest if longest and len(longest.years) > 1 else None


def summary_of(country: Country, threads: Sequence[Thread]) -> Summary:
    """Return what the threads of a country say. Args: ``threads`` are all of them."""
    reports = country.known
    last, before = reports[-1], reports[-2] if len(reports) > 1 else None
    lasting = [one for one in threads if one.years[-1] == last.year]
    others = [one for one in threads if one.years[-1] != last.year]
    alone = [one for one in lasting if len(one.years) == 1]
    counted = Counter(step.standing.status for one in lasting for step in one.cells[-1].steps)
    cells = [cell for one in lasting for cell in one.cells]
    shown = {step.standing.status for cell in cells for step in cell.steps}
    why = {drawn_as(cell.absence) for cell in cells}
    return Summary(
        report=last,
        before=before,
        lasting=lasting,
        others=others,
        size=_size(lasting),
        statuses=[(status, counted[status]) for status in Status if counted[status]],
        marks=[status for status in Status if status in shown],
        absences=[one for one in DRAWN if one in why],
        new=_size(one for one in alone if one.begins_surely),
        unsure=_size(one for one in alone if not one.begins_surely),
        dropped=sum(one.cells[-1].absence is Absence.DROPPED for one in others),
    )


def _size(threads: Iterable[Thread]) -> int:
    """Return how many recommendations of the last report are in some of its threads."""
    return sum(len(one.named) for one in threads)
