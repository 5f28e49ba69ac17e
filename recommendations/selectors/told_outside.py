"""What a digest for partners tells of what is published: all of it must still be so when it is sent.

It waits between writing and sending. Meanwhile something can be withdrawn, an item hidden, or the status of a
whole no longer be told since an ask was added or retired.
"""

from collections.abc import Iterator

from recommendations.models import Evidence, Recommendation, StatusUpdate
from recommendations.selectors.held_back import fingerprint
from recommendations.selectors.outline import Outline
from recommendations.selectors.published import (
    PublishedRow,
    extents,
    published_citations,
    standing,
    telling_status,
    with_status,
)


def told_by(outline: Outline) -> list[str]:
    """Return a mark for each thing that a digest for partners tells."""
    return sorted(set(_told_by(outline)))


def _told_by(outline: Outline) -> Iterator[str]:
    for update in outline.news.published:
        yield _words(update.pk)
        if update.says_status:
            yield _status(update.pk)
    yield from map(_item, outline.news.evidence)
    for matrix in outline.matrices:
        for row in matrix.rows:
            if isinstance(row, PublishedRow) and row.told.current:
                yield _stands(row.recommendation.pk, row.told.current.pk)


def may_be_told() -> set[str]:
    """Return the marks of all that may be told outside now."""
    outside = extents()
    cited = published_citations(outside).order_by().values("evidence")
    said = {
        *map(_words, outside),
        *map(_status, telling_status(outside)),
        *map(_item, Evidence.objects.filter(pk__in=cited)),
    }
    return said | set(_standing(with_status(outside)))


def _standing(published: set[int]) -> Iterator[str]:
    """Yield the statuses that may be told of recommendations as a whole, each with its day."""
    stood = standing(Recommendation.objects.filter(updates__in=published).distinct(), published)
    of_each = StatusUpdate.objects.filter(pk__in=published).values_list("recommendation", "pk")
    for recommendation, update in of_each:
        if stood[recommendation].whole.current:
            yield _stands(recommendation, update)


def _words(update: int) -> str:
    return f"words {update}"


def _status(update: int) -> str:
    return f"status {update}"


def _item(item: Evidence) -> str:
    return f"item {item.pk} {fingerprint(item)}"


def _stands(recommendation: int, update: int) -> str:
    return f"stands {recommendation} {update}"
