"""Where what the government claims and what we found differ, for one report and one reader.

The claim is the one on the current update: of the ask, or of the whole for a recommendation without
asks. Nothing is guessed: an author says which status the claim would lead to, and the two
are compared. Where we found no reliable information, there is nothing to compare a claim with.
"""

from dataclasses import dataclass

from django.db.models import Prefetch, TextChoices
from django.utils.translation import gettext_lazy as _

from recommendations.choices import Status
from recommendations.models import Ask, Recommendation, Report, StatusUpdate, User


class Verdict(TextChoices):
    """How a claim and our assessment compare."""

    DIFFER = "differ", _("The claim differs from what we found")
    UNCHECKED = "unchecked", _("There is a claim, but we found no reliable information")
    UNWEIGHED = "unweighed", _("There is a claim, but nobody has said which status it would mean")
    AGREE = "agree", _("The claim agrees with what we found")
    SILENT = "silent", _("No claim is recorded")
    RESTRICTED = "restricted", _("The reason for the status is restricted, and with it any claim")


@dataclass(frozen=True)
class Line:
    """One recommendation, or one of its asks: the claim beside what we found."""

    recommendation: Recommendation
    ask: Ask | None
    update: StatusUpdate | None
    is_hidden: bool = False

    @property
    def verdict(self) -> Verdict:
        """How the two compare; nothing is said of an update that the reader cannot see."""
        return Verdict.RESTRICTED if self.is_hidden else verdict_on(self.update)


def verdict_on(update: StatusUpdate | None) -> Verdict:
    """Return how the claim of an update compares with its status; None counts as silent."""
    if update is None or not (update.government_claim.strip() and update.is_assessment):
        return Verdict.SILENT
    if update.status == Status.NO_INFORMATION:
        return Verdict.UNCHECKED
    if not update.claimed_status:
        return Verdict.UNWEIGHED
    return Verdict.AGREE if update.claimed_status == update.status else Verdict.DIFFER


def claims_of(report: Report, person: User) -> list[tuple[Verdict, list[Line]]]:
    """Return [(verdict, lines), …] in the order of the verdicts, each with a line at least.

    Three statements.
    """
    numbered = report.recommendations.visible_to(person).listed().defer("text").order_by("position")
    asks = Ask.objects.visible_to(person).filter(retired_at=None).order_by("start")
    lines = []
    for recommendation in numbered.prefetch_related(Prefetch("asks", queryset=asks)):
        subjects: list[Ask | None] = list(recommendation.asks.all()) or [None]
        lines += [(recommendation, ask, (ask or recommendation).current_update_id) for ask in subjects]
    seen = StatusUpdate.objects.visible_to(person).in_bulk([line[2] for line in lines if line[2]])
    found = [Line(one, ask, seen.get(pk), pk not in (None, *seen)) for one, ask, pk in lines]
    grouped = [(verdict, [line for line in found if line.verdict == verdict]) for verdict in Verdict]
    return [(verdict, members) for verdict, members in grouped if members]
