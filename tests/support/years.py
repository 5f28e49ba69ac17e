"""Reports of one country over years, and lines that a reviewer confirmed between them."""

from recommendations.choices import LineageKind
from recommendations.models import Lineage
from tests.support import factories
from tests.support.factories import NOW


def reports(*years, count=3, **fields):
    """Make a report for each year. Returns: {year: {position: recommendation}}."""
    made = {year: factories.report(year=year, count=count, **fields) for year in years}
    return {
        year: {row.position: row for row in report.recommendations.order_by("position")}
        for year, report in made.items()
    }


def tie(earlier, later, kind=LineageKind.SAME, *, by):
    """Confirm a line between two recommendations."""
    return Lineage.objects.create(earlier=earlier, later=later, kind=kind, confirmed_by=by, confirmed_at=NOW)


def end(one, report, kind, *, by):
    """Confirm that ``one`` is dropped, new or not known against another report."""
    is_earlier = one.report.year < report.year
    return Lineage.objects.create(
        earlier=one if is_earlier else None,
        later=None if is_earlier else one,
        against=report,
        kind=kind,
        confirmed_by=by,
        confirmed_at=NOW,
    )
