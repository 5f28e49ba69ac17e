"""What a form asks for of an update, made from the one list of its fields."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from recommendations.choices import UpdateKind
from recommendations.choices.fields import Group, Shape
from recommendations.choices.update_fields import asked_for
from recommendations.forms.new_items import TEXT_LIMIT
from recommendations.forms.widgets import DateInput, HintedRadios, StatusRadios

# What is chosen among radios with a hint, unless it is named here.
WIDGETS = {"status": StatusRadios, "claimed_status": forms.Select}


def form_field(field):
    """Return the form's field for a field of an update. A draft may leave each of them empty."""
    said: dict[str, Any] = {
        "label": field.question or field.label,
        "help_text": field.help,
        "required": False,
    }
    if field.shape is Shape.CHOICE:
        widget: Any = WIDGETS.get(field.name, HintedRadios)
        offered = [(value.value, value.label) for value in field.offered or field.vocabulary]
        empty = [("", gettext_lazy("Not said"))] if widget is forms.Select else []
        said |= {"initial": field.default, "empty_value": field.default}
        return forms.TypedChoiceField(choices=[*empty, *offered], widget=widget, **said)
    if field.shape is Shape.DAY:
        return forms.DateField(widget=DateInput, **said)
    if field.shape is Shape.LINE:
        return forms.CharField(max_length=300, **said)
    return forms.CharField(max_length=TEXT_LIMIT, widget=forms.Textarea, **said)


def _asks(kind):
    """Return a form with the fields that the form of a kind of update does not place by name."""
    asked = {field.name: form_field(field) for group in Group for field in asked_for(kind, group)}
    return type(f"Asks{kind.name}", (forms.Form,), asked)


AsksOfAssessment: Any = _asks(UpdateKind.ASSESSMENT)
AsksOfCheck: Any = _asks(UpdateKind.CHECK)
