"""Forms for the retention of evidence: each asks for a reason."""

from django import forms
from django.utils.translation import gettext_lazy as _

from recommendations.forms.widgets import DateInput

LONGEST_REASON = 500


class ReasonForm(forms.Form):
    """Why something is done."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say why, in one sentence. It remains in the record.")},
    )


class RemovalForm(ReasonForm):
    """A proposal to remove an item."""

    basis = forms.CharField(
        label=_("Legal basis"),
        max_length=300,
        help_text=_(
            "For example: consent withdrawn, GDPR article 17, or a retention rule of your organization."
        ),
        error_messages={"required": _("Say which rule or right is the basis for this.")},
    )
    on = forms.DateField(
        label=_("To be removed on"),
        help_text=_("Today or a later day. Nothing is removed before a second person has approved it."),
        widget=DateInput,
        error_messages={"required": _("Enter the day.")},
    )

    field_order = ["reason", "basis", "on"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = _("It remains in the record forever: do not name anybody.")
