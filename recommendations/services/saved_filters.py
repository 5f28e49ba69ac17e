"""Saving filters under a name, changing and deleting them: people change only their own."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from recommendations.choices import ListName
from recommendations.errors import Refused
from recommendations.models import SavedFilter, User
from recommendations.models.lists import LONGEST_QUERY
from recommendations.models.locking import locked
from recommendations.rules.conflicts import merged, values_of


@transaction.atomic
def keep(
    *, owner: User, listed: ListName, name: str, query: str, is_shared: bool, now: datetime
) -> SavedFilter:
    """Save the filters of a list under a name.

    Args:
        query: the filters as they are in the address of the list, without the page number.
        is_shared: whether everybody in the team finds it on the menu of the list.

    Raises: ValidationError for an empty or taken name, or without a filter.
    """
    if not query:
        raise ValidationError(_("Choose filters on the list first; there is nothing to save yet."))
    if len(query) > LONGEST_QUERY:
        raise ValidationError(_("These filters are too long to save. Search for fewer words."))
    # The second of two clicks waits for the first one here, and then finds that the name is taken.
    locked(owner)
    saved = SavedFilter(
        owner=owner, listed=listed, name=name.strip(), query=query, is_shared=is_shared, created_at=now
    )
    _check(saved)
    saved.save()
    return saved


@transaction.atomic
def change(
    *, saved: SavedFilter, actor: User, name: str, is_shared: bool, seen: Mapping[str, str] | None = None
) -> SavedFilter:
    """Rename a saved filter, share it or stop sharing it.

    Raises: Refused when it belongs to somebody else; EditConflict; ValidationError for an empty
    or taken name.
    """
    saved = _own(saved, actor)
    given: dict[str, Any] = {"name": name.strip(), "is_shared": is_shared}
    given = merged(given, current=values_of(saved, given), seen=seen, by=lambda: saved.owner, actor=actor)
    saved.name, saved.is_shared = given["name"], given["is_shared"]
    _check(saved)
    saved.save(update_fields=["name", "is_shared"])
    return saved


@transaction.atomic
def delete(*, saved: SavedFilter, actor: User) -> None:
    """Delete a saved filter. Raises: Refused when it belongs to somebody else."""
    _own(saved, actor).delete()


def _own(saved: SavedFilter, actor: User) -> SavedFilter:
    if saved.owner_id != actor.pk:
        raise Refused(
            _("This filter belongs to %(name)s: you can use it, but not change it.") % {"name": saved.owner}
        )
    return locked(saved)


def _check(saved: SavedFilter) -> None:
    if not saved.name:
        raise ValidationError({"name": _("Enter a name.")})
    taken = SavedFilter.objects.filter(owner=saved.owner, listed=saved.listed, name=saved.name)
    if taken.exclude(pk=saved.pk).exists():
        raise ValidationError({"name": _("You already have a filter with this name. Choose another name.")})
    saved.full_clean(exclude=["owner"])
