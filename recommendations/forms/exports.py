"""What a person chooses before a list is exported."""

from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from recommendations.choices import Sensitivity

LEVELS = [
    (Sensitivity.PUBLIC, _("What is published: updates, and the public evidence that they cite")),
    (Sensitivity.INTERNAL, _("Public and internal")),
    (Sensitivity.RESTRICTED, _("Public, internal, and restricted rows that you can see")),
]


class ExportForm(forms.Form):
    """The kind of file, the columns, and how secret the rows may be.

    Args:
        formats: {name: format}.
        columns: the columns that the list has.
        levelled: whether its rows have a sensitivity of their own.
        published: whether some of them can be published.
    """

    made_as = forms.ChoiceField(label=_("Kind of file"), widget=forms.RadioSelect, initial="xlsx")
    level = forms.ChoiceField(
        label=_("Rows to include"),
        choices=LEVELS,
        widget=forms.RadioSelect,
        initial=Sensitivity.INTERNAL,
        help_text=_(
            "You are responsible for where the file goes. Columns that are only for the team are "
            "left out of a public file."
        ),
    )
    columns = forms.MultipleChoiceField(
        label=_("Columns"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one column.")},
    )

    def __init__(self, *args, formats, columns, levelled, published=True, **kwargs):
        super().__init__(*args, **kwargs)
        self.every_column = columns
        self._offer("made_as", [(name, one.label) for name, one in formats.items()])
        self._offer("columns", [(one.name, one.label) for one in columns])
        self.fields["columns"].initial = [one.name for one in columns if one.usual]
        if not levelled:
            del self.fields["level"]
        elif not published:
            self._offer("level", LEVELS[1:])

    def _offer(self, name, choices):
        field: Any = self.fields[name]
        field.choices = choices

    @property
    def highest(self):
        """The highest sensitivity that may go out."""
        return Sensitivity(self.cleaned_data.get("level", Sensitivity.INTERNAL))

    @property
    def chosen(self):
        """The chosen columns in the list's order, without those for the team where all is to be public."""
        names = self.cleaned_data["columns"]
        chosen = [one for one in self.every_column if one.name in names]
        if self.highest != Sensitivity.PUBLIC:
            return chosen
        return [replace(one, path=one.outside or one.path) for one in chosen if not one.internal]

    def clean(self):
        """Refuse a file of which no column is left."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("columns") and not self.errors and not self.chosen:
            self.add_error(
                "columns", _("These columns are only for the team. Choose other columns or other rows.")
            )
        return cleaned
