"""What a recommendation can take over from the one of an earlier report to which a confirmed line ties it.

Offered is what a person gave to the earlier one and nobody has given to the later one since its import. Never
offered are a status and updates.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from recommendations.choices import SAME_DEMAND, EventKind
from recommendations.importing.titles import first_title_of
from recommendations.models import Event, Lineage, Recommendation, Report, User
from recommendations.rules.answering import NEEDS
from recommendations.rules.conflicts import fingerprint, plain
from recommendations.selectors.carried_pieces import AskPiece, DatePiece, Piece
from recommendations.selectors.carrying_rows import rows_of

# In the order of the page; the owner before the deputy, who is somebody else.
FIELDS = (*NEEDS, "short_title", "pillar", "nature", "interval_days")
TOLD_BY = (EventKind.ASSIGNED, EventKind.RETITLED, EventKind.NATURE_CHANGED, EventKind.RESCHEDULED)
INTERVAL = Recommendation._meta.get_field("interval_days").default


@dataclass(frozen=True)
class Carrying:
    """A line of one to one, and what becomes of each field in which the two differ.

    ``row`` is that of a confirmed line, and None before an import.
    """

    row: Lineage | None
    earlier: Recommendation
    later: Recommendation
    pieces: list[Piece]

    @cached_property
    def taken(self) -> list[Piece]:
        """What is carried over."""
        return [piece for piece in self.pieces if piece.is_taken]

    @cached_property
    def refused(self) -> list[Piece]:
        """What cannot be."""
        return [piece for piece in self.pieces if piece.why]

    @cached_property
    def staying(self) -> list[Piece]:
        """What the later one was given by a person."""
        return [piece for piece in self.pieces if piece.stays]

    @property
    def fields(self) -> list[Piece]:
        """The fields that are carried over."""
        return [piece for piece in self.taken if piece.name in FIELDS]

    @property
    def asks(self) -> list[AskPiece]:
        """The asks that are carried over."""
        return [piece for piece in self.taken if isinstance(piece, AskPiece)]

    @property
    def dates(self) -> list[DatePiece]:
        """The review dates that are carried over."""
        return [piece for piece in self.taken if isinstance(piece, DatePiece)]

    @property
    def mark(self) -> str:
        """What tells this offer from another one."""
        return mark_of([self])


@dataclass(frozen=True)
class Offer:
    """What is offered between two reports, in the order of the later list."""

    everything: list[Carrying]

    @property
    def shown(self) -> list[Carrying]:
        """The lines of the page: all that differ, as long as there is anything to do or to know."""
        if not any(one.taken or one.refused for one in self.everything):
            return []
        return [one for one in self.everything if one.pieces]

    @property
    def ready(self) -> list[Carrying]:
        """Those that take something over."""
        return [one for one in self.everything if one.taken]

    @property
    def mark(self) -> str:
        """What tells all of it from another offer."""
        return mark_of(self.ready)


def mark_of(carryings: Iterable[Carrying]) -> str:
    """Return what tells what is shown of some lines from what was shown before."""
    said = [
        [
            *(one.earlier.reference, one.later.reference),
            *(piece.name, plain(piece.was), piece.was_in_words, plain(piece.now), piece.stays, piece.why),
        ]
        for one in carryings
        for piece in one.pieces
    ]
    return fingerprint(json.dumps(said))


def offer_between(earlier: Report, later: Report) -> Offer:
    """Return what the recommendations of a report can take over from an earlier one. Seven statements."""
    rows = Lineage.objects.between(earlier, later).filter(kind__in=SAME_DEMAND, confirmed_at__isnull=False)
    rows = rows.select_related("earlier", "later").order_by("later__position", "pk")
    pairs = [(row, row.earlier, row.later) for row in rows if row.earlier and row.later]
    for _row, old, new in pairs:
        old.report, new.report = earlier, later
    return Offer(carryings_of(pairs))


def carryings_of(
    pairs: Sequence[tuple[Lineage | None, Recommendation, Recommendation]],
) -> list[Carrying]:
    """Return what the later one of each pair can take over; it need not be stored. Six statements.

    Args:
        pairs: the row of the line, if there is one, the earlier and the later recommendation.
    """
    both = [end for _row, *ends in pairs for end in ends]
    given, people = _given(both), _people(both)
    rows = rows_of([(old, new) for _row, old, new in pairs], given)
    return [
        Carrying(row, old, new, _pieces(old, new, given, people) + rows[new.reference])
        for row, old, new in pairs
    ]


def _people(rows: Iterable[Recommendation]) -> dict[int | None, User]:
    """Return {key: person} of everybody who is named on one of them."""
    named = {getattr(row, f"{name}_id") for row in rows for name in NEEDS} - {None}
    return {person.pk: person for person in User.objects.with_rank().filter(pk__in=named)}


def _given(rows: Sequence[Recommendation]) -> dict[str, set[str]]:
    """Return {reference: names of the fields that a person gave to it, or took from it again}."""
    given = {row.reference: _given_by_values(row) for row in rows}
    stored = {row.pk: row.reference for row in rows if row.pk}
    for event in Event.objects.filter(recommendation__in=stored, kind__in=TOLD_BY):
        reference = stored[event.recommendation_id or 0]
        given[reference].update(_given_by(EventKind(event.kind), event.payload))
    return given


def _given_by_values(row: Recommendation) -> set[str]:
    """Return which fields are not as an import alone makes them; a nature can be so in two ways."""
    differs = {name: getattr(row, f"{name}_id") is not None for name in NEEDS}
    differs["short_title"] = row.short_title != first_title_of(row.text)
    differs["pillar"] = bool(row.pillar)
    differs["interval_days"] = row.interval_days != INTERVAL
    return {name for name, is_given in differs.items() if is_given}


def _given_by(kind: EventKind, said: Mapping[str, Any]) -> set[str]:
    """Return which fields an event gave to its recommendation."""
    if kind is EventKind.ASSIGNED:
        return {name for name in NEEDS if said.get(name)}
    if kind is EventKind.RETITLED:
        renamed = {"short_title"} if said.get("before") != said.get("after") else set()
        return renamed | ({"pillar"} if said.get("pillar") else set())
    if kind is EventKind.NATURE_CHANGED:
        return set() if said.get("ask") else {"nature"}
    removed = {f"date {said['removed']}"} if said.get("removed") else set()
    return removed | ({"interval_days"} if said.get("interval_days", INTERVAL) != INTERVAL else set())


def _pieces(
    old: Recommendation,
    new: Recommendation,
    given: Mapping[str, set[str]],
    people: Mapping[int | None, User],
) -> list[Piece]:
    pieces: list[Piece] = []
    named = {name: people.get(getattr(new, f"{name}_id")) for name in NEEDS}
    for name in FIELDS:
        was, now = (
            people.get(getattr(row, f"{name}_id")) if name in NEEDS else getattr(row, name)
            for row in (old, new)
        )
        if name not in given[old.reference] or was in (None, "") or was == now:
            continue
        stays = name in given[new.reference]
        piece = Piece(name, was, now, stays, "" if stays else _why_not(name, was, named))
        if piece.is_taken and name in NEEDS:
            named[name] = was
        pieces.append(piece)
    return pieces


def _why_not(name: str, value: Any, named: Mapping[str, User | None]) -> str:
    """Return why a value cannot be carried over. Args: ``named``, who is on the later one by then."""
    if name not in NEEDS:
        return ""
    role, sentence = NEEDS[name]
    if not value.is_active:
        return _("The access of %(name)s has ended.") % {"name": value}
    if not value.has_role(role):
        return sentence % {"name": value}
    if name == "deputy" and value == named["owner"]:
        return _("%(name)s is the owner.") % {"name": value}
    if name == "owner" and value == named["deputy"]:
        return _("%(name)s is the deputy.") % {"name": value}
    return ""
