"""What people choose for themselves."""

import zoneinfo

from django import forms
from django.utils.translation import gettext_lazy as _

from recommendations.choices import Weekday
from recommendations.forms.choosing import RowsField
from recommendations.forms.edits import EditForm, OlderName
from recommendations.forms.widgets import HintedCheckboxes, HintedRadios
from recommendations.models import Report, User
from recommendations.models.people import validate_working_days

# Names such as "Etc/GMT+9" or "Japan" are old spellings of the zones below these.
REGIONS = (
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
)


def time_zone_choices():
    """Return the time zones in groups by region, each by the name of its place."""
    regions: dict[str, list[tuple[str, str]]] = {region: [] for region in REGIONS}
    for name in sorted(zoneinfo.available_timezones()):
        region, _slash, place = name.partition("/")
        if place and region in regions:
            regions[region].append((name, place.replace("_", " ").replace("/", ", ")))
    return [("UTC", "UTC"), *regions.items()]


class WorkingDaysField(forms.MultipleChoiceField):
    """Weekdays as boxes to tick, kept as a string of ISO weekdays such as ``12345``."""

    widget = HintedCheckboxes

    def __init__(self, **kwargs):
        super().__init__(choices=Weekday, **kwargs)

    def prepare_value(self, value):
        """Return the days as a list, for the boxes."""
        return list(value) if value else []

    def clean(self, value):
        """Return the days as a string in order. Raises: ValidationError for none, or for what is no day."""
        return "".join(sorted(super().clean(value)))

    def has_changed(self, initial, data):
        """Whether other days are ticked than before."""
        return super().has_changed(list(initial or ""), data)


def day_field():
    """Return a widget for a date, with the browser's own calendar."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class SettingsForm(OlderName, EditForm, forms.ModelForm):
    """Name, clock, and how one wants to be told."""

    working_days = WorkingDaysField(
        label=_("Working days"),
        help_text=_("Reminders come on these days only."),
        validators=[],
        error_messages={"required": _("Choose at least one working day.")},
    )

    class Meta:
        model = User
        fields = [
            "name",
            "time_zone",
            "working_days",
            "reminders",
            "snoozed_until",
            "away_from",
            "away_until",
            "digest_frequency",
            "digest_weekday",
            "digest_when_empty",
            "digest_reports",
        ]
        widgets = {
            "reminders": HintedRadios,
            "digest_frequency": HintedRadios,
            "snoozed_until": day_field(),
            "away_from": day_field(),
            "away_until": day_field(),
        }
        labels = {
            "away_from": _("First day away"),
            "away_until": _("Last day away"),
            "digest_frequency": _("How often"),
            "digest_weekday": _("On which day"),
            "digest_when_empty": _("Send a digest even when nothing happened"),
            "digest_reports": _("Only these reports"),
            "reminders": _("Which reminders"),
        }
        help_texts = {
            "digest_reports": _(
                "If you tick none, the digest tells of all reports that are followed. What happens in other "
                "reports meanwhile is told once you tick them, or none."
            ),
            "snoozed_until": _("No reminders are sent before this day."),
            "away_from": _("While you are away, your deputies get your reminders."),
            "time_zone": _("Dates are shown and mails are sent in the time of this place."),
        }

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        # A report that was closed drops out of the choice.
        followed = Report.objects.filter(closed_at=None).order_by("-year", "country_name")
        offered = RowsField(
            followed.defer("source_bytes", "text"),
            required=False,
            label=self.fields["digest_reports"].label,
            help_text=self.fields["digest_reports"].help_text,
            widget=forms.CheckboxSelectMultiple,
        )
        self.fields["digest_reports"] = offered
        if len(followed) < 2 and not self.instance.digest_reports.exists():
            del self.fields["digest_reports"]
        choices = time_zone_choices()
        known = {name for _region, names in choices[1:] for name, _label in names}
        current = self.instance.time_zone
        if current not in known and current != "UTC":
            choices.insert(0, (current, current))
        self.fields["time_zone"] = forms.ChoiceField(
            label=self.fields["time_zone"].label,
            help_text=self.fields["time_zone"].help_text,
            choices=choices,
            error_messages={"invalid_choice": _("Choose a time zone from the list.")},
        )

    def clean_working_days(self):
        """Keep the model's rule on working days."""
        days = self.cleaned_data["working_days"]
        validate_working_days(days)
        return days

    def clean_snoozed_until(self):
        """Refuse a new date that is past already; forget an old one."""
        day = self.cleaned_data["snoozed_until"]
        if day and day <= self.today:
            if "snoozed_until" in self.changed_data:
                raise forms.ValidationError(_("This date is in the past. Enter a later day, or none."))
            return None
        return day

    def given(self):
        """Return the fields of this form alone: a role changed meanwhile must not be written back."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields if name in self.fields}


class PartnerForm(SettingsForm):
    """What an outside partner chooses: nobody reminds them of anything."""

    working_days = None  # type: ignore[assignment]  # how Django drops a field

    class Meta(SettingsForm.Meta):
        fields = [
            "name",
            "time_zone",
            "digest_frequency",
            "digest_weekday",
            "digest_when_empty",
            "digest_reports",
        ]
