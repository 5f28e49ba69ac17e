"""Writing what a recommendation takes over from an earlier one, and recording it, for the services."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from recommendations.audit import log
from recommendations.choices import EventKind
from recommendations.models import Ask, DatedReason, Moment, Recommendation, Report, User
from recommendations.rules.answering import NEEDS
from recommendations.rules.following import follow, follow_dates
from recommendations.selectors.carried_pieces import DatePiece
from recommendations.selectors.carrying_over import Carrying


def hold_moments(earlier: Report) -> None:
    """Lock the moments before which there are open dates of a report, once its recommendations are locked.

    Whoever moves one of them waits, or finds the dates that were carried over.
    """
    dated = DatedReason.objects.still_open().filter(recommendation__report=earlier)
    moments = Moment.objects.select_for_update(no_key=True).filter(pk__in=dated.values("moment"))
    list(moments.order_by("pk"))


def write(carrying: Carrying, actor: User, now: datetime) -> list[Ask]:
    """Give the later recommendation, which is locked, what the earlier one has. Returns: its new asks."""
    recommendation = carrying.later
    for piece in carrying.fields:
        setattr(recommendation, piece.name, piece.was)
    names = [piece.name for piece in carrying.fields]
    recommendation.save(update_fields=names)
    DatedReason.objects.bulk_create(_date(recommendation, piece, actor, now) for piece in carrying.dates)
    last = recommendation.asks.count()
    asks = [
        Ask.objects.create(
            recommendation=recommendation,
            position=position,
            title=piece.was.title,
            nature=piece.was.nature,
            start=piece.place[0],
            end=piece.place[1],
            created_at=now,
            created_by=actor,
        )
        for position, piece in enumerate(carrying.asks, last + 1)
    ]
    if asks:
        follow(recommendation)
    elif carrying.dates or "interval_days" in names:
        follow_dates(recommendation)
    return asks


def _date(recommendation: Recommendation, piece: DatePiece, actor: User, now: datetime) -> DatedReason:
    names = ("on", "source", "moment", "moment_on", "weeks_before", "what_for")
    said = {name: getattr(piece.was, name) for name in names}
    return DatedReason(recommendation=recommendation, set_by=actor, set_at=now, **said)


def record(carrying: Carrying, asks: Sequence[Ask], actor: User, now: datetime) -> None:
    """Record what the same changes by hand record, with the reference that it comes from."""
    recommendation = carrying.later
    record = partial(log.record, now=now, actor=actor, recommendation=recommendation)
    record = partial(record, carried_from=carrying.earlier.reference)
    taken = {piece.name: piece for piece in carrying.fields}
    if taken.keys() & NEEDS:
        record(EventKind.ASSIGNED, **{name: getattr(recommendation, f"{name}_id") for name in NEEDS})
    if taken.keys() & {"short_title", "pillar"}:
        title = recommendation.short_title
        before = taken["short_title"].now if "short_title" in taken else title
        record(EventKind.RETITLED, before=before, after=title, pillar=recommendation.pillar)
    if "nature" in taken:
        record(EventKind.NATURE_CHANGED, before=taken["nature"].now, after=taken["nature"].was)
    for ask in asks:
        record(EventKind.SPLIT, ask=ask.pk, title=ask.title, start=ask.start, end=ask.end)
    days = {"interval_days": recommendation.interval_days}
    record = partial(record, EventKind.RESCHEDULED, next_review_on=recommendation.next_review_on.isoformat())
    if "interval_days" in taken:
        record(**days)
    for piece in carrying.dates:
        record(added=piece.was.on.isoformat(), **days)
