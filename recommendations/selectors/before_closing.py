"""What is still to do before a report is closed, beside its open updates: its lines, and its review dates."""

from dataclasses import dataclass

from recommendations.errors import Refused
from recommendations.models import DatedReason, Report, User
from recommendations.selectors.carrying_over import offer_between
from recommendations.selectors.carrying_rows import said_of
from recommendations.selectors.lines import later_reports, lines_between
from recommendations.selectors.open_work import successors_of


@dataclass(frozen=True)
class Succession:
    """How far the lines from a report to a later, followed one are.

    ``proposed`` counts the lines that nobody confirmed; ``ready`` the recommendations that can take something
    over; ``refused`` says why the two cannot be compared.
    """

    later: Report
    proposed: int
    ready: int
    refused: str = ""

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to confirm or to carry over."""
        return not (self.proposed or self.ready or self.refused)


@dataclass(frozen=True)
class OpenDate:
    """An open review date, and the reference to which it was carried over, if it was."""

    reason: DatedReason
    already_at: str


def successions(report: Report, person: User) -> list[Succession]:
    """Return how far the lines to each later report are that is followed, the earliest first."""
    return [_succession(report, later) for later in later_reports(report, person) if later.is_followed]


def _succession(report: Report, later: Report) -> Succession:
    ready = len(offer_between(report, later).ready)
    try:
        return Succession(later, len(lines_between(report, later).proposed), ready)
    except Refused as refusal:
        return Succession(later, 0, ready, str(refusal))


def open_dates_of(report: Report) -> list[OpenDate]:
    """Return the review dates of a report that no update has answered, the earliest first.

    One is carried over where the recommendation to which a confirmed line ties its own has the same, answered
    or not. Three statements.
    """
    rows = DatedReason.objects.still_open().filter(recommendation__report=report)
    dates = list(rows.select_related("recommendation", "moment", "set_by").order_by("on", "pk"))
    successors = successors_of(one.recommendation_id for one in dates)
    there = DatedReason.objects.filter(recommendation__in=[one.pk for one in successors.values()])
    had = {(one.recommendation_id, said_of(one)) for one in there} if successors else set()
    found = []
    for one in dates:
        successor = successors.get(one.recommendation_id)
        is_there = successor and (successor.pk, said_of(one)) in had
        found.append(OpenDate(one, successor.reference if successor and is_there else ""))
    return found
