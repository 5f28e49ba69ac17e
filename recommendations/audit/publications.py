"""The events of what was decided about what may be said outside."""

from datetime import datetime

from recommendations.audit import log
from recommendations.choices import EventKind, Extent
from recommendations.models import Publication, User


def record(act: Publication, *, actor: User, now: datetime) -> None:
    """Append the event of an act; ``before`` in it is what was outside until then."""
    earlier = act.update.publications.filter(pk__lt=act.pk).order_by("-pk").first()
    log.record(
        EventKind.NOT_PUBLISHED if act.extent == Extent.NOTHING else EventKind.PUBLISHED,
        now=now,
        actor=actor,
        recommendation=act.update.recommendation,
        update=act.update,
        before=earlier.extent if earlier else Extent.NOTHING,
        after=act.extent,
    )
