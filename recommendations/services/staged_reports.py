"""Bringing a narrative, and correcting the list that was read from it before it is imported."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import TypedDict

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from recommendations.choices import LineageKind, Role, SourceForm
from recommendations.documents import Document
from recommendations.errors import Refused
from recommendations.importing import NotANarrative, ParsedReport, parse
from recommendations.models import Report, StagedReport, User
from recommendations.models.locking import locked
from recommendations.rules import list_corrections
from recommendations.rules.conflicts import fingerprint
from recommendations.rules.lineage import ChosenLine
from recommendations.succession import handing_over

STAGED_FOR = timedelta(days=1)
CHANGED = _lazy("You changed the list in another window. It is shown here as it is now.")
LINES_CHANGED = _lazy("You changed the lines or the list in another window. They are shown as they are now.")
# More would be no list of recommendations.
MOST = 200


class Act(TypedDict, total=False):
    """One act on the list: its name, which recommendation (from 1), and words."""

    name: str
    number: int
    words: str


@transaction.atomic
def bring(
    *,
    document: Document,
    person: User,
    now: datetime,
    source_name: str,
    country: str | None,
    year: int | None,
) -> StagedReport:
    """Keep a narrative for its person, with the list that was read from it.

    Raises: Refused when the person is not a manager; NotANarrative with a sentence.
    """
    if not person.has_role(Role.MANAGER):
        raise Refused(_("Only managers can import reports."))
    parsed = parse(document.text, sha256=document.sha256, country=country, year=year)
    if len(parsed.recommendations) > MOST:
        words = _("%(n)s recommendations were read, and no list has more than %(most)s.")
        raise NotANarrative(words % {"n": len(parsed.recommendations), "most": MOST})
    return StagedReport.objects.create(
        brought_by=person,
        brought_at=now,
        source_name=source_name[:255],
        source_bytes=document.data,
        source_form=document.form,
        text=document.text,
        country=country or "",
        year=year,
        spans=[[item.start, item.end] for item in parsed.recommendations],
    )


def document_of(*, staged: StagedReport) -> Document:
    """Return the document as it was brought, with the text that was read from it then."""
    return Document(bytes(staged.source_bytes), staged.text, SourceForm(staged.source_form))


def as_read(*, staged: StagedReport) -> ParsedReport:
    """Return what was read from the document, before any correction."""
    document = document_of(staged=staged)
    return parse(document.text, sha256=document.sha256, country=staged.country or None, year=staged.year)


def as_corrected(*, staged: StagedReport) -> ParsedReport:
    """Return the report as it would be imported."""
    return list_corrections.with_list(as_read(staged=staged), _spans(staged), staged.expected)


@transaction.atomic
def correct(*, staged: StagedReport, act: Act, seen: str) -> StagedReport:
    """Do one act on the list.

    Args:
        seen: ``mark_of`` the list that the page showed.

    Raises: Refused where the list is another one by now; CannotCorrect with a sentence.
    """
    staged = _as_seen(staged, seen)
    number = act.get("number", 0) - 1
    spans = _spans(staged)
    if act["name"] != "add" and not 0 <= number < len(spans):
        raise Refused(_("There is no such recommendation in the list. It is shown here as it is now."))
    text = staged.text
    words = act.get("words", "")
    acts = {
        "split": partial(list_corrections.split, text, spans, number, words),
        "join": partial(list_corrections.join, text, spans, number),
        "remove": partial(list_corrections.remove, spans, number),
        "add": partial(list_corrections.add, text, spans, words),
        "up": partial(list_corrections.move, spans, number, -1),
        "down": partial(list_corrections.move, spans, number, 1),
    }
    found = acts[act["name"]]()
    if len(found) > MOST:
        raise Refused(_("A list has no more than %(most)s recommendations.") % {"most": MOST})
    staged.spans = [list(span) for span in found]
    staged.save(update_fields=["spans"])
    return staged


@transaction.atomic
def read_again(*, staged: StagedReport, seen: str) -> StagedReport:
    """Undo all corrections: the list is again as it was read.

    Args:
        seen: ``mark_of`` the list that the page showed.

    Raises: Refused where the list is another one by now.
    """
    staged = _as_seen(staged, seen)
    staged.spans = [[item.start, item.end] for item in as_read(staged=staged).recommendations]
    staged.save(update_fields=["spans"])
    return staged


@transaction.atomic
def expect(*, staged: StagedReport, number: int | None, seen: str) -> StagedReport:
    """Say how many recommendations there are in the source; None takes that back.

    Args:
        seen: ``mark_of`` the list that the page showed.

    Raises: Refused where the list is another one by now.
    """
    staged = _as_seen(staged, seen)
    staged.expected = number
    staged.save(update_fields=["expected"])
    return staged


@transaction.atomic
def choose(*, staged: StagedReport, earlier: Report, lines: Sequence[ChosenLine], seen: str) -> StagedReport:
    """Say which lines to an earlier report the import confirms, and which of them carry over.

    Args:
        seen: ``mark_of_lines`` of what the page showed.

    Raises: Refused where it is other lines or another list by now; ValidationError of lines that cannot be,
    by their place.
    """
    staged = locked(staged)
    if seen != mark_of_lines(staged=staged):
        raise Refused(str(LINES_CHANGED))
    parsed = as_corrected(staged=staged)
    handing_over.check(
        lines,
        old=dict(earlier.recommendations.listed().values_list("reference", "text")),
        new={item.position: item.text for item in parsed.recommendations},
        earlier=earlier,
        later_is_whole=parsed.complete,
    )
    staged.lines = [
        {
            "old": list(line.old),
            "new": [staged.spans[position - 1] for position in line.new],
            "kind": str(line.kind),
            "carries": line.carries,
        }
        for line in lines
    ]
    staged.save(update_fields=["lines"])
    return staged


def lines_of(*, staged: StagedReport, earlier: Report) -> list[ChosenLine]:
    """Return the lines that were chosen, of recommendations that are still in both lists."""
    there = set(earlier.recommendations.listed().values_list("reference", flat=True))
    places = {(start, end): position for position, (start, end) in enumerate(_spans(staged), 1)}
    found = []
    for line in staged.lines:
        spans = [(start, end) for start, end in line["new"]]
        if there.issuperset(line["old"]) and places.keys() >= set(spans):
            new = tuple(sorted(places[span] for span in spans))
            found.append(ChosenLine(tuple(line["old"]), new, LineageKind(line["kind"]), line["carries"]))
    return found


def drop(*, staged: StagedReport) -> None:
    """Remove what was brought, once it is imported."""
    staged.delete()


def mark_of(*, staged: StagedReport) -> str:
    """Return what tells a list, with the number that is expected, from another one."""
    numbers = "-".join(f"{start}.{end}" for start, end in staged.spans)
    return f"{numbers}-{staged.expected or ''}"


def mark_of_lines(*, staged: StagedReport) -> str:
    """Return what tells the list and the lines that were chosen from others."""
    return fingerprint(json.dumps([mark_of(staged=staged), staged.lines]))


def sweep(*, now: datetime) -> int:
    """Remove what nobody confirmed within a day. Returns: how many."""
    number, _by_model = StagedReport.objects.filter(brought_at__lt=now - STAGED_FOR).delete()
    return number


def _as_seen(staged: StagedReport, seen: str) -> StagedReport:
    staged = locked(staged)
    if seen != mark_of(staged=staged):
        raise Refused(str(CHANGED))
    return staged


def _spans(staged: StagedReport) -> list[tuple[int, int]]:
    return [(start, end) for start, end in staged.spans]
