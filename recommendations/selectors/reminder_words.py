"""What a reminder says about its due items: the news in its subject, its groups, and why one gets it.

What a person is responsible for is listed and counted separately from what they are told as a reviewer.
"""

from collections import Counter
from collections.abc import Collection
from datetime import date
from typing import TypedDict

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommendations.choices import UpdateState
from recommendations.selectors.due_items import DueItem, Why


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
    states = Counter(due_item.state for due_item in open_items)
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
        nobodys and _("%(n)s without anybody responsible") % {"n": nobodys},
        late and _("%(n)s long overdue (other owners)") % {"n": late},
    ]
    return ", ".join(part for part in parts if part) or _("Something waits for you")


def _named(due_item: DueItem, today: date) -> str:
    """Return the news of one thing with its name; empty where a subject does not name it."""
    if due_item.is_restricted or due_item.recommendation is None:
        return ""
    about = {"what": "-".join(due_item.reference.split("-")[-2:]), "n": due_item.days}
    sentences = {
        UpdateState.SUBMITTED: _("An update on %(what)s waits for your review"),
        UpdateState.RETURNED: _("Your update on %(what)s was returned"),
        UpdateState.DRAFT: _("Your draft on %(what)s is unfinished"),
    }
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
        (_("Your unfinished drafts"), lambda due_item: due_item.state == UpdateState.DRAFT),
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


def reasons_for(due_items: Collection[DueItem]) -> list[str]:
    """Return why this person gets the reminder: a sentence for each reason that holds, their own first.

    Everything that a person is told as a reviewer is one sentence.
    """
    whys = {due_item.why for due_item in due_items}
    is_due = any(due_item.days >= 0 for due_item in due_items if due_item.why == Why.OWNER)
    sentences = {
        Why.OWNER: _("You own recommendations that are due.")
        if is_due
        else _("You own recommendations that are due soon."),
        Why.DEPUTY: _("You are the deputy of somebody who is away."),
        Why.STEP: _("You are to take a next step in advocacy."),
        Why.AUTHOR: _("You wrote an update that is not finished."),
    }
    of_reviewers = {
        Why.REVIEWER: _("updates wait for a decision"),
        Why.NOBODY: _("nobody is responsible for some that are due"),
        Why.LATE: _("reviews of other owners are 14 days overdue or more"),
    }
    told = [sentence for why, sentence in sentences.items() if why in whys]
    matters = "; ".join(words for why, words in of_reviewers.items() if why in whys)
    return [*told, _("You are a reviewer: %(matters)s.") % {"matters": matters}] if matters else told
