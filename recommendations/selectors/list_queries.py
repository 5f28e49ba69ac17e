"""The queries behind the lists that people see first: few, of a constant number, all with ``visible_to``."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, When, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from recommendations.choices import OPEN_STATES, Decision, UpdateState
from recommendations.models import (
    Advocacy,
    Ask,
    Citation,
    Recommendation,
    Report,
    Review,
    StatusUpdate,
    Tag,
    User,
)
from recommendations.models.accounts import in_one_hand_with
from recommendations.rules.dates import FIRST_STAGE_DAYS
from recommendations.selectors.cut_lists import Cut, cut_rows, report_words, reports_in
from recommendations.selectors.handed_in import tell_with_whom
from recommendations.selectors.open_work import successors_of

# A longer list of acts is no help; the page says how many more there are, and where.
ACTS_SHOWN = 20
REPORTS_OFFERED = 40

# The order of reports wherever several stand together: those that are followed, then the newest.
FOLLOWED_FIRST = (
    Case(When(closed_at=None, then=0), default=1),
    "-year",
    "country_name",
)

LINE_FIELDS = (
    "pk",
    "reference",
    "position",
    "short_title",
    "pillar",
    "report__country_name",
    "report__year",
    "owner_id",
    "owner__name",
    "owner__email",
    "status",
    "confidence",
    "movement",
    "last_verified_on",
    "next_review_on",
    "interval_days",
    "split",
    "report__closed_at",
)


@dataclass(slots=True)
class Line:
    """One recommendation as a table shows it; ``evidence`` counts what the reader can see.

    ``next_review_on`` is None if the report is closed: there will be no review.
    """

    pk: int
    reference: str
    position: int
    short_title: str
    pillar: str
    report: str
    owner_id: int | None
    owner: str
    status: str
    confidence: str
    movement: str
    last_verified_on: date | None
    next_review_on: date | None
    interval_days: int
    split: dict[str, int]
    evidence: int = 0


def line_of(row: Sequence[Any], evidence: int = 0) -> Line:
    """Return the line of one row of ``LINE_FIELDS``."""
    pk, reference, position, title, pillar, country, year, owner_id, name, email, *standing, closed_at = row
    whose = name or email or ""
    line = Line(pk, reference, position, title, pillar, f"{country} {year}", owner_id, whose, *standing)
    line.evidence = evidence
    if closed_at:
        line.next_review_on = None
    return line


def counted_lines(
    recommendations: QuerySet[Recommendation], user: User, *, first: int, size: int
) -> tuple[list[Line], int, int]:
    """Return one page of recommendations as lines, and how many there are in all. Two statements.

    Plain values are read instead of objects, since a page can show fifty of them.

    Args:
        recommendations: all that match the filters, in order.
        first: how many to skip.
        size: how many lines at most.

    Returns: (lines, total, in how many reports all of them are); these are counted on the way, so both are 0
        for a page past the end.
    """
    counted = recommendations.annotate(total=Window(Count("pk")), in_reports=reports_in("report"))
    rows = list(counted.values_list(*LINE_FIELDS, "total", "in_reports")[first : first + size])
    total, in_reports = rows[0][-2:] if rows else (0, 0)
    return _with_evidence([line_of(row[:-2]) for row in rows], user), total, in_reports


def _with_evidence(found: list[Line], user: User) -> list[Line]:
    cited = Citation.objects.counted_for(user).filter(update__recommendation__in=[line.pk for line in found])
    counts = cited.per_recommendation()
    for line in found:
        line.evidence = counts.get(line.pk, 0)
    return found


class Offered(list[Report]):
    """Reports to choose from, and how many there are in all: the rest is left to the list of reports."""

    total: int = 0
    # Whether any recommendation has a tag: only then they are read, to filter by.
    any_tags: bool = False

    @property
    def left_out(self) -> str:
        """What is said if some are left out: how many there are, and where; else empty."""
        if self.total <= len(self):
            return ""
        words = _("%(n)s of %(all)s reports are offered here. Others are chosen from the")
        said, address = words % {"n": len(self), "all": self.total}, reverse("report-list")
        return format_html('{} <a href="{}">{}</a>.', said, address, _("list of all reports"))


def report_choices(user: User, slug: str | None = None) -> Offered:
    """Return the reports that ``user`` is offered: the followed ones first, each kind newest first.

    The one that ``slug`` names is always among them. If there are hundreds, the others are only in the list
    of reports, and the page says so: nobody chooses from so many in a menu.
    """
    seen = Report.objects.visible_to(user).light()
    named = Q(pk__in=seen.with_slug(slug).values("pk")) if slug else Q(pk=None)
    order = Case(When(named, then=0), default=1), *FOLLOWED_FIRST
    counted = seen.annotate(of_all=Window(Count("pk")), any_tags=Exists(Tag.objects.all())).order_by(*order)
    offered: list[Any] = list(counted[:REPORTS_OFFERED])
    found = Offered(sorted(offered, key=lambda one: (not one.is_followed, -one.year, one.country_name)))
    found.total = offered[0].of_all if found else 0
    found.any_tags = bool(found) and offered[0].any_tags
    return found


def chosen_of(reports: Sequence[Report], slug: str | None) -> Report | None:
    """Return the report that ``slug`` names; the first without a slug; None when it names none of them."""
    if not slug:
        return reports[0] if reports else None
    return next((report for report in reports if report.slug == slug), None)


def switch(reports: Offered, current: Report | None, address: str) -> list[tuple[str, str, bool]]:
    """Return the choices of the report switch: (address, name, is current); where some are left out, all."""
    choices = [(f"{address}?report={one.slug}", _name_in_switch(one), one == current) for one in reports]
    if reports.left_out:
        words = _("All %(n)s reports…") % {"n": reports.total}
        choices.append((reverse("report-list"), words, False))
    return choices


def _name_in_switch(report: Report) -> str:
    return str(report) if report.is_followed else _("%(report)s (closed)") % {"report": report}


@dataclass(slots=True)
class Due:
    """What somebody is responsible for and must review within the first stage of reminders, and the next."""

    due: Cut[Recommendation]
    upcoming: Recommendation | None


def due_for(user: User, today: date) -> Due:
    """Return what is due or overdue for ``user``, the longest overdue first. One statement.

    Due begins with the first reminder, 14 days ahead.
    """
    mine = Recommendation.objects.visible_to(user).tracked().answered_by(user, today)
    mine = mine.select_related("owner", "report").defer("text", "report__source_bytes", "report__text")
    is_due = Q(next_review_on__lte=today + timedelta(days=FIRST_STAGE_DAYS))
    counted = mine.annotate(
        due=Window(Count("pk", filter=is_due)),
        reports=reports_in("report", Case(When(is_due, then=1), default=0)),
    )
    nearest = list(counted.order_by("next_review_on", "reference")[:ACTS_SHOWN])
    total = nearest[0].due if nearest else 0
    due = nearest[:total]
    words = report_words(due[0].reports, due[0].report) if due else ""
    return Due(Cut([*due], total, words), nearest[0] if nearest and not total else None)


def next_steps_of(user: User, today: date) -> Cut[Advocacy]:
    """Return the open next steps of the advocacy log that are due for ``user`` within the first stage."""
    last = today + timedelta(days=FIRST_STAGE_DAYS)
    return cut_rows(Advocacy.objects.visible_to(user).steps_of(user).filter(next_on__lte=last), ACTS_SHOWN)


def open_of(user: User, now: datetime) -> tuple[Cut[StatusUpdate], Cut[StatusUpdate]]:
    """Return what ``user`` wrote and nobody has decided yet: (what they have to finish, what they submitted).

    To be finished are returned updates with the reviewer's words, then drafts; submitted updates say with
    whom they wait. ``successor`` is the recommendation of a later report to which each can be moved, if
    any. Two statements for both.
    """
    returns = Review.objects.filter(update=OuterRef("pk"), decision=Decision.RETURN).order_by("-decided_at")
    mine = StatusUpdate.objects.visible_to(user).filter(author=user, state__in=OPEN_STATES)
    waits = Case(When(state=UpdateState.SUBMITTED, then=1), default=0)
    # "returned" sorts after "draft".
    order = [F("state").desc(), F("changed_at").asc()]
    mine = (
        mine.select_related("recommendation__report", "repeats")
        .annotate(
            comment=Subquery(returns.values("comment")[:1]),
            waits=waits,
            place=Window(RowNumber(), partition_by=waits, order_by=order),
            of_all=Window(Count("pk"), partition_by=waits),
            reports=reports_in("recommendation__report", waits),
        )
        .defer("recommendation__report__source_bytes", "recommendation__report__text")
    )
    found = list(mine.with_holders().filter(place__lte=ACTS_SHOWN).order_by("place"))
    successors = successors_of(one.recommendation_id for one in found if one.is_assessment)
    for one in found:
        one.successor = successors.get(one.recommendation_id) if one.is_assessment else None
    unfinished, handed_in = ([one for one in found if one.waits == value] for value in (0, 1))
    tell_with_whom(handed_in, now)
    return _cut(unfinished), _cut(handed_in)


def _cut(shown: list[Any]) -> Cut[StatusUpdate]:
    """Return the head of a list of updates that says in its rows how many there are, and of which reports."""
    if not shown:
        return Cut([], 0)
    first = shown[0]
    return Cut(shown, first.of_all, report_words(first.reports, first.recommendation.report))


def waiting_for(user: User) -> Cut[StatusUpdate]:
    """Return the submitted updates that ``user`` can decide on, the longest waiting first."""
    if not user.is_reviewer:
        return Cut([], 0)
    waiting = StatusUpdate.objects.decidable_by(user).select_related("recommendation__report", "author")
    waiting = waiting.defer("recommendation__report__source_bytes", "recommendation__report__text")
    counted = waiting.annotate(of_all=Window(Count("pk")), reports=reports_in("recommendation__report"))
    return _cut(list(counted.with_holders()[:ACTS_SHOWN]))


def asks_to_retire(user: User) -> list[Ask]:
    """Return the asks that another reviewer proposes to retire, which ``user`` can confirm."""
    if not user.is_reviewer:
        return []
    proposed = Ask.objects.visible_to(user).filter(retired_at=None, retire_proposed_at__isnull=False)
    proposed = proposed.exclude(retire_proposed_by=user)
    apart = in_one_hand_with(user.pk).order_by().values("pk")
    proposed = proposed.exclude(retire_proposed_by__in=apart).order_by("retire_proposed_at", "pk")
    return list(proposed.select_related("recommendation", "retire_proposed_by"))
