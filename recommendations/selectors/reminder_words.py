"""What a reminder says about its due items: the news in its subject, its groups, and why one gets it.

What a person is responsible for is listed and counted separately from what they are told as a reviewer.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from functools import partial
from typing import TypedDict

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommendations.choices import UpdateState
from recommendations.models import User
from recommendations.selectors.due_items import THEIRS, DueItem, Why
from recommendations.selectors.mailing import in_reports


class Group(TypedDict):
    """Due items of one kind under their heading."""

    heading: str
    due_items: list[DueItem]


def news_of(due_items: Collection[DueItem], today: date) -> str:
    """Return the news of a reminder in a few words, such as "2 overdue, 1 due Friday".

    Where there is one thing alone it is named: "KP-06 is 7 days overdue".
    """
    if len(due_items) == 1 and (named := _named(next(iter(due_items)), today)):
        return named
    open_items = [due_item for due_item in due_items if not due_item.is_restricted]
    theirs = [due_item for due_item in open_items if due_item.is_theirs]
    overdue = sum(due_item.days > 0 for due_item in theirs)
    coming = sorted(due_item.since for due_item in theirs if due_item.days <= 0)
    of_others = Counter(due_item.why for due_item in open_items)
    nobodys, late = of_others[Why.NOBODY], of_others[Why.LATE]
    asked = sum(due_item.asks for due_item in open_items)
    states = Counter(due_item.state for due_item in open_items if not due_item.asks)
    waiting, returned, drafts = (
        states[state] for state in (UpdateState.SUBMITTED, UpdateState.RETURNED, UpdateState.DRAFT)
    )
    parts = [
        overdue and _("%(n)s overdue") % {"n": overdue},
        *(_due_words(day, coming.count(day), today) for day in sorted(set(coming))[:2]),
        waiting
        and ngettext("%(n)s waits for your review", "%(n)s wait for your review", waiting) % {"n": waiting},
        returned and _("%(n)s returned to you") % {"n": returned},
        drafts and ngettext("%(n)s unfinished draft", "%(n)s unfinished drafts", drafts) % {"n": drafts},
        asked and _("%(n)s to look at: still so?") % {"n": asked},
        nobodys and _("%(n)s without anybody responsible") % {"n": nobodys},
        late and _("%(n)s long overdue (other owners)") % {"n": late},
    ]
    told = [part for part in parts if part]
    reports = in_reports(due_item.recommendation for due_item in open_items)
    return ", ".join([*told, reports] if reports else told) or _("Something waits for you")


def _named(due_item: DueItem, today: date) -> str:
    """Return the news of one thing with its name; empty where a subject does not name it."""
    if due_item.is_restricted or due_item.recommendation is None:
        return ""
    about = {"what": _short(due_item), "n": due_item.days}
    sentences = {
        UpdateState.SUBMITTED: _("An update on %(what)s waits for your review"),
        UpdateState.RETURNED: _("Your update on %(what)s was returned"),
        UpdateState.DRAFT: _("Your draft on %(what)s is unfinished"),
    }
    if due_item.asks:
        return _("%(what)s: is last year’s finding still so?") % about
    if due_item.state:
        return sentences[UpdateState(due_item.state)] % about
    if due_item.days <= 0:
        return _("%(what)s is due %(day)s") % {**about, "day": near_day(due_item.since, today)}
    overdue = (
        ngettext("%(what)s is %(n)s day overdue", "%(what)s is %(n)s days overdue", due_item.days) % about
    )
    beside = {Why.NOBODY: _("nobody is responsible"), Why.LATE: _("another owner")}
    return f"{overdue} ({beside[due_item.why]})" if due_item.why in beside else overdue


def _due_words(day: date, number: int, today: date) -> str:
    return _("%(n)s due %(day)s") % {"n": number, "day": near_day(day, today)}


def near_day(day: date, today: date) -> str:
    """Return a day in words that say how near it is: "today", "tomorrow", "Friday", "14 Sep"."""
    ahead = (day - today).days
    if ahead in (0, 1):
        return (_("today"), _("tomorrow"))[ahead]
    return formats.date_format(day, "l" if 0 < ahead < 7 else "j M")


def groups_of(due_items: Collection[DueItem]) -> list[Group]:
    """Return the groups that are not empty: the person's own first, and the most urgent before others."""
    by_heading = (
        (_("Overdue"), lambda due_item: due_item.is_theirs and due_item.days > 0),
        (_("Due today"), lambda due_item: due_item.is_theirs and due_item.days == 0),
        (_("Coming up"), lambda due_item: due_item.is_theirs and due_item.days < 0),
        (_("Waiting for your review"), lambda due_item: due_item.state == UpdateState.SUBMITTED),
        (_("Returned to you"), lambda due_item: due_item.state == UpdateState.RETURNED),
        (_("Still so? Findings of last year"), lambda due_item: due_item.asks),
        (
            _("Your unfinished drafts"),
            lambda due_item: due_item.state == UpdateState.DRAFT and not due_item.asks,
        ),
        (_("Nobody is responsible for these"), lambda due_item: due_item.why == Why.NOBODY),
        (_("Long overdue (other owners)"), lambda due_item: due_item.why == Why.LATE),
    )
    groups: list[Group] = []
    for heading, belongs in by_heading:
        members = sorted(
            (due_item for due_item in due_items if belongs(due_item)), key=lambda due_item: -due_item.days
        )
        if members:
            groups.append({"heading": heading, "due_items": members})
    return groups


def reasons_for(due_items: Collection[DueItem], person: User, today: date) -> list[str]:
    """Return why this person gets the reminder: a sentence for each reason that holds, their own first.

    Each names the most urgent thing and counts the others, with its year where the reminder is about several
    reports, or several of its country are followed. What a reviewer is told is one sentence.
    """
    several = bool(in_reports(one.recommendation for one in due_items))
    reason = partial(_reason, person=person, today=today, says_year=several)
    by_why = defaultdict(list)
    for due_item in sorted(due_items, key=lambda due_item: -due_item.days):
        by_why[due_item.why].append(due_item)
    told = [reason(why, by_why[why]) for why in (*THEIRS, Why.AUTHOR) if by_why[why]]
    as_reviewer = (Why.REVIEWER, Why.NOBODY, Why.LATE)
    matters = "; ".join(reason(why, by_why[why]) for why in as_reviewer if by_why[why])
    if not matters:
        return told
    you = _("You are a manager, so you review too") if person.is_manager else _("You are a reviewer")
    return [*told, f"{you}: {matters}."]


def _reason(why: Why, due_items: Sequence[DueItem], *, person: User, today: date, says_year: bool) -> str:
    """Return what one reason is, with the first of the things by its name, and how many more there are."""
    first, more = due_items[0], len(due_items) - 1
    named = _short(first, says_year=says_year)
    about = {"what": f"{named} {_('(and %(n)s more)') % {'n': more}}" if more else named}
    about["when"] = _when(first, today)
    is_named = first.recommendation is not None and first.recommendation.reviewer_id == person.pk
    takes_it = first.step is None or first.step.next_owner_id == person.pk
    sentences = {
        Why.OWNER: _("You own %(what)s: %(when)s."),
        Why.DEPUTY: _("You stand in for the owner of %(what)s: %(when)s."),
        Why.STEP: _("The next step %(what)s is yours: %(when)s.")
        if takes_it
        else _("You logged the next step %(what)s, and nobody else can take it: %(when)s."),
        Why.AUTHOR: _("You were asked whether last year’s finding on %(what)s is still so.")
        if first.asks
        else _("Your update on %(what)s was returned.")
        if first.state == UpdateState.RETURNED
        else _("Your draft on %(what)s is unfinished."),
        Why.REVIEWER: _("an update on %(what)s waits for a decision"),
        Why.NOBODY: _("nobody is responsible for %(what)s, %(when)s"),
        Why.LATE: _("%(what)s, which names you as its reviewer, is %(when)s")
        if is_named
        else _("%(what)s, of another owner, is %(when)s"),
    }
    return sentences[why] % about


def _short(due_item: DueItem, *, says_year: bool = False) -> str:
    """Return a short name: "KP-06" or "2024-KP-06", or the words of a next step.

    It has the year if ``says_year``, and if reports of several years of its country are followed.
    """
    if due_item.step:
        return _("“%(step)s”") % {"step": due_item.title}
    among_years = due_item.recommendation is not None and due_item.recommendation.is_among_years
    return "-".join(due_item.reference.split("-")[-3 if says_year or among_years else -2 :])


def _when(due_item: DueItem, today: date) -> str:
    if due_item.days > 0:
        return ngettext("%(n)s day overdue", "%(n)s days overdue", due_item.days) % {"n": due_item.days}
    return _("due %(day)s") % {"day": near_day(due_item.since, today)}
