"""The fields of an update, in the order of the one list of them."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from recommendations.choices.fields import Place, UpdateField
from recommendations.choices.update_fields import arranged, listed_at
from recommendations.templatetags.rows import drawn

register = template.Library()

# What a place shows before the rest.
FIRST = {Place.PAGE: ("public_text",), Place.EDITION: ("reason", "public_text")}


@dataclass(frozen=True)
class Part:
    """A field with its value, and the parts that are shown below it."""

    field: UpdateField
    value: Any
    below: tuple["Part", ...] = ()


@register.filter
def as_of_words(update):
    """Return "as of 2 Aug 2024" of an update; or that it is not dated, while nobody has looked yet."""
    if update.is_undated:
        return _("not dated yet")
    return _("as of %(day)s") % {"day": date_format(update.as_of, "j M Y")}


@register.filter
def named(update):
    """Return what an update is called: "Assessment as of 2 Aug 2024", or "Assessment, not dated yet"."""
    words = _("%(kind)s, %(dated)s") if update.is_undated else _("%(kind)s %(dated)s")
    return words % {"kind": update.get_kind_display(), "dated": as_of_words(update)}


@register.filter
def value_mark(part):
    """Show the value of a part by its mark, or in words."""
    if part.field.mark:
        return drawn(get_language(), part.field.mark, part.value)
    return value_words(part)


@register.filter
def value_words(part):
    """Return the value of a part in words alone, for mails."""
    return part.field.in_words(part.value)


@register.filter
def parts(update, where):
    """Return what an update, or the content of a version or an edition, says in the fields of a place.

    Empty fields are left out.
    """
    place = Place(where)
    fields = arranged(listed_at(place), first=FIRST.get(place, ()))
    # Who may read it, and what it is the status of, have places of their own.
    return [
        part for part in _parts(update, fields) if not part.field.below and part.field.name != "sensitivity"
    ]


def _parts(update, fields):
    for field in fields:
        # What has its default value says nothing.
        if (value := _value(update, field)) and value != field.default:
            yield Part(
                field, value, tuple(_parts(update, [one for one in fields if one.below == field.name]))
            )


def _value(update, field):
    if isinstance(update, dict):
        return field.from_json(update.get(field.name))
    return getattr(update, field.name)
