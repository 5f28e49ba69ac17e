"""What goes into a bundle of evidence, for whom, and encrypted to which key."""

from django import forms
from django.utils.translation import gettext_lazy as _

from recommendations.forms.widgets import HintedRadios

COPIES, ORIGINALS = "copies", "originals"


class BundleForm(forms.Form):
    """Asked before evidence is handed over."""

    pictures = forms.ChoiceField(
        label=_("Pictures"),
        choices=[(COPIES, _("Copies without metadata")), (ORIGINALS, _("As received, if you have access"))],
        initial=COPIES,
        widget=HintedRadios(
            hints={
                COPIES: _(
                    "They do not reveal who took them and where. Other files are exported as received."
                ),
                ORIGINALS: _("A court may want them. They can reveal who took them and where."),
            }
        ),
    )
    restricted = forms.BooleanField(
        label=_("Restricted items too"),
        required=False,
        help_text=_("Only if the people concerned agreed to it. It leaves encrypted to your partner’s key."),
    )
    recipient = forms.CharField(
        label=_("Your partner’s age key"),
        required=False,
        max_length=200,
        help_text=_(
            "It begins with age1. With it, only your partner can open the bundle. Compare it by "
            "telephone: the person who sent it to you may not be who you think."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    reason = forms.CharField(
        label=_("For whom, and for what use"),
        max_length=300,
        help_text=_("One sentence. It remains in the custody record of each item."),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say who it is for and how it will be used.")},
    )
