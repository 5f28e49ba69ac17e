"""What a reviewer sends."""

from django import forms
from django.utils.translation import gettext_lazy as _

from recommendations.choices import Decision
from recommendations.selectors.comparison import label_of


class ReviewForm(forms.Form):
    """A decision, made by the pressed button, with comments; ``seen_version`` is what was on the screen.

    Args:
        about: {name: label} of the fields that can be commented on by themselves.
    """

    hides_optional = True

    seen_version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    comment = forms.CharField(
        label=_("Comment to the author"),
        help_text=_("To return it, say what should change: here, or beside the field in question."),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    decision = forms.ChoiceField(
        choices=Decision,
        widget=forms.HiddenInput,
        error_messages={"required": _("Press Approve or Return."), "invalid_choice": _("Press a button.")},
    )

    def __init__(self, *args, about=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.about = about or {}
        for name, label in self.about.items():
            self.fields[f"on_{name}"] = forms.CharField(
                label=_("Comment on “%(what)s”") % {"what": label},
                required=False,
                max_length=2000,
                widget=forms.Textarea(attrs={"rows": 2, "form": "decide"}),
            )

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
