"""What reviewers set on a recommendation: three small forms, each saved by one service."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from recommendations.choices import Pillar
from recommendations.errors import Refused
from recommendations.forms.choosing import PersonField, who_can_be
from recommendations.forms.edits import EditForm
from recommendations.forms.nature import nature_field
from recommendations.models import Recommendation
from recommendations.rules.conflicts import EditConflict
from recommendations.services import recommendations as service
from recommendations.services import review_dates


class SettingsForm(EditForm):
    """A form over some fields of one recommendation; ``act`` is the service that keeps them."""

    fields_of: tuple[str, ...] = ()
    done: Any = ""
    act: Callable

    def __init__(self, data=None, *, recommendation):
        self.recommendation = recommendation
        super().__init__(data, initial={name: getattr(recommendation, name) for name in self.fields_of})

    def save(self, *, actor, now):
        """Hand what was typed to the service. Returns: whether it was kept; if not, the form says why."""
        if not self.is_valid():
            return False
        try:
            self.act(recommendation=self.recommendation, actor=actor, now=now, **self.cleaned_data)
        except ValidationError as problems:
            self.add_error(None, problems)
        except EditConflict as conflict:
            self.show_conflict(conflict)
        except Refused as refusal:
            self.add_error(None, str(refusal))
        return self.is_valid()


class PeopleForm(SettingsForm):
    """Who answers for it."""

    owner: forms.ModelChoiceField = PersonField(
        None, label=_("Owner"), required=False, empty_label=_("Nobody")
    )
    deputy: forms.ModelChoiceField = PersonField(
        None,
        label=_("Deputy"),
        required=False,
        empty_label=_("Nobody"),
        help_text=_("Gets the owner’s reminders while the owner is away."),
    )
    reviewer: forms.ModelChoiceField = PersonField(
        None,
        label=_("Reviewer"),
        required=False,
        empty_label=_("Nobody"),
        help_text=_(
            "Is told 14 days after a review was due, the other reviewers after 28. Without a reviewer here, "
            "all are told after 14 days."
        ),
    )
    fields_of = ("owner", "deputy", "reviewer")
    done = _("Owner, deputy and reviewer are saved.")
    act = staticmethod(service.assign)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in self.fields_of:
            field: Any = self.fields[name]
            field.queryset = who_can_be(name, self.recommendation)


class IntervalForm(SettingsForm):
    """How often it is looked at."""

    interval_days = forms.IntegerField(
        label=_("Review interval in days"),
        min_value=1,
        max_value=730,
        help_text=_("The next review is this many days after an approved assessment or check."),
    )
    fields_of = ("interval_days",)
    done = _("The review interval is saved.")
    act = staticmethod(review_dates.reschedule)


class NamesForm(SettingsForm):
    """What we call it. The words of the report are never changed."""

    short_title = forms.CharField(
        label=_("Short title"), max_length=Recommendation._meta.get_field("short_title").max_length
    )
    pillar = forms.ChoiceField(
        label=_("Pillar"), required=False, choices=[("", _("None yet")), *Pillar.choices]
    )
    nature = nature_field()
    fields_of = ("short_title", "pillar", "nature")
    done = _("Short title, pillar and nature are saved.")
    act = staticmethod(service.retitle)


SETTINGS_FORMS = {"people": PeopleForm, "interval": IntervalForm, "names": NamesForm}
