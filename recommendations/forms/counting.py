"""What is sent to let a restricted update count from today on."""

from django import forms
from django.utils.translation import gettext_lazy as _


class CountingForm(forms.Form):
    """What becomes of what is outside, where that is asked; ``seen`` is what the page said would move.

    Args:
        asked: the ``ToDecide`` of the update.
    """

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    overtaken = forms.ChoiceField(
        label=_("What becomes of what is outside now"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what becomes of what is outside now.")},
    )

    def __init__(self, *args, asked=None, **kwargs):
        super().__init__(*args, **kwargs)
        if asked and asked.asks_of_earlier:
            self.fields["overtaken"].choices = [  # type: ignore[attr-defined]
                (one.value, one.label) for one in asked.asks_of_earlier
            ]
        else:
            del self.fields["overtaken"]
