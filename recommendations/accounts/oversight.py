"""What managers do to others' accounts: all managers are told, and a second one has to confirm it.

A manager who makes an account knows its first password, and could use it to decide on their own updates, or
to write something and then decide on it themselves; with two such accounts, they could do both. So neither
the two, nor two accounts of one manager, decide on what the other wrote until another manager has confirmed
the account, or one of both. Nor does an account that waits for that change other accounts. If there is
no other manager, there is nobody to wait for.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from recommendations.choices import AccountAct, MailKind, Role
from recommendations.errors import Refused
from recommendations.mail import notices, outbox
from recommendations.models import AccountChange, User, accounts

# Late is better than never: somebody may be deciding in another's name meanwhile.
NOTICE_USEFUL_FOR = timedelta(days=14)
# What gives whoever did it a way in, or makes an account that they may have a way into worth it.
DOUBTFUL = (AccountAct.ADDED, AccountAct.PASSWORD, AccountAct.ADDRESS, AccountAct.RAISED)
DECIDES = (Role.REVIEWER, Role.MANAGER)


def note(
    act: AccountAct, *, person: User, actor: User | None, now: datetime, before: str, after: str
) -> None:
    """Record what a manager did to an account, and queue the mails about it, in the transaction of the act.

    Args:
        person: whose account it is.
        actor: the manager; None for the person who runs the server, to whom this rule does not apply.
        before, after: the role, before and after it.

    Raises: Refused when the account of the actor waits to be confirmed, and the act has to be too.
    """
    if actor and actor != person and act in DOUBTFUL:
        _refuse_in_doubt(actor)
    alone = actor is not None and not second_managers(person, actor).exists()
    if actor and actor != person and act in DOUBTFUL:
        AccountChange.objects.create(person=person, by=actor, act=act, at=now, was_alone=alone)
    if before in DECIDES or after in DECIDES:
        _tell_managers(act, person, actor, now, before=before, after=after, is_alone=alone)


def _refuse_in_doubt(actor: User) -> None:
    """Let nobody reach, through an account that waits to be confirmed, one that would not be kept apart."""
    open_ones = AccountChange.objects.keeping_apart().filter(person=actor).select_related("by")
    if change := open_ones.first():
        raise Refused(
            _(
                "%(name)s added your account, raised its role, or set its password or address. Another "
                "manager has to confirm it on the desk before you add accounts, raise roles, or set "
                "passwords or addresses. Ask %(others)s."
            )
            % {"name": change.by, "others": _listed(second_managers(actor, change.by)[:3])}
        )


def second_managers(person: User, about: User) -> QuerySet[User]:
    """Return the managers who could confirm the account of ``person`` after what ``about`` did to it."""
    return accounts.second_managers(person.pk, about.pk, about.pk)


def open_changes() -> QuerySet[AccountChange]:
    """Return the changes that nobody has confirmed."""
    return AccountChange.objects.unconfirmed()


def one_hand(person: User, author: User) -> str:
    """Return why ``person`` cannot decide on what ``author`` wrote, as a sentence; empty when they can.

    One manager may be behind both: each act that takes two people asks this, beside that they are two.
    """
    return doubt(person, author) or _in_hand(author, person) or _of_one_maker(person, author)


def doubt(person: User, about: User) -> str:
    """Return why ``person`` cannot decide on what ``about`` wrote, as a sentence; empty when they can."""
    if not open_changes().filter(person=person, by=about).exists():
        return ""
    if person.password_is_temporary:
        return _("Choose a password of your own first.")
    others = list(second_managers(person, about)[:3])
    if not others:
        return ""
    return _(
        "%(name)s added your account, raised its role, or set its password or address, and may "
        "know how to sign in as you. So you cannot decide on their updates, nor on those of other "
        "accounts of which they did the same, until another manager has confirmed your account on the "
        "desk. Ask %(others)s."
    ) % {"name": about, "others": _listed(others)}


def _in_hand(person: User, holder: User) -> str:
    """Return why ``holder`` cannot decide on what the account of ``person`` wrote; empty when they can."""
    others = []
    if open_changes().filter(person=person, by=holder).exists():
        others = list(second_managers(person, holder)[:3])
    if not others:
        return ""
    return _(
        "You added the account of %(name)s, raised its role, or set its password or address, and "
        "could have written this with it. So another reviewer must decide until another manager "
        "has confirmed the account on the desk. Ask %(others)s."
    ) % {"name": person, "others": _listed(others)}


def _of_one_maker(person: User, author: User) -> str:
    """Return why ``person`` cannot decide on what ``author`` wrote: one manager made both accounts."""
    makers = AccountChange.objects.keeping_apart().filter(person=author).values("by")
    both = AccountChange.objects.keeping_apart().filter(person=person, by__in=makers).select_related("by")
    if not (change := both.first()):
        return ""
    return _(
        "%(maker)s added both your account and that of %(name)s, raised their roles, or set their passwords "
        "or addresses, and may know how to sign in as both. So another reviewer must decide until another "
        "manager has confirmed one of the two accounts on the desk. Ask %(others)s."
    ) % {"maker": change.by, "name": author, "others": _listed(second_managers(person, change.by)[:3])}


def can_be_confirmed(changes: Iterable[AccountChange]) -> bool:
    """Say whether there is a manager who could confirm any of these open changes of one account."""
    return any(second_managers(change.person, change.by).exists() for change in changes)


def doubts_of(person: User) -> list[str]:
    """Return the sentences of ``doubt`` about each manager who added, reset or promoted the account."""
    makers = User.objects.filter(pk__in=open_changes().filter(person=person).values("by"))
    return [sentence for maker in makers if (sentence := doubt(person, maker))]


def in_doubt() -> QuerySet[AccountChange]:
    """Return the open changes of accounts that write or decide, with their people: for managers' desks."""
    working = User.objects.writers()
    return open_changes().filter(person__in=working.values("pk")).select_related("person", "by")


def reason_not_to_confirm(person: User, actor: User) -> str:
    """Return why ``actor`` cannot confirm the account of ``person``, as a sentence; empty when they can."""
    if not actor.has_role(Role.MANAGER):
        return _("Only managers can confirm accounts.")
    if actor == person:
        return _("Another manager must confirm your account.")
    changes = open_changes().filter(person=person).exclude(by=actor).select_related("by")
    if not changes:
        return _("There is nothing to confirm here, or only what you did yourself.")
    if person.password_is_temporary:
        return _("%(name)s has not chosen a password of their own yet. Confirm it after that.") % {
            "name": person
        }
    if not any(_is_second(actor, person, change.by) for change in changes):
        return _(
            "%(name)s had access to your account as well, and nobody has confirmed yours yet. "
            "Another manager must confirm yours first."
        ) % {"name": changes[0].by}
    return ""


def confirm(person: User, actor: User, now: datetime) -> set[User]:
    """Mark what others did to an account as confirmed by ``actor``, whose right was checked before.

    Returns: the people whose acts are now confirmed.
    """
    makers = {change.by for change in open_changes().filter(person=person).exclude(by=actor)}
    makers = {maker for maker in makers if _is_second(actor, person, maker)}
    of_them = open_changes().filter(person=person, by__in=makers)
    of_them.update(confirmed_by=actor, confirmed_at=now)
    return makers


def _is_second(actor: User, person: User, maker: User) -> bool:
    return second_managers(person, maker).filter(pk=actor.pk).exists()


def _listed(people: Iterable[User]) -> str:
    return _(" or ").join(f"{one} ({one.email})" for one in people)


def _tell_managers(
    act: AccountAct,
    person: User,
    actor: User | None,
    now: datetime,
    *,
    before: str,
    after: str,
    is_alone: bool,
) -> None:
    """Queue a mail for each manager, also the one who did it: it may be somebody with their password.

    Each mail goes to the address of this moment, which the actor may be about to change. A former manager is
    told as well; a separate mail tells people about their own sign-in.
    """
    readers = set(User.objects.managers())
    readers |= {actor} if actor else set()
    readers |= {person} if before in DECIDES else set()
    if act in (AccountAct.PASSWORD, AccountAct.ADDRESS, AccountAct.ADDED):
        readers -= {person}
    for reader in sorted(readers, key=lambda one: one.pk):
        outbox.enqueue(
            key=f"team:{person.pk}:{act}:{now.isoformat()}:{reader.pk}",
            kind=MailKind.TEAM,
            recipient=reader,
            letter=notices.account_changed(
                reader,
                act,
                person=person,
                actor=actor,
                at=now,
                before=before,
                after=after,
                is_alone=is_alone,
            ),
            now=now,
            useful_for=NOTICE_USEFUL_FOR,
            fixed_address=reader.email,
        )
