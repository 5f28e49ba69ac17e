"""What a reviewer sends."""

from django import forms
from django.utils.translation import gettext_lazy as _

from recommendations.choices import Decision


class ReviewForm(forms.Form):
    """A decision, made by the pressed button, with a comment; ``seen_version`` is what was on the screen."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    comment = forms.CharField(
        label=_("Comment to the author"),
        help_text=_("Needed to return it: say what should change. With an approval it is kept beside it."),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    decision = forms.ChoiceField(
        choices=Decision,
        widget=forms.HiddenInput,
        error_messages={"required": _("Press Approve or Return."), "invalid_choice": _("Press a button.")},
    )

    def clean(self):
        """Refuse a return without a comment."""
        super().clean()
        cleaned = self.cleaned_data
        if cleaned.get("decision") == Decision.RETURN and not cleaned.get("comment", "").strip():
            self.add_error("comment", _("Say what the author should change."))
        return cleaned
