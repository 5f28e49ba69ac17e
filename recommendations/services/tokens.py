"""Making and revoking personal tokens of the API. A person loses them with their access (``people``)."""

import uuid
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from recommendations.accounts import oversight, tokens
from recommendations.audit import log
from recommendations.choices import AccountAct, ApiLevel, EventKind, Role
from recommendations.errors import Refused
from recommendations.models import ApiToken, User
from recommendations.models.locking import locked

MOST = 20


@transaction.atomic
def make(
    *, person: User, key: uuid.UUID, name: str, level: ApiLevel, days: int, now: datetime
) -> tuple[ApiToken, str]:
    """Make a token for a person, who alone can do that.

    Args:
        key: made by the form, so that a form sent twice makes one token.
        days: for how long it opens the API; a year at most.

    Returns: (row, token); the token is stored only as a hash.

    Raises: Refused for who has no role, or has too many, or sent the form twice; ValidationError for a
        name or a time that cannot be.
    """
    # Whoever asks for the password anew before a token is made, asks at the door, before this.
    person = locked(person)
    if not person.has_role(Role.VIEWER):
        raise Refused(_("Only members of the team can make tokens."))
    if not name.strip():
        raise ValidationError({"name": _("Enter a name.")})
    if not timedelta() < timedelta(days=days) <= tokens.LONGEST_LIFE:
        raise ValidationError({"days": _("A token lasts a year at most. Choose a shorter time.")})
    if ApiToken.objects.filter(key=key).exists():
        raise Refused(
            _("This token was made already, and is shown only once. If you did not copy it, revoke it.")
        )
    if person.api_tokens.live(now).count() >= MOST:
        raise Refused(_("You have %(n)s tokens. Revoke one that you do not need any more.") % {"n": MOST})
    token = tokens.new_token()
    made = ApiToken(key=key, person=person, name=name.strip(), level=level, made_at=now)
    made.expires_at = now + timedelta(days=days)
    made.start, made.digest = token[: tokens.SHOWN], tokens.digest_of(token)
    made.full_clean(exclude=["person", "key"])
    made.save(force_insert=True)
    log.record(
        EventKind.TOKEN_MADE,
        now=now,
        actor=person,
        person=person.pk,
        token=str(made.key),
        starts=made.start,
        level=str(level),
        days=days,
    )
    return made, token


@transaction.atomic
def revoke(*, token: ApiToken, actor: User, now: datetime) -> ApiToken:
    """Revoke one's own token; what is revoked or expired already stays as it is.

    Raises: Refused when it belongs to somebody else; Gone.
    """
    token = locked(token)
    if token.person_id != actor.pk:
        raise Refused(_("This token belongs to somebody else."))
    if not token.is_live(now):
        return token
    token.revoked_at, token.revoked_by = now, actor
    token.save(update_fields=["revoked_at", "revoked_by"])
    tokens.record_end([token], actor=actor, now=now)
    return token


@transaction.atomic
def revoke_all(*, person: User, actor: User, now: datetime) -> int:
    """Revoke all tokens of somebody else, as a manager; the managers are told of a reviewer's or manager's.

    Returns: how many there were.

    Raises: Refused when the actor is not a manager.
    """
    if not actor.has_role(Role.MANAGER):
        raise Refused(_("Only managers can revoke the tokens of others."))
    person = locked(person)
    ended = tokens.end_all(person, actor=actor, now=now)
    if ended:
        role = person.role
        oversight.note(AccountAct.TOKENS, person=person, actor=actor, now=now, before=role, after=role)
    tokens.record_end(ended, actor=actor, now=now)
    return len(ended)


def bearer_of(*, token: str, now: datetime) -> ApiToken | None:
    """Return the row of a token that opens the API now, with its person; None for any other."""
    live = ApiToken.objects.live(now).filter(digest=tokens.digest_of(token))
    found = live.select_related("person").first()
    return found if found and found.person.has_role(Role.VIEWER) else None


def note_use(*, token: ApiToken, now: datetime) -> None:
    """Keep the day on which a token was used last; it is written once a day."""
    today = token.person.today(now)
    if token.last_used_on != today:
        ApiToken.objects.filter(pk=token.pk).update(last_used_on=today)
