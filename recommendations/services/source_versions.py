"""A further source version of a report: the same report read from another document (ADR 23).

What people assessed stays with its recommendation. References are never given anew: a new recommendation gets
the next free number, and one that the new version does not have stays, marked.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from recommendations.audit import log
from recommendations.choices import EventKind, Role, SourceChange, Tier
from recommendations.documents import Document, text_digest
from recommendations.errors import Refused
from recommendations.importing import ParsedReport
from recommendations.importing.titles import first_title_of
from recommendations.models import (
    Recommendation,
    Report,
    SourceVersion,
    User,
)
from recommendations.models.locking import locked
from recommendations.selectors.source_versions import (
    Choices,
    Entry,
    Further,
    further_version,
    version_with,
)
from recommendations.succession.rows import recommendation_of
from recommendations.succession.sources import keep_version, save_sections


@transaction.atomic
def add(
    *,
    report: Report,
    document: Document,
    parsed: ParsedReport,
    seen: str,
    now: datetime,
    choices: Choices | None = None,
    takes_tier: bool | None = None,
    source_name: str = "",
    source_url: str = "",
    actor: User | None = None,
) -> tuple[SourceVersion, bool]:
    """Add a document as a further source version of a report: all of it, or nothing.

    Args:
        document, parsed: the document as received and as read, with the list as a person corrected it.
        seen: the mark of what the page showed.
        choices: which recommendation of the report each of the document is, where a person chose it.
        takes_tier: whether the report takes the tier of the document, where that is another one.
        actor: the manager; None for the command line.

    Returns: (version, made): ``made`` is False when the same bytes are a version already.

    Raises: Refused with a sentence, also when something changed after the page was shown; Gone.
    """
    if actor and not actor.has_role(Role.MANAGER):
        raise Refused(_("Only managers can import reports."))
    report = locked(report)
    if there := version_with(parsed.sha256):
        return there, False
    list(report.recommendations.select_for_update(no_key=True).order_by("pk"))
    further = further_version(report, parsed, choices)
    if further.mark != seen:
        raise Refused(
            _(
                "%(report)s was changed after you opened this page, so nothing was imported. "
                "The page shows how it is now."
            )
            % {"report": report}
        )
    if further.problems:
        raise Refused(" ".join(further.problems))
    if further.has_other_tier and takes_tier is None:
        raise Refused(_("Choose which tier the report has."))
    # Positions and the SHA-256 are in unique indexes (CONTRIBUTING, "The order of locks").
    log.hold()
    facts = _facts_before(further, takes_tier=bool(takes_tier), source_url=source_url)
    _write_report(further, document, source_name[:255], source_url, takes_tier=bool(takes_tier))
    words = {one.was.pk: one.was.text for one in further.entries if one.was}
    returning = further.returning
    _write_list(further, now)
    _write_asks(further)
    version = keep_version(
        report,
        tier=parsed.tier,
        reason=further.reason,
        source_url=source_url,
        facts_before=facts,
        now=now,
        actor=actor,
    )
    _record(further, version, actor, now)
    _record_recommendations(further, words, returning, actor, now)
    return version, True


def _facts_before(further: Further, *, takes_tier: bool, source_url: str) -> dict[str, str]:
    """Return what the report's facts were, of those that change."""
    report, before = further.report, {}
    if further.has_other_tier and takes_tier:
        before["tier"] = str(report.tier)
    if source_url and source_url != report.source_url:
        before["source_url"] = report.source_url
    return before


def _write_report(
    further: Further, document: Document, source_name: str, source_url: str, *, takes_tier: bool
) -> None:
    report, parsed = further.report, further.parsed
    report.source_name, report.source_bytes, report.source_form = source_name, document.data, document.form
    report.sha256 = parsed.sha256
    report.source_url = source_url or report.source_url
    report.heading, report.text = parsed.heading[:250], parsed.text
    report.complete, report.warnings = parsed.complete, list(parsed.warnings)
    if further.has_other_tier and takes_tier:
        report.tier = Tier(parsed.tier)
    report.save()
    save_sections(report, parsed.sections)


def _write_list(further: Further, now: datetime) -> None:
    """Give each recommendation its words, its place and its position; make the new ones."""
    report = further.report
    report.recommendations.out_of_the_way()
    number = _last_number(report)
    for entry in further.entries:
        if entry.was:
            _reword(entry.was, entry)
        else:
            number += 1
            recommendation_of(report, entry.item, None, now.date(), number).save()
    for position, row in enumerate(further.gone, len(further.entries) + 1):
        row.position = position
        row.gone_since = row.gone_since or further.number
        row.save(update_fields=["position", "gone_since"])


def _reword(row: Recommendation, entry: Entry) -> None:
    item = entry.item
    # A title that the import made of the words follows them; one that a person gave stays.
    if row.short_title == first_title_of(row.text):
        row.short_title = first_title_of(item.text)
    row.position, row.text, row.start, row.end = item.position, item.text, item.start, item.end
    row.gone_since = None
    row.save(update_fields=["position", "text", "start", "end", "short_title", "gone_since"])


def _last_number(report: Report) -> int:
    """Return the highest number that a reference of the report has; none is ever given twice."""
    references = report.recommendations.values_list("reference", flat=True)
    return max((int(one.rsplit("-", 1)[1]) for one in references), default=0)


def _write_asks(further: Further) -> None:
    """Move the asks to the new words, and keep where they were."""
    for placed in further.asks:
        ask = placed.ask
        was = {"start": ask.start, "end": ask.end, "words": placed.before, "lost": bool(ask.lost_words)}
        ask.earlier_places = {**ask.earlier_places, str(further.number - 1): was}
        if placed.place:
            ask.start, ask.end = placed.place
        ask.lost_words = "" if placed.place else placed.before
        ask.save(update_fields=["start", "end", "lost_words", "earlier_places"])


def _record(further: Further, version: SourceVersion, actor: User | None, now: datetime) -> None:
    log.record(
        EventKind.VERSION_ADDED,
        now=now,
        actor=actor,
        report=further.report,
        version=version.number,
        reason=str(version.reason),
        sha256=version.sha256,
        text_sha256=text_digest(version.text),
        new=len(further.of(SourceChange.NEW)),
        corrected=len(further.of(SourceChange.CORRECTED)),
        gone=sum(row.gone_since == further.number for row in further.gone),
        facts_before=version.facts_before,
    )


def _record_recommendations(
    further: Further,
    words: Mapping[int, str],
    returning: Iterable[Recommendation],
    actor: User | None,
    now: datetime,
) -> None:
    """Record what became of each recommendation that was there and is not as it was."""
    record = partial(log.record, now=now, actor=actor, version=further.number)
    for entry in further.of(SourceChange.CORRECTED):
        if entry.was:
            record(
                EventKind.WORDS_CORRECTED,
                recommendation=entry.was,
                before=words[entry.was.pk],
                after=entry.was.text,
            )
    for row in further.gone:
        if row.gone_since == further.number:
            record(EventKind.LEFT_OUT, recommendation=row)
    for row in returning:
        record(EventKind.LISTED_AGAIN, recommendation=row)
