"""The choice of a nature, for a recommendation and for an ask."""

from django import forms
from django.utils.translation import gettext_lazy as _

from recommendations.choices import Nature
from recommendations.forms.widgets import HintedRadios

HINTS = {
    Nature.DO: _("Such as a law to pass, help to give, or a treaty to join."),
    Nature.END: _("Such as forced labor, or the withholding of wages."),
}


def nature_field():
    """Return the field, in which one of the two is always chosen."""
    return forms.ChoiceField(
        label=_("Nature"),
        error_messages={"required": _("Choose what it asks for.")},
        choices=Nature.choices,
        widget=HintedRadios(hints=HINTS),
        help_text=_("The tracker sets it from the words. It decides by which criteria a status is chosen."),
    )
