"""Reports with their recommendations."""

from datetime import date

from recommendations.choices import VersionReason
from recommendations.models import Recommendation, Report, SourceVersion, Wording
from recommendations.models.source_versions import REPEATED, WORDED
from tests.support.factories.moments import NOW


def report(*, count=3, year=2024, code="KP", name="North Korea", **fields):
    """Make a small report whose recommendations are sentences of their own."""
    sentences = [f"Do the thing that is number {number}." for number in range(1, count + 1)]
    text = " * ".join(sentences)
    made = Report.objects.create(
        country_code=code,
        country_name=name,
        year=year,
        tier="3",
        source_bytes=text.encode(),
        sha256=f"{year}{code}".ljust(64, "0"),
        text=text,
        period_start=date(year - 1, 4, 1),
        period_end=date(year, 3, 31),
        released_on=date(year, 6, 24),
        imported_at=NOW,
        **fields,
    )
    Recommendation.objects.bulk_create(
        Recommendation(
            report=made,
            position=number,
            reference=f"TIP-{year}-{code}-{number:02}",
            text=sentence,
            start=text.index(sentence),
            end=text.index(sentence) + len(sentence),
            short_title=f"Thing {number}",
            imported_on=NOW.date(),
            next_review_on=date(2024, 12, 1),
        )
        for number, sentence in enumerate(sentences, start=1)
    )
    version_of(made)
    return made


def version_of(report):
    """Make the first source version of a report, as its import does."""
    version = SourceVersion.objects.create(
        report=report,
        number=1,
        reason=VersionReason.FIRST,
        tier=report.tier,
        brought_at=report.imported_at,
        brought_by=report.imported_by,
        **{name: getattr(report, name) for name in REPEATED},
    )
    Wording.objects.bulk_create(
        Wording(version=version, recommendation=one, **{name: getattr(one, name) for name in WORDED})
        for one in report.recommendations.order_by("position")
    )
