"""The words of a report that are told outside: of what is published, those that two people last published on.

One manager alone brings a source version. Where something is published, what it corrects is told outside only
once two people publish something of that recommendation again (docs/domain.md, "What may be said outside").
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from django.db.models import Max, QuerySet

from recommendations.choices import Extent
from recommendations.models import Ask, Publication, Recommendation, SourceVersion, Wording
from recommendations.selectors.wordings import put_back
from recommendations.text.diff import Run, word_runs


@dataclass(frozen=True)
class Told:
    """The words that are told of a recommendation although they were corrected at ``corrected_at``."""

    wording: Wording
    corrected_at: datetime


class ToldWords:
    """Which recommendations are told in earlier words. One statement, and one more if any can be.

    Args:
        recommendations: which to read; all, when left out.
        moment: as it was told just before this instant; today, when left out.
    """

    def __init__(
        self,
        recommendations: Iterable[Recommendation] | QuerySet[Recommendation] | None = None,
        moment: datetime | None = None,
    ) -> None:
        worded = _corrected(recommendations, moment)
        published = _last_published(worded, moment) if worded else {}
        found = {key: _told(worded[key], at) for key, at in published.items()}
        self.told = {key: told for key, told in found.items() if told}

    def give(self, recommendations: Iterable[Recommendation], asks: Iterable[Ask] = ()) -> None:
        """Give recommendations and asks the words that are told of them; the rows are not to be saved.

        An ask that was made of newer words, and whose words are not in those that are told, has none then.
        """
        given = [(ask, ask.words) for ask in asks if ask.recommendation_id in self.told]
        for ask, words in given:
            _give(ask, words, self.told[ask.recommendation_id])
        for one in recommendations:
            if told := self.told.get(one.pk):
                one.text = told.wording.text


def words_wait(recommendation: Recommendation) -> str:
    """Return the words that are told outside of a recommendation, if newer ones wait; else ""."""
    told = ToldWords([recommendation]).told.get(recommendation.pk)
    return told.wording.text if told else ""


@dataclass(frozen=True)
class Waiting:
    """A recommendation with words that are not told yet; ``runs`` mark them against those that are."""

    recommendation: Recommendation
    runs: list[Run]


def words_waiting() -> list[Waiting]:
    """Return the recommendations whose corrected words are not told outside yet; everybody can read both."""
    told = ToldWords().told
    rows = Recommendation.objects.filter(pk__in=told).order_by("reference")
    return [Waiting(one, word_runs(told[one.pk].wording.text, one.text)) for one in rows]


def corrected_alone(recommendation: Recommendation, person_id: int, since: datetime) -> bool:
    """Say whether a person brought a source version since an instant that corrected these words."""
    known = list(
        recommendation.wordings.order_by("version__number").values_list(
            "text", "version__brought_at", "version__brought_by"
        )
    )
    return any(
        by == person_id and at >= since and text != before
        for (before, _at, _by), (text, at, by) in pairwise(known)
    )


def _corrected(
    recommendations: Iterable[Recommendation] | QuerySet[Recommendation] | None, moment: datetime | None
) -> dict[int, list[Wording]]:
    """Return {recommendation: its wordings, oldest first} of those that had more than one."""
    further = SourceVersion.objects.filter(number__gt=1).values("report")
    rows = Wording.objects.filter(recommendation__report__in=further)
    if recommendations is not None:
        rows = rows.filter(recommendation__in=recommendations)
    if moment:
        rows = rows.filter(version__brought_at__lt=moment)
    heavy = ("version__source_bytes", "version__text", "version__sections")
    worded: defaultdict[int, list[Wording]] = defaultdict(list)
    for one in rows.select_related("version").defer(*heavy).order_by("version__number"):
        worded[one.recommendation_id].append(one)
    return {key: known for key, known in worded.items() if any(one.text != known[0].text for one in known)}


def _last_published(worded: Iterable[int], moment: datetime | None) -> dict[int, datetime]:
    """Return {recommendation: when two people last published something of it} of what is published."""
    published = Publication.objects.published(moment).filter(update__recommendation__in=list(worded))
    acts = Publication.objects.exclude(extent=Extent.NOTHING).filter(
        update__recommendation__in=published.order_by().values("update__recommendation")
    )
    if moment:
        acts = acts.filter(decided_at__lt=moment)
    return dict(acts.order_by().values_list("update__recommendation").annotate(last=Max("decided_at")))


def _told(known: list[Wording], published_at: datetime) -> Told | None:
    """Return the words of that time, if they were corrected later; those of the first version before it."""
    then = max((at for at, one in enumerate(known) if one.version.brought_at <= published_at), default=0)
    words = known[then].text
    if words == known[-1].text:
        return None
    corrected = next(at for at in range(then + 1, len(known)) if known[at].text != words)
    return Told(known[corrected - 1], known[corrected].version.brought_at)


def _give(ask: Ask, words: str, told: Told) -> None:
    if ask.created_at < told.corrected_at:
        put_back(ask, told.wording.version.number)
    else:
        start = told.wording.text.find(words)
        ask.start, ask.end = (start, start + len(words)) if start >= 0 else (0, 0)
    ask.recommendation.text = told.wording.text
