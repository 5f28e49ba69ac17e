"""Who first published what updates are based on: five papers that print the same report are one origin."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, QuerySet

from recommendations.models import Citation, Evidence, Recommendation, Report, User
from recommendations.models.evidence import origin_key

# Of one origin; the rest is behind a search.
ITEMS_SHOWN = 10


@dataclass(slots=True)
class Origin:
    """One origin: its name as it was first written, and the items that come from it."""

    name: str
    items: list[Evidence] = field(default_factory=list)

    @property
    def shown(self) -> list[Evidence]:
        """Its first items."""
        return self.items[:ITEMS_SHOWN]

    @property
    def more(self) -> int:
        """How many there are besides."""
        return max(len(self.items) - ITEMS_SHOWN, 0)


def origins(user: User, report: Report | None) -> dict[str, str]:
    """Return {key: name} of the independent origins, in the order of their names. One statement.

    They are the origins of what counts as evidence for ``user``: items cited by approved updates that they
    can see. Items that name nobody are not counted: nobody knows whether they are independent.

    Args:
        report: None for all that are followed.
    """
    named = _counted(user, report).order_by("origin", "source").values_list("origin", "source").distinct()
    found: dict[str, str] = {}
    for first, source in named:
        found.setdefault(origin_key(first, source), first or source)
    found.pop("", None)
    return dict(sorted(found.items()))


def with_items(names: Iterable[tuple[str, str]], user: User, report: Report | None) -> list[Origin]:
    """Return the chosen ``names`` of ``origins`` with their items, newest first. One statement."""
    items = defaultdict(list)
    for item in _counted(user, report).only("key", "title", "origin", "source", "sensitivity", "is_sealed"):
        items[item.origin_key].append(item)
    return [Origin(name, items[key]) for key, name in names]


def _counted(user: User, report: Report | None) -> QuerySet[Evidence]:
    """Return the evidence that counts for ``user``; asked item by item, since many updates cite the same."""
    rows = Recommendation.objects.visible_to(user)
    rows = rows.listed().filter(report=report) if report else rows.tracked()
    cited = Citation.objects.counted_for(user).filter(evidence=OuterRef("pk"))
    cited = cited.filter(update__recommendation__in=rows.order_by().values("pk"))
    return Evidence.objects.visible_to(user).filter(Exists(cited))
