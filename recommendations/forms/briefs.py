"""What a person chooses before a brief is made."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from recommendations.exports.briefs import FORMATS


class BriefForm(forms.Form):
    """The kind of file, and of several recommendations those that it is about.

    Args:
        told: what is public of each recommendation (``selectors.outside``).
    """

    which = forms.MultipleChoiceField(
        label=_("Recommendations"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one recommendation.")},
    )
    made_as = forms.ChoiceField(
        label=_("Kind of file"),
        widget=forms.RadioSelect,
        initial="pdf",
        choices=[(name, one.label) for name, one in FORMATS.items()],
    )

    def __init__(self, *args, told, **kwargs):
        super().__init__(*args, **kwargs)
        self.told = told
        if len(told) == 1:
            del self.fields["which"]
            return
        field: forms.MultipleChoiceField = self.fields["which"]  # type: ignore[assignment]
        field.choices = [(one.reference, _named(one)) for one in told]
        field.initial = [one.reference for one in told]

    @property
    def chosen(self):
        """What is public of the chosen recommendations, in the order of their report."""
        wanted = self.cleaned_data.get("which")
        return [one for one in self.told if wanted is None or one.reference in wanted]


def _named(one):
    return f"{one.position}. {one.title} ({how_much(one)})"


def how_much(one):
    """Return how much is published of a recommendation, in words."""
    words = ngettext("%(n)s published update", "%(n)s published updates", one.said)
    return words % {"n": one.said} if one.said else str(_("nothing published"))
