"""A further source version of a report: which recommendation each one of the document is, and its tier."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from recommendations.choices import SourceChange, Tier

NEW = "new"


class FurtherVersionForm(forms.Form):
    """For each recommendation that is not word for word the same, which one it is."""

    hides_optional = True

    source_url = forms.URLField(
        label=_lazy("Address of the source (optional)"),
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text=_lazy("The page on which this document was published, if you know it."),
    )

    def __init__(self, data=None, *, further):
        """Take what the document would change as it is proposed."""
        super().__init__(data)
        self.further = further
        self.rows = {row.reference: row for row in further.open_to_choice}
        offered = [(row.reference, f"{row.reference}: {row.short_title}") for row in self.rows.values()]
        for entry in further.entries:
            if entry.change is not SourceChange.SAME:
                self.fields[_name(entry)] = _choice(entry, offered)
        if further.has_other_tier:
            self.fields["tier"] = forms.ChoiceField(
                label=_("Which tier does the report have?"),
                choices=[
                    ("stays", _("%(tier)s, as it says now") % {"tier": further.report.get_tier_display()}),
                    (
                        "taken",
                        _("%(tier)s, as this document says") % {"tier": Tier(further.parsed.tier).label},
                    ),
                ],
                widget=forms.RadioSelect,
                error_messages={"required": _("Choose which tier the report has.")},
            )

    def field_of(self, entry):
        """Return the field of a recommendation of the document; None where it is word for word the same."""
        name = _name(entry)
        return self[name] if name in self.fields else None

    @property
    def choices(self):
        """What was chosen, as the service takes it; from a form that is not valid, as far as it was."""
        said = getattr(self, "cleaned_data", {})
        chosen = {
            entry.item.position: said[_name(entry)]
            for entry in self.further.entries
            if said.get(_name(entry))
        }
        return {position: None if word == NEW else self.rows[word].pk for position, word in chosen.items()}

    def mark_chosen_twice(self, further):
        """Say so at each row whose recommendation is chosen for another one too. Args: the outcome."""
        for entry in further.entries:
            if entry.was in further.chosen_twice and _name(entry) in self.fields:
                words = _("Number %(number)s: %(reference)s is chosen more than once. Choose it once.")
                about = {"number": entry.item.position, "reference": entry.was.reference}
                self.add_error(_name(entry), words % about)

    @property
    def takes_tier(self):
        """Whether the report takes the tier of the document; None where that is not asked."""
        return self.cleaned_data["tier"] == "taken" if "tier" in self.cleaned_data else None


def _name(entry):
    return f"item_{entry.item.position}"


def _choice(entry, offered):
    """Return the field that asks which recommendation one is; what is unsure has no answer beforehand."""
    first = [("", _("Choose…"))] if entry.change is SourceChange.UNSURE else []
    initial = {SourceChange.UNSURE: "", SourceChange.NEW: NEW}
    return forms.ChoiceField(
        label=_("Which one is it?"),
        choices=[*first, (NEW, _("A new recommendation")), *offered],
        initial=initial.get(entry.change, entry.was and entry.was.reference),
        error_messages={
            "required": _("Choose which recommendation it is, or that it is new."),
            "invalid_choice": _("Choose one of those that are offered."),
        },
    )
