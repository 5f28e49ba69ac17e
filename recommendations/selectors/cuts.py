"""Lists that are shown in part: what is left out is counted, so that the page can say so and link to it."""

from dataclasses import dataclass

from django.db.models import Count, Window


@dataclass(frozen=True, slots=True)
class Cut:
    """The head of a list, and how many rows the whole list has."""

    shown: list
    total: int

    def __len__(self):
        return self.total

    @property
    def more(self):
        """How many are not shown."""
        return self.total - len(self.shown)


def cut_rows(rows, most):
    """Return the ``Cut`` of a queryset after its first ``most`` rows; one statement."""
    shown = list(rows.annotate(of_all=Window(Count("pk")))[:most])
    return Cut(shown, shown[0].of_all if shown else 0)
