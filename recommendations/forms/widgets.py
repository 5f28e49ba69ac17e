"""Form controls of the tracker: choices that say what they mean, and several files at once."""

from django import forms
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe

from recommendations.choices import (
    CRITERIA,
    CURRENT_CRITERIA,
    SEALED,
    SEALED_MEANING,
    SENSITIVITY_MEANING,
    Nature,
    Status,
    criterion,
)


class HintedRadios(forms.RadioSelect):
    """Radios with a sentence beside each choice; ``hints`` maps a value to its sentence."""

    template_name = "django/forms/widgets/choices.html"
    hints: dict = {}

    def __init__(self, attrs=None, choices=(), hints=None):
        super().__init__(attrs, choices)
        self.hints = hints if hints is not None else self.hints

    def create_option(self, name, value, *args, **kwargs):
        """Return Django's option with its hint."""
        return super().create_option(name, value, *args, **kwargs) | {"hint": self.hints.get(str(value), "")}


class StatusRadios(HintedRadios):
    """The implementation statuses, each with its shape and its criterion."""

    hints = dict(CRITERIA[CURRENT_CRITERIA][Nature.DO])

    def judge_by(self, natures):
        """Show the criteria of these natures: where they differ, of each under its name."""
        self.hints = {value: self._criteria(value, natures) for value in Status}

    @staticmethod
    def _criteria(value, natures):
        said = {criterion(value, nature): nature.label for nature in natures}
        if len(said) == 1:
            return next(iter(said))
        named = ((label, words) for words, label in said.items())
        return format_html_join(mark_safe("<br>"), "<em>{}:</em> {}", named)

    def create_option(self, name, value, *args, **kwargs):
        """Return the hinted option, marked as a status where it has a value."""
        return super().create_option(name, value, *args, **kwargs) | {"is_status": bool(value)}


class SensitivityRadios(HintedRadios):
    """The levels of sensitivity, each with who can read it."""

    hints = {**SENSITIVITY_MEANING, SEALED: SEALED_MEANING}


class HintedCheckboxes(HintedRadios):
    """Checkboxes with a sentence beside each choice."""

    allow_multiple_selected = True
    input_type = "checkbox"
    use_required_attribute = forms.CheckboxSelectMultiple.use_required_attribute
    value_omitted_from_data = forms.CheckboxSelectMultiple.value_omitted_from_data


class FileInput(forms.FileInput):
    """A field for a file: plain without JavaScript, a place to drop it with it."""

    template_name = "django/forms/widgets/files.html"


class FilesInput(FileInput):
    """A field for several files."""

    allow_multiple_selected = True

    def __init__(self, attrs=None):
        super().__init__({"multiple": True, **(attrs or {})})


class FilesField(forms.FileField):
    """Several files; the cleaned value is a list, empty where none was sent and none is required."""

    widget = FilesInput

    def clean(self, data, initial=None):
        """Return the list of files, each checked as Django checks one; the first fault is raised."""
        if not data:
            super().clean(None, initial)
            return []
        return [super(FilesField, self).clean(one, initial) for one in data]


class DateInput(forms.DateInput):
    """A date by the browser's own calendar; typed as 2026-11-03 where it has none."""

    input_type = "date"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%d")
