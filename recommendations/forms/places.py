"""The rows of an update's form under "where did you look"."""

from django import forms
from django.utils.translation import gettext_lazy

from recommendations.forms.rows import RowForm
from recommendations.forms.widgets import DateInput


class PlaceRow(RowForm):
    """A place where the author looked, and when."""

    silent_fields = ("looked_on",)
    called = gettext_lazy("Place")

    place = forms.CharField(label=gettext_lazy("Where we looked"), required=False, max_length=300)
    looked_on = forms.DateField(label=gettext_lazy("On"), required=False, widget=DateInput)


class PlaceRows(forms.BaseFormSet):
    """The rows under "where did you look"; an empty row is left out, an empty date is the as-of date."""

    def pairs(self, default):
        """Return the (place, date) pairs of the whole rows; ``default`` stands for a missing date."""
        whole = [row.cleaned_data for row in self.forms if not row.errors and not row.is_blank()]
        return [(row["place"], row["looked_on"] or default) for row in whole if row["place"]]


def place_rows(data=None, initial=None):
    """Return the rows of places looked at."""
    made = forms.formset_factory(PlaceRow, formset=PlaceRows, extra=0, max_num=40, absolute_max=60)
    return made(data, initial=initial, prefix="places")
