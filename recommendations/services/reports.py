"""Importing reports, once and completely; ``following`` says how long they are followed."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from recommendations.audit import log
from recommendations.choices import EventKind, Role, VersionReason
from recommendations.documents import Document, text_digest
from recommendations.errors import Refused
from recommendations.importing import parse
from recommendations.importing.releases import RELEASED_ON
from recommendations.importing.report import ParsedReport
from recommendations.models import Recommendation, Report, User
from recommendations.models.locking import locked
from recommendations.rules.report_facts import ReportFacts, broken_report_facts
from recommendations.selectors.source_versions import report_of, version_with
from recommendations.succession.handing_over import Succession, hand_over, record
from recommendations.succession.rows import recommendation_of
from recommendations.succession.sources import keep_version, save_sections


@dataclass(frozen=True)
class Companion:
    """What we add to a narrative: our titles, when it was released and where it came from; never its words.

    ``titles`` maps a position to (short title, pillar).
    """

    source_url: str = ""
    released_on: date | None = None
    titles: dict[int, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Outlook:
    """The other reports of a country when one is imported: the newer ones, and those that stay followed."""

    newer: list[Report]
    followed: list[Report]


@transaction.atomic
def import_report(
    *,
    document: Document,
    now: datetime,
    actor: User | None = None,
    source_name: str = "",
    country: str | None = None,
    year: int | None = None,
    companion: Companion | None = None,
    corrected: ParsedReport | None = None,
    succession: Succession | None = None,
) -> tuple[Report, bool]:
    """Store a narrative with its sections and recommendations.

    Followed reports stay followed. A report older than one that is already there is imported as closed.

    Importing the same bytes twice changes nothing. Another text for the same country and year is refused:
    what people have assessed must not change.

    Args:
        document: as received, with the text that was read from it.
        actor: the manager who imports; None for the command line.
        source_name: the name of the file.
        country, year: given if the text does not say; they must not contradict it.
        corrected: the document as read, with the list as a person corrected it.
        succession: the lines to an earlier report that the actor, who is a reviewer, confirms with it.

    Returns: (report, made): ``made`` is False when the same bytes had already been imported.

    Raises: NotANarrative with a sentence when the bytes are not a narrative; ValidationError for a wrong
    fact of the companion, and of lines that cannot be by their place; Gone; Refused otherwise. Nothing is
    stored then.
    """
    if actor and not actor.has_role(Role.MANAGER):
        raise Refused(_("Only managers can import reports."))
    if succession and not (actor and actor.has_role(Role.REVIEWER)):
        raise Refused(_("Only reviewers can confirm lines between reports and undo that."))
    parsed = corrected or parse(document.text, sha256=document.sha256, country=country, year=year)
    if succession:
        succession = _locked(succession, parsed)
    if actor:
        locked(actor)  # The same person's next form waits for the commit: a double click finds the first.
    if there := is_there(parsed=parsed):
        return there, False
    conflict = conflicting_report(parsed=parsed)
    if conflict:
        raise Refused(conflict)
    companion = companion or Companion()
    facts = _facts(parsed, companion, today=actor.today(now) if actor else now.date())
    report = _store_once(partial(_store, parsed, document, source_name, facts, actor, now))
    _store_parts(report, parsed, companion, now)
    keep_version(
        report,
        tier=parsed.tier,
        reason=VersionReason.FIRST,
        source_url=companion.source_url,
        now=now,
        actor=actor,
    )
    handed = hand_over(succession, report, actor, now) if succession and actor else None
    log.record(
        EventKind.IMPORTED,
        now=now,
        actor=actor,
        report=report,
        sha256=report.sha256,
        text_sha256=text_digest(report.text),
        recommendations=len(parsed.recommendations),
    )
    if handed and actor:
        record(handed, actor, now)
    return report, True


def _store_once(store: Callable[[], Report]) -> Report:
    """Store a report. Raises: Refused where another import of it was committed at this very moment."""
    try:
        with transaction.atomic():
            return store()
    except IntegrityError as error:
        raise Refused(
            _(
                "Somebody else imported a report of this country and year at the same moment, so nothing was "
                "imported here. Look at it before you import another text."
            )
        ) from error


def _locked(succession: Succession, parsed: ParsedReport) -> Succession:
    """Lock the earlier report: whoever confirms or undoes lines to it waits. Raises: Gone; Refused."""
    earlier = locked(succession.earlier)
    if earlier.country_code != parsed.country_code or earlier.year >= parsed.year:
        raise Refused(_("Lines lead from a report to an earlier one of the same country."))
    return replace(succession, earlier=earlier)


def is_there(*, parsed: ParsedReport) -> Report | None:
    """Return the report of which a source version was read from the same bytes, if there is one."""
    version = version_with(parsed.sha256)
    return version.report if version else None


def conflicting_report(*, parsed: ParsedReport) -> str:
    """Return a sentence if there is another text for this country and year, else nothing."""
    there = report_of(parsed)
    if there is None or version_with(parsed.sha256):
        return ""
    return _(
        "%(report)s was already imported from a document that is not identical (SHA-256 %(sha)s…). "
        "Nothing was changed, because a text that people have assessed must not change. If this is a whole "
        "text after one that was cut, or a corrected edition, bring it as a further source version: on the "
        "page of the import, or on the command line with --new-version."
    ) % {"report": there, "sha": there.sha256[:12]}


def _facts(parsed: ParsedReport, companion: Companion, *, today: date) -> ReportFacts:
    """Return the facts of a report; it covers April to March before its release (docs/domain.md, "Words").

    Raises: Refused where nobody said when it was released; ValidationError for a fact that cannot be.
    """
    released_on = companion.released_on or RELEASED_ON.get(parsed.year)
    if released_on is None:
        words = _(
            "It is not known on which day the report of %(year)s was released. Enter the day; on the command "
            "line, give it with --released."
        )
        raise Refused(words % {"year": parsed.year})
    facts: ReportFacts = {
        "tier": parsed.tier,
        "released_on": released_on,
        "period_start": date(parsed.year - 1, 4, 1),
        "period_end": date(parsed.year, 3, 31),
        "source_url": companion.source_url,
    }
    if problems := broken_report_facts(facts, year=parsed.year, today=today):
        raise ValidationError(problems)
    return facts


def _store(
    parsed: ParsedReport,
    document: Document,
    source_name: str,
    facts: ReportFacts,
    actor: User | None,
    now: datetime,
) -> Report:
    """Save the report itself."""
    return Report.objects.create(
        country_code=parsed.country_code,
        country_name=parsed.country_name,
        year=parsed.year,
        heading=parsed.heading[:250],
        source_name=source_name[:255],
        source_bytes=document.data,
        source_form=document.form,
        sha256=parsed.sha256,
        text=parsed.text,
        complete=parsed.complete,
        warnings=list(parsed.warnings),
        **facts,
        imported_at=now,
        imported_by=actor,
        # An older year takes nothing over: it comes in to be read.
        closed_at=now if outlook(parsed=parsed).newer else None,
    )


def _store_parts(report: Report, parsed: ParsedReport, companion: Companion, now: datetime) -> None:
    save_sections(report, parsed.sections)
    Recommendation.objects.bulk_create(
        recommendation_of(report, item, companion.titles.get(item.position), now.date())
        for item in parsed.recommendations
    )


def outlook(*, parsed: ParsedReport) -> Outlook:
    """Return what an import will mean for followed reports, for the person who is about to confirm it."""
    same_country = Report.objects.filter(country_code=parsed.country_code).exclude(year=parsed.year).light()
    return Outlook(
        newer=list(same_country.filter(year__gt=parsed.year).order_by("year")),
        followed=list(same_country.filter(closed_at=None).order_by("-year")),
    )
