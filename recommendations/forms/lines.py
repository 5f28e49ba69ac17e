"""A line between two reports, as a reviewer confirms it: the numbers on both sides, and the kind."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from recommendations.choices import LineageKind

BETWEEN = re.compile(r"[\s,;]+")
# More than any list has, and fewer than a database could not hold.
LONGEST_NUMBER = 4


def numbers(typed):
    """Return the numbers that were typed, "2, 3" or "2 3". Raises: ValidationError."""
    words = [word for word in BETWEEN.split(typed) if word]
    for word in words:
        if not (word.isascii() and word.isdecimal() and len(word) <= LONGEST_NUMBER):
            wrong = _("“%(word)s” is no number. Write the numbers of recommendations, such as: 2, 3")
            raise ValidationError(wrong % {"word": word})
    return sorted({int(word) for word in words})


class LineForm(forms.Form):
    """Which recommendations belong together, and how."""

    hides_optional = True

    old = forms.CharField(label=_lazy("Numbers in the earlier report"), required=False, max_length=200)
    new = forms.CharField(label=_lazy("Numbers in the later report"), required=False, max_length=200)
    kind = forms.ChoiceField(label=_lazy("Kind"), choices=LineageKind.choices)

    def clean_old(self):
        return numbers(self.cleaned_data["old"])

    def clean_new(self):
        return numbers(self.cleaned_data["new"])

    def clean_kind(self):
        return LineageKind(self.cleaned_data["kind"])


class ChosenLineForm(LineForm):
    """A line between a report and the one that is being imported: whether the import confirms it, and how."""

    called = _lazy("Line")

    chosen = forms.BooleanField(label=_lazy("Confirm with the import"), required=False)
    carries = forms.BooleanField(label=_lazy("Carry this over"), required=False)
    # What stood there, which tells a line that was changed.
    was = forms.CharField(required=False, widget=forms.HiddenInput)

    @property
    def is_chosen(self):
        """Whether it was ticked, or changed without being ticked: whoever changes a line wants it so."""
        said = self.cleaned_data
        stood = said["was"].split("|")
        now = [said["kind"].value, *(" ".join(map(str, said[side])) for side in ("old", "new"))]
        return said["chosen"] or (stood[1:] != now and stood[0] != "chosen")


def chosen_form_of(number, met, data=None):
    """Return the form of one line of an import, which is one row among others."""
    sides = [" ".join(str(row.position) for row in side) for side in (met.line.old, met.line.new)]
    initial = {
        "old": sides[0].replace(" ", ", "),
        "new": sides[1].replace(" ", ", "),
        "kind": met.line.kind,
        "chosen": met.chosen is not None,
        "carries": met.carries,
        "was": "|".join(["chosen" if met.chosen else "", met.line.kind.value, *sides]),
    }
    return ChosenLineForm(data, initial=initial, prefix=f"line-{number}")


def form_of(line):
    """Return the form that confirms a line as it is proposed."""
    initial = {
        "old": ", ".join(str(row.position) for row in line.old),
        "new": ", ".join(str(row.position) for row in line.new),
        "kind": line.kind,
    }
    return LineForm(initial=initial, auto_id=f"{line.anchor}-%s")
