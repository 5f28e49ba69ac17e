"""What all forms that change an existing row share: they carry what they showed, and show two versions."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.choices import flatten_choices
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from recommendations.rules.conflicts import fingerprint, fingerprints, read, spelled


class OlderName:
    """For forms of people: a name that a newer rule refuses keeps nothing else from being changed."""

    def _get_validation_exclusions(self):
        left_out = super()._get_validation_exclusions()  # type: ignore[misc]
        return left_out if "name" in self.changed_data else left_out | {"name"}  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Difference:
    """One field that two people changed: its label, what stands now, and what was typed here."""

    label: str
    theirs: str
    mine: str


class SeenField(forms.CharField):
    """The fingerprints of what a form showed. Nobody types them, so they are never what was changed."""

    def __init__(self):
        # No id: several such forms may stand on one page.
        super().__init__(required=False, widget=forms.HiddenInput(attrs={"id": False}))

    def has_changed(self, initial, data):
        """Say no."""
        return False


class EditForm(forms.Form):
    """A form that changes an existing row.

    ``seen`` goes with it to the service, which compares it under the lock (``conflicts.merged``). What the
    service refuses by an ``EditConflict`` goes to ``show_conflict``.
    """

    seen = SeenField()
    differences: tuple[Difference, ...] = ()
    # For the desk, where a page is made again with what its service refused.
    conflict: Any = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["seen"] = spelled(fingerprints(self.shown()))

    def shown(self) -> dict[str, Any]:
        """Return {name: value} of what the form shows of the row: initial values that a person can change."""
        shown = [name for name, field in self.fields.items() if not field.widget.is_hidden]
        return {name: self.initial[name] for name in shown if name in self.initial}

    def clean(self):
        """Put a conflict on the form that its service found."""
        cleaned = super().clean()
        if self.conflict:
            self.show_conflict(self.conflict)
        return cleaned

    def clean_seen(self):
        """Return the fingerprints that came with the form, or None where it has no such field."""
        return read(self.cleaned_data["seen"]) if self.add_prefix("seen") in self.data else None

    def show_conflict(self, conflict):
        """Put both versions on the form. What is saved from there on was seen beside the other."""
        seen = self.cleaned_data.get("seen") or {}
        self.differences = tuple(
            Difference(self.label_of(name), self.in_words(name, theirs), self.in_words(name, mine))
            for name, (theirs, mine) in conflict.values.items()
        )
        renewed = {name: fingerprint(theirs) for name, (theirs, _mine) in conflict.values.items()}
        self.carry({**seen, **renewed})
        self.add_error(None, str(conflict))

    def carry(self, seen):
        """Let the form, when it is shown again, carry these fingerprints."""
        data: Any = self.data
        data = data.copy()
        data[self.add_prefix("seen")] = spelled(seen)
        self.data = data

    def label_of(self, name):
        """Return what a page calls a field."""
        return str(self.fields[name].label or name)

    def in_words(self, name, value):
        """Return a value as its field says it."""
        field = self.fields.get(name)
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if hasattr(value, "all"):
            value = list(value.all())
        if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
            choices: Any = field.choices
            flat: Any = flatten_choices(choices)
            labels = {str(key): str(label) for key, label in flat}
            chosen: Any = field.prepare_value(value)
            chosen = chosen if isinstance(chosen, list) else [chosen]
            value = [labels.get(str(one), str(one or "")) for one in chosen]
        if isinstance(value, list | tuple):
            return ", ".join(str(one) for one in value) or _("nothing")
        if value in (None, ""):
            return _("nothing") if not isinstance(field, forms.ModelChoiceField) else _("nobody")
        if hasattr(value, "isoformat"):
            return date_format(value, "j M Y")
        return str(value)
