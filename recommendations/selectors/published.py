"""What an outside partner can be told: approved public rows, and nothing that is based on other rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, TypedDict

from django.db.models import Exists, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import ExtractYear

from recommendations.choices import EventKind, Sensitivity, UpdateKind, UpdateState
from recommendations.models import Ask, Citation, Event, Evidence, Recommendation, Report, StatusUpdate
from recommendations.models.visible import VisibleQuerySet
from recommendations.selectors.audience import anybody
from recommendations.selectors.news import Chronicle, News

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

PUBLIC = Sensitivity.PUBLIC


class Parts(TypedDict):
    """What is asked of a recommendation beside its row."""

    is_split: bool
    has_hidden: bool


type Asked = WithAnnotations[Recommendation, Parts]


@dataclass
class PublishedRow:
    """A recommendation, and its status where that may be told; never overdue, since dates are the house's."""

    recommendation: Recommendation
    status: str


@dataclass
class PublishedMatrix:
    """One tracked report with its rows in the report's order."""

    report: Report
    rows: list[PublishedRow]
    overdue: tuple[()] = ()


class PublishedChronicle(Chronicle):
    """What happened of which every word is public.

    Evidence is told when the first public update that cites it is approved, not when it is added: what
    nothing cites, or only a draft, a returned or an internal update does, was not published.
    """

    def __init__(self, to_seq: int) -> None:
        super().__init__(anybody(), to_seq)

    def since(self, from_seq: int) -> News:
        """Return the ``News`` of what was published after ``from_seq``."""
        is_new = from_seq not in self._news
        news = super().since(from_seq)
        if is_new:
            news.evidence = published_evidence(from_seq, self.to_seq)
        return news

    def _visible[Row: Model](self, rows: VisibleQuerySet[Row]) -> VisibleQuerySet[Row]:
        return public_only(super()._visible(rows))


def public_only[Row: Model](rows: VisibleQuerySet[Row]) -> VisibleQuerySet[Row]:
    """Narrow events or citations to those about public items and approved public updates.

    Args:
        rows: a queryset that went through ``visible_to`` already.
    """
    approved = Q(update__sensitivity=PUBLIC, update__state=UpdateState.APPROVED)
    if rows.model is Citation:
        return rows.filter(approved, evidence__sensitivity=PUBLIC)
    if rows.model is Event:
        public = rows.filter(Q(update=None) | approved, Q(evidence=None) | Q(evidence__sensitivity=PUBLIC))
        # An old year that comes in later is no news.
        is_news = Q(report__closed_at=None, report__year__gte=ExtractYear("at") - 1)
        return public.filter(~Q(kind=EventKind.IMPORTED) | is_news)
    raise TypeError(f"What is public of {rows.model} is not decided.")


def published_evidence(from_seq: int, to_seq: int) -> list[Evidence]:
    """Return the public items that a public update cites, the first such approval in a part of the sequence.

    Args:
        from_seq: the last event before it.
        to_seq: the last event of it.
    """
    approvals = Event.objects.filter(kind=EventKind.APPROVED, update=OuterRef("update"))
    cited = public_only(Citation.objects.visible_to(anybody())).filter(evidence=OuterRef("pk"))
    first = cited.annotate(seq=Subquery(approvals.values("seq")[:1])).order_by("seq")
    items = Evidence.objects.filter(sensitivity=PUBLIC, removed_at=None).annotate(
        seq=Subquery(first.values("seq")[:1]),
        published_for=Subquery(first.values("update__recommendation")[:1]),
    )
    found = list(items.filter(seq__gt=from_seq, seq__lte=to_seq).order_by("seq", "pk"))
    named = Recommendation.objects.in_bulk({item.published_for for item in found}) if found else {}
    for item in found:
        item.added_for = named[item.published_for]
    return [*found]


def published_items() -> QuerySet[Citation, Mapping[str, object]]:
    """Return the keys in the database of the items that a public, approved update cites."""
    return public_only(Citation.objects.visible_to(anybody())).order_by().values("evidence")


class PublishedMatrices:
    """Where all tracked recommendations stand, as far as that was published."""

    def __init__(self) -> None:
        # No status rests on a restricted one: it must not show by blanking a status either.
        counting = StatusUpdate.objects.counting().filter(
            recommendation=OuterRef("pk"), kind=UpdateKind.ASSESSMENT
        )
        asks = Ask.objects.filter(recommendation=OuterRef("pk"))
        self.recommendations: list[Asked] = list(
            Recommendation.objects.visible_to(anybody())
            .tracked()
            # The status of one that is split follows from several updates: each of them has to be public.
            .annotate(is_split=Exists(asks), has_hidden=Exists(counting.exclude(sensitivity=PUBLIC)))
            .select_related("report", "current_update")
            .defer("report__source_bytes", "report__text", "text")
            .order_by("-report__year", "report__country_name", "position")
        )

    def on(self, _today: date) -> list[PublishedMatrix]:
        """Return a ``PublishedMatrix`` for each report that is tracked, newest first."""
        by_report: dict[int, PublishedMatrix] = {}
        for one in self.recommendations:
            matrix = by_report.setdefault(one.report_id, PublishedMatrix(one.report, []))
            matrix.rows.append(PublishedRow(one, one.status if _may_be_told(one) else ""))
        return list(by_report.values())


def _may_be_told(recommendation: Asked) -> bool:
    current = recommendation.current_update
    if current is None or current.sensitivity != PUBLIC:
        return False
    return not (recommendation.is_split and recommendation.has_hidden)


class PublishedSource:
    """The news and the table for outside partners; nothing waits for them."""

    waiting: tuple[()] = ()

    def __init__(self, head: int) -> None:
        self.chronicle = PublishedChronicle(head)
        self.matrices = PublishedMatrices()
