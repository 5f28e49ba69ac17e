"""The forms of the advocacy log."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from recommendations.forms.choosing import PeopleField, PersonField, RowsField
from recommendations.forms.edits import EditForm
from recommendations.forms.widgets import SensitivityRadios
from recommendations.models import Advocacy, Evidence, Recommendation, User


class DayInput(forms.DateInput):
    """A day, picked from the browser's calendar."""

    def __init__(self):
        super().__init__(attrs={"type": "date"}, format="%Y-%m-%d")


class AdvocacyForm(EditForm, forms.ModelForm):
    """What was done, with whom, what came of it, what is next, and who may read it."""

    form_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Advocacy
        fields = (
            *("kind", "held_on", "counterpart", "subject", "result", "recommendations"),
            *("next_step", "next_on", "next_owner", "sensitivity", "readers"),
        )
        field_classes = {"next_owner": PersonField, "readers": PeopleField, "recommendations": RowsField}
        widgets = {
            "held_on": DayInput,
            "next_on": DayInput,
            "result": forms.Textarea(attrs={"rows": 5}),
            "recommendations": forms.CheckboxSelectMultiple,
            "readers": forms.CheckboxSelectMultiple,
            "sensitivity": SensitivityRadios,
        }
        labels = {"sensitivity": _("Who can see this")}
        help_texts = {
            "counterpart": _("A person’s function or an office, so that colleagues know who it was."),
            "next_on": _("The person who takes the next step is reminded when it is due."),
            "readers": _(
                "Only for a restricted entry: people in addition to you and the person "
                "who takes the next step."
            ),
        }
        error_messages = {
            "kind": {"required": _("Choose what it was.")},
            "held_on": {"required": _("Enter the day on which it took place.")},
            "counterpart": {"required": _("Say with whom, by function or office.")},
            "subject": {"required": _("Say in a few words what it was about.")},
        }

    def __init__(self, *args, reader, **kwargs):
        super().__init__(*args, **kwargs)
        self._offer("next_owner", User.objects.writers())
        self._offer("readers", User.objects.members().exclude(pk=reader.pk))
        rows = Recommendation.objects.visible_to(reader)
        offered = Q(report__closed_at=None, gone_since=None)
        if self.instance.pk:
            offered |= Q(pk__in=[row.pk for row in self.instance.recommendations.all()])
        self._offer("recommendations", rows.filter(offered).order_by("reference"))

    def _offer(self, name, rows):
        field: Any = self.fields[name]
        field.queryset = rows

    def _post_clean(self):
        """Leave the checks of the row to the service: it is not written from here."""

    def given(self):
        """Return what the service takes: the fields, the recommendations, and the readers."""
        cleaned = {name: value for name, value in self.cleaned_data.items() if name in self.Meta.fields}
        return {
            "recommendations": cleaned.pop("recommendations"),
            "readers": cleaned.pop("readers"),
            "fields": cleaned,
        }


GONE_ITEM = _("One of these items can no longer be seen, or was removed. Choose again.")


class ItemsForm(forms.Form):
    """Evidence items that are added to an entry."""

    items = forms.ModelMultipleChoiceField(
        label=_("Items"),
        queryset=Evidence.objects.none(),
        to_field_name="key",
        error_messages={
            "required": _("Choose at least one item."),
            **dict.fromkeys(("invalid_choice", "invalid_pk_value"), GONE_ITEM),
        },
    )

    def __init__(self, *args, held, **kwargs):
        super().__init__(*args, **kwargs)
        field: Any = self.fields["items"]
        field.queryset = held
