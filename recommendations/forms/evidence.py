"""Forms of evidence on its own: the details of an item, a new item, and who is let in on one."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recommendations.choices import CREDIBILITY_MEANING, RELIABILITY_MEANING, EvidenceForm, Sensitivity
from recommendations.forms.citations import TEXT_LIMIT, CitationRow, size_limit
from recommendations.models import DETAIL_FIELDS, Evidence, User
from recommendations.services.details import LONGEST_REASON
from recommendations.services.evidence import validate_address
from recommendations.widgets import DateInput, FilesInput, HintedRadios, SensitivityRadios


class DetailsForm(forms.ModelForm):
    """What people say about an evidence item. Saving is the service's."""

    sensitivity = forms.ChoiceField(
        label=gettext_lazy("Who may see it"),
        choices=Sensitivity.choices,
        widget=SensitivityRadios,
        error_messages={"required": gettext_lazy("Choose who may see it.")},
    )
    note = forms.CharField(
        label=gettext_lazy("Note"), required=False, max_length=TEXT_LIMIT, widget=forms.Textarea
    )

    class Meta:
        model = Evidence
        fields = DETAIL_FIELDS
        widgets = {
            "published_on": DateInput,
            "event_on": DateInput,
            "reliability": HintedRadios(hints=RELIABILITY_MEANING),
            "credibility": HintedRadios(hints=CREDIBILITY_MEANING),
        }
        help_texts = {
            "source": gettext_lazy("For example KCNA, UN Human Rights Office, or a witness known to us."),
            "event_on": gettext_lazy("If it shows something that happened on one day."),
            "reliability": gettext_lazy(
                "How far this source has proved right before, whatever it says here."
            ),
            "credibility": gettext_lazy("How far this piece fits with what else is known, whoever says it."),
        }


class ChangeForm(DetailsForm):
    """What is said about an item, put right; another grading asks why."""

    grading_reason = forms.CharField(
        label=gettext_lazy("Why you grade it otherwise"),
        required=False,
        max_length=LONGEST_REASON,
        help_text=gettext_lazy(
            "Needed when you change one of the two grades. It stays in the custody record: name nobody."
        ),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class AddForm(DetailsForm):
    """A new evidence item on its own: a file or a link, with what is known about it."""

    form_key = forms.UUIDField(widget=forms.HiddenInput)
    staged = forms.UUIDField(required=False, widget=forms.HiddenInput)
    file = forms.FileField(
        label=gettext_lazy("File"),
        widget=FilesInput(attrs={"multiple": False}),
        error_messages={"required": gettext_lazy("Choose a file.")},
    )
    url = CitationRow.base_fields["url"]

    def __init__(self, *args, shape, shelf, **kwargs):
        """``shape`` is ``file`` or ``link``; ``shelf`` holds the file that waits, if there is one."""
        super().__init__(*args, **kwargs)
        self.shape, self.shelf = shape, shelf
        if shape == EvidenceForm.FILE:
            self.fields["title"].required = False
            self.fields["title"].help_text = _("Left empty, it is the file’s name.")
            self.fields["file"].widget.attrs |= size_limit()
            # The bytes were taken in before this form; only where none came, the file is missing.
            self.fields["file"].required = not self.waiting
            self.fields.pop("url")
        else:
            self.fields.pop("file")
            self.fields["url"].required = True

    @property
    def waiting(self):
        """The file that was uploaded already, with a form that had errors."""
        return self.shelf.staged(self["staged"].value())

    def clean_url(self):
        """Check the address."""
        validate_address(self.cleaned_data["url"])
        return self.cleaned_data["url"]

    def details(self):
        """Return what was said about the item."""
        return {name: self.cleaned_data.get(name) for name in self.Meta.fields}


class GrantForm(forms.Form):
    """Whom to let in on a restricted item, and why."""

    person = forms.ModelChoiceField(
        label=gettext_lazy("Person"), queryset=User.objects.none(), empty_label=gettext_lazy("Choose…")
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=300,
        help_text=gettext_lazy("One sentence. The person who added the item reads it."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args, people, **kwargs):
        """``people`` are those who can be chosen."""
        super().__init__(*args, **kwargs)
        person = self.fields["person"]
        assert isinstance(person, forms.ModelChoiceField)
        person.queryset = people
