"""The words of recommendations and asks in the source versions of a report, also in earlier ones."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from recommendations.models import Ask, Recommendation, Report, SourceVersion, Wording
from recommendations.text.diff import Run, word_runs


def worded_as_of(
    report: Report, moment: datetime, recommendations: Iterable[Recommendation]
) -> list[Recommendation]:
    """Return recommendations with the words and the positions that they had just before ``moment``.

    Those that the report did not have then are left out, and so are those that had gone from its source. The
    rows are not to be saved. One statement, and another one if there was an earlier version then.

    Args:
        recommendations: of the report, with their asks.
    """
    versions = list(report.versions.order_by("-number").values_list("number", "brought_at"))
    newest = versions[0][0] if versions else 1
    # What was worked on before its import, as a demonstration is, has the words of the first version.
    number = next((one for one, brought_at in versions if brought_at < moment), 1)
    if number == newest:
        return [one for one in recommendations if one.gone_since is None]
    wordings = SourceVersion.objects.get(report=report, number=number).wordings.all()
    worded = {one.recommendation_id: one for one in wordings}
    found = []
    for recommendation in recommendations:
        if wording := worded.get(recommendation.pk):
            recommendation.position, recommendation.text = wording.position, wording.text
            recommendation.start, recommendation.end = wording.start, wording.end
            for ask in recommendation.asks.all():
                put_back(ask, number)
            found.append(recommendation)
    return sorted(found, key=lambda one: one.position)


def put_back(ask: Ask, number: int) -> None:
    """Give an ask the place that it had in a version: the one that was kept when the words changed next."""
    later = [int(kept) for kept in ask.earlier_places if int(kept) >= number]
    if later:
        was = ask.earlier_places[str(min(later))]
        ask.start, ask.end = was["start"], was["end"]
        ask.lost_words = was["words"] if was["lost"] else ""


def worded_in(version: SourceVersion) -> list[Recommendation]:
    """Return the recommendations of a source version with their places in its text; not to be saved."""
    found = []
    for one in version.wordings.select_related("recommendation").defer("text", "recommendation__text"):
        one.recommendation.start, one.recommendation.end = one.start, one.end
        found.append(one.recommendation)
    return found


@dataclass(frozen=True)
class Changed:
    """A recommendation that a source version changed; ``runs`` are its words marked against those before."""

    recommendation: Recommendation
    change: str
    text: str
    runs: list[Run] = field(default_factory=list)


def changes_of(version: SourceVersion) -> list[Changed]:
    """Return what a source version changed in the list before it: in its order, then what it left out."""
    before, now = (
        {one.recommendation_id: one for one in _wordings(version.report_id, number)}
        for number in (version.number - 1, version.number)
    )
    known = set(
        Wording.objects.filter(version__report=version.report_id, version__number__lt=version.number)
        .order_by()
        .values_list("recommendation", flat=True)
    )
    found = []
    for key, one in now.items():
        was = before.get(key)
        if was is None:
            change = _("In the source again") if key in known else _("New")
            found.append(Changed(one.recommendation, change, one.text))
        elif was.text != one.text:
            runs = word_runs(was.text, one.text)
            found.append(Changed(one.recommendation, _("Words corrected"), one.text, runs))
    gone = [one for key, one in before.items() if key not in now]
    return found + [Changed(one.recommendation, _("Not in this version"), one.text) for one in gone]


def _wordings(report: int, number: int) -> QuerySet[Wording]:
    rows = Wording.objects.filter(version__report=report, version__number=number)
    return rows.select_related("recommendation").order_by("position")


def earlier_wordings(recommendation: Recommendation) -> list[Wording]:
    """Return other words that a recommendation had in source versions, the last of each, the newest first."""
    rows = Wording.objects.filter(recommendation=recommendation).exclude(text=recommendation.text)
    rows = rows.select_related("version").defer("version__source_bytes", "version__text", "version__sections")
    found: dict[str, Wording] = {}
    for one in rows.order_by("-version__number"):
        found.setdefault(one.text, one)
    return list(found.values())


def words_before(recommendation: Recommendation, moment: datetime | None) -> str:
    """Return the words that a recommendation had at ``moment``, if they are not those of today; else "".

    Before its first wording it had the words of that one. One statement.
    """
    known = list(
        recommendation.wordings.order_by("version__number").values_list("version__brought_at", "text")
    )
    if moment is None or not known:
        return ""
    then = [text for brought_at, text in known if brought_at <= moment] or [known[0][1]]
    return then[-1] if then[-1] != recommendation.text else ""
