"""What a report says is kept as its newest source version, for the first import and for later versions."""

from collections.abc import Iterable
from datetime import datetime

from recommendations.choices import Tier, VersionReason
from recommendations.importing import ParsedSection
from recommendations.models import Report, Section, SourceVersion, User, Wording
from recommendations.models.source_versions import REPEATED, WORDED


def keep_version(
    report: Report,
    *,
    tier: Tier,
    reason: VersionReason,
    source_url: str,
    now: datetime,
    actor: User | None,
    facts_before: dict[str, str] | None = None,
) -> SourceVersion:
    """Keep what a report and its recommendations say now as their newest version.

    The report, its sections and its recommendations have been saved before.

    Args:
        tier: the one that the document states.
        facts_before: what the version changed of the facts of the report, as they were.
    """
    version = SourceVersion(
        report=report,
        number=report.versions.count() + 1,
        reason=reason,
        tier=tier,
        source_url=source_url,
        sections=list(report.sections.order_by("start").values("kind", "heading", "start", "end")),
        facts_before=facts_before or {},
        brought_at=now,
        brought_by=actor,
        **{name: getattr(report, name) for name in REPEATED},
    )
    version.save()
    Wording.objects.bulk_create(
        Wording(version=version, recommendation=one, **{name: getattr(one, name) for name in WORDED})
        for one in report.recommendations.listed().order_by("position")
    )
    return version


def save_sections(report: Report, parts: Iterable[ParsedSection]) -> None:
    """Replace the sections of a report by those that were read."""
    report.sections.all().delete()
    Section.objects.bulk_create(
        Section(report=report, kind=part.kind, heading=part.heading[:250], start=part.start, end=part.end)
        for part in parts
    )
