"""What a reviewer sends."""

from django import forms
from django.utils.translation import gettext_lazy as _

from recommendations.choices import Decision, Extent
from recommendations.forms.widgets import HintedRadios
from recommendations.selectors.comparison import label_of

EXTENT_HINTS = {
    Extent.NOTHING: _("It stays inside. It can still be published later, by two people."),
    Extent.WORDS: _(
        "The text under “What was found” and its day can be told outside, with the titles of the public "
        "evidence that it cites. Nothing else."
    ),
    Extent.WORDS_AND_STATUS: _("The status, its confidence and its movement can be told as well."),
}


class ReviewForm(forms.Form):
    """A decision, made by the pressed button, with comments.

    ``seen_version`` and ``cited`` stand for what was on the screen: the update, and the evidence told
    with it.

    Args:
        about: {name: label} of the fields that can be commented on by themselves.
        asked: the ``ToDecide`` of its update: what there is to decide about publication.
        asks_whether_it_counts: whether its update is restricted.
    """

    hides_optional = True

    seen_version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    cited = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    comment = forms.CharField(
        label=_("Comment to the author"),
        help_text=_("To return it, say what should change: here, or beside the field in question."),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    counts = forms.BooleanField(
        label=_("Show the status to the team, not the reason"),
        help_text=_(
            "Others then see the status, its confidence, its movement and its dates, and that the reason is "
            "restricted. Who wrote it, its words and its evidence stay with those who have access."
        ),
        required=False,
    )
    extent = forms.TypedChoiceField(
        label=_("What to publish"),
        required=False,
        initial=Extent.NOTHING,
        empty_value=Extent.NOTHING,
        widget=HintedRadios(hints=EXTENT_HINTS),
    )
    overtaken = forms.ChoiceField(
        label=_("What becomes of what is outside now"), required=False, widget=forms.RadioSelect
    )
    decision = forms.ChoiceField(
        choices=Decision,
        widget=forms.HiddenInput,
        error_messages={"required": _("Press Approve or Return."), "invalid_choice": _("Press a button.")},
    )

    def __init__(self, *args, about=None, asked=None, asks_whether_it_counts=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.about = about or {}
        if not asks_whether_it_counts:
            del self.fields["counts"]
        self._offer("extent", asked.offered if asked and len(asked.offered) > 1 else ())
        self._offer("overtaken", asked.asks_of_earlier if asked else ())
        for name, label in self.about.items():
            self.fields[f"on_{name}"] = forms.CharField(
                label=_("Comment on “%(what)s”") % {"what": label},
                required=False,
                max_length=2000,
                widget=forms.Textarea(attrs={"rows": 2, "form": "decide"}),
            )

    def _offer(self, name, values):
        """Offer these of a vocabulary; a question with no choice is not asked."""
        if values:
            self.fields[name].choices = [(one.value, one.label) for one in values]  # type: ignore[attr-defined]
        else:
            del self.fields[name]

    @property
    def outside(self):
        """What was decided about publication: (how much, what becomes of what is outside, what is cited)."""
        given = self.cleaned_data
        return given.get("extent", Extent.NOTHING), given.get("overtaken", ""), given.get("cited", "")

    def add_problems(self, error):
        """Put the sentences of a ValidationError beside their fields, those of the update above the form."""
        for name, sentences in getattr(error, "message_dict", {None: error.messages}).items():
            self.add_error(name if name in self.fields else None, sentences)

    @staticmethod
    def label_of_further(name):
        """Return the label of a comment on one field, which the form has only once it knows the update."""
        return (
            _("Comment on “%(what)s”") % {"what": label_of(name.removeprefix("on_"))}
            if name.startswith("on_")
            else ""
        )

    def clean(self):
        """Refuse a return that says nothing."""
        super().clean()
        cleaned = self.cleaned_data
        said = cleaned.get("comment", "").strip() or self.remarks()
        if cleaned.get("decision") == Decision.RETURN and not said and not self.errors:
            self.add_error("comment", _("Say what the author should change."))
        return cleaned

    def remarks(self):
        """Return what was said on single fields, {name: words}."""
        said = {name: self.cleaned_data.get(f"on_{name}", "").strip() for name in self.about}
        return {name: words for name, words in said.items() if words}

    def remark(self, name):
        """Return the field for a comment on ``name``, or None."""
        return self[f"on_{name}"] if name in self.about else None
