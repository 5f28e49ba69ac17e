"""What is overdue, as a digest lists it: of the reader, and of others."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import Enum, auto

from django.utils.translation import gettext as _

from recommendations.models import Report, User
from recommendations.selectors.due_items import matter_of_review
from recommendations.selectors.matrix import Matrix, Row
from recommendations.selectors.published import PublishedMatrix


class Whose(Enum):
    """Whose the overdue reviews of a list are; a reader who answers for none is not told which."""

    YOURS = auto()
    OTHERS = auto()
    ANYBODY = auto()


@dataclass
class Overdue:
    """What is overdue of one report, of the reader or of others."""

    report: Report
    rows: list[Row]
    whose: Whose

    @property
    def heading(self) -> str:
        """What is written above the list."""
        words = {
            Whose.YOURS: _("Overdue, yours: %(report)s"),
            Whose.OTHERS: _("Overdue, of others: %(report)s"),
            Whose.ANYBODY: _("Overdue: %(report)s"),
        }
        return words[self.whose] % {"report": self.report}


def overdue_for(
    reader: User,
    matrices: Collection[Matrix] | Collection[PublishedMatrix],
    stood_in_for: Collection[int],
    reminded: Collection[str],
) -> Iterator[Overdue]:
    """Yield what is overdue: first what the reader answers for, then the rest.

    Args:
        stood_in_for: the recommendations that they answer for today in place of the owner.
        reminded: what the reminder of today has told them (``DueItem.matter``), which is left out.
    """
    for whose in (Whose.YOURS, Whose.OTHERS) if reader.is_contributor else (Whose.ANYBODY,):
        for matrix in matrices:
            rows = []
            for row in matrix.overdue:
                it = row.recommendation
                is_theirs = it.owner_id == reader.pk or it.pk in stood_in_for
                is_listed = whose == Whose.ANYBODY or is_theirs == (whose == Whose.YOURS)
                if is_listed and matter_of_review(it.pk, it.next_review_on) not in reminded:
                    rows.append(row)
            if rows:
                yield Overdue(matrix.report, rows, whose)
