"""What the page of a recommendation shows: its history, what is open, and what its status is based on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from recommendations.choices import (
    LEAST_ADVANCED_FIRST,
    OPEN_STATES,
    Sensitivity,
    Status,
    UpdateKind,
    UpdateState,
)
from recommendations.models import (
    Advocacy,
    Ask,
    Citation,
    Evidence,
    Moment,
    PlaceLooked,
    Recommendation,
    StatusUpdate,
    User,
)
from recommendations.rules.dates import quarter_start
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


def recommendation_for(user: User, reference: str) -> Recommendation:
    """Return the recommendation of this reference with its report and people; one statement.

    Raises: Recommendation.DoesNotExist, also when ``user`` cannot see it.
    """
    found = Recommendation.objects.visible_to(user).select_related(
        "report", "owner", "deputy", "current_update__ask"
    )
    return found.defer("report__source_bytes").get(reference=reference)


def story(recommendation: Recommendation, user: User) -> Story:
    """Return what ``user`` can read about the updates of a recommendation. Three statements."""
    seen = StatusUpdate.objects.visible_to(user).filter(recommendation=recommendation)
    seen = (
        seen.exclude(state=UpdateState.WITHDRAWN)
        .with_in_force()
        .select_related("author", "approved_by", "ask")
        .with_holders()
    )
    updates = list(seen.newest_first())
    entries = [
        Entry(one, is_in_force=one.is_in_force) for one in updates if one.state == UpdateState.APPROVED
    ]
    by_id = {entry.update.pk: entry for entry in entries}
    _attach(by_id, recommendation, user)
    _tie_corrections(by_id)
    _mark_joints(entries)
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


def _mark_joints(entries: list[Entry]) -> None:
    """Mark the assessments in force that changed the status, from the oldest to the newest."""
    statuses: dict[int | None, str] = {}
    for entry in reversed(entries):
        update = entry.update
        is_counted = update.sensitivity != Sensitivity.RESTRICTED
        if entry.is_in_force and is_counted and update.kind == UpdateKind.ASSESSMENT:
            before = statuses.get(update.ask_id, Status.NOT_ASSESSED)
            if is_look(update) and before in LEAST_ADVANCED_FIRST:
                continue
            if update.status != before:
                entry.before = before
            statuses[update.ask_id] = update.status


def asks_of(recommendation: Recommendation) -> list[Ask]:
    """Return the asks that count, in the order of the text; no statement for one that is not split."""
    if not recommendation.split:
        return []
    asks = list(recommendation.asks.filter(retired_at=None).order_by("start"))
    for ask in asks:
        ask.recommendation = recommendation
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
    moment: Moment | None


def own_work(recommendation: Recommendation, user: User, today: date) -> OwnWork:
    """Return what ``user`` can read of the advocacy about a recommendation. Two statements."""
    about = Advocacy.objects.visible_to(user).filter(recommendations=recommendation)
    coming = Moment.objects.visible_to(user).filter(on__gte=today)
    return OwnWork(cut_rows(about.select_related("next_owner"), OWN_WORK_SHOWN), coming.first())
