"""Lists that are shown in part: what is left out is counted, so that the page can say so and link to it."""

from dataclasses import dataclass

from django.db.models import Count, Model, QuerySet, Window


@dataclass(frozen=True, slots=True)
class Cut[Row]:
    """The head of a list, and how many rows the whole list has."""

    shown: list[Row]
    total: int

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
