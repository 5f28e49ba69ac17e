"""Personal tokens of the API: how one is made and recognized, and when a person loses all of theirs."""

import hashlib
import re
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from recommendations.audit import log
from recommendations.choices import EventKind
from recommendations.models import ApiToken, User

# By this anybody, and any program that looks for secrets in files, recognizes one.
PREFIX = "rectrack_"
# 32 bytes of chance as letters, so that a plain hash is enough: nobody can try so many.
SECRET_LETTERS = 43
SHOWN = len(PREFIX) + 5
ANY_TOKEN = re.compile(rf"{PREFIX}[A-Za-z0-9_-]{{{SECRET_LETTERS}}}")
LONGEST_LIFE = timedelta(days=365)


def new_token() -> str:
    """Return a token that nobody has: the prefix, and 256 bits of chance."""
    return PREFIX + secrets.token_urlsafe(32)


def digest_of(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def end_all(person: User, *, actor: User | None, now: datetime) -> list[ApiToken]:
    """Revoke all tokens of a person, in the transaction of the act that ends them.

    The caller records it last, with ``record_end``.

    Args: ``actor`` is who ends them; None for the person who runs the server.

    Returns: the tokens that were live.
    """
    live = ApiToken.objects.select_for_update(no_key=True).filter(person=person).live(now).order_by("pk")
    ended = list(live)
    ApiToken.objects.filter(pk__in=[one.pk for one in ended]).update(revoked_at=now, revoked_by=actor)
    return ended


def record_end(tokens: Collection[ApiToken], *, actor: User | None, now: datetime) -> None:
    """Record that tokens were revoked, an event for each."""
    for one in tokens:
        log.record(
            EventKind.TOKEN_REVOKED,
            now=now,
            actor=actor,
            person=one.person_id,
            token=str(one.key),
            starts=one.start,
            level=one.level,
        )
