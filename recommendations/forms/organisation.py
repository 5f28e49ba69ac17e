"""The form for what is said of the organisation."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from recommendations.errors import Refused
from recommendations.files.logos import LARGEST_BYTES, redrawn
from recommendations.forms.edits import EditForm
from recommendations.forms.widgets import FileInput


class OrganisationForm(EditForm):
    """Name, contact and logo; nothing of it is needed."""

    # All of it can be left empty, so nothing is called optional.
    hides_optional = True

    name = forms.CharField(
        label=_("Name"),
        required=False,
        max_length=120,
        help_text=_("As it is to stand on what leaves the tracker. Empty: nothing stands there."),
    )
    contact = forms.CharField(
        label=_("Contact"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "How people outside reach you, such as an address, a telephone number or a website. "
            "It is public: write no name or address of a person who is to stay unknown."
        ),
    )
    logo = forms.FileField(
        label=_("Logo"),
        required=False,
        widget=FileInput(attrs={"accept": ".png,.jpg,.jpeg"}),
        help_text=_(
            "A PNG or a JPEG of up to 1 MB. It is drawn again, so that nothing else that its file "
            "holds is kept."
        ),
        error_messages={"empty": _("This file is empty. Choose the file with the logo.")},
    )
    without_logo = forms.BooleanField(label=_("Remove the logo"), required=False)

    def __init__(self, data=None, files=None, *, organisation):
        super().__init__(
            data, files, initial={name: getattr(organisation, name) for name in ("name", "contact")}
        )
        if not organisation.logo:
            del self.fields["without_logo"]

    def clean_logo(self):
        """Return the logo drawn again, or None."""
        sent = self.cleaned_data["logo"]
        if not sent:
            return None
        if refusal := getattr(sent, "refusal", ""):
            raise ValidationError(refusal)
        try:
            return redrawn(sent.read(LARGEST_BYTES + 1))
        except Refused as refused:
            raise ValidationError(str(refused)) from refused
