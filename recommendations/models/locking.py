"""The row that an act is about, as it is now: locked until the commit, or ``Gone``."""

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model, QuerySet

from recommendations.errors import Gone


def locked[T: Model](row: T) -> T:
    """Return a row as it is now, locked until the commit, in the order of CONTRIBUTING, "The order of locks".

    Others may still begin to point to it, as events do. SQLite has no row locks; its IMMEDIATE transactions
    are one at a time.

    Raises: Gone.
    """
    return still_there(row.__class__._default_manager.select_for_update(no_key=True), row.pk)


def still_there[T: Model](rows: QuerySet[T], pk: int) -> T:
    """Return the row of this key as it is now, if it is still among ``rows``. Raises: Gone."""
    try:
        return rows.get(pk=pk)
    except ObjectDoesNotExist as error:
        raise Gone(str(rows.model._meta.verbose_name)) from error
