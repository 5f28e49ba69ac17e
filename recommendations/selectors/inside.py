"""What is told of recommendations at the team level: plain values without anything restricted.

It is for members, and for files that they take out for the team. It holds no internal note, and no name but
those in the words of updates and of the team's own work.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from recommendations.choices import GovernmentAnswer, Sensitivity
from recommendations.choices.update_fields import BY_NAME
from recommendations.models import Advocacy, Citation, Lineage, Recommendation, StatusUpdate, User
from recommendations.selectors.published import facts_of
from recommendations.selectors.telling import (
    Beside,
    EarlierWords,
    Level,
    ToldRecommendation,
    asks_of_each,
)

OPEN_TO_THE_TEAM = (Sensitivity.PUBLIC, Sensitivity.INTERNAL)
# More of it is in the advocacy log.
WORK_TOLD = 5


def team_today(recommendations: Collection[Recommendation], person: User) -> list[ToldRecommendation]:
    """Return what a member can tell the team of recommendations, in their order.

    The status is that of the page. The number of statements is the same for any number of recommendations.

    Args:
        recommendations: with their report fetched.
    """
    rows = list(recommendations)
    facts, said = facts_of(rows), _said(rows, person)
    told = [update for updates in said.values() for update in updates]
    level = Level(
        facts=facts,
        with_status={update.pk for one in facts.values() for update in one.counting},
        said=said,
        since={one.pk: at for one in told if (at := one.counts_at)},
        title=lambda one: one.short_title,
        beside=_beside,
    )
    asks, earlier, work = asks_of_each(rows), _earlier(rows), _work(rows, person)
    return [
        replace(level.tell(one, asks[one.pk]), earlier=earlier.get(one.pk), work=tuple(work.get(one.pk, ())))
        for one in rows
    ]


def _said(
    rows: Collection[Recommendation], person: User
) -> Mapping[tuple[int, int | None], list[StatusUpdate]]:
    """Return {(recommendation, its ask or None): the updates in force that are open to the team}."""
    updates = StatusUpdate.objects.visible_to(person).in_force().filter(recommendation__in=rows)
    updates = updates.filter(sensitivity__in=OPEN_TO_THE_TEAM).prefetch_related("places").newest_first()
    cited: defaultdict[int, list[Citation]] = defaultdict(list)
    for one in (
        Citation.objects.visible_to(person)
        .told()
        .filter(update__in=updates.order_by().values("pk"))
        .filter(evidence__sensitivity__in=OPEN_TO_THE_TEAM, evidence__removed_at=None)
        .select_related("evidence")
        .order_by("pk")
    ):
        cited[one.update_id].append(one)
    said: defaultdict[tuple[int, int | None], list[StatusUpdate]] = defaultdict(list)
    for update in updates:
        update.told_citations = cited[update.pk]
        said[update.recommendation_id, update.ask_id].append(update)
    return said


def _beside(update: StatusUpdate) -> tuple[Beside, ...]:
    """Return the reason for the status, what the government says, and where somebody looked."""
    answered = update.government_answer not in ("", GovernmentAnswer.NONE)
    said = {
        "reason": update.reason,
        "government_answer": update.get_government_answer_display() if answered else "",
        "government_claim": update.government_claim,
        "claimed_status": update.get_claimed_status_display() if update.claimed_status else "",
        "places": "; ".join(
            f"{one.place} ({date_format(one.looked_on, 'j M Y')})" for one in update.places.all()
        ),
    }
    return tuple(
        Beside(str(BY_NAME[name].label), words.strip()) for name, words in said.items() if words.strip()
    )


def _earlier(rows: Iterable[Recommendation]) -> dict[int, EarlierWords]:
    """Return {recommendation: what the report of the latest earlier year said of the same demand}."""
    found: dict[int, EarlierWords] = {}
    for line in Lineage.objects.of_the_same_demand().filter(later__in=rows).select_related("later"):
        if line.earlier and line.later:
            before, now = line.earlier.text, line.later.text
            words = EarlierWords(line.earlier.report.year, before, before == now)
            found.setdefault(line.later.pk, words)
    return found


def _work(rows: Iterable[Recommendation], person: User) -> dict[int, list[str]]:
    """Return {recommendation: what the team did itself about it lately}, the latest first."""
    wanted = {one.pk for one in rows}
    entries = Advocacy.objects.visible_to(person).filter(
        recommendations__in=wanted, sensitivity__in=OPEN_TO_THE_TEAM
    )
    found: defaultdict[int, list[str]] = defaultdict(list)
    for entry in entries.distinct().prefetch_related("recommendations").order_by("-held_on", "-pk"):
        for one in entry.recommendations.all():
            if one.pk in wanted and len(found[one.pk]) < WORK_TOLD:
                found[one.pk].append(_entry(entry))
    return found


def _entry(entry: Advocacy) -> str:
    said = [
        _("%(day)s, %(kind)s (%(name)s): %(subject)s.")
        % {
            "day": date_format(entry.held_on, "j M Y"),
            "kind": entry.get_kind_display().lower(),
            "name": entry.counterpart,
            "subject": entry.subject.rstrip("."),
        },
        entry.result.strip(),
    ]
    if entry.next_step and entry.done_at is None:
        said.append(_("Next: %(step)s.") % {"step": entry.next_step.rstrip(".")})
    return " ".join(filter(None, said))
