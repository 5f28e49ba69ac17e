"""What ``import_report --new-version`` does: a file becomes a further source version of a report."""

from django.core.management.base import CommandError
from django.utils import timezone

from recommendations.errors import Refused
from recommendations.selectors.source_versions import further_version, report_of, version_with
from recommendations.services import source_versions

TIERS = {"stays": False, "taken": True}


def further_of(brought):
    """Return what a file would change as a further version; None if it is a version already.

    Raises: CommandError where there is no report of this country and year; Refused.
    """
    parsed = brought.parsed
    if version_with(parsed.sha256):
        return None
    report = report_of(parsed)
    if report is None:
        raise CommandError(
            f"{brought.path}: there is no report of {parsed.country_name} {parsed.year} yet. Import it "
            "without --new-version."
        )
    return further_version(report, parsed)


def add(brought, further, tier, actor):
    """Add it as it is proposed. Returns: the version. Raises: Refused, with what to do."""
    if further.problems:
        raise Refused(" ".join([*further.problems, "On the page of the import, a person can decide this."]))
    if further.has_other_tier and tier is None:
        raise Refused(
            f"The report says {further.report.get_tier_display()}, and this document says another tier. Add "
            "--tier stays or --tier taken."
        )
    version, _made = source_versions.add(
        report=further.report,
        document=brought.document,
        parsed=brought.parsed,
        seen=further.mark,
        takes_tier=TIERS.get(tier),
        source_name=brought.path.name,
        source_url=brought.companion.source_url,
        actor=actor,
        now=timezone.now(),
    )
    return version


def described(further):
    """Return as plain values for JSON what a document would change."""
    return {
        "report": further.report.slug,
        "version": further.number,
        "reason": str(further.reason),
        "recommendations": [
            {
                "position": one.item.position,
                "change": str(one.change),
                "reference": one.was.reference if one.was else None,
                "text": one.item.text,
            }
            for one in further.entries
        ],
        "gone": [row.reference for row in further.leaving],
        "asks_without_words": [
            {"reference": one.ask.recommendation.reference, "ask": one.ask.title, "words": one.before}
            for one in further.lost
        ],
        "problems": further.problems,
    }


def in_words(further):
    """Yield the lines of a table of what a document would change."""
    yield f"{further.report}: source version {further.number}, {further.reason.label.lower()}"
    for one in further.entries:
        reference = one.was.reference if one.was else ""
        yield f"{one.item.position:>3}. {one.change.label:<22}  {reference:<14}  {one.item.text}"
    for row in further.leaving:
        yield f"  –  {'Not in this document':<22}  {row.reference:<14}  {row.text}"
    for one in further.lost:
        yield f"Ask without its words: {one.ask.recommendation.reference}, {one.ask}: “{one.before}”"
    yield from (f"Problem: {problem}" for problem in further.problems)
