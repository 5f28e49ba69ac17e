"""Mails that tell people what a manager did, so that no manager acts unnoticed.

They name who did what and to whom, but never a restricted item: people read that after signing in.
"""

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommendations.choices import AccountAct, MailKind, Sensitivity
from recommendations.mail.messages import LONGEST_LIST, Letter, written
from recommendations.models import StatusUpdate, User


def let_in(reader: User, *, person: User, actor: User, at: datetime, is_own: bool) -> Letter:
    """Write to somebody who can see a restricted item that a manager gave somebody access to it.

    Args:
        person: who got access; the actor, if they gave it to themselves.
        is_own: whether the reader added or wrote the item; else they were given access to it.
    """
    news = (
        _("A manager took access to a restricted item")
        if person == actor
        else _("A manager gave somebody access to a restricted item")
    )
    context = {"person": reader, "let_in": person, "actor": actor, "at": at, "is_own": is_own}
    return written("let_in", MailKind.ACCESS, reader, context | {"restricted": 1}, news=news)


def account_changed(
    reader: User,
    act: AccountAct,
    *,
    person: User,
    actor: User | None,
    at: datetime,
    before: str,
    after: str,
    is_alone: bool,
) -> Letter:
    """Write to a manager that the account of a reviewer or manager was changed.

    Args:
        person: whose account it is.
        actor: the manager who did it; None for the person who runs the server.
        before, after: the role, before and after it.
        is_alone: whether no other manager could confirm the account.
    """
    news = {
        AccountAct.ADDED: _("New reviewer or manager: %(name)s"),
        AccountAct.PASSWORD: _("A one-time password was given to %(name)s"),
        AccountAct.ADDRESS: _("The address of %(name)s was changed"),
        AccountAct.RAISED: _("%(name)s has a new role"),
        AccountAct.LOWERED: _("%(name)s has a new role"),
        AccountAct.ENDED: _("%(name)s can no longer sign in"),
        AccountAct.BACK: _("%(name)s can sign in again"),
        AccountAct.TOKENS: _("The API tokens of %(name)s were revoked"),
        AccountAct.CONFIRMED: _("The account of %(name)s was confirmed"),
    }[act] % {"name": person}
    context = {"act": act, "whom": person, "actor": actor, "at": at, "before": before, "after": after}
    context |= {"person": reader, "restricted": 0, "is_alone": is_alone}
    return written("account", MailKind.TEAM, reader, context, news=news)


def put_away(author: User, updates: Collection[StatusUpdate], what: str, *, actor: User) -> Letter:
    """Write to an author that a manager moved or withdrew updates of theirs before a report is closed.

    Args:
        updates: as they are now; restricted ones are only counted.
        what: ``moved`` or ``withdrawn``.
        actor: the manager.
    """
    told = [one for one in updates if one.sensitivity != Sensitivity.RESTRICTED]
    is_moved, number = what == "moved", len(updates)
    if number == len(told) == 1:
        words = {"title": told[0].recommendation.short_title, "to": told[0].recommendation.reference}
        news = (
            _("Moved to %(to)s: your update on “%(title)s”")
            if is_moved
            else _("Withdrawn: your update on “%(title)s”")
        )
        news %= words
    elif is_moved:
        news = ngettext("One of your updates was moved", "%(n)s of your updates were moved", number)
        news %= {"n": number}
    else:
        news = ngettext("One of your updates was withdrawn", "%(n)s of your updates were withdrawn", number)
        news %= {"n": number}
    context = {
        "person": author,
        "actor": actor,
        "is_moved": is_moved,
        "number": number,
        "updates": told[:LONGEST_LIST],
        "more": len(told) - len(told[:LONGEST_LIST]),
        "restricted": number - len(told),
    }
    return written("put_away", MailKind.DECISION, author, context, news=news)
