"""What people do with their own accounts: their settings, their name, their password."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from recommendations.accounts import giving_names, tokens
from recommendations.models import User
from recommendations.models.locking import locked
from recommendations.models.people import PASSWORD_FIELDS
from recommendations.rules.conflicts import merged, values_of


@transaction.atomic
def keep_settings(
    *, person: User, fields: Mapping[str, Any], now: datetime, seen: Mapping[str, str] | None = None
) -> User:
    """Save the settings that a person chose for themselves.

    Args:
        fields: checked values, by name.
        seen: what the form showed, for ``conflicts.merged``.

    Raises: EditConflict; ValidationError for a name that is refused.
    """
    giving_names.wait_for_others()
    person = locked(person)
    before = person.name
    holder, current = person, values_of(person, fields)
    kept = merged(fields, current=current, seen=seen, by=lambda: holder, actor=holder)
    reports = kept.pop("digest_reports", None)
    for name, value in kept.items():
        setattr(person, name, value)
    if person.name != before:
        giving_names.check(person)
    person.save(update_fields=list(kept))
    if reports is not None:
        person.digest_reports.set(reports)
    giving_names.record(person, person, now, before=before)
    return person


@transaction.atomic
def choose_password(*, person: User, password: str, now: datetime) -> None:
    """Save the password that a person chose for themselves; the form has validated it.

    Their API tokens end with their other sessions: somebody else may have made one of them.

    Raises: ValidationError when it is the present password, which somebody else may have seen.
    """
    if person.check_password(password):
        raise ValidationError({"new_password1": _("This is your present password. Choose another one.")})
    person.set_password(password)
    person.password_is_temporary, person.password_given_at = False, None
    person.save(update_fields=PASSWORD_FIELDS)
    ended = tokens.end_all(person, actor=person, now=now)
    tokens.record_end(ended, actor=person, now=now)
