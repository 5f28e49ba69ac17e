"""Importing reports, once and completely; ``following`` says how long they are followed."""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from recommendations.audit import log
from recommendations.choices import EventKind, Role
from recommendations.errors import Refused
from recommendations.importing import parse
from recommendations.importing.nature import nature_of
from recommendations.importing.report import ParsedRecommendation, ParsedReport
from recommendations.models import Recommendation, Report, Section, User
from recommendations.rules.dates import next_review_on

SHORT_TITLE_LENGTH = 70
# The TIP Report comes out at the end of June, give or take weeks; the exact day is data on the report.
USUAL_PUBLICATION = (6, 30)


@dataclass(frozen=True)
class Companion:
    """What we add to a narrative: never its words, only our titles and where it came from.

    ``titles`` maps a position to (short title, pillar).
    """

    source_url: str = ""
    published_on: date | None = None
    titles: dict[int, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Outlook:
    """The other reports of a country when one is imported: the newer ones, and those that stay followed."""

    newer: list[Report]
    followed: list[Report]


@transaction.atomic
def import_report(
    *,
    data: bytes,
    now: datetime,
    actor: User | None = None,
    source_name: str = "",
    country: str | None = None,
    year: int | None = None,
    companion: Companion | None = None,
) -> tuple[Report, bool]:
    """Store a narrative with its sections and recommendations.

    Followed reports stay followed. A report older than one that is already there is imported as closed.

    Importing the same bytes twice changes nothing. Another text for the same country and year is refused:
    what people have assessed must not change.

    Args:
        data: the document as received.
        actor: the manager who imports; None for the command line.
        source_name: the name of the file.
        country, year: given if the text does not say; they must not contradict it.

    Returns: (report, made): ``made`` is False when the same bytes had already been imported.

    Raises: NotANarrative with a sentence when the bytes are not a narrative; Refused otherwise. Nothing
    is stored then.
    """
    if actor and not actor.has_role(Role.MANAGER):
        raise Refused(_("Only managers can import reports."))
    parsed = parse(data, country=country, year=year)
    there = Report.objects.filter(sha256=parsed.sha256).first()
    if there:
        return there, False
    conflict = conflicting_report(parsed=parsed)
    if conflict:
        raise Refused(conflict)
    companion = companion or Companion()
    report = _store(parsed, data, source_name, companion, actor, now)
    _store_parts(report, parsed, companion, now)
    log.record(
        EventKind.IMPORTED,
        now=now,
        actor=actor,
        report=report,
        sha256=report.sha256,
        recommendations=len(parsed.recommendations),
    )
    return report, True


def conflicting_report(*, parsed: ParsedReport) -> str:
    """Return a sentence if there is another text for this country and year, else nothing."""
    there = Report.objects.filter(country_code=parsed.country_code, year=parsed.year).first()
    if there is None or there.sha256 == parsed.sha256:
        return ""
    return _(
        "%(report)s was already imported from a document that is not identical (SHA-256 %(sha)s…). "
        "Nothing was changed, because a text that people have assessed must not change."
    ) % {"report": there, "sha": there.sha256[:12]}


def _store(
    parsed: ParsedReport,
    data: bytes,
    source_name: str,
    companion: Companion,
    actor: User | None,
    now: datetime,
) -> Report:
    """Save the report itself. It covers April to March before its publication (docs/domain.md, "Words")."""
    return Report.objects.create(
        country_code=parsed.country_code,
        country_name=parsed.country_name,
        year=parsed.year,
        heading=parsed.heading[:250],
        tier=parsed.tier,
        source_name=source_name[:255],
        source_url=companion.source_url,
        source_bytes=data,
        sha256=parsed.sha256,
        text=parsed.text,
        complete=parsed.complete,
        warnings=list(parsed.warnings),
        period_start=date(parsed.year - 1, 4, 1),
        period_end=date(parsed.year, 3, 31),
        tracked_from=companion.published_on or date(parsed.year, *USUAL_PUBLICATION),
        imported_at=now,
        imported_by=actor,
        # An older year takes nothing over: it comes in to be read.
        closed_at=now if outlook(parsed=parsed).newer else None,
    )


def _store_parts(report: Report, parsed: ParsedReport, companion: Companion, now: datetime) -> None:
    Section.objects.bulk_create(
        Section(report=report, kind=part.kind, heading=part.heading[:250], start=part.start, end=part.end)
        for part in parsed.sections
    )
    Recommendation.objects.bulk_create(
        _recommendation(report, item, companion.titles.get(item.position), now.date())
        for item in parsed.recommendations
    )


def _recommendation(
    report: Report, item: ParsedRecommendation, title: tuple[str, str] | None, today: date
) -> Recommendation:
    short_title, pillar = title or (shortened(text=item.text), "")
    recommendation = Recommendation(
        report=report,
        position=item.position,
        reference=f"{report.slug}-{item.position:02}",
        text=item.text,
        start=item.start,
        end=item.end,
        short_title=short_title,
        pillar=pillar,
        nature=nature_of(item.text),
        imported_on=today,
    )
    recommendation.next_review_on = next_review_on(
        answered_on=None, tracked_from=today, interval_days=recommendation.interval_days
    )
    return recommendation


def shortened(*, text: str) -> str:
    """Return the beginning of a recommendation as a first short title, cut between words."""
    if len(text) <= SHORT_TITLE_LENGTH:
        return text.rstrip(".;")
    return text[:SHORT_TITLE_LENGTH].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"


def outlook(*, parsed: ParsedReport) -> Outlook:
    """Return what an import will mean for followed reports, for the person who is about to confirm it."""
    same_country = Report.objects.filter(country_code=parsed.country_code).exclude(year=parsed.year).light()
    return Outlook(
        newer=list(same_country.filter(year__gt=parsed.year).order_by("year")),
        followed=list(same_country.filter(closed_at=None).order_by("-year")),
    )
