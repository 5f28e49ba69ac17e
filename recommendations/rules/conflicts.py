"""Two people who change one row: what only one of them changed is kept; if both did, the later one is asked.

A form carries a fingerprint of each value that it showed. Under the lock its service compares three values of
each field: what was shown, what is typed, and what is stored now.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from recommendations.errors import Refused

# Signs of a fingerprint: enough that two values of one field never share it by chance.
LENGTH = 16

# A value as a form and a row both have it; of several rows a list.
type Plain = str | list[Plain]


class EditConflict(Refused):
    """Somebody saved other values of the same fields after a form was opened. Nothing was changed."""

    def __init__(
        self, values: Mapping[str, tuple[object, object]], *, by: object = None, actor: object = None
    ) -> None:
        """Say who it was.

        Args:
            values: {field: (what stands now, what was typed)}.
            by: who saved it, where that is known.
            actor: who is told.
        """
        self.values, self.who = values, _who(by, actor)
        rest = _(
            "Nothing is saved yet: both versions are shown below. Save again to replace the "
            "other version with yours."
        )
        super().__init__(f"{self.who} {rest}")

    def about(self, name: str) -> "EditConflict":
        """Return the same of one field under another name: that of the row among several."""
        (values,) = self.values.values()
        renamed = EditConflict({name: values})
        renamed.args, renamed.who = self.args, self.who
        return renamed


def _who(by: object, actor: object) -> str:
    if by is not None and by == actor:
        return _("You changed this in another window after you opened it here.")
    if by is not None:
        return _("%(name)s changed this after you opened it.") % {"name": by}
    return _("Somebody changed this after you opened it.")


def plain(value: object) -> Plain:
    """Return a value as a form and a row both have it: words without space around them, people by number."""
    if value is None:
        return ""
    if isinstance(value, str):
        return "\n".join(value.strip().splitlines())
    if hasattr(value, "pk"):
        return str(value.pk)
    if hasattr(value, "all"):
        value = list(value.all())
    if isinstance(value, list | tuple | set):
        return sorted((plain(one) for one in value), key=str)
    return str(value)


def fingerprint(value: object) -> str:
    """Return what tells a value from another one."""
    return hashlib.sha256(json.dumps(plain(value)).encode()).hexdigest()[:LENGTH]


def values_of(row: Model, names: Iterable[str]) -> dict[str, Any]:
    """Return {name: value} of fields of a row; of those to many the rows themselves."""
    many = {field.name for field in row._meta.many_to_many}
    return {name: list(getattr(row, name).all()) if name in many else getattr(row, name) for name in names}


def fingerprints(values: Mapping[str, object]) -> dict[str, str]:
    """Return {name: fingerprint} of {name: value}."""
    return {name: fingerprint(value) for name, value in values.items()}


def spelled(seen: Mapping[str, str]) -> str:
    """Return {name: fingerprint} as one word after the other, for a form to carry."""
    return " ".join(f"{name}={value}" for name, value in seen.items())


def read(words: str) -> dict[str, str]:
    """Return what ``spelled`` wrote."""
    return dict(word.split("=", 1) for word in words.split() if "=" in word)


def merged[V](
    given: Mapping[str, V],
    *,
    current: Mapping[str, V],
    seen: Mapping[str, str] | None,
    by: Callable[[], object] | None = None,
    actor: object = None,
) -> dict[str, V]:
    """Return what is to be written: of each field the value that was typed, or the one that came meanwhile.

    Must be called with the row locked.

    Args:
        given: {field: what was typed}.
        current: {field: what stands now}, of these fields at least.
        seen: {field: fingerprint of what the form showed, empty where it showed nothing of the row}; None
            where there was no form. What is not in it is not compared.
        by: a function that returns who changed it last, or None; asked only when it matters.
        actor: who types.

    Raises: EditConflict when a field stands otherwise than it was shown, and otherwise than it was typed.
    """
    kept, both = dict(given), dict[str, tuple[object, object]]()
    for name, mine in given.items():
        shown = (seen or {}).get(name)
        now = fingerprint(current[name]) if shown is not None else None
        if now in (shown, fingerprint(mine)):
            continue
        if fingerprint(mine) == shown:
            kept[name] = current[name]
        else:
            both[name] = (current[name], mine)
    if both:
        raise EditConflict(both, by=by() if by else None, actor=actor)
    return kept
