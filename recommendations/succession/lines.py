"""Storing confirmed lines between two reports, and recording them; for the services that confirm some."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import product

from recommendations.audit import log
from recommendations.choices import EventKind
from recommendations.models import Lineage, Recommendation, Report, User
from recommendations.selectors.lines import Line


def keep(
    lines: Iterable[Line], earlier: Report, later: Report, actor: User | None, now: datetime
) -> list[Lineage]:
    """Store confirmed lines, a row for each tie. Returns: the rows, for ``record``."""
    rows = [
        Lineage(
            earlier=old,
            later=new,
            kind=line.kind,
            against=None if old and new else later if old else earlier,
            confirmed_by=actor,
            confirmed_at=now,
        )
        for line in lines
        for old, new in _ties(line)
    ]
    return Lineage.objects.bulk_create(rows)


def record(kind: EventKind, rows: Iterable[Lineage], actor: User | None, now: datetime) -> None:
    """Record what was done with lines, an event for each tie."""
    for row in rows:
        log.record(
            kind,
            now=now,
            actor=actor,
            recommendation=row.later or row.earlier,
            line=str(row.kind),
            from_reference=row.earlier.reference if row.earlier else "",
            to_reference=row.later.reference if row.later else "",
        )


def _ties(line: Line) -> Iterator[tuple[Recommendation | None, Recommendation | None]]:
    """Yield the two ends of each row of a line."""
    if line.old and line.new:
        yield from product(line.old, line.new)
    else:
        yield from ((old, None) for old in line.old)
        yield from ((None, new) for new in line.new)
