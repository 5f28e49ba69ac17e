"""Reports: the upload, which is read first and shown; a day as of which one is shown; an edition."""

import base64
import binascii

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from recommendations.forms.widgets import DateInput, FileInput

# A narrative is some 20 kB of text; a megabyte is another document.
LARGEST_BYTES = 1024 * 1024


class ReportForm(forms.Form):
    """A narrative, and what its text may not say."""

    document = forms.FileField(
        label=_("Country narrative (text file)"),
        widget=FileInput,
        help_text=_("The country narrative of a Trafficking in Persons Report, as plain text in UTF-8."),
        error_messages={"empty": _("This file is empty. Choose the file with the narrative.")},
    )
    country = forms.CharField(
        label=_("Country code"),
        required=False,
        min_length=2,
        max_length=2,
        help_text=_("Two letters, such as KP. Only if the text does not name the country."),
    )
    year = forms.IntegerField(
        label=_("Year of the report"),
        required=False,
        min_value=2001,
        max_value=2100,
        help_text=_("Only if the text does not name it."),
    )

    def clean_document(self):
        """Refuse what is too large to be a narrative."""
        document = self.cleaned_data["document"]
        if document.size > LARGEST_BYTES:
            raise ValidationError(
                _("This file is larger than 1 MB, so it cannot be a single country narrative.")
            )
        return document

    def clean_country(self):
        """Country codes are written in capitals."""
        return self.cleaned_data["country"].upper() or None


class ConfirmedReportForm(forms.Form):
    """The document that was shown before the import, sent back with the decision to keep it.

    It travels with the page instead of waiting on the server, so that nothing is stored before the
    decision. It is read again: what comes back is not trusted more than an upload.
    """

    content = forms.CharField(widget=forms.HiddenInput)
    name = forms.CharField(widget=forms.HiddenInput, required=False, max_length=255)
    country = forms.CharField(widget=forms.HiddenInput, required=False, max_length=2, empty_value=None)
    year = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean_content(self):
        """Return the bytes."""
        try:
            data = base64.b64decode(self.cleaned_data["content"], validate=True)
        except (binascii.Error, ValueError) as error:
            raise ValidationError(
                _("The document did not arrive completely. Choose the file again.")
            ) from error
        if len(data) > LARGEST_BYTES:
            raise ValidationError(
                _("This file is larger than 1 MB, so it cannot be a single country narrative.")
            )
        return data


def confirming(data, *, name, country, year):
    """Return the form that sends ``data`` back with the decision."""
    content = base64.b64encode(data).decode("ascii")
    return ConfirmedReportForm(
        initial={"content": content, "name": name[:255], "country": country, "year": year}
    )


class AsOfForm(forms.Form):
    """The day as of which a report is shown."""

    as_of = forms.DateField(
        label=_("At the end of"),
        widget=DateInput,
        error_messages={
            "required": _("Enter a day, such as 2026-06-01."),
            "invalid": _("This is not a date. Enter one such as 2026-06-01."),
        },
    )


class EditionForm(AsOfForm):
    """The name and the day of an edition."""

    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        help_text=_("For example “Before the session of the Human Rights Council”."),
        error_messages={"required": _("Enter a name for the edition.")},
    )
    field_order = ("name", "as_of")
