"""The forms of the calendar of moments."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from recommendations.forms.advocacy import DayInput
from recommendations.forms.choosing import RowsField
from recommendations.forms.edits import EditForm
from recommendations.models import Moment, Recommendation
from recommendations.rules.dates import LAST_DAY, refuse_far_day
from recommendations.rules.moments import days_of

WEEKS = [(number, number) for number in range(13)]
# How far ahead review dates are set before a moment that comes back.
DAYS_OFFERED = 3
RHYTHMS = [
    ("", _("Once")),
    (1, _("Every year")),
    (2, _("Every 2 years")),
    (3, _("Every 3 years")),
    (4, _("Every 4 years")),
    (5, _("Every 5 years")),
    (6, _("Every 6 years")),
    (8, _("Every 8 years")),
    (10, _("Every 10 years")),
]


class MomentForm(EditForm, forms.ModelForm):
    """A date of the calendar."""

    every_years = forms.TypedChoiceField(
        label=_("How often"), choices=RHYTHMS, coerce=int, empty_value=None, required=False
    )

    class Meta:
        model = Moment
        fields = ("kind", "title", "on", "every_years", "until", "recommendations", "note")
        field_classes = {"recommendations": RowsField}
        widgets = {"on": DayInput, "until": DayInput, "recommendations": forms.CheckboxSelectMultiple}
        help_texts = {
            "on": _("Of a moment that comes back, the first date."),
            "until": _("Empty if it comes back without an end."),
            "recommendations": _("On which it bears. If you choose none, it bears on all."),
        }
        error_messages = {
            "kind": {"required": _("Choose what kind of moment it is.")},
            "title": {"required": _("Enter a title, such as “Universal Periodic Review”.")},
            "on": {"required": _("Enter its date.")},
        }

    def __init__(self, *args, reader, **kwargs):
        super().__init__(*args, **kwargs)
        offered = Q(report__closed_at=None, gone_since=None)
        if self.instance.pk:
            offered |= Q(pk__in=[row.pk for row in self.instance.recommendations.all()])
        field: Any = self.fields["recommendations"]
        field.queryset = Recommendation.objects.visible_to(reader).filter(offered).order_by("reference")

    def clean_on(self):
        """Review dates are counted back from it."""
        refuse_far_day(self.cleaned_data["on"])
        return self.cleaned_data["on"]

    def _post_clean(self):
        """Leave the checks of the row to the service: it is not written from here."""

    def given(self):
        """Return the fields of the moment."""
        given = {name: self.cleaned_data[name] for name in self.Meta.fields}
        return {**given, "recommendations": list(given["recommendations"])}


class BeforeMomentForm(forms.Form):
    """How long before a moment, before which of its days, and which recommendations."""

    weeks = forms.TypedChoiceField(
        label=_("How many weeks before"), choices=WEEKS, coerce=int, initial=3, widget=forms.Select
    )
    before_day = forms.TypedChoiceField(
        label=_("Before which day"),
        coerce=parse_date,
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": _("It does not fall on this day any more. Choose again.")},
    )
    recommendations = RowsField(
        label=_("Recommendations"),
        queryset=Recommendation.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one recommendation.")},
    )

    def __init__(self, *args, reader, moment, today, **kwargs):
        super().__init__(*args, **kwargs)
        rows = Recommendation.objects.visible_to(reader).tracked().order_by("reference")
        named = {row.pk for row in moment.recommendations.all()}
        field: Any = self.fields["recommendations"]
        field.queryset = rows
        field.initial = [row.pk for row in rows if not named or row.pk in named]
        days = [day for day, _n in zip(days_of(moment, today, LAST_DAY), range(DAYS_OFFERED), strict=False)]
        if moment.every_years and days:
            offered: Any = self.fields["before_day"]
            offered.choices = [(one.isoformat(), date_format(one, "j M Y")) for one in days]
        else:
            del self.fields["before_day"]
