"""What is sent on the page where an approved update is published or withdrawn."""

from django import forms
from django.utils.translation import gettext_lazy as _

from recommendations.choices import Extent
from recommendations.forms.reviews import EXTENT_HINTS
from recommendations.forms.widgets import HintedRadios


class ProposalForm(forms.Form):
    """How much of an update is to be said outside. Args: ``offered``, what can be."""

    extent = forms.ChoiceField(
        label=_("What to publish"),
        widget=HintedRadios(hints=EXTENT_HINTS),
        error_messages={"required": _("Choose what to publish.")},
    )

    def __init__(self, *args, offered=tuple(Extent), **kwargs):
        super().__init__(*args, **kwargs)
        asked: forms.ChoiceField = self.fields["extent"]  # type: ignore[assignment]
        asked.choices = [(one.value, one.label) for one in offered]


class AnswerForm(forms.Form):
    """The answer to a proposal; ``extent`` is what the page showed as proposed."""

    extent = forms.ChoiceField(choices=Extent, widget=forms.HiddenInput)
