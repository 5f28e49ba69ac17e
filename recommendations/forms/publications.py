"""What is sent on the page where an approved update is published or withdrawn."""

from django import forms
from django.utils.translation import gettext_lazy as _

from recommendations.choices import Extent
from recommendations.forms.retention import ReasonForm
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


class WithdrawForm(ReasonForm):
    """Why an update is withdrawn. Args: ``again``, what would stand outside again (``standing_again``)."""

    also = forms.BooleanField(label=_("Withdraw that too"), required=False, initial=True)

    def __init__(self, *args, again=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.again = again
        if not again:
            del self.fields["also"]
        elif len(again) > 1:
            self.fields["also"].label = _("Withdraw these too")


class AnswerForm(forms.Form):
    """The answer to a proposal; ``extent`` is what the page showed as proposed, and ``cited`` stands for the
    evidence that it showed.
    """

    extent = forms.ChoiceField(choices=Extent, widget=forms.HiddenInput)
    cited = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
