"""The form of a check, in two clicks."""

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy, ngettext

from recommendations.choices import Extent, UpdateKind
from recommendations.choices.fields import Group
from recommendations.choices.update_fields import COLUMNS, asked_for
from recommendations.forms.new_items import TEXT_LIMIT
from recommendations.forms.places import place_rows
from recommendations.forms.update_fields import AsksOfCheck
from recommendations.forms.updates import SentForm, UpdateForms

# What the form of a check folds away, so that the usual one stays as short as it was.
FOLDED = ("public_text", "proposed_extent")


class CheckForm(AsksOfCheck, SentForm):
    """A check: looked, nothing new.

    Places of earlier checks are offered to be ticked, and none is ticked beforehand: one counts with the day
    on which somebody says that they looked there.
    """

    earlier = forms.MultipleChoiceField(
        label=gettext_lazy("Where earlier checks looked"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Select only the places where you looked today."),
    )
    note = forms.CharField(
        label=gettext_lazy("Note for the team (optional)"),
        required=False,
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args, earlier=(), left=0, **kwargs):
        """``earlier`` are the places to be offered, and ``left`` is how many more there are."""
        super().__init__(*args, **kwargs)
        extent: Any = self.fields["proposed_extent"]
        extent.choices = [(one.value, one.label) for one in Extent if one != Extent.WORDS_AND_STATUS]
        extent.help_text = gettext(
            "The reviewer decides. Nothing of a check but the text above can go outside."
        )
        if not earlier:
            del self.fields["earlier"]
            return
        offered: Any = self.fields["earlier"]
        offered.choices = [(place, place) for place in earlier]
        if left:
            more = ngettext(
                "… and %(n)s more: type it below if you looked there.",
                "… and %(n)s more: type them below if you looked there.",
                left,
            )
            offered.help_text = f"{offered.help_text} {more % {'n': left}}"

    def further(self):
        """Return what is asked for beside what the page places by name."""
        asked = [field.name for group in Group for field in asked_for(UpdateKind.CHECK, group)]
        return [self[name] for name in asked if name not in FOLDED]

    def folded(self):
        """Return what few checks say: words to be quoted outside, and that they be published."""
        return [self[name] for name in FOLDED]

    def is_unfolded(self):
        """Say whether there is something to be seen in it: an error, or words of an earlier round."""
        return any(field.errors or field.value() not in ("", None, Extent.NOTHING) for field in self.folded())

    def written(self):
        """Return the fields that can be saved as they are."""
        written = {name: self.cleaned_data[name] for name in COLUMNS if name in self.cleaned_data}
        return {**written, "internal_note": self.cleaned_data["note"]}


def check_forms(*, data=None, initial=None, places=(), **about):
    """Return the forms of a check. Args: ``about``, what its form takes."""
    if data is not None:
        return UpdateForms(CheckForm(data, **about), place_rows(data))
    return UpdateForms(CheckForm(initial=initial, **about), place_rows(initial=places))
