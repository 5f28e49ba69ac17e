"""The dates on which a recommendation is reviewed, beside its interval."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from recommendations.choices import DateSource
from recommendations.forms.advocacy import DayInput
from recommendations.forms.edits import EditForm
from recommendations.forms.moments import WEEKS
from recommendations.models import DatedReason

# What people set here; dates before a moment are set from the calendar.
SOURCES = [
    (DateSource.ONE_OFF, DateSource.ONE_OFF.label),
    (DateSource.PROMISE, DateSource.PROMISE.label),
]


class DateForm(forms.Form):
    """A new review date."""

    source = forms.ChoiceField(
        label=_("Where the date comes from"),
        choices=SOURCES,
        initial=DateSource.ONE_OFF,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose where the date comes from.")},
    )
    on = forms.DateField(
        label=_("Review on"), widget=DayInput, error_messages={"required": _("Enter the day of the review.")}
    )
    what_for = forms.CharField(
        label=_("What for"),
        required=False,
        max_length=DatedReason._meta.get_field("what_for").max_length,
        help_text=_("Such as a hearing, or what the government promised. Everybody on the team can read it."),
    )

    def given(self):
        """Return what the service takes."""
        return {name: self.cleaned_data[name] for name in self.fields if name != "seen"}


class ChangeDateForm(EditForm, DateForm):
    """A review date that is there."""

    def __init__(self, *args, reason, **kwargs):
        initial = {name: getattr(reason, name) for name in ("source", "on", "what_for")}
        super().__init__(*args, initial=initial, **kwargs)
        if reason.source == DateSource.MOMENT:
            # Its moment is in the calendar no more, or never was.
            source: Any = self.fields["source"]
            source.choices = [*SOURCES, (DateSource.MOMENT, DateSource.MOMENT.label)]


class WeeksBeforeForm(EditForm):
    """How long before its moment a review date is."""

    weeks_before = forms.TypedChoiceField(label=_("How many weeks before"), choices=WEEKS, coerce=int)

    def __init__(self, *args, reason, **kwargs):
        super().__init__(*args, initial={"weeks_before": reason.weeks_before}, **kwargs)

    def given(self):
        """Return what the service takes."""
        return {"weeks_before": self.cleaned_data["weeks_before"]}


def change_form(reason):
    """Return the form by which a review date is changed."""
    return WeeksBeforeForm if reason.moment_id else ChangeDateForm
