"""Where source versions of reports are not as they were brought, or a report is not as its newest one."""

import hashlib
from collections.abc import Iterator

from recommendations.choices import EventKind, SourceForm
from recommendations.documents import text_digest
from recommendations.importing import NotANarrative, decode, fold
from recommendations.models import Event, Report, SourceVersion
from recommendations.models.source_versions import REPEATED, WORDED


def sources() -> Iterator[str]:
    """Yield versions whose document changed, and recommendations that are not in their source's words."""
    versions = SourceVersion.objects.select_related("report").defer("report__source_bytes", "report__text")
    for version in versions.order_by("report", "number").iterator(chunk_size=20):
        data, name = bytes(version.source_bytes), f"{version.report}, source version {version.number}"
        if hashlib.sha256(data).hexdigest() != version.sha256:
            yield f"{name}: the stored document does not match its SHA-256."
        if not _is_its_text(version, data):
            yield f"{name}: the stored text is not the text of the stored document."
        for item in version.wordings.select_related("recommendation"):
            if fold(version.text[item.start : item.end]) != item.text:
                place = f"source version {version.number} at {item.start}–{item.end}"
                yield f"{item.recommendation.reference}: its text is not the text of {place}."


def _is_its_text(version: SourceVersion, data: bytes) -> bool:
    """Tell whether the text of a version is what was read from its document when it was brought.

    Of a text file it is read again. What a later version of the tracker reads from a PDF may differ, so of
    everything else the event of the import says which text it was.
    """
    if version.source_form == SourceForm.TEXT:
        try:
            return decode(data) == version.text
        except NotANarrative:
            return False
    brought = Event.objects.filter(
        kind__in=(EventKind.IMPORTED, EventKind.VERSION_ADDED), report=version.report
    )
    return brought.filter(payload__text_sha256=text_digest(version.text)).exists()


def newest_versions() -> Iterator[str]:
    """Yield where a report, or a recommendation, does not repeat what its newest source version says."""
    for report in Report.objects.iterator(chunk_size=20):
        newest = report.versions.order_by("-number").first()
        if newest is None:
            yield f"{report}: it has no source version."
            continue
        unlike = [name for name in REPEATED if getattr(report, name) != getattr(newest, name)]
        for name in unlike:
            label = getattr(SourceVersion, name).field.verbose_name
            yield f"{report}: its {label} is not that of its newest source version."
        worded = {one.recommendation_id: one for one in newest.wordings.all()}
        for row in report.recommendations.all():
            wording = worded.pop(row.pk, None)
            if (wording is None) != (row.gone_since is not None):
                yield f"{row.reference}: whether it is in the newest source version is not as marked."
            elif wording and any(getattr(row, name) != getattr(wording, name) for name in WORDED):
                yield f"{row.reference}: its words or place are not those of the newest source version."
