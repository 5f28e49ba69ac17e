"""The asks and the open review dates that a recommendation can take over from an earlier one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommendations.choices import Status
from recommendations.models import Ask, DatedReason, Recommendation
from recommendations.selectors.carried_pieces import AskPiece, DatePiece, Piece
from recommendations.text.spans import places_of


def rows_of(
    pairs: Sequence[tuple[Recommendation, Recommendation]], given: Mapping[str, set[str]]
) -> dict[str, list[Piece]]:
    """Return {reference of the later one: what of rows it can take over}. Two statements.

    Args:
        pairs: the earlier and the later recommendation, which need not be stored.
        given: {reference: what people gave to it, or took from it again}.
    """
    stored = [row.pk for pair in pairs for row in pair if row.pk]
    asks: dict[int | None, list[Ask]] = {}
    for ask in Ask.objects.filter(recommendation__in=stored).order_by("position"):
        asks.setdefault(ask.recommendation_id, []).append(ask)
    dates: dict[int | None, list[DatedReason]] = {}
    for one in DatedReason.objects.filter(recommendation__in=stored).select_related("moment"):
        dates.setdefault(one.recommendation_id, []).append(one)
    return {
        new.reference: [
            *_asks(old, new, asks.get(old.pk, []), asks.get(new.pk, [])),
            *_dates(dates.get(old.pk, []), dates.get(new.pk, []), given[new.reference]),
        ]
        for old, new in pairs
    }


def _asks(
    old: Recommendation, new: Recommendation, were: Iterable[Ask], there: Sequence[Ask]
) -> Iterator[AskPiece]:
    """Yield the asks of the earlier one that the later one has not; one that was retired there is had."""
    had = {(ask.start, ask.end) for ask in there}
    taken = [(ask.start, ask.end, ask.title) for ask in there if not ask.retired_at]
    living = [ask for ask in were if not ask.retired_at]
    for ask in living:
        places = places_of(old.text[ask.start : ask.end], new.text)
        if had & set(places):
            continue
        if not places and len(living) <= len(there):
            continue  # Somebody has added others by hand.
        why = _why_no_ask(ask, new, places, taken)
        if not why:
            taken.append((*places[0], ask.title))
        yield AskPiece("ask", ask, None, why=why, place=places[0] if places else (0, 0))


def _why_no_ask(
    ask: Ask,
    new: Recommendation,
    places: Sequence[tuple[int, int]],
    taken: Iterable[tuple[int, int, str]],
) -> str:
    """Return why an ask cannot be carried over; "" if it can. Args: ``taken``, words that are asks there."""
    if ask.retire_proposed_at:
        return _("It is proposed to retire it. Decide on that first.")
    if new.status != Status.NOT_ASSESSED:
        return _("The recommendation was assessed in the meantime. Add the ask by hand.")
    if not places:
        return _("Its words are not in the new text. Add an ask by hand, or the other asks decide alone.")
    if len(places) > 1:
        words = ngettext(
            "Its words are in the new text %(n)s time. Add the ask by hand.",
            "Its words are in the new text %(n)s times. Add the ask by hand.",
            len(places),
        )
        return words % {"n": len(places)}
    for start, end, title in taken:
        if places[0][0] < end and start < places[0][1]:
            return _("Some of its words belong to the ask “%(ask)s” there.") % {"ask": title}
    return ""


def _dates(were: Iterable[DatedReason], there: Iterable[DatedReason], given: set[str]) -> Iterator[DatePiece]:
    """Yield the open dates of the earlier one that the later one has not, and that nobody removed there."""
    had = {said_of(one) for one in there}
    for one in were:
        is_removed = f"date {one.on.isoformat()}" in given
        if one.answered_by_id is None and said_of(one) not in had and not is_removed:
            yield DatePiece("date", one, None)


def said_of(one: DatedReason) -> tuple[object, ...]:
    """Return all that a review date says: two that say the same are the same date."""
    return (one.on, one.source, one.moment_id, one.moment_on, one.weeks_before, one.what_for)
