"""What a further version of a report's source would change, and what the versions say."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommendations.choices import SourceChange, Tier, VersionReason
from recommendations.errors import Refused
from recommendations.importing import ParsedRecommendation, ParsedReport
from recommendations.lineage import MOST, Match, match
from recommendations.models import (
    Ask,
    Publication,
    Recommendation,
    Report,
    SourceVersion,
    StatusUpdate,
    User,
)
from recommendations.text.diff import Run, word_runs
from recommendations.text.spans import moved

# What a person chose: {position in the new version: key of the earlier recommendation, or None for "new"}.
type Choices = Mapping[int, int | None]


@dataclass(frozen=True)
class Entry:
    """A recommendation of the new version; ``was`` is the one of the report that it is, or may be.

    ``runs`` are its words marked against the earlier ones, where they differ.
    """

    item: ParsedRecommendation
    change: SourceChange
    was: Recommendation | None
    runs: list[Run] = field(default_factory=list)


@dataclass(frozen=True)
class Placed:
    """An ask of a recommendation whose words differ; it has no new place if its words are not there."""

    ask: Ask
    place: tuple[int, int] | None
    before: str
    after: str


@dataclass(frozen=True)
class Further:
    """What a further version changes. Nothing of it is stored."""

    report: Report
    parsed: ParsedReport
    number: int
    reason: VersionReason
    entries: list[Entry]
    gone: list[Recommendation]
    asks: list[Placed]
    chosen_twice: list[Recommendation]
    # Those of which something is published, and which a person says have words that were not recognised.
    told_of_others: list[Recommendation] = field(default_factory=list)

    @property
    def lost(self) -> list[Placed]:
        """The asks that count and whose words are not in the new version."""
        return [one for one in self.asks if one.place is None and one.ask.retired_at is None]

    @property
    def returning(self) -> list[Recommendation]:
        """Those that an earlier version did not have."""
        return [one.was for one in self.entries if one.was and one.was.gone_since is not None]

    def of(self, change: SourceChange) -> list[Entry]:
        """Return the entries of one kind."""
        return [one for one in self.entries if one.change is change]

    @property
    def open_to_choice(self) -> list[Recommendation]:
        """The earlier recommendations that are not word for word in the new version."""
        same = {one.was.pk for one in self.of(SourceChange.SAME) if one.was}
        return [row for row in _rows(self.report) if row.pk not in same]

    @property
    def has_other_tier(self) -> bool:
        """Whether it states a tier, and another one than the report has."""
        return self.parsed.tier not in (Tier.NOT_STATED, self.report.tier)

    @property
    def problems(self) -> list[str]:
        """Why it cannot be added as it is, each a sentence that says what to do."""
        found = [
            _("%(reference)s is chosen for more than one recommendation. Choose it once.")
            % {"reference": row.reference}
            for row in self.chosen_twice
        ]
        found += [
            _(
                "Something of %(reference)s is published, and it was said of other words. Choose another, "
                "or withdraw it first."
            )
            % {"reference": row.reference}
            for row in self.told_of_others
        ]
        if undecided := self.of(SourceChange.UNSURE):
            numbers = ", ".join(str(one.item.position) for one in undecided)
            words = ngettext(
                "Choose for recommendation %(numbers)s of the document which one it is.",
                "Choose for recommendations %(numbers)s of the document which ones they are.",
                len(undecided),
            )
            found.append(words % {"numbers": numbers})
        if self.leaving and not self.parsed.complete:
            words = ngettext(
                "The list of this document is not known to be whole, and %(n)s recommendation of the report "
                "is not in it.",
                "The list of this document is not known to be whole, and %(n)s recommendations of the report "
                "are not in it.",
                len(self.leaving),
            )
            then = _("Bring a whole document, or say how many recommendations there are in the source.")
            found.append(words % {"n": len(self.leaving)} + " " + then)
        return found

    @property
    def leaving(self) -> list[Recommendation]:
        """Those that are in the report's present version and not in the new one."""
        return [row for row in self.gone if row.gone_since is None]

    @property
    def mark(self) -> str:
        """What tells this outcome from another one."""
        said = [
            self.report.sha256,
            self.report.tier,
            self.parsed.sha256,
            self.parsed.complete,
            self.number,
            [
                (one.item.position, one.item.start, one.item.end, one.change, one.was.pk if one.was else None)
                for one in self.entries
            ],
            [row.pk for row in self.gone],
            [(one.ask.pk, one.before, one.place) for one in self.asks],
        ]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:32]


def report_of(parsed: ParsedReport) -> Report | None:
    """Return the report of this country and year, if there is one."""
    return Report.objects.filter(country_code=parsed.country_code, year=parsed.year).first()


def version_with(sha256: str) -> SourceVersion | None:
    """Return the source version that was read from these bytes, if there is one."""
    return SourceVersion.objects.light().select_related("report").filter(sha256=sha256).first()


def further_version(report: Report, parsed: ParsedReport, choices: Choices | None = None) -> Further:
    """Return what a document would change as a further version of a report.

    Args:
        choices: what a person chose; what is left out is as proposed.

    Raises: Refused where a list is longer than any list of a report.
    """
    rows, items = _rows(report), parsed.recommendations
    if max(len(rows), len(items)) > MOST:
        words = _("Lists of more than %(most)s recommendations are not compared.")
        raise Refused(words % {"most": MOST})
    listed = [row for row in rows if row.gone_since is None]
    last = rows.index(listed[-1]) if listed and not report.complete else None
    found = match([row.text for row in rows], [item.text for item in items], last=last)
    entries = [_entry(item, one, rows, choices or {}) for item, one in zip(items, found, strict=True)]
    is_same = all(one.change is SourceChange.SAME for one in entries) and len(entries) == len(listed)
    meant = Counter(one.was for one in entries if one.was)
    return Further(
        report=report,
        parsed=parsed,
        number=report.versions.count() + 1,
        reason=_reason(report, parsed, is_same=is_same),
        entries=entries,
        gone=[row for row in rows if row not in meant],
        asks=_placed(entries),
        chosen_twice=[row for row, times in meant.items() if times > 1],
        told_of_others=_told_of_others(entries, found, rows),
    )


def _told_of_others(
    entries: Sequence[Entry], found: Sequence[Match], rows: Sequence[Recommendation]
) -> list[Recommendation]:
    """Return the recommendations of which something is outside and that a person gave words of another.

    One person would else let be told outside what two people said of other words.
    """
    by_hand = [
        entry.was
        for entry, one in zip(entries, found, strict=True)
        if entry.change is SourceChange.CORRECTED
        and entry.was
        and (one.old is None or rows[one.old] != entry.was or one.change is SourceChange.UNSURE)
    ]
    if not by_hand:
        return []
    outside = Publication.objects.published().filter(update__recommendation__in=by_hand)
    told = set(outside.order_by().values_list("update__recommendation", flat=True))
    return [row for row in by_hand if row.pk in told]


def _reason(report: Report, parsed: ParsedReport, *, is_same: bool) -> VersionReason:
    """Return why a document is one more. Args: ``is_same``, whether it has the same list as the report."""
    if not parsed.complete or (is_same and report.complete):
        return VersionReason.COPY
    return VersionReason.CORRECTED if report.complete else VersionReason.WHOLE


def _rows(report: Report) -> list[Recommendation]:
    """Return the recommendations of a report, those that are gone from its source last."""
    return list(report.recommendations.order_by("position").select_related("owner").prefetch_related("asks"))


def _entry(item: ParsedRecommendation, one: Match, rows: Sequence[Recommendation], choices: Choices) -> Entry:
    was = None if one.old is None else rows[one.old]
    change = one.change
    if change is not SourceChange.SAME and item.position in choices:
        chosen = choices[item.position]
        was = next((row for row in rows if row.pk == chosen), None)
        change = SourceChange.CORRECTED if was else SourceChange.NEW
    differs = was is not None and was.text != item.text
    return Entry(item, change, was, word_runs(was.text, item.text) if was and differs else [])


def _placed(entries: Iterable[Entry]) -> list[Placed]:
    """Return where the asks go of recommendations whose words are corrected."""
    found = []
    for entry in entries:
        if entry.change is not SourceChange.CORRECTED or not entry.was:
            continue
        taken: list[tuple[int, int]] = []
        for ask in sorted(entry.was.asks.all(), key=lambda one: (one.retired_at is not None, one.start)):
            ask.recommendation = entry.was
            place = _place(ask, entry.was.text, entry.item.text)
            # Those that count share no words.
            if place and ask.retired_at is None:
                place = None if any(place[0] < end and start < place[1] for start, end in taken) else place
                taken += [place] if place else []
            after = entry.item.text[slice(*place)] if place else ""
            found.append(Placed(ask, place, ask.words, after))
    return found


def _place(ask: Ask, old: str, new: str) -> tuple[int, int] | None:
    if ask.lost_words:
        return moved(0, len(ask.lost_words), ask.lost_words, new)
    return moved(ask.start, ask.end, old, new)


@dataclass(frozen=True)
class Leaving:
    """A recommendation that a version does not have, and what was done on it that the reader can see."""

    recommendation: Recommendation
    updates: int
    asks: int


def with_work(rows: Iterable[Recommendation], person: User) -> list[Leaving]:
    """Return recommendations with their asks, and how many updates of them ``person`` can see."""
    rows = list(rows)
    seen = StatusUpdate.objects.visible_to(person).filter(recommendation__in=rows)
    counts = Counter(seen.order_by().values_list("recommendation", flat=True)) if rows else Counter()
    return [
        Leaving(row, counts[row.pk], sum(ask.retired_at is None for ask in row.asks.all())) for row in rows
    ]
