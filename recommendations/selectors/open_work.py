"""What is open on a report, and what can become of it: finished, moved to the next report, or withdrawn.

Everybody finds their own; a manager also finds what others handed in, as far as they can see it. Of drafts of
others, and of what is restricted to others, nothing is said and nothing counted here: it is for its author.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from recommendations.choices import OPEN_STATES, SAME_DEMAND, LineageKind, Role, UpdateState
from recommendations.models import Lineage, Recommendation, Report, StatusUpdate, User
from recommendations.selectors.unconfirmed import kept_apart

# The long columns of a report, which no list needs.
LONG = ("later__report__source_bytes", "later__report__text")


@dataclass(frozen=True)
class OpenUpdate:
    """One open update, and what this person can do with it.

    ``why_not_moved`` and ``why_not_withdrawn`` are sentences, empty where they can. ``changes`` says what
    becomes different by moving it.
    """

    update: StatusUpdate
    successor: Recommendation | None
    why_not_moved: str
    why_not_withdrawn: str
    changes: list[str]
    is_own: bool


def open_work(report: Report, person: User, now: datetime) -> list[OpenUpdate]:
    """Return what is open on a report for ``person``: their own, and for a manager what others handed in."""
    rows = StatusUpdate.objects.visible_to(person).filter(recommendation__report=report)
    return judged(rows.order_by("-state", "recommendation__position", "pk"), person, now)


def movable(work: Iterable[OpenUpdate]) -> int:
    """Return how many of these can be moved."""
    return sum(not one.why_not_moved for one in work)


def open_of_all(person: User) -> Q:
    """Match the open updates on which ``person`` can act."""
    own = Q() if person.has_role(Role.MANAGER) else Q(author=person)
    return own & Q(state__in=OPEN_STATES)


def judged(rows: QuerySet[StatusUpdate], person: User, now: datetime) -> list[OpenUpdate]:
    """Return what ``person`` can do with each of these updates that is open. Six statements at most."""
    rows = rows.filter(open_of_all(person)).select_related("recommendation__report", "author", "ask")
    rows = rows.defer("recommendation__report__source_bytes", "recommendation__report__text")
    updates = list(rows.prefetch_related(Prefetch("taken_by", User.objects.with_rank())))
    successors = successors_of(update.recommendation_id for update in updates)
    parts = _parts_of(one.recommendation_id for one in updates if one.recommendation_id not in successors)
    there = _open_there(updates, successors, person)
    apart = kept_apart() if updates else {}
    return [
        _judged(
            update,
            successors.get(update.recommendation_id),
            parts.get(update.recommendation_id, []),
            there,
            apart,
            person,
            now,
        )
        for update in updates
    ]


def _judged(
    update: StatusUpdate,
    successor: Recommendation | None,
    parts: Sequence[str],
    there: Iterable[StatusUpdate],
    apart: Mapping[int, Collection[int]],
    person: User,
    now: datetime,
) -> OpenUpdate:
    is_own = update.author_id == person.pk
    holder = update.held_by(now)
    in_hands = ""
    if holder and not is_own and holder != person:
        in_hands = _("%(name)s is reviewing it.") % {"name": holder}
    kept = ""
    if not is_own and person.pk in apart.get(update.author_id, ()):
        kept = _("An account has to be confirmed by a second manager first.")
    return OpenUpdate(
        update,
        successor,
        _why_not_moved(update, successor, parts) or in_hands,
        in_hands or kept,
        [*_changes(update, is_own), *_beside(update, successor, there, is_own)],
        is_own,
    )


def successors_of(recommendations: Iterable[int]) -> dict[int, Recommendation]:
    """Return {key: the recommendation of the latest followed report to which a confirmed line ties it}.

    Only a line of one to one leads on. One statement, none for no recommendation.
    """
    wanted = set(recommendations)
    if not wanted:
        return {}
    lines = Lineage.objects.filter(earlier__in=wanted, kind__in=SAME_DEMAND, confirmed_at__isnull=False)
    lines = lines.filter(
        later__in=Recommendation.objects.tracked(), later__report__year__gt=F("earlier__report__year")
    )
    lines = lines.select_related("later__report").defer(*LONG).order_by("later__report__year", "pk")
    return {line.earlier_id: line.later for line in lines if line.earlier_id and line.later}


def _parts_of(recommendations: Iterable[int]) -> dict[int, list[str]]:
    """Return {key: references of the recommendations of followed later reports into which it was split}.

    Those of the latest of these reports. One statement, none for no recommendation.
    """
    wanted = set(recommendations)
    if not wanted:
        return {}
    lines = Lineage.objects.filter(earlier__in=wanted, kind=LineageKind.SPLIT, confirmed_at__isnull=False)
    lines = lines.filter(later__in=Recommendation.objects.tracked())
    rows = lines.order_by("later__report__year", "later__position").values_list(
        "earlier", "later__report", "later__reference"
    )
    found: dict[int, dict[int, list[str]]] = {}
    for earlier, report, reference in rows:
        found.setdefault(earlier, {}).setdefault(report, []).append(reference)
    return {earlier: list(by_report.values())[-1] for earlier, by_report in found.items()}


def _open_there(
    updates: Iterable[StatusUpdate], successors: Mapping[int, Recommendation], person: User
) -> list[StatusUpdate]:
    """Return what ``person`` can see of the open updates on the successors by the authors of these updates.

    One statement, none for no successor. Of drafts of others nothing is told.
    """
    if not successors:
        return []
    rows = StatusUpdate.objects.visible_to(person).filter(
        state__in=OPEN_STATES,
        recommendation__in=[one.pk for one in successors.values()],
        author__in={update.author_id for update in updates},
    )
    return list(rows.only("pk", "author", "recommendation", "state"))


def _beside(
    update: StatusUpdate, successor: Recommendation | None, there: Iterable[StatusUpdate], is_own: bool
) -> list[str]:
    """Return what is said of another open update of the same author where this one would go."""
    states = {
        one.state
        for one in there
        if successor and (one.recommendation_id, one.author_id) == (successor.pk, update.author_id)
    }
    if not states:
        return []
    if not is_own:
        return [_("%(name)s has another open update there.") % {"name": update.author}]
    if UpdateState.DRAFT in states:
        return [_("You have another draft there.")]
    return [_("You have another update there that nobody has decided yet.")]


def _why_not_moved(update: StatusUpdate, successor: Recommendation | None, parts: Sequence[str]) -> str:
    if not update.is_assessment:
        return _("A check confirms an assessment of this report, so it stays here.")
    if successor is None:
        return _why_no_successor(parts)
    return ""


def _why_no_successor(parts: Sequence[str]) -> str:
    if parts:
        words = _("It was split into %(parts)s, so it cannot be moved. Write a new update there.")
        return words % {"parts": ", ".join(parts)}
    return _(
        "No confirmed line leads from it to exactly one recommendation of a followed later report, so it "
        "cannot be moved. Confirm the line, or write a new update there."
    )


def _changes(update: StatusUpdate, is_own: bool) -> list[str]:
    found = []
    if update.state == UpdateState.SUBMITTED:
        own = _("It is a draft again, and has to be submitted anew.")
        words = _(
            "It becomes a draft of %(name)s again: only %(name)s can see it, until it is submitted again."
        )
        found.append(own if is_own else words % {"name": update.author})
    if update.ask:
        words = _("It is no longer about the ask “%(ask)s”, but about the whole recommendation.")
        found.append(words % {"ask": update.ask})
    if update.corrects_id:
        found.append(_("It no longer corrects an earlier update."))
    if update.earlier_finding:
        found.append(_("It says nothing any more of an earlier finding."))
    return found
