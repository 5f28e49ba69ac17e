"""Threads: one demand of a country through all its reports, as confirmed lines tie it together."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import Q, QuerySet
from django.urls import reverse

from recommendations.choices import Absence, LineageKind
from recommendations.models import Advocacy, Citation, Lineage, Recommendation, Report, User
from recommendations.rules.threads import Ends, Ties, absence
from recommendations.selectors.standings import Standing, standings
from recommendations.text.diff import Run, word_runs

# What is confirmed of a recommendation of which nobody confirmed anything.
_NOTHING: Ends = {}


@dataclass(frozen=True, slots=True)
class Tie:
    """How a recommendation relates to one of an earlier year, and the page of that line."""

    earlier: Recommendation
    kind: LineageKind
    address: str


@dataclass(frozen=True, slots=True)
class Step:
    """One recommendation in a thread.

    ``runs`` are its words marked against those of the year before, where there is one to compare with.
    """

    recommendation: Recommendation
    standing: Standing
    ties: list[Tie] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)

    @property
    def is_same(self) -> bool:
        """Whether its words are those of the year before."""
        return [tie.kind for tie in self.ties] == [LineageKind.SAME]


@dataclass(frozen=True, slots=True)
class Cell:
    """A thread in one year: its recommendations, or why there are none.

    ``address`` leads to the lines that nobody has confirmed yet.
    """

    year: int
    report: Report | None
    steps: list[Step]
    absence: Absence | None = None
    address: str = ""


class Stretch(NamedTuple):
    """Years of a thread that are told together."""

    since: int
    until: int
    cell: Cell


@dataclass(frozen=True, slots=True)
class Thread:
    """One demand: a cell for each year of its country."""

    cells: list[Cell]

    @property
    def steps(self) -> list[Step]:
        """Its recommendations, the earliest first."""
        return [step for cell in self.cells for step in cell.steps]

    @property
    def named(self) -> list[Recommendation]:
        """Those whose titles it has: all of its last year, which are several where one was split."""
        last = next(cell for cell in reversed(self.cells) if cell.steps)
        return [step.recommendation for step in last.steps]

    @property
    def years(self) -> list[int]:
        """The years in which it was made."""
        return [cell.year for cell in self.cells if cell.steps]

    @property
    def begins_surely(self) -> bool:
        """Whether it is known that no earlier report made it: each that is here was confirmed not to."""
        before = [cell.absence for cell in self.cells if cell.year < self.years[0]]
        return bool(before) and before[-1] is Absence.NOT_YET and Absence.UNCONFIRMED not in before

    @property
    def stretches(self) -> list[Stretch]:
        """Its years, the last first; years without it for the same reason are told together."""
        found: list[Stretch] = []
        for cell in reversed(self.cells):
            last = found[-1].cell if found else None
            is_more = last and cell.absence and (cell.absence, cell.address) == (last.absence, last.address)
            if is_more:
                found[-1] = Stretch(cell.year, found[-1].until, cell)
            else:
                found.append(Stretch(cell.year, cell.year, cell))
        return found


@dataclass(frozen=True)
class Country:
    """A country: its years, and the report of each (None where there is none)."""

    code: str
    name: str
    reports: dict[int, Report | None]

    @property
    def known(self) -> list[Report]:
        """Its reports, the earliest first."""
        return [report for report in self.reports.values() if report]

    def get_absolute_url(self) -> str:
        return reverse("country", args=[self.code])


def country_of(code: str, person: User) -> Country | None:
    """Return a country of which there are reports that ``person`` can see; else None. One statement."""
    seen = Report.objects.visible_to(person).light().filter(country_code=code.upper()).order_by("year")
    reports = {report.year: report for report in seen}
    if not reports:
        return None
    last = reports[max(reports)]
    years = range(min(reports), max(reports) + 1)
    return Country(last.country_code, last.country_name, {year: reports.get(year) for year in years})


def threads_of(country: Country, person: User) -> list[Thread]:
    """Return all threads of a country: the last made first, in the order of the list. Five statements."""
    rows = Recommendation.objects.visible_to(person).listed().filter(report__in=country.known)
    found = _by_pk(rows, country)
    ties = ties_of_country(country.code, person)
    stands = standings(found.values(), person)
    threads = [_thread(members, found, ties, country, stands) for members in ties.threads(found)]
    return sorted(threads, key=lambda one: (-one.years[-1], one.named[0].position))


def line_of(recommendation: Recommendation, country: Country, person: User) -> Thread:
    """Return the line of one recommendation, with the words compared. Five statements."""
    ties = ties_of_country(country.code, person)
    rows = Recommendation.objects.visible_to(person).filter(report__in=country.known)
    rows = rows.filter(Q(gone_since=None) | Q(pk=recommendation.pk), pk__in=ties.line_of(recommendation.pk))
    found = _by_pk(rows, country)
    return _thread(found.keys(), found, ties, country, standings(found.values(), person), compared=True)


def earlier_of(reference: str, person: User) -> QuerySet[Recommendation]:
    """Return the recommendations of earlier years that lines tie to the one named. Two statements."""
    rows = Recommendation.objects.visible_to(person)
    named = rows.filter(reference__iexact=reference).values_list("pk", "report__country_code").first()
    if named is None:
        return rows.none()
    pk, code = named
    return rows.filter(pk__in=ties_of_country(code, person).earlier_of(pk))


class Work(NamedTuple):
    """How much evidence counts for some recommendations, and how many advocacy entries are about them."""

    evidence: int
    advocacy: int


def work_on(recommendations: Collection[int], person: User) -> Work:
    """Return how much work on some ``person`` can see, as the lists count it. Two statements."""
    cited = Citation.objects.counted_for(person).filter(update__recommendation__in=recommendations)
    about = Advocacy.recommendations.through.objects.filter(recommendation__in=recommendations)
    return Work(
        cited.order_by().values("evidence").distinct().count(),
        Advocacy.objects.visible_to(person).filter(pk__in=about.values("advocacy")).count(),
    )


def ties_of_country(code: str, person: User) -> Ties:
    """Return what is confirmed between the reports of a country. One statement."""
    rows = Lineage.objects.visible_to(person).exclude(confirmed_at=None)
    rows = rows.filter(Q(earlier__report__country_code=code) | Q(later__report__country_code=code))
    pairs, ends = [], defaultdict[int, dict[int, LineageKind]](dict)
    for earlier, later, kind, year in rows.order_by("pk").values_list(
        "earlier", "later", "kind", "against__year"
    ):
        if earlier and later:
            pairs.append((earlier, later, LineageKind(kind)))
        else:
            ends[earlier or later][year] = LineageKind(kind)
    return Ties(pairs, ends)


def _by_pk(rows: QuerySet[Recommendation], country: Country) -> dict[int, Recommendation]:
    """Return the rows in the order of the reports, each with its report. One statement."""
    reports = {report.pk: report for report in country.known}
    found = {row.pk: row for row in rows.order_by("report__year", "position")}
    for row in found.values():
        row.report = reports[row.report_id]
    return found


def _thread(
    members: Collection[int],
    found: Mapping[int, Recommendation],
    ties: Ties,
    country: Country,
    stands: Mapping[int, Standing],
    *,
    compared: bool = False,
) -> Thread:
    in_order = [row for pk, row in found.items() if pk in members]
    by_year = defaultdict[int, list[Recommendation]](list)
    for row in in_order:
        by_year[row.report.year].append(row)
    tied = {row.pk: list(_ties(row, found, ties)) for row in in_order}
    cells = []
    for year, report in country.reports.items():
        steps = [_step(row, stands[row.pk], tied[row.pk], compared) for row in by_year.get(year, ())]
        why = None if steps else _absence(year, report, by_year, ties)
        cells.append(Cell(year, report, steps, why, _unsure(year, why, country, by_year)))
    return Thread(cells)


def _ties(row: Recommendation, found: Mapping[int, Recommendation], ties: Ties) -> Iterator[Tie]:
    """Yield the ties of a recommendation to earlier ones."""
    for earlier, kind in ties.before.get(row.pk, ()):
        if before := found.get(earlier):
            yield Tie(before, kind, f"{_lines(before.report, row.report)}#line-{before.reference}")


def _step(row: Recommendation, standing: Standing, ties: list[Tie], compared: bool) -> Step:
    runs: list[Run] = []
    if compared and len(ties) == 1 and ties[0].kind is not LineageKind.SAME:
        runs = word_runs(ties[0].earlier.text, row.text)
    return Step(row, standing, ties, runs if len(runs) > 1 else [])


def _absence(
    year: int, report: Report | None, by_year: Mapping[int, Iterable[Recommendation]], ties: Ties
) -> Absence:
    last = max((one for one in by_year if one < year), default=0)
    first = min((one for one in by_year if one > year), default=0)
    before, after = ([ties.ends.get(row.pk, _NOTHING) for row in by_year.get(at, ())] for at in (last, first))
    return absence(year, report.complete if report else None, before, after, last=last)


def _unsure(year: int, why: Absence | None, country: Country, by_year: Collection[int]) -> str:
    """Return the address of the lines that nobody has confirmed yet; empty where nothing is unsure."""
    report = country.reports[year]
    if why is not Absence.UNCONFIRMED or report is None:
        return ""
    before = [country.reports[one] for one in by_year if one < year]
    after = [country.reports[one] for one in by_year if one > year]
    other = before[-1] if before else after[0]
    if other is None:
        return ""
    earlier, later = (other, report) if before else (report, other)
    return _lines(earlier, later)


def _lines(earlier: Report, later: Report) -> str:
    return f"{reverse('report-lines', args=[later.slug])}?from={earlier.slug}"
