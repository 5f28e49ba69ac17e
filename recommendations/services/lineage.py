"""Lines between the recommendations of two reports: a reviewer confirms them, and can undo that.

Proposals are not stored: they follow from the two lists and from what is confirmed (``selectors.lines``).
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from recommendations.choices import EventKind, LineageKind, Role
from recommendations.errors import Refused
from recommendations.models import Lineage, Recommendation, Report, User
from recommendations.models.locking import locked, still_there
from recommendations.rules.lineage import broken_line
from recommendations.selectors.lines import Line, lines_between
from recommendations.succession import lines


@transaction.atomic
def confirm(
    *,
    earlier: Report,
    later: Report,
    old: Collection[int],
    new: Collection[int],
    kind: LineageKind,
    actor: User,
    now: datetime,
) -> Line:
    """Confirm a line, as it was proposed or changed by hand.

    Args:
        earlier, later: two reports of one country.
        old: positions in the earlier report; empty for what is new.
        new: positions in the later report; empty for what was dropped.
        actor: a reviewer.

    Returns: the line.

    Raises: Refused when the actor is no reviewer; Gone; ValidationError when a position does not exist or is
    in a confirmed line, or when the rules of the kind are broken.
    """
    earlier, later = _locked_for(actor, earlier, later)
    olds, news = _named(earlier, old, "old"), _named(later, new, "new")
    wrong = broken_line(
        [row.text for row in olds],
        [row.text for row in news],
        kind,
        earlier_is_whole=earlier.complete,
        later_is_whole=later.complete,
    )
    if wrong:
        raise ValidationError(wrong)
    _refuse_confirmed(earlier, later, olds, news)
    line = Line(olds, news, kind)
    _confirm([line], earlier, later, actor, now)
    return line


@transaction.atomic
def confirm_same(*, earlier: Report, later: Report, actor: User, now: datetime) -> int:
    """Confirm every proposed line whose words are the same. Returns: how many.

    Raises: Refused when the actor is no reviewer; Gone.
    """
    earlier, later = _locked_for(actor, earlier, later)
    found = lines_between(earlier, later).same
    _confirm(found, earlier, later, actor, now)
    return len(found)


@transaction.atomic
def undo(*, earlier: Report, later: Report, row: int, actor: User, now: datetime) -> Line:
    """Undo the confirmation of a line: it is proposed anew, as the lists are.

    Args:
        row: the key of one of its rows.

    Returns: the line as it was.

    Raises: Refused when the actor is no reviewer; Gone, also when the line was undone meanwhile.
    """
    earlier, later = _locked_for(actor, earlier, later)
    found = still_there(Lineage.objects.between(earlier, later), row)
    line = next(
        one
        for one in lines_between(earlier, later).confirmed
        if found.earlier in one.old or found.later in one.new
    )
    rows = _rows_of(line, earlier, later)
    Lineage.objects.filter(pk__in=[one.pk for one in rows]).delete()
    lines.record(EventKind.LINE_UNDONE, rows, actor, now)
    return line


def _locked_for(actor: User, earlier: Report, later: Report) -> tuple[Report, Report]:
    if not actor.has_role(Role.REVIEWER):
        raise Refused(_("Only reviewers can confirm lines between reports and undo that."))
    rows = {row.pk: locked(row) for row in sorted((earlier, later), key=lambda row: row.pk)}
    earlier, later = rows[earlier.pk], rows[later.pk]
    if earlier.country_code != later.country_code or earlier.year >= later.year:
        raise Refused(_("Lines lead from a report to an earlier one of the same country."))
    return earlier, later


def _named(report: Report, positions: Collection[int], field: str) -> list[Recommendation]:
    """Return the recommendations at these positions. Raises: ValidationError for one that is not there."""
    found = {row.position: row for row in report.recommendations.listed().filter(position__in=positions)}
    for position in sorted(positions):
        if position not in found:
            about = {"report": report, "position": position}
            raise ValidationError({field: _("%(report)s has no recommendation %(position)s.") % about})
    return [found[position] for position in sorted(found)]


def _refuse_confirmed(
    earlier: Report, later: Report, olds: Sequence[Recommendation], news: Sequence[Recommendation]
) -> None:
    rows = Lineage.objects.between(earlier, later).exclude(confirmed_at=None)
    for field, report, chosen, ends in (
        ("old", earlier, olds, rows.values_list("earlier", flat=True)),
        ("new", later, news, rows.values_list("later", flat=True)),
    ):
        taken = [row.position for row in chosen if row.pk in set(ends)]
        if taken:
            about = {"report": report, "position": taken[0]}
            words = _(
                "Recommendation %(position)s of %(report)s is in a confirmed line already. Undo that first."
            )
            raise ValidationError({field: words % about})


def _confirm(found: Iterable[Line], earlier: Report, later: Report, actor: User, now: datetime) -> None:
    lines.record(EventKind.LINE_CONFIRMED, lines.keep(found, earlier, later, actor, now), actor, now)


def _rows_of(line: Line, earlier: Report, later: Report) -> list[Lineage]:
    rows = Lineage.objects.between(earlier, later).select_related("earlier__report", "later__report")
    olds, news = ({row.pk for row in side} for side in (line.old, line.new))
    return [row for row in rows.order_by("pk") if row.earlier_id in olds or row.later_id in news]
