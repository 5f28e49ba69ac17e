"""What a person enters about filters that they save."""

from django import forms
from django.utils.translation import gettext_lazy as _

from recommendations.forms.edits import EditForm


class SavedFilterForm(EditForm):
    """The name, and whether the team finds it too."""

    name = forms.CharField(
        label=_("Name"),
        max_length=80,
        error_messages={"required": _("Enter a name."), "max_length": _("Use at most 80 letters.")},
    )
    is_shared = forms.BooleanField(
        label=_("Share it with the team"),
        required=False,
        help_text=_("Everybody then finds it in the menu of the list, with the words that you searched for."),
    )
