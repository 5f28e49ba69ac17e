"""The rows of an update's form under "what shows it"."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recommendations.choices import SEALED, SEALED_LABEL, EvidenceForm, EvidenceKind, Stance
from recommendations.forms.new_items import CHOOSE, LEVELS, TEXT_LIMIT, levels, size_limit, title_hint
from recommendations.forms.rows import RowForm
from recommendations.forms.widgets import FilesInput
from recommendations.rules.submission import broken_sealing, validate_address
from recommendations.services.updates import NewCitation

# A row of the form cites what we hold already, or brings a new file or link.
HELD = "held"
SHAPES = (EvidenceForm.FILE, EvidenceForm.LINK, HELD)
# What a row says of the item itself; the rest of what is known about it is said on its own page.
SAID_OF_ITEM = ("title", "kind", "source", "origin", "sensitivity", "consent")


def _offered(citable):
    """Return the choices of "evidence we hold"."""
    dated = [(str(item.key), f"{item.title} ({item.uploaded_at:%Y-%m-%d})") for item in citable.offered]
    return [*CHOOSE, *dated]


class CitationRow(RowForm):
    """One piece of evidence of an update: a file, a link, or an item that we hold already."""

    silent_fields = ("shape", "stance", "remove", "sensitivity", "kind")
    called = gettext_lazy("Evidence")

    shape = forms.ChoiceField(choices=[(shape, shape) for shape in SHAPES], widget=forms.HiddenInput)
    staged = forms.UUIDField(required=False, widget=forms.HiddenInput)
    file = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        help_text=gettext_lazy(
            "You can choose several at once. What you enter here then applies to all of them."
        ),
        widget=FilesInput,
    )
    url = forms.CharField(
        label=gettext_lazy("Web address"),
        required=False,
        max_length=2000,
        widget=forms.URLInput(attrs={"inputmode": "url", "placeholder": "https://"}),
    )
    evidence = forms.UUIDField(label=gettext_lazy("Evidence that we already hold"), required=False)
    title = forms.CharField(label=gettext_lazy("Title"), required=False, max_length=200)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind (optional)"), required=False, choices=[*CHOOSE, *EvidenceKind.choices]
    )
    source = forms.CharField(
        label=gettext_lazy("Source: who published it (optional)"), required=False, max_length=200
    )
    origin = forms.CharField(
        label=gettext_lazy("Origin: who published it first, if the source only repeats it (optional)"),
        required=False,
        max_length=200,
    )
    consent = forms.CharField(
        label=gettext_lazy("Consent: what the person agreed to"),
        required=False,
        max_length=TEXT_LIMIT,
        help_text=gettext_lazy("Required for testimony. Only people who can see the item can read this."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    sensitivity = forms.ChoiceField(
        label=gettext_lazy("Who can see this"),
        required=False,
        choices=LEVELS,
        error_messages={"invalid_choice": gettext_lazy("Choose one of the levels in the list.")},
    )
    stance = forms.ChoiceField(
        label=gettext_lazy("Supports or contradicts"),
        required=False,
        choices=Stance.choices,
        initial=Stance.SUPPORTS,
    )
    locator = forms.CharField(
        label=gettext_lazy("Where in it: page, time, passage (optional)"), required=False, max_length=200
    )
    remove = forms.BooleanField(label=gettext_lazy("Remove this from the update"), required=False)

    def __init__(self, *args, citable, **kwargs):
        """``citable`` is the ``CitableEvidence`` that this row takes from."""
        super().__init__(*args, **kwargs)
        self.citable = citable
        chosen = self.value_of("evidence")
        self.fields["evidence"].widget = (
            forms.HiddenInput() if chosen and self.item else forms.Select(choices=_offered(citable))
        )
        self.fields["file"].widget.attrs |= size_limit()
        level: Any = self.fields["sensitivity"]
        level.choices = levels(self.shape_now, self.waiting)
        if self.shape_now == EvidenceForm.FILE:
            self.fields["title"].help_text = title_hint(_("If empty, the name of the file is used."))

    def value_of(self, name):
        """Return what stands in a field now: what was posted, else what the draft holds."""
        return self[name].value() or ""

    @property
    def shape_now(self):
        """Whether it is a file, a link or an item we hold."""
        return self.value_of("shape")

    @property
    def item(self):
        """The evidence item that this row cites, if there is one that the person can see."""
        return self.citable.item(self.value_of("evidence"))

    @property
    def waiting(self):
        """The file of this row that was uploaded already and waits."""
        return self.citable.waiting.get(str(self.value_of("staged")))

    def clean(self):
        """Ask what the row needs to be whole; an empty row, or one taken off, needs nothing."""
        data = self.cleaned_data
        if data.get("remove") or self.is_blank():
            return data
        if data.get("shape") == HELD:
            if not self.citable.item(data.get("evidence")):
                self.add_error("evidence", _("Choose an item from the list."))
            return data
        self._ask_for_content(data)
        if not data.get("sensitivity") and "sensitivity" not in self.errors:
            self.add_error("sensitivity", _("Choose who can see this."))
        return data

    def _ask_for_content(self, data):
        if data.get("shape") == EvidenceForm.FILE:
            # A second click brings the key of what the first click made an item of already.
            key = data.get("staged")
            staged = self.citable.waiting.get(str(key))
            if not (staged or self.citable.item(key)):
                self.add_error("file", _("Choose the file, or remove this row."))
            for field, sentences in (broken_sealing(staged, data) if staged else {}).items():
                if field not in self.errors:
                    self.add_error(field, sentences)
        if data.get("shape") == EvidenceForm.LINK:
            if not data.get("title") and "title" not in self.errors:
                self.add_error("title", _("Enter a title for the page."))
            try:
                validate_address(data.get("url") or "")
            except ValidationError as error:
                self.add_error("url", error)

    def details(self):
        """Return what was said about the item, for the service that makes it."""
        return {name: self.cleaned_data.get(name, "") for name in SAID_OF_ITEM}

    def citation(self):
        """Return what ``save_draft`` takes of a whole row: a triple, or a ``NewCitation``."""
        said = self.cleaned_data
        tie = (said["stance"] or Stance.SUPPORTS.value, said["locator"])
        if self.shape_now == HELD:
            return (self.item, *tie)
        url = said["url"] if self.shape_now == EvidenceForm.LINK else ""
        key = self.citable.key_of_link(url) if url else said["staged"]
        return NewCitation(key, url, self.details(), *tie)

    def show_kept(self, citation):
        """Show the item that is cited now, or why there is none."""
        if not isinstance(citation, NewCitation):
            self.become(citation[0])
        elif citation.problem:
            problem = citation.problem
            self.add_error(None, problem if isinstance(problem, ValidationError) else str(problem))
        else:
            self._say_if_otherwise(citation.item)
            self.become(citation.item)

    def _say_if_otherwise(self, item):
        """Say that the item that was made before is not at the level that is named now."""
        stands = SEALED if item.is_sealed else item.sensitivity
        if self.details()["sensitivity"] == stands:
            return
        words = _(
            "“%(title)s” was already added from this form. Who can see it was not changed: "
            "%(level)s. To change it, open the item and choose “Change details”."
        )
        level = SEALED_LABEL if item.is_sealed else item.get_sensitivity_display()
        self.add_error(None, words % {"title": item.title, "level": level})

    def become(self, item):
        """Show from now on the item that was made of this row; ``data`` is a copy of what was posted."""
        self.citable.add(item)
        posted: Any = self.data
        posted[self.add_prefix("shape")] = HELD
        posted[self.add_prefix("evidence")] = str(item.key)
        self.fields["evidence"].widget = forms.HiddenInput()


class CitationRows(forms.BaseFormSet):
    """The rows under "what shows it"."""

    @property
    def hint(self):
        """What is said of the items we hold where not all are offered."""
        return self.form_kwargs["citable"].hint

    def citations(self):
        """Return what is to be cited, of the rows that are filled in, without an error and not taken off."""
        self.kept = [
            (row, row.citation())
            for row in self.forms
            if not row.errors and not row.is_blank() and not row.cleaned_data["remove"]
        ]
        return [citation for _row, citation in self.kept]

    def show_kept(self):
        """Show what became of ``citations`` once they were saved."""
        for row, citation in self.kept:
            row.show_kept(citation)

    def refuse_files(self, problems):
        """Say beside rows why their file was not kept. Args: {number of the row: why}."""
        for index, sentence in problems.items():
            if index < len(self.forms):
                self.forms[index].errors.pop("file", None)
                self.forms[index].add_error("file", sentence)

    def templates(self):
        """Return an empty row of each shape, with a placeholder for its number, for the browser to copy."""
        return [(str(shape), self._template(shape)) for shape in SHAPES]

    def _template(self, shape):
        """Return Django's ``empty_form``, of one shape."""
        return self.form(
            auto_id=self.auto_id,
            prefix=self.add_prefix("__prefix__"),
            initial={"shape": shape},
            empty_permitted=True,
            use_required_attribute=False,
            **self.get_form_kwargs(None),
        )


def citation_rows(*, citable, data=None, initial=None):
    """Return the rows of evidence of an update's form."""
    made = forms.formset_factory(CitationRow, formset=CitationRows, extra=0, max_num=60, absolute_max=80)
    return made(data, initial=initial, prefix="evidence", form_kwargs={"citable": citable})
