"""Forms of the retention of evidence: a reason is asked for each time."""

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
        error_messages={"required": _("Say why, in a sentence; it stays in the record.")},
    )


class RemovalForm(ReasonForm):
    """A proposal to remove an item."""

    basis = forms.CharField(
        label=_("Legal basis"),
        max_length=300,
        help_text=_("For example: consent withdrawn, GDPR article 17; or the house’s retention rule."),
        error_messages={"required": _("Say on which rule or right this rests.")},
    )
    on = forms.DateField(
        label=_("To be removed on"),
        help_text=_("Today, or a later day. Nothing is removed before a second person approved."),
        widget=DateInput,
        error_messages={"required": _("Give the day.")},
    )

    field_order = ["reason", "basis", "on"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = _("It stays with the record for good: name nobody.")
