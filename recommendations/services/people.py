"""Managing the team: people, roles and passwords. What people choose themselves is in ``own_account``."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial

from axes.utils import reset as forget_failed_sign_ins
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from recommendations.accounts import giving_names, oversight, tokens
from recommendations.audit import log
from recommendations.choices import PARTNER, AccountAct, EventKind, MailKind, Role
from recommendations.errors import Refused
from recommendations.mail import messages, outbox
from recommendations.mail.outbox import bounces
from recommendations.models import User
from recommendations.models.locking import locked
from recommendations.models.people import PASSWORD_FIELDS, RANKS
from recommendations.rules.conflicts import merged, values_of

# Groups of letters are easier to copy by hand; 5 of 31 letters and figures each, without look-alikes.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"

# Late is better than never: somebody else may be reading in their place meanwhile.
NOTICE_USEFUL_FOR = timedelta(days=14)


def new_password() -> str:
    """Return a password of four groups of five characters, about 99 bits, easy to read out and to copy."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(5)) for _ in range(4))


def first_administrator(*, email: str, name: str = "Administrator") -> tuple[User, str] | None:
    """Make the first administrator if nobody real can sign in yet; made-up people do not count.

    Returns: (person, password) the first time, None when there are real people already.
    """
    if _is_somebody_real():  # every start but the first, which waits for nobody then
        return None
    with transaction.atomic():
        giving_names.wait_for_others()
        if _is_somebody_real():
            return None
        password = new_password()
        return User.objects.create_user(email, password, name=name, role=Role.MANAGER), password


def _is_somebody_real() -> bool:
    return User.objects.filter(is_example=False).exists()


@transaction.atomic
def add_person(*, actor: User, email: str, name: str, role: str, now: datetime) -> tuple[User, str]:
    """Add a member of the team, who chooses a password of their own at the first sign-in.

    Returns: (person, one-time password); the password is stored only as a hash.

    Raises: Refused when the actor is not a manager; ValidationError for a taken or invalid address.
    """
    _must_be_manager(actor)
    return _add(actor, email, name, role, now)


@transaction.atomic
def add_manager(*, email: str, name: str, now: datetime) -> tuple[User, str]:
    """Add a manager for the person who runs the server, as ``add_person`` does; the record names no actor."""
    return _add(None, email, name, Role.MANAGER, now)


def _add(actor: User | None, email: str, name: str, role: str, now: datetime) -> tuple[User, str]:
    giving_names.wait_for_others()
    person = User(email=email.strip().casefold(), name=name)
    password = _one_time_password(person, now)
    person.full_clean()
    giving_names.check(person)
    person.save()
    _put_in(person, role)
    _record(AccountAct.ADDED, actor, person, now, before="", after=role)
    return person, password


def _one_time_password(person: User, now: datetime) -> str:
    """Set a one-time password on a person, unsaved. Somebody else will have seen it. Returns: it."""
    password = new_password()
    person.set_password(password)
    person.password_is_temporary, person.password_given_at = True, now
    return password


@transaction.atomic
def rename(
    *, actor: User, person: User, email: str, name: str, now: datetime, seen: Mapping[str, str] | None = None
) -> User:
    """Correct a person's name, or the address they sign in with and get mail at.

    A new address is recorded, and the old one gets a mail: somebody with the new address could get to see
    what only this person can see.

    Args: ``seen``, here and below, is what the form showed, for ``conflicts.merged``.

    Raises: Refused when the actor is not a manager; EditConflict; ValidationError per
    field.
    """
    giving_names.wait_for_others()
    # On the desk the role may change in the same transaction, which locks them all.
    person = _locked_by_manager(actor, person)
    before, called = person.email, person.name
    given = {"email": email.strip().casefold(), "name": name}
    given = merged(given, current=values_of(person, given), seen=seen, actor=actor)
    person.email, person.name = given["email"], given["name"]
    person.full_clean(exclude=["name"] if person.name == called else [])
    if person.name != called:
        giving_names.check(person)
    has_moved = person.email != before
    if has_moved:
        bounces.believe(User.objects.filter(pk=person.pk))
        _tell_of_sign_in(AccountAct.ADDRESS, actor, person, now, address=before)
    log.hold()  # the address has a unique index
    person.save(update_fields=["email", "name"])
    if has_moved:
        _record_sign_in(AccountAct.ADDRESS, actor, person, now)
    giving_names.record(actor, person, now, before=called)
    return person


@transaction.atomic
def change_role(
    *, actor: User, person: User, role: str, now: datetime, seen: Mapping[str, str] | None = None
) -> User:
    """Give a person one role, in place of the roles that they had.

    Raises: Refused when the actor is not a manager, or no manager would be left.
    """
    person = _locked_by_manager(actor, person)
    before = role_of(person=person)
    given, by = {"role": role}, partial(_last_to_change, person)
    role = merged(given, current={"role": before}, seen=seen, by=by, actor=actor)["role"]
    if before == role:
        return person
    if role != Role.MANAGER:
        _must_leave_a_manager(person)
    _put_in(person, role)
    ended = tokens.end_all(person, actor=actor, now=now) if role == PARTNER else []
    act = AccountAct.RAISED if person.rank > RANKS.get(before, 0) else AccountAct.LOWERED
    _record(act, actor, person, now, before=before, after=role)
    tokens.record_end(ended, actor=actor, now=now)
    return person


@transaction.atomic
def set_active(
    *, actor: User, person: User, active: bool, now: datetime, seen: Mapping[str, str] | None = None
) -> User:
    """Let a person sign in, or end their access; their work stays, under their name.

    Their sessions and their API tokens end permanently.

    Raises: as ``change_role``.
    """
    person = _locked_by_manager(actor, person)
    given = {"is_active": active}
    current, by = {"is_active": person.is_active}, partial(_last_to_change, person)
    active = merged(given, current=current, seen=seen, by=by, actor=actor)["is_active"]
    if person.is_active == active:
        return person
    if not active:
        _must_leave_a_manager(person)
    person.is_active = active
    person.save(update_fields=["is_active"])
    ended = []
    if not active:
        _end_sessions(person)
        ended = tokens.end_all(person, actor=actor, now=now)
    role = role_of(person=person)
    act, before, after = (AccountAct.BACK, "", role) if active else (AccountAct.ENDED, role, "")
    _record(act, actor, person, now, before=before, after=after)
    tokens.record_end(ended, actor=actor, now=now)
    return person


@transaction.atomic
def give_password(*, actor: User, person: User, now: datetime) -> str:
    """Give a person who cannot sign in a one-time password, and forget their failed attempts.

    It is recorded, and the person is told: with it, a manager could read what only this person can see.

    Returns: the password; it is stored only as a hash. All of the person's sessions and API tokens end.

    Raises: Refused when the actor is not a manager, or asks for their own, which has a page of its own.
    """
    _must_be_manager(actor)
    if actor.pk == person.pk:
        raise Refused(_("Change your own password in your settings."))
    return _give_password(actor, person, now)


@transaction.atomic
def give_password_from_server(*, person: User, now: datetime) -> str:
    """Do the same for the person who runs the server; the record names no actor."""
    return _give_password(None, person, now)


def _give_password(actor: User | None, person: User, now: datetime) -> str:
    person = locked(person)
    password = _one_time_password(person, now)
    person.save(update_fields=PASSWORD_FIELDS)
    forget_failed_sign_ins(username=person.email)
    ended = tokens.end_all(person, actor=actor, now=now)
    _tell_of_sign_in(AccountAct.PASSWORD, actor, person, now, address=person.email)
    _record_sign_in(AccountAct.PASSWORD, actor, person, now)
    tokens.record_end(ended, actor=actor, now=now)
    return password


def role_of(*, person: User) -> str:
    """Return the person's highest role, or nothing if they have none; partners have ``PARTNER``."""
    return PARTNER if person.is_partner else person.role


def _end_sessions(person: User) -> None:
    """End all sessions of a person, so that none becomes valid again with their account."""
    for session in Session.objects.iterator():
        if session.get_decoded().get(SESSION_KEY) == str(person.pk):
            session.delete()


def _must_be_manager(actor: User) -> None:
    if not actor.has_role(Role.MANAGER):
        raise Refused(_("Only managers can change people and their roles."))


def _locked_by_manager(actor: User, person: User) -> User:
    """Return the person as they are now; everybody who could be the last manager is locked with them."""
    list(User.objects.select_for_update(no_key=True).order_by("pk").filter(is_active=True))
    # As they are now: the actor may have been demoted since the page was opened.
    _must_be_manager(User.objects.get(pk=actor.pk))
    return locked(person)


def _last_to_change(person: User) -> User | None:
    """Return who is named if two managers changed a person at once."""
    return log.last_actor(EventKind.ROLE_CHANGED, payload__person=person.pk)


def _must_leave_a_manager(person: User) -> None:
    if not person.has_role(Role.MANAGER):
        return
    if not User.objects.managers().exclude(pk=person.pk).exists():
        raise Refused(
            _("%(name)s is the only manager. Make somebody else a manager first.") % {"name": person}
        )


def _put_in(person: User, role: str) -> None:
    if role not in [*Role, PARTNER]:
        raise ValidationError({"role": _("Choose a role.")})
    person.groups.set(Group.objects.filter(name=role))
    person.is_partner = role == PARTNER
    person.save(update_fields=["is_partner"])
    person.__dict__.pop("rank", None)


def _record(
    act: AccountAct, actor: User | None, person: User, now: datetime, *, before: str, after: str
) -> None:
    oversight.note(act, person=person, actor=actor, now=now, before=before, after=after)
    log.record(
        EventKind.ROLE_CHANGED, now=now, actor=actor, person=person.pk, before=str(before), after=str(after)
    )


def _tell_of_sign_in(
    act: AccountAct, actor: User | None, person: User, now: datetime, *, address: str
) -> None:
    """Queue the notice, to an address, that a manager changed how a person signs in; managers are told too.

    Somebody who never signed in has nothing yet that a manager could read in their place.
    """
    if person.last_login:
        outbox.enqueue(
            key=f"sign_in:{person.pk}:{act}:{now.isoformat()}",
            kind=MailKind.SIGN_IN,
            recipient=person,
            letter=messages.sign_in_changed(person, act, actor=actor, at=now),
            now=now,
            useful_for=NOTICE_USEFUL_FOR,
            fixed_address=address,
        )
    role = role_of(person=person)
    oversight.note(act, person=person, actor=actor, now=now, before=role, after=role)


def _record_sign_in(act: AccountAct, actor: User | None, person: User, now: datetime) -> None:
    log.record(EventKind.SIGN_IN_CHANGED, now=now, actor=actor, person=person.pk, what=str(act))
