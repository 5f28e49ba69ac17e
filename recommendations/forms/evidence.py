"""Forms of evidence on its own: the details of an item, a new item, and access to one."""

from collections import Counter
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recommendations import vault
from recommendations.choices import (
    CREDIBILITY_MEANING,
    RELIABILITY_MEANING,
    SEALED,
    SEALED_LABEL,
    EvidenceForm,
    Sensitivity,
)
from recommendations.forms.choosing import MarkedPersonField
from recommendations.forms.citations import CitationRow
from recommendations.forms.edits import EditForm
from recommendations.forms.new_items import TEXT_LIMIT, size_limit, title_hint
from recommendations.forms.widgets import (
    DateInput,
    FilesInput,
    HintedCheckboxes,
    HintedRadios,
    SensitivityRadios,
)
from recommendations.models import DETAIL_FIELDS, Evidence, User
from recommendations.rules.submission import broken_sealing, validate_address
from recommendations.services.evidence.details import LONGEST_REASON, stays_sealed

TITLE_LIMIT = 200


class DetailsForm(forms.ModelForm):
    """What people say about an evidence item. Saving is the service's."""

    sensitivity = forms.ChoiceField(
        label=gettext_lazy("Who can see this"),
        choices=Sensitivity.choices,
        widget=SensitivityRadios,
        error_messages={"required": gettext_lazy("Choose who can see this.")},
    )
    note = forms.CharField(
        label=gettext_lazy("Note"), required=False, max_length=TEXT_LIMIT, widget=forms.Textarea
    )

    consent = forms.CharField(
        label=gettext_lazy("Consent: what the person agreed to"),
        required=False,
        max_length=TEXT_LIMIT,
        help_text=gettext_lazy(
            "Required for testimony: for which use, under which name, and where the consent is "
            "kept. Only people who can see the item can read this."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    safety = forms.CharField(
        label=gettext_lazy("Safety: who could be in danger, and how"),
        required=False,
        max_length=TEXT_LIMIT,
        help_text=gettext_lazy(
            "For example, relatives who could be identified. This is never exported in a bundle."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    chose_sealed = False

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
            "origin": gettext_lazy(
                "Only if the source repeats what somebody else published. Five newspapers that "
                "print the report of one agency are one origin and count as one."
            ),
            "event_on": gettext_lazy("Only if it shows something that happened on a certain day."),
            "reliability": gettext_lazy(
                "How reliable this source has been in the past, whatever it says here."
            ),
            "credibility": gettext_lazy(
                "How well this information agrees with what else is known, whoever says it."
            ),
        }

    def clean_sensitivity(self):
        """Return the level as the database has it, where what is sealed is restricted."""
        chosen = self.cleaned_data["sensitivity"]
        self.chose_sealed = chosen == SEALED
        return Sensitivity.RESTRICTED if self.chose_sealed else chosen


def form_says_otherwise(item, data):
    """Return the labels of the fields in which a posted form differs from an item that it added before."""
    form = DetailsForm(data)
    form.is_valid()
    said = form.cleaned_data
    # Left empty, a title is the file's name, and that of several files has it added. The level as it was
    # chosen: what is sealed is restricted in the database.
    told = [name for name in DETAIL_FIELDS if name in said and name not in ("title", "sensitivity")]
    otherwise = [name for name in told if (said[name] or "") != (getattr(item, name) or "")]
    if said.get("title") and not item.title.startswith(said["title"]):
        otherwise.append("title")
    if data.get("sensitivity") != (SEALED if item.is_sealed else item.sensitivity):
        otherwise.append("sensitivity")
    return [str(form.fields[name].label) for name in otherwise]


class ChangeForm(EditForm, DetailsForm):
    """What is said about an item, put right; another grading asks why."""

    grading_reason = forms.CharField(
        label=gettext_lazy("Why you change the grade"),
        required=False,
        max_length=LONGEST_REASON,
        help_text=gettext_lazy(
            "Required when you change one of the two grades. It remains in the custody record: do "
            "not name anybody."
        ),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.is_sealed:
            level: Any = self.fields["sensitivity"]
            level.choices = [(SEALED, SEALED_LABEL)]
            level.error_messages["invalid_choice"] = stays_sealed()
            self.initial["sensitivity"] = SEALED


class AddForm(DetailsForm):
    """New evidence on its own: files or a link, with what is known about it.

    Several files at once become an item each, of which the same is said.
    """

    # As on the page, so that its errors are told in the order in which they are met.
    field_order = ("file", "url", "title", "sensitivity", "kind")

    form_key = forms.UUIDField(widget=forms.HiddenInput)
    file = forms.FileField(
        label=gettext_lazy("Files"),
        help_text=gettext_lazy(
            "One or several. What you enter below applies to all of them, and each becomes a separate item."
        ),
        widget=FilesInput,
        error_messages={"required": gettext_lazy("Choose a file.")},
    )
    url = CitationRow.base_fields["url"]

    def __init__(self, *args, shape, waiting=(), **kwargs):
        """``shape`` is ``file`` or ``link``; ``waiting`` are the files that were uploaded already."""
        super().__init__(*args, **kwargs)
        self.shape, self.waiting = shape, list(waiting)
        if shape == EvidenceForm.FILE:
            self.fields["title"].required = False
            self.fields["title"].help_text = title_hint(
                _(
                    "If empty, the name of the file is used. If you add several files, the name of "
                    "each file is added to the title."
                )
            )
            # What was sealed before sealing was switched off can still be added.
            if vault.officers.may_seal() or any(one.is_sealed for one in self.waiting):
                level: Any = self.fields["sensitivity"]
                level.choices = [*Sensitivity.choices, (SEALED, SEALED_LABEL)]
            self.fields["file"].widget.attrs |= size_limit()
            # The bytes were taken in before this form; only where none came, the file is missing.
            self.fields["file"].required = not self.waiting
            self.fields.pop("url")
        else:
            self.fields.pop("file")
            self.fields["url"].required = True

    def clean_url(self):
        """Check the address."""
        validate_address(self.cleaned_data["url"])
        return self.cleaned_data["url"]

    def clean(self):
        """Compare the level with that at which the files were taken in."""
        data = super().clean()
        said = self.details()
        for staged in self.waiting:
            for field, sentences in broken_sealing(staged, said).items():
                if field not in self.errors:
                    self.add_error(field, sentences)
        return data

    def details(self):
        """Return what was said about the item; sealed is a level here."""
        said = {name: self.cleaned_data.get(name) for name in self.Meta.fields}
        return said | ({"sensitivity": SEALED} if self.chose_sealed else {})

    def details_of(self, staged):
        """Return what was said about one of the files that wait."""
        said = self.details()
        if said["title"] and len(self.waiting) > 1:
            said["title"] = f"{said['title']} ({staged.original_name})"[:TITLE_LIMIT]
        return said


class OriginForm(EditForm):
    """Which items go back to one origin, and which."""

    items = forms.MultipleChoiceField(
        label=gettext_lazy("Items"),
        widget=HintedCheckboxes,
        error_messages={"required": gettext_lazy("Choose the items.")},
    )
    origin = forms.CharField(
        label=gettext_lazy("Origin: who published it first"),
        max_length=200,
        error_messages={"required": gettext_lazy("Enter who published it first.")},
    )

    def __init__(self, *args, items, **kwargs):
        """``items`` are the evidence items to choose from; all are chosen to begin with."""
        self.offered = {str(item.key): item for item in items}
        named = Counter(item.origin or item.source for item in items if item.origin_key)
        first = named.most_common(1)[0][0] if named else ""
        super().__init__(*args, **kwargs)
        self.initial.update(items=list(self.offered), origin=first)
        choices: Any = self.fields["items"]
        choices.choices = [(key, item.title) for key, item in self.offered.items()]
        choices.widget.hints = {key: item.source for key, item in self.offered.items()}

    def shown(self):
        """Return the origin of each item as it stands."""
        return {key: item.origin for key, item in self.offered.items()}

    def label_of(self, name):
        """Return what an item is called."""
        return self.offered[name].title if name in self.offered else str(self.fields["origin"].label)

    def chosen(self):
        """Return the chosen items."""
        return [self.offered[key] for key in self.cleaned_data["items"]]


class GrantForm(forms.Form):
    """Whom to let in on a restricted item, and why."""

    person = MarkedPersonField(
        label=gettext_lazy("Person"), queryset=User.objects.none(), empty_label=gettext_lazy("Choose…")
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=300,
        help_text=gettext_lazy(
            "One sentence. The person who added the item, or wrote the update, can read it."
        ),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    with_items = forms.BooleanField(label=gettext_lazy("Also the items that it cites"), required=False)

    def __init__(self, *args, people, beside=(), **kwargs):
        """Offer people, and items that can be opened with an update.

        Args:
            people: those who can be chosen.
            beside: the restricted items that the update cites; none of an item.
        """
        super().__init__(*args, **kwargs)
        if beside:
            self.fields["with_items"].help_text = ", ".join(f"“{item.title}”" for item in beside)
        else:
            del self.fields["with_items"]
        person = self.fields["person"]
        assert isinstance(person, forms.ModelChoiceField)
        person.queryset = people
