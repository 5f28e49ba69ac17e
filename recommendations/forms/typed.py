"""What was typed into a form that could not be accepted, under the labels of its page."""

import re
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.forms.utils import pretty_name
from django.utils.choices import flatten_choices
from django.utils.translation import gettext as _

# A row, or a form among others of its page: "evidence-0-title", "rename-2-title", "add-title".
PLACE = re.compile(r"(?P<prefix>[a-z_]+)-(?:(?P<number>\d+)-)?(?P<name>\w+)")
# What forms carry for themselves, where a page does not say which forms it sends: nobody typed it.
MACHINERY = {
    *("_addanother", "_continue", "_popup", "_save", "act", "action", "add", "confirmed", "corrects"),
    *(
        "evidence",
        "form_key",
        "index",
        "intent",
        "key",
        "next",
        "post",
        "seen",
        "select_across",
        "shape",
        "shown",
    ),
    *("staged", "step"),
}


@dataclass(frozen=True)
class Sent:
    """The forms that a page sends: plain ones, and those that stand below a prefix, such as rows."""

    plain: tuple = ()
    prefixed: dict = field(default_factory=dict)


def sends(*plain, **prefixed):
    """Return a decorator by which a page says which forms it sends, so that their labels are known later."""

    def decorate(view):
        view.sent = Sent(plain, prefixed)
        return view

    return decorate


def typed_words(posted, sent=None):
    """Return (label, words) pairs of what a person typed or chose, without what forms carry for themselves.

    Args:
        posted: (name, value) pairs.
        sent: the ``Sent`` of the page, if it says so; without it the names are made readable.
    """
    values: dict[str, list[str]] = {}
    for name, value in posted:
        if value.strip():
            values.setdefault(name, []).append(value)
    if sent is not None:
        return _labelled(values, sent)
    return [
        (pretty_name(name.rpartition("-")[2]), ", ".join(several))
        for name, several in values.items()
        if not name.endswith("_FORMS") and name.rpartition("-")[2] not in MACHINERY
    ]


def _labelled(values, sent):
    """Return the labels and words of what the page's forms ask for, rows numbered as they were seen."""
    told: list[tuple[str, str]] = []
    numbers: dict[str, dict] = {}
    places = {name: _place(name, sent) for name in values}
    touched = {
        (prefix, number)
        for prefix, number, name in places.values()
        if prefix and name not in getattr(sent.prefixed[prefix], "silent_fields", ())
    }
    for posted, (prefix, number, name) in places.items():
        if prefix and (prefix, number) not in touched:
            continue  # a row that was left as it came
        forms_there = (sent.prefixed[prefix],) if prefix else sent.plain
        label, asked = _label_and_field(forms_there, name)
        if label is None:
            continue
        called = prefix and getattr(sent.prefixed[prefix], "called", "")
        if called:
            number = numbers.setdefault(prefix, {}).setdefault(number, len(numbers[prefix]) + 1)
            label = f"{called} {number}: {label}"
        told.append((label, ", ".join(_said(asked, value) for value in values[posted])))
    return told


def _place(posted, sent):
    """Return (prefix, number, name) of a posted name; no prefix for a field of a plain form."""
    found = PLACE.fullmatch(posted)
    if found and found["prefix"] in sent.prefixed:
        return found["prefix"], found["number"], found["name"]
    return "", None, posted


def _label_and_field(forms_there, name):
    """Return the label of a field of one of these forms, and the field; two times None for machinery."""
    for form in forms_there:
        asked = form.base_fields.get(name)
        if asked is not None and not asked.widget.is_hidden:
            return str(asked.label or pretty_name(name)).removesuffix(f" ({_('optional')})"), asked
        further = getattr(form, "label_of_further", None)
        if further and (label := further(name)):
            return label, None
    return None, None


def _said(asked, value):
    """Return a value as the page showed it.

    The names behind a key of the database are not told to somebody who is not signed in.
    """
    if isinstance(asked, forms.ModelChoiceField | forms.UUIDField):
        return _("(choose it again)")
    if isinstance(asked, forms.ChoiceField):
        choices: Any = flatten_choices(asked.choices)  # type: ignore[arg-type]
        labels = {str(key): str(label) for key, label in choices}
        return labels.get(value) or _("(choose it again)")
    return _("yes") if isinstance(asked, forms.BooleanField) else value
