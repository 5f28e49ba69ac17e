"""Reports: bringing one, correcting what was read, importing it; its facts; a day; an edition."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from recommendations.choices import Tier
from recommendations.documents import LARGEST_BYTES
from recommendations.forms.edits import EditForm
from recommendations.forms.widgets import DateInput, FileInput
from recommendations.rules.dates import refuse_far_day

# A narrative is some 20 kB of text; a megabyte of it is another document. Pictures make others larger.
LARGEST_TEXT = 1024 * 1024
TOO_LONG = _("This is larger than 1 MB, so it cannot be a single country narrative.")
TOO_LARGE = _(
    "This file is larger than 10 MB, so it cannot be a single country narrative. Save the pages of the "
    "country alone."
)
ACCEPTED = ".pdf,.docx,.html,.htm,.mhtml,.txt"


class ReportForm(forms.Form):
    """A narrative, pasted or as a file, and what its text may not say."""

    # One of the first two is needed, so neither of them is called optional.
    hides_optional = True

    pasted = forms.CharField(
        label=_("Paste the country narrative"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("All of it, from the name of the country to the end. It is kept as you paste it."),
    )
    document = forms.FileField(
        label=_("Or choose a document"),
        required=False,
        widget=FileInput(attrs={"accept": ACCEPTED}),
        help_text=_(
            "A PDF, a Word document (.docx), a saved web page (.html, .mhtml) or plain text (.txt), with the "
            "narrative of one country. The text is read from it, and you check it on the next page."
        ),
        error_messages={"empty": _("This file is empty. Choose the file with the narrative.")},
    )
    country = forms.CharField(
        label=_("Country code (optional)"),
        required=False,
        min_length=2,
        max_length=2,
        help_text=_("Two letters, such as KP. Only if the text does not name the country."),
    )
    year = forms.IntegerField(
        label=_("Year of the report (optional)"),
        required=False,
        min_value=2001,
        max_value=2100,
        help_text=_("Only if the text does not name it."),
    )

    def clean_country(self):
        """Country codes are written in capitals."""
        return self.cleaned_data["country"].upper() or None

    def clean(self):
        """Take either the pasted text or the file, and refuse what is too large to be a narrative."""
        super().clean()
        pasted, document = self.cleaned_data.get("pasted", ""), self.cleaned_data.get("document")
        if pasted and document:
            raise ValidationError(_("Paste the text or choose a document, not both."))
        if not (pasted or document or self.errors):
            raise ValidationError(_("Paste the text of the narrative, or choose a document with it."))
        if len(pasted.encode()) > LARGEST_TEXT:
            self.add_error("pasted", TOO_LONG)
        if document and document.size > LARGEST_BYTES:
            self.add_error("document", TOO_LARGE)

    @property
    def given_in(self):
        """The name of the field that the narrative came in."""
        return "pasted" if self.cleaned_data["pasted"] else "document"

    def narrative(self):
        """Return (bytes, file name) of a valid form; what was pasted has no name."""
        if self.given_in == "pasted":
            # Browsers send other line ends than the ones that were pasted.
            return self.cleaned_data["pasted"].replace("\r\n", "\n").encode(), ""
        document = self.cleaned_data["document"]
        return document.read(), document.name


class ImportForm(forms.Form):
    """What the text does not say of a report, and the list that is imported."""

    hides_optional = True
    released_on = forms.DateField(
        label=_("Released on"),
        widget=DateInput,
        help_text=_("The day on which the report came out. If a day is filled in, check that it is right."),
    )
    source_url = forms.URLField(
        label=_("Address of the source (optional)"),
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text=_("The page on which the report was published, if you know it."),
    )


class ActForm(forms.Form):
    """One act on the list that was read: which, on which recommendation, and with which words."""

    ACTS = ("split", "join", "remove", "add", "up", "down")
    act = forms.ChoiceField(choices=[(name, name) for name in ACTS], widget=forms.HiddenInput)
    number = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    passage = forms.CharField(label=_("Words of the text"), required=False)


class ExpectedForm(forms.Form):
    """How many recommendations the source has."""

    hides_optional = True
    expected = forms.IntegerField(
        label=_("How many recommendations does the report list?"),
        required=False,
        min_value=1,
        max_value=200,
        help_text=_("Count them in the source. If the list has as many, it is complete."),
    )


class FactsForm(EditForm):
    """What is said of a report beside its text, for a manager to correct."""

    # "Not stated" is a tier to choose like the others.
    hides_optional = True

    tier = forms.ChoiceField(label=_("Tier"), choices=Tier, required=False)
    released_on = forms.DateField(
        label=_("Released on"),
        widget=DateInput,
        help_text=_("The day on which the report came out."),
    )
    period_start = forms.DateField(label=_("Covers from"), widget=DateInput)
    period_end = forms.DateField(label=_("Covers to"), widget=DateInput)
    source_url = forms.URLField(
        label=_("Address of the source (optional)"), required=False, max_length=500, assume_scheme="https"
    )

    def __init__(self, data=None, *, report):
        names = ("tier", "released_on", "period_start", "period_end", "source_url")
        super().__init__(data, initial={name: getattr(report, name) for name in names})


class AsOfForm(forms.Form):
    """The day as of which a report is shown."""

    as_of = forms.DateField(
        label=_("At the end of"),
        widget=DateInput,
        validators=[refuse_far_day],
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
