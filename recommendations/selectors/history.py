"""What the page of a recommendation shows: its history, what is open, and what its status is based on."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Exists, OuterRef, Q

from recommendations.choices import (
    LEAST_ADVANCED_FIRST,
    OPEN_STATES,
    Status,
    UpdateKind,
    UpdateState,
)
from recommendations.models import (
    Advocacy,
    Ask,
    BaselineClaim,
    Citation,
    Evidence,
    Lineage,
    Moment,
    PlaceLooked,
    Recommendation,
    Report,
    StatusUpdate,
    Tag,
    User,
    Wording,
)
from recommendations.rules.dates import quarter_start
from recommendations.rules.moments import Occurrence, coming
from recommendations.rules.status import is_look
from recommendations.selectors.cut_lists import Cut, cut_rows

# More of it is in the advocacy log.
OWN_WORK_SHOWN = 5


@dataclass(slots=True)
class Entry:
    """One approved update in the history, with what can be shown of it.

    ``before`` is the status that it changed, and empty if it changed none. ``corrects`` is the update that it
    replaces, if the reader can see that one; ``corrected_by`` is the reverse. ``is_in_force`` is false for an
    update that was corrected, also if the reader cannot see the correction.
    """

    update: StatusUpdate
    citations: list[Citation] = field(default_factory=list)
    places: list[PlaceLooked] = field(default_factory=list)
    before: str = ""
    corrects: StatusUpdate | None = None
    corrected_by: StatusUpdate | None = None
    is_in_force: bool = True


@dataclass(slots=True)
class Story:
    """The history of a recommendation, newest first, and the updates that are still open."""

    entries: list[Entry]
    open_updates: list[StatusUpdate]


def recommendation_for(user: User, reference: str, today: date) -> Recommendation:
    """Return the recommendation of this reference, with its report and people.

    One statement: read with it are whether a moment is still to come (``has_moments``), whether its country
    has another report (``has_others``), whether anything is confirmed about it and that (``is_tied``),
    whether it has baseline claims and tags (``has_claims``, ``has_tags``), and whether a source version has
    other words of it (``is_reworded``).

    Raises: Recommendation.DoesNotExist, also when ``user`` cannot see it.
    """
    found = Recommendation.objects.visible_to(user).select_related(
        "report", "owner", "deputy", "current_update__ask"
    )
    lines = Lineage.objects.exclude(confirmed_at=None)
    found = found.annotate(
        has_moments=Exists(Moment.objects.visible_to(user).still_coming(today)),
        has_others=Exists(
            Report.objects.visible_to(user)
            .filter(country_code=OuterRef("report__country_code"))
            .exclude(pk=OuterRef("report"))
        ),
        is_tied=Exists(lines.filter(Q(earlier=OuterRef("pk")) | Q(later=OuterRef("pk")))),
        has_claims=Exists(BaselineClaim.objects.filter(recommendation=OuterRef("pk"), removed_at=None)),
        has_tags=Exists(Tag.objects.filter(recommendation=OuterRef("pk"))),
        is_reworded=Exists(
            Wording.objects.filter(recommendation=OuterRef("pk")).exclude(text=OuterRef("text"))
        ),
    )
    return found.defer("report__source_bytes").get(reference=reference)


def story(recommendation: Recommendation, user: User) -> Story:
    """Return what ``user`` can read about the updates of a recommendation. Three statements."""
    seen = StatusUpdate.objects.visible_to(user).exclude(state=UpdateState.WITHDRAWN)
    rows = StatusUpdate.objects.filter(recommendation=recommendation)
    rows = rows.annotate(is_seen=Exists(seen.filter(pk=OuterRef("pk")))).with_in_force().newest_first()
    # What the reader cannot see says only what was before the next one.
    rows = rows.filter(Q(is_seen=True) | Q(counts_at__isnull=False))
    everything = list(rows.select_related("author", "approved_by", "ask").with_repeated().with_holders())
    updates = [one for one in everything if one.is_seen]
    entries = [
        Entry(one, is_in_force=one.is_in_force) for one in updates if one.state == UpdateState.APPROVED
    ]
    by_id = {entry.update.pk: entry for entry in entries}
    _attach(by_id, recommendation, user)
    _tie_corrections(by_id)
    _mark_joints(by_id, everything)
    return Story(entries, [one for one in updates if one.state in OPEN_STATES])


def _attach(by_id: Mapping[int, Entry], recommendation: Recommendation, user: User) -> None:
    """Give each entry its visible citations and its places."""
    # Of these alone: another may have been approved since they were read.
    cited = Citation.objects.counted_for(user).filter(
        update__recommendation=recommendation, update__in=list(by_id)
    )
    for citation in cited.select_related("evidence").order_by("pk"):
        by_id[citation.update_id].citations.append(citation)
    for place in PlaceLooked.objects.filter(update__in=list(by_id)).order_by("position"):
        by_id[place.update_id].places.append(place)


def _tie_corrections(by_id: Mapping[int, Entry]) -> None:
    for entry in by_id.values():
        corrects = entry.update.corrects_id
        if corrected := by_id.get(corrects) if corrects else None:
            entry.corrects, corrected.corrected_by = corrected.update, entry.update


def _mark_joints(by_id: Mapping[int, Entry], newest_first: Sequence[StatusUpdate]) -> None:
    """Mark the assessments in force that changed the status, from the oldest to the newest."""
    statuses: dict[int | None, str] = {}
    for update in reversed(newest_first):
        if not (update.is_in_force and update.counts_at and update.kind == UpdateKind.ASSESSMENT):
            continue
        before = statuses.get(update.ask_id, Status.NOT_ASSESSED)
        if is_look(update) and before in LEAST_ADVANCED_FIRST:
            continue
        if update.status != before and update.pk in by_id:
            by_id[update.pk].before = before
        statuses[update.ask_id] = update.status


def asks_of(recommendation: Recommendation, seen: Collection[int]) -> list[Ask]:
    """Return the asks that count, in the order of the text; no statement for one that is not split.

    Args:
        seen: the updates that the reader can see; an ask whose status rests on another ``hides_reason``.
    """
    if not recommendation.split:
        return []
    asks = list(recommendation.asks.filter(retired_at=None).order_by("start"))
    for ask in asks:
        ask.recommendation = recommendation
        ask.hides_reason = ask.current_update_id not in (None, *seen)
    return asks


@dataclass(slots=True)
class Coverage:
    """What the status of a recommendation is based on, as far as the reader can see it."""

    evidence: int
    origins: int
    verified_this_quarter: bool


def coverage(recommendation: Recommendation, entries: Iterable[Entry], today: date) -> Coverage:
    """Count evidence items and independent origins of the history's entries."""
    items = {citation.evidence_id: citation.evidence for entry in entries for citation in entry.citations}
    verified = recommendation.last_verified_on
    return Coverage(
        len(items), independent_origins(items.values()), bool(verified and verified >= quarter_start(today))
    )


def independent_origins(items: Iterable[Evidence]) -> int:
    """Count who first published the items: five papers that print the same report are one origin.

    Items that name nobody are not counted as one: nobody knows whether they are independent.
    """
    return len({item.origin_key for item in items} - {""})


@dataclass(slots=True)
class OwnWork:
    """What the team did itself about a recommendation, the latest first, and the next moment, if any."""

    entries: Cut[Advocacy]
    moment: Occurrence[Moment] | None


def own_work(recommendation: Recommendation, user: User, today: date, *, has_moments: bool) -> OwnWork:
    """Return what ``user`` can read of the advocacy about a recommendation. One statement, or two.

    Args:
        has_moments: whether any moment is still to come (``recommendation_for``).
    """
    about = Advocacy.objects.visible_to(user).filter(recommendations=recommendation)
    entries = cut_rows(about.select_related("next_owner"), OWN_WORK_SHOWN)
    if not has_moments:
        return OwnWork(entries, None)
    moments = coming(Moment.objects.visible_to(user).still_coming(today).bearing_on(recommendation), today)
    return OwnWork(entries, moments[0] if moments else None)
