"""Lists that are shown in part: what is left out is counted, so that the page can say so and link to it.

Where several reports are followed, a list also says of which report, or of how many, its rows are.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, ExpressionWrapper, F, IntegerField, Model, QuerySet, Window
from django.db.models.expressions import Combinable
from django.db.models.functions import DenseRank
from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Cut[Row]:
    """The head of a list, and how many rows the whole list has.

    ``of_reports`` says of which report, or of how many, the whole list is (``report_words``).
    """

    shown: list[Row]
    total: int
    of_reports: str = ""

    def __len__(self) -> int:
        return self.total

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.total - len(self.shown)


def cut_rows[Row: Model](rows: QuerySet[Row], most: int) -> Cut[Row]:
    """Return the ``Cut`` of a queryset after its first ``most`` rows; one statement."""
    shown = list(rows.annotate(of_all=Window(Count("pk")))[:most])
    # The column of the line above: of a model that is not known, its type is neither.
    return Cut(shown, shown[0].of_all if shown else 0)  # type: ignore[attr-defined]


def reports_in(path: str, partition_by: Any = None) -> Combinable:
    """Return in how many reports all rows of a list, or of its part, are: for each row, the same number.

    Databases count no different values over a window; the ranks of a value from both ends add up to their
    number and one.

    Args:
        path: the foreign key to the report.
        partition_by: what parts the list.
    """
    parts = [] if partition_by is None else [partition_by]
    up = Window(DenseRank(), partition_by=parts, order_by=F(path).asc())
    down = Window(DenseRank(), partition_by=parts, order_by=F(path).desc())
    return ExpressionWrapper(up + down - 1, output_field=IntegerField())


def report_words(number: int, name: object) -> str:
    """Return of which report a list is, or of how many: "North Korea 2024", or "in 2 reports".

    Args:
        number: of how many reports its rows are.
        name: the report of the first row, or its name.
    """
    return _("in %(n)s reports") % {"n": number} if number > 1 else str(name)
