"""The events of what was decided about what may be said outside."""

from datetime import datetime

from recommendations.audit import log
from recommendations.choices import EventKind, Extent
from recommendations.models import Publication


def record(act: Publication, *, now: datetime) -> None:
    """Append the event of an act; ``before`` in it is what was outside until then.

    It names whom the act names: nobody, where a restricted update has overtaken what was outside.
    """
    earlier = act.update.publications.filter(pk__lt=act.pk).order_by("-pk").first()
    log.record(
        EventKind.NOT_PUBLISHED if act.extent == Extent.NOTHING else EventKind.PUBLISHED,
        now=now,
        actor=act.decided_by,
        recommendation=act.update.recommendation,
        update=act.update,
        before=earlier.extent if earlier else Extent.NOTHING,
        after=act.extent,
    )
