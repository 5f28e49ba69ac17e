"""What an edition shows outside: what was published when it was frozen, less what was withdrawn since."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from recommendations.choices import EXTENTS, UpdateKind
from recommendations.models import Edition, Publication, StatusUpdate
from recommendations.rules.status import PartStatus
from recommendations.selectors.published import said_outside, standing, with_status
from recommendations.selectors.told_words import ToldWords
from recommendations.selectors.wordings import worded_as_of


@dataclass
class OutsidePart:
    """A recommendation or an ask as it was outside; ``told`` is its status, or has no ``current``.

    ``said`` are the updates whose words are told: the one that gives the status, and the newest.
    ``title`` is what an ask is called outside: its words.
    """

    told: PartStatus
    said: list[StatusUpdate] = field(default_factory=list)
    title: str = ""


@dataclass
class OutsideRow:
    """One recommendation of an edition: the words that were told of it then, and how it was outside."""

    reference: str
    position: int
    text: str
    whole: OutsidePart
    asks: list[OutsidePart]


def published_with(edition: Edition) -> dict[int, str]:
    """Return {primary key of an update: how much of it is outside} of what an edition shows there.

    It is what was outside when the edition was frozen, and no more than is outside now.
    """
    held = dict(_then(edition).order_by().values_list("update", "extent"))
    now = Publication.objects.published().filter(update__in=held)
    today = dict(now.order_by().values_list("update", "extent"))
    return {pk: min(held[pk], today[pk], key=EXTENTS.index) for pk in today}


def _then(edition: Edition) -> QuerySet[Publication]:
    """Return what was outside when an edition was frozen, of what it knew."""
    return Publication.objects.published(edition.frozen_at).filter(
        update__recommendation__report=edition.report_id, update__approved_at__lt=edition.known_until
    )


def outside_view(edition: Edition) -> list[OutsideRow]:
    """Return the recommendations of an edition as they are shown outside."""
    outside, moment = published_with(edition), edition.known_until
    recommendations = edition.report.recommendations.order_by("position").prefetch_related("asks")
    # An ask is called by its words, which are those of the source version of that day.
    numbered = {one.reference: one for one in worded_as_of(edition.report, moment, recommendations)}
    words = ToldWords(numbered.values(), moment)
    words.give((), (ask for one in numbered.values() for ask in one.asks.all()))
    stood = standing(numbered.values(), with_status(outside), moment)
    said = said_outside(outside)
    return [
        OutsideRow(
            reference=held["reference"],
            position=held["position"],
            text=words.told[one.pk].wording.text if one.pk in words.told else held["text"],
            whole=_part(stood[one.pk].whole, said.get((one.pk, None), ())),
            asks=[
                _part(stood[one.pk].by_ask[ask.pk], said.get((one.pk, ask.pk), ()), ask.told_title)
                for ask in one.asks.all()
                if ask.pk in stood[one.pk].by_ask and ask.words
            ],
        )
        for held in edition.content["recommendations"]
        if (one := numbered.get(held["reference"]))
    ]


def _part(told: PartStatus, about: Iterable[StatusUpdate], title: str = "") -> OutsidePart:
    """Return a part with the newest assessment that is outside, and the one that gives its status."""
    assessed = [one for one in about if one.kind == UpdateKind.ASSESSMENT]
    current = told.current.pk if told.current else None
    return OutsidePart(
        told, [one for number, one in enumerate(assessed) if not number or one.pk == current], title
    )


def corrections_outside(edition: Edition) -> list[StatusUpdate]:
    """Return the corrections that are outside now of what was outside when an edition was frozen.

    Their recommendations and asks have the words that are told of them today.
    """
    now = Publication.objects.published().values("update")
    later = StatusUpdate.objects.approved().filter(corrects__in=_then(edition).values("update"), pk__in=now)
    # One that came to count later took the place of the other then.
    later = later.annotate(since=Coalesce("counts_at", "approved_at")).filter(since__gte=edition.known_until)
    later = later.select_related("recommendation", "ask", "corrects").order_by("since", "pk")
    found: list[StatusUpdate] = list(later)
    for one in found:
        if one.ask:
            one.ask.recommendation = one.recommendation
    corrected = [one.recommendation for one in found]
    ToldWords(corrected).give(corrected, (one.ask for one in found if one.ask))
    return found
