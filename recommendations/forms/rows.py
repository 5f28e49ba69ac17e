"""The rows of a form that has as many as somebody needs."""

from typing import Any

from django import forms


class RowForm(forms.Form):
    """A row of a form of rows; one left empty is no row at all."""

    hides_optional = True

    # Not said by the row as a whole, so it makes no row of an empty one.
    silent_fields: tuple[str, ...] = ()
    # What one row is called, before its number.
    called: Any = ""

    def is_blank(self):
        """Say whether nothing was put into this row."""
        return not any(
            self.cleaned_data.get(name) for name in self.fields if name not in self.silent_fields
        ) and not (set(self.errors) - set(self.silent_fields))
