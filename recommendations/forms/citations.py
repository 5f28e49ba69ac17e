"""The rows of an update's form under "what shows it"."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recommendations import vault
from recommendations.choices import SEALED, EvidenceForm, EvidenceKind, Sensitivity, Stance
from recommendations.forms.widgets import FilesInput
from recommendations.rules.submission import broken_sealing, validate_address

# A row of the form cites what we hold already, or brings a new file or link.
HELD = "held"
SHAPES = (EvidenceForm.FILE, EvidenceForm.LINK, HELD)
TEXT_LIMIT = 20_000
# What a row says of the item itself; the rest of what is known about it is said on its own page.
SAID_OF_ITEM = ("title", "kind", "source", "origin", "sensitivity", "consent")
CHOOSE = [("", gettext_lazy("Choose…"))]


# The levels in few words, for a list to choose from; none is chosen beforehand.
LEVELS = [
    *CHOOSE,
    (Sensitivity.PUBLIC, gettext_lazy("Public: may be quoted")),
    (Sensitivity.INTERNAL, gettext_lazy("Internal: the whole team")),
    (Sensitivity.RESTRICTED, gettext_lazy("Restricted: whom you name")),
]


def levels(shape, waiting=None):
    """Return the levels to choose from for a new item.

    Sealed only for a file, where that is switched on, or was when the file came that waits.
    """
    may_be_sealed = vault.officers.may_seal() or (waiting and waiting.is_sealed)
    if shape != EvidenceForm.FILE or not may_be_sealed:
        return LEVELS
    return [*LEVELS, (SEALED, gettext_lazy("Sealed: your officers’ keys alone"))]


def title_hint(usual):
    """Return what is said beside the title of a file: more where it can be sealed."""
    if not vault.officers.may_seal():
        return usual
    sealed = _(
        "A sealed file needs a title from you. It is not encrypted, and everybody let in on the item reads "
        "it: name nobody in it."
    )
    return f"{usual} {sealed}"


def size_limit():
    """Return the attributes by which the browser warns of a file that is too large, before it is sent."""
    return {"data-max-bytes": settings.EVIDENCE_MAX_BYTES, "data-too-large": vault.too_large()}


class RowForm(forms.Form):
    """A row of a form of rows; one left empty is no row at all."""

    hides_optional = True

    # Not said by the row as a whole, so it makes no row of an empty one.
    silent_fields: tuple[str, ...] = ()
    # What one row is called, before its number.
    called: Any = ""

    def is_blank(self):
        """Say whether nothing was put into this row."""
        return not any(
            self.cleaned_data.get(name) for name in self.fields if name not in self.silent_fields
        ) and not (set(self.errors) - set(self.silent_fields))


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
            "You can choose several at once; what you say here then goes for all of them."
        ),
        widget=FilesInput,
    )
    url = forms.CharField(
        label=gettext_lazy("Web address"),
        required=False,
        max_length=2000,
        widget=forms.URLInput(attrs={"inputmode": "url", "placeholder": "https://"}),
    )
    evidence = forms.UUIDField(label=gettext_lazy("Evidence we hold"), required=False)
    title = forms.CharField(label=gettext_lazy("Title"), required=False, max_length=200)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind (optional)"), required=False, choices=[*CHOOSE, *EvidenceKind.choices]
    )
    source = forms.CharField(
        label=gettext_lazy("Source: who published it (optional)"), required=False, max_length=200
    )
    origin = forms.CharField(
        label=gettext_lazy("Origin: who published it first, if the source passes it on (optional)"),
        required=False,
        max_length=200,
    )
    consent = forms.CharField(
        label=gettext_lazy("Consent: what the person agreed to"),
        required=False,
        max_length=TEXT_LIMIT,
        help_text=gettext_lazy("Needed for testimony. Only those who may see the item read it."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    sensitivity = forms.ChoiceField(
        label=gettext_lazy("Who may see it"),
        required=False,
        choices=LEVELS,
        error_messages={"invalid_choice": gettext_lazy("Choose one of the levels in the list.")},
    )
    stance = forms.ChoiceField(
        label=gettext_lazy("What it does"), required=False, choices=Stance.choices, initial=Stance.SUPPORTS
    )
    locator = forms.CharField(
        label=gettext_lazy("Where in it: page, time, passage (optional)"), required=False, max_length=200
    )
    remove = forms.BooleanField(label=gettext_lazy("Take this off the update"), required=False)

    def __init__(self, *args, shelf, **kwargs):
        """``shelf`` is the ``Shelf`` that this row takes from."""
        super().__init__(*args, **kwargs)
        self.shelf = shelf
        chosen = self.value_of("evidence")
        self.fields["evidence"].widget = (
            forms.HiddenInput() if chosen and self.item else forms.Select(choices=shelf.choices())
        )
        self.fields["file"].widget.attrs |= size_limit()
        level: Any = self.fields["sensitivity"]
        level.choices = levels(self.shape_now, self.waiting)
        if self.shape_now == EvidenceForm.FILE:
            self.fields["title"].help_text = title_hint(_("Left empty, it is the file’s name."))

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
        return self.shelf.item(self.value_of("evidence"))

    @property
    def waiting(self):
        """The file of this row that was uploaded already and waits."""
        return self.shelf.staged(self.value_of("staged"))

    def clean(self):
        """Ask what the row needs to be whole; an empty row, or one taken off, needs nothing."""
        data = self.cleaned_data
        if data.get("remove") or self.is_blank():
            return data
        if data.get("shape") == HELD:
            if not self.shelf.item(data.get("evidence")):
                self.add_error("evidence", _("Choose an item from the list."))
            return data
        self._ask_for_content(data)
        if not data.get("sensitivity") and "sensitivity" not in self.errors:
            self.add_error("sensitivity", _("Choose who may see it."))
        return data

    def _ask_for_content(self, data):
        if data.get("shape") == EvidenceForm.FILE:
            # A second click brings the key of what the first click made an item of already.
            key = data.get("staged")
            staged = self.shelf.staged(key)
            if not (staged or self.shelf.item(key)):
                self.add_error("file", _("Choose the file, or take this row off."))
            for field, sentences in (broken_sealing(staged, data) if staged else {}).items():
                if field not in self.errors:
                    self.add_error(field, sentences)
        if data.get("shape") == EvidenceForm.LINK:
            if not data.get("title") and "title" not in self.errors:
                self.add_error("title", _("Say what the page is."))
            try:
                validate_address(data.get("url") or "")
            except ValidationError as error:
                self.add_error("url", error)

    def details(self):
        """Return what was said about the item, for the service that makes it."""
        return {name: self.cleaned_data.get(name, "") for name in SAID_OF_ITEM}

    def become(self, item):
        """Show from now on the item that was made of this row; ``data`` is a copy of what was posted."""
        self.shelf.put(item)
        posted: Any = self.data
        posted[self.add_prefix("shape")] = HELD
        posted[self.add_prefix("evidence")] = str(item.key)
        self.fields["evidence"].widget = forms.HiddenInput()


class CitationRows(forms.BaseFormSet):
    """The rows under "what shows it"."""

    @property
    def hint(self):
        """What is said of the items we hold where not all are offered."""
        return self.form_kwargs["shelf"].hint

    def whole(self):
        """Return the rows that can be kept: filled in, without an error, not taken off."""
        return [
            row
            for row in self.forms
            if not row.errors and not row.is_blank() and not row.cleaned_data["remove"]
        ]

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


def citation_rows(*, shelf, data=None, initial=None):
    """Return the rows of evidence of an update's form."""
    made = forms.formset_factory(CitationRow, formset=CitationRows, extra=0, max_num=60, absolute_max=80)
    return made(data, initial=initial, prefix="evidence", form_kwargs={"shelf": shelf})


class Shelf:
    """What one person can cite on one form: items they see, and their own files that wait.

    Args:
        items: visible evidence, those to be offered first.
        lookup: a function from a key to a visible item, for one that is not among them.
        staged: the waiting files.
        hint: what is said of the items where not all are offered.
    """

    def __init__(self, items, lookup, staged, hint=""):
        self._items = {str(item.key): item for item in items}
        self._offered = list(self._items.values())
        self._lookup = lookup
        self.hint = hint
        self._staged = {str(one.key): one for one in staged}

    def choices(self):
        """Return the choices of "evidence we hold"."""
        return [
            *CHOOSE,
            *((str(item.key), f"{item.title} ({item.uploaded_at:%Y-%m-%d})") for item in self._offered),
        ]

    def item(self, key):
        """Return the item of this key if the person can see it, else None."""
        key = str(key or "")
        if key and key not in self._items:
            self._items[key] = self._lookup(key)
        return self._items.get(key)

    def all_staged(self):
        """Return all files that wait for this form."""
        return list(self._staged.values())

    def put(self, item):
        """Add an item that was made just now."""
        self._items[str(item.key)] = item

    def staged(self, key):
        """Return the waiting file of this key, else None."""
        return self._staged.get(str(key or ""))
