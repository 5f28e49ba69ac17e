"""What a person chooses before a brief is made."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from recommendations.choices import Sensitivity
from recommendations.exports.briefs import FORMATS
from recommendations.forms.widgets import HintedRadios

PUBLIC, TEAM = Sensitivity.PUBLIC.value, Sensitivity.INTERNAL.value


class BriefForm(forms.Form):
    """The kind of file, and of several recommendations those that it is about.

    Args:
        public: what is public of each recommendation (``selectors.outside``).
    """

    which = forms.MultipleChoiceField(
        label=_("Recommendations"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one recommendation.")},
    )
    made_for = forms.ChoiceField(
        label=_("Who it is for"),
        widget=HintedRadios(
            hints={
                PUBLIC: _("Only what is published. It names nobody on the team."),
                TEAM: _(
                    "Approved updates with reasons and the government’s claims, and our advocacy, without "
                    "anything restricted. You are responsible for where the file goes."
                ),
            }
        ),
        initial=PUBLIC,
        choices=[(PUBLIC, _("People outside")), (TEAM, _("The team"))],
    )
    made_as = forms.ChoiceField(
        label=_("Kind of file"),
        widget=forms.RadioSelect,
        initial="pdf",
        choices=[(name, one.label) for name, one in FORMATS.items()],
    )

    def __init__(self, *args, public, **kwargs):
        super().__init__(*args, **kwargs)
        self.public = public
        if len(public) == 1:
            del self.fields["which"]
            return
        field: forms.MultipleChoiceField = self.fields["which"]  # type: ignore[assignment]
        field.choices = [(one.reference, _named(one)) for one in public]
        field.initial = [one.reference for one in public]

    @property
    def is_for_team(self):
        """Whether it is for the team, and not for people outside."""
        return self.cleaned_data["made_for"] == TEAM

    @property
    def references(self):
        """Those of the chosen recommendations, in the order of their report."""
        wanted = self.cleaned_data.get("which")
        return [one.reference for one in self.public if wanted is None or one.reference in wanted]


def _named(one):
    return f"{one.position}. {one.title} ({how_much(one)})"


def how_much(one):
    """Return how much is published of a recommendation, in words."""
    words = ngettext("%(n)s published update", "%(n)s published updates", one.said)
    return words % {"n": one.said} if one.said else str(_("nothing published"))
