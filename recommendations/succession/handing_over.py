"""Handing over to a report that is being imported: its lines to the one before, and what they carry over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from recommendations.choices import EventKind
from recommendations.errors import Refused
from recommendations.models import Ask, Lineage, Report, User
from recommendations.rules.lineage import ChosenLine, broken_lines
from recommendations.selectors.carrying_over import Carrying, mark_of, offer_between
from recommendations.selectors.lines import line_of
from recommendations.succession import carrying, lines


@dataclass(frozen=True)
class Succession:
    """What an import takes over from an earlier report: the lines that somebody confirms with it.

    ``seen`` is the mark of what is carried over, as the page showed it; None where no page did.
    """

    earlier: Report
    lines: Sequence[ChosenLine]
    seen: str | None = None


@dataclass(frozen=True)
class HandedOver:
    """What was stored, to be recorded once all is."""

    rows: list[Lineage]
    carried: list[tuple[Carrying, list[Ask]]]


def hand_over(succession: Succession, later: Report, actor: User, now: datetime) -> HandedOver:
    """Store lines from an earlier report, which is locked, to one that was just imported, and carry over.

    Raises: ValidationError of lines that cannot be, by their place; Refused where something else would be
    carried over than was shown.
    """
    earlier = succession.earlier
    old = {row.reference: row for row in earlier.recommendations.listed()}
    new = {row.position: row for row in later.recommendations.all()}
    check(
        succession.lines,
        old={row.reference: row.text for row in old.values()},
        new={row.position: row.text for row in new.values()},
        earlier=earlier,
        later_is_whole=later.complete,
    )
    confirmed = [
        line_of([old[one] for one in line.old], [new[one] for one in line.new], line.kind)
        for line in succession.lines
    ]
    rows = lines.keep(confirmed, earlier, later, actor, now)
    positions = {line.new[0] for line in succession.lines if line.carries and line.new}
    carrying.hold_moments(earlier)
    offered = offer_between(earlier, later).ready
    carried = [one for one in offered if one.later.position in positions]
    if succession.seen is not None and mark_of(carried) != succession.seen:
        raise Refused(
            _(
                "Something was changed in %(report)s after you opened this page, so nothing was imported. "
                "The page shows how it is now."
            )
            % {"report": earlier}
        )
    return HandedOver(rows, [(one, carrying.write(one, actor, now)) for one in carried])


def check(
    chosen: Sequence[ChosenLine],
    *,
    old: dict[str, str],
    new: dict[int, str],
    earlier: Report,
    later_is_whole: bool,
) -> None:
    """Check lines that somebody chose. Raises: ValidationError, {place among them: sentence}."""
    whole = {"earlier_is_whole": earlier.complete, "later_is_whole": later_is_whole}
    if problems := broken_lines(chosen, old, new, **whole):
        raise ValidationError({str(place): sentence for place, sentence in problems.items()})


def record(handed: HandedOver, actor: User, now: datetime) -> None:
    """Record the lines, then what each recommendation took over."""
    lines.record(EventKind.LINE_CONFIRMED, handed.rows, actor, now)
    for one, asks in handed.carried:
        carrying.record(one, asks, actor, now)
