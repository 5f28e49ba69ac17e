"""What a person says of a token that they make."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from recommendations.choices import ApiLevel

LIVES = [(30, _("30 days")), (90, _("90 days")), (182, _("Half a year")), (365, _("A year"))]


class TokenForm(forms.Form):
    """What it is for, how far it reads, and for how long."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    name = forms.CharField(
        label=_("Name"),
        max_length=80,
        help_text=_("For example the program that reads with it, so that you recognize it in a year."),
        error_messages={"required": _("Enter a name."), "max_length": _("Use at most 80 letters.")},
    )
    reads = forms.ChoiceField(
        label=_("It reads"),
        choices=ApiLevel.choices,
        initial=ApiLevel.PUBLIC,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what it reads."), "invalid_choice": _("Choose what it reads.")},
    )
    days = forms.TypedChoiceField(
        label=_("It works for"),
        choices=LIVES,
        coerce=int,
        initial=365,
        error_messages={"required": _("Choose a time."), "invalid_choice": _("Choose one of these times.")},
    )
