"""A passage of the narrative that is kept or cited, and the tags of a recommendation."""

from django import forms
from django.utils.translation import gettext_lazy as _

from recommendations.models import BaselineClaim
from recommendations.models.narrative import tag_label

# Longer than any paragraph that was seen.
LONGEST_PASSAGE = 5000
# Between the tags that a form has shown; no value has it.
BETWEEN = "|"


class PassageForm(forms.Form):
    """Words of the narrative. ``start`` is where they were chosen, in characters of what the page shows."""

    hides_optional = True

    quote = forms.CharField(
        label=_("Passage of the narrative"),
        help_text=_("Select it in the narrative, or copy it here exactly."),
        required=False,
        max_length=LONGEST_PASSAGE,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    start = forms.IntegerField(required=False, min_value=0, max_value=10**7, widget=forms.HiddenInput)
    about = forms.CharField(
        label=_("What it says, in a few words"),
        help_text=_(
            "For a baseline claim, such as “80,000 to 120,000 people in camps”. You can leave it empty."
        ),
        required=False,
        max_length=BaselineClaim._meta.get_field("about").max_length,
    )


class TagsForm(forms.Form):
    """The tags to tick. ``shown`` are those that were ticked when the page was made."""

    hides_optional = True

    tags = forms.MultipleChoiceField(
        label=_("What it concerns"), required=False, widget=forms.CheckboxSelectMultiple
    )
    shown = forms.CharField(required=False, max_length=5000, widget=forms.HiddenInput)

    def __init__(self, *args, confirmed, offered, **kwargs):
        """Offer the tags that are confirmed, which are ticked, and those that the rule found."""
        ticked = [f"{kind}:{value}" for kind, value in confirmed]
        super().__init__(*args, **kwargs)
        self.initial = {"tags": ticked, "shown": BETWEEN.join(ticked)}
        every = dict.fromkeys([*confirmed, *offered])
        choices = [(f"{kind}:{value}", tag_label(kind, value)) for kind, value in every]
        self.fields["tags"].choices = choices  # type: ignore[attr-defined]

    def clean_tags(self):
        return _read(self.cleaned_data["tags"])

    def clean_shown(self):
        return _read(self.cleaned_data["shown"].split(BETWEEN))


def _read(parameters):
    """Return the kinds and values of tags as an address or a form has them: “country:RU”."""
    return [tuple(one.split(":", 1)) for one in parameters if ":" in one]
