"""Where recommendations of several reports stand, or stood when that was closed, and what is behind it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from django.db.models import Exists, F, OuterRef, Q

from recommendations.choices import Stance, Status, UpdateKind
from recommendations.models import Ask, Citation, Recommendation, StatusUpdate, User
from recommendations.models.evidence import origin_key
from recommendations.rules.facts import UpdateFacts
from recommendations.rules.status import FACTS, derive_status, is_finding


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one recommendation stands; of a closed report, where it stood when that was closed.

    ``as_of`` is the day of what decides, None if nobody has assessed it. ``findings`` counts those that stand
    and that the reader can see, ``origins`` the different sources of the evidence that supports them.
    ``since`` is the status that it came to have after the closing, and empty if it is the same.
    """

    status: Status
    as_of: date | None = None
    findings: int = 0
    origins: int = 0
    since: str = ""


class _Said(UpdateFacts, Protocol):
    """An update that counts, and whether the reader can see it."""

    is_seen: bool


def standings(recommendations: Collection[Recommendation], person: User) -> dict[int, Standing]:
    """Return {recommendation pk: where it stands}. Three statements.

    Args:
        recommendations: with their reports.
        person: the reader. Everybody can see where something stands; of findings and evidence, only what they
            can see is counted.
    """
    about = Q(recommendation__in=[one.pk for one in recommendations])
    said, asks, origins = _said(about, person), _asks(about), _origins(about, person)
    return {
        one.pk: _standing(said[one.pk], asks[one.pk], origins, one.status if one.report.closed_at else "")
        for one in recommendations
    }


def _in_time(field: str) -> Q:
    """Return the condition that something was before its report was closed, or that this is followed."""
    closed_at = "recommendation__report__closed_at"
    return Q(**{closed_at: None}) | Q(**{f"{field}__lt": F(closed_at)})


def _said(about: Q, person: User) -> Mapping[int, list[_Said]]:
    """Return {recommendation pk: what counts}, with whether the reader can see each (``is_seen``)."""
    seen = StatusUpdate.objects.visible_to(person).filter(pk=OuterRef("pk"))
    counting = StatusUpdate.objects.counting().filter(about, _in_time("counts_at"))
    found = defaultdict(list)
    for one in counting.annotate(is_seen=Exists(seen)).values_list(*FACTS, "is_seen", named=True):
        found[one.recommendation_id].append(one)
    return found


def _asks(about: Q) -> Mapping[int, list[Ask]]:
    """Return {recommendation pk: the asks that counted}."""
    closed_at = "recommendation__report__closed_at"
    still = Q(retired_at=None) | Q(**{f"{closed_at}__isnull": False, "retired_at__gte": F(closed_at)})
    found = defaultdict(list)
    for ask in Ask.objects.filter(about, _in_time("created_at")).filter(still).order_by("start"):
        found[ask.recommendation_id].append(ask)
    return found


def _origins(about: Q, person: User) -> Mapping[int, set[str]]:
    """Return {update pk: the origins of what supports it}, as far as the reader can see it."""
    cited = Citation.objects.counted_for(person).filter(stance=Stance.SUPPORTS)
    cited = cited.filter(update__in=StatusUpdate.objects.filter(about).order_by().values("pk"))
    found = defaultdict(set)
    for update, first, source in cited.values_list("update", "evidence__origin", "evidence__source"):
        if key := origin_key(first, source):
            found[update].add(key)
    return found


def _standing(said: list[_Said], asks: Iterable[Ask], origins: Mapping[int, set[str]], now: str) -> Standing:
    """Return where one stands. Args: ``now`` is its status today, empty if nothing else is told beside it."""
    derived = derive_status(said, asks)
    whole = derived.whole
    live = {None, *(ask.pk for ask in derived.asks)}
    behind = [one for one in derived.uncorrected if _is_behind(one) and one.ask_id in live]
    seen = {one.pk for one in said if one.is_seen}.intersection(one.pk for one in behind)
    return Standing(
        Status(whole.status),
        whole.current.as_of if whole.current else None,
        len(seen),
        len(set().union(*(origins.get(pk, set()) for pk in seen))),
        now if now != whole.status else "",
    )


def _is_behind(one: UpdateFacts) -> bool:
    return one.kind == UpdateKind.ASSESSMENT and is_finding(one)
