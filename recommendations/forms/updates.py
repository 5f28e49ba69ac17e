"""The form "Log an update", in the order in which people think."""

from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_lazy

from recommendations.choices import Nature, Sensitivity, UpdateKind
from recommendations.choices.fields import Group
from recommendations.choices.update_fields import BY_NAME, COLUMNS, asked_for
from recommendations.forms.citations import HELD, citation_rows
from recommendations.forms.edits import EditForm
from recommendations.forms.places import place_rows
from recommendations.forms.update_fields import AsksOfAssessment
from recommendations.forms.widgets import DateInput, SensitivityRadios
from recommendations.models import Citation, Evidence
from recommendations.rules.conflicts import fingerprints
from recommendations.selectors.written import drafted


class AboutForm(forms.Form):
    """A form that may be about one ask of a split recommendation; without asks nothing is asked."""

    ask: forms.ModelChoiceField = forms.ModelChoiceField(
        None,
        label=BY_NAME["ask"].label,
        required=False,
        empty_label=gettext_lazy("The whole recommendation"),
        error_messages={"invalid_choice": gettext_lazy("Choose one of the asks, or the whole.")},
    )

    def __init__(self, *args, asks=None, **kwargs):
        super().__init__(*args, **kwargs)
        if asks:
            self.fields["ask"].queryset = asks  # type: ignore[attr-defined]
        else:
            del self.fields["ask"]


class SentForm(EditForm, AboutForm):
    """What an assessment and a check begin with: which update it is, and up to which day somebody looked.

    ``update`` is the draft that it goes on with, or None.
    """

    hides_optional = True

    key = forms.UUIDField(widget=forms.HiddenInput)
    corrects = forms.UUIDField(required=False, widget=forms.HiddenInput)
    as_of = forms.DateField(
        label=BY_NAME["as_of"].label,
        widget=DateInput,
        help_text=BY_NAME["as_of"].help,
        error_messages={"required": gettext_lazy("Enter the day up to which you looked.")},
    )

    def __init__(self, *args, update=None, **kwargs):
        self.update = update
        super().__init__(*args, **kwargs)

    def shown(self):
        """Return what was written of the draft."""
        return drafted(update=self.update) if self.update else {}

    def clean_seen(self):
        """Return the fingerprints; a form that was opened before there was a draft showed nothing of it."""
        seen = super().clean_seen()
        return dict.fromkeys(self.shown(), "") if seen == {} else seen

    def saved(self, update):
        """Go on from what was saved, where the form is shown again."""
        self.carry(fingerprints(drafted(update=update)))

    def label_of(self, name):
        """Return what a page calls a field, or the rows that belong to it."""
        rows = {
            "places": gettext("Where we looked"),
            "citations": gettext("Evidence"),
            "internal_note": gettext("Note for the team"),
        }
        return str(self.fields[name].label) if name in self.fields else rows[name]

    def in_words(self, name, value):
        """Return a value as its field says it; of places and evidence the list."""
        if name == "places":
            return "\n".join(f"{place} ({date_format(day, 'j M Y')})" for place, day in value) or gettext(
                "none"
            )
        if name == "citations":
            return "\n".join(self._titles(value)) or gettext("none")
        return super().in_words(name, value)

    def _titles(self, citations):
        """Return the titles of what the author can see, and of what they bring: a conflict left it unmade."""
        author = self.update.author
        cited = {item.pk: item for item, _stance, _locator in citations}
        seen = set(Evidence.objects.visible_to(author).filter(pk__in=cited).values_list("pk", flat=True))
        items = [cited[pk] for pk in sorted(cited)]
        return [item.title for item in items if item.pk in seen or item.uploaded_by_id == author.pk]


class UpdateForm(AsksOfAssessment, SentForm):
    """The words of an assessment. A draft may leave out what submitting asks for.

    Of an earlier finding it asks only where there is one, of the recommendation or of one of its asks.
    """

    sensitivity = forms.ChoiceField(
        label=BY_NAME["sensitivity"].label,
        choices=Sensitivity.choices,
        initial=Sensitivity.INTERNAL,
        widget=SensitivityRadios,
    )

    def __init__(self, *args, assessed=(), since="", was_found=False, natures=None, **kwargs):
        """Ask for what fits what it may be about.

        Args:
            assessed: of what it may be about, the part that was assessed before: that can have moved.
            since: against which finding of an earlier report a first assessment of the whole is made, if any.
            was_found: whether there is a finding that can be set aside.
            natures: {number of an ask, or None for the whole: its nature}.
        """
        super().__init__(*args, **kwargs)
        natures = natures or {None: Nature.DO}
        self._judge_by(natures)
        if assessed or since:
            self._ask_movement(assessed, since, is_for_all=len(assessed) + bool(since) == len(natures))
        else:
            del self.fields["movement"]
        if not was_found and not (self.update and self.update.earlier_finding):
            del self.fields["earlier_finding"]

    def _ask_movement(self, assessed, since, *, is_for_all):
        """Say since when, and of what, where it is not asked for everything that the form may be about."""
        sentences = [since] if since else []
        if not is_for_all:
            whole = [gettext("The whole recommendation")] if since else []
            listed = ", ".join(f"“{one}”" for one in [*whole, *assessed])
            only = gettext(
                "Only for what was assessed before: %(what)s. In a first assessment, it is left out."
            )
            sentences.append(only % {"what": listed})
        self.fields["movement"].help_text = " ".join(sentences)
        if since:
            self.fields["movement"].label = BY_NAME["movement"].label

    def _judge_by(self, natures):
        """Show the criteria of the natures, and where there are two, which is that of what."""
        found = [nature for nature in Nature if nature in natures.values()]
        fields: Any = self.fields
        fields["status"].widget.judge_by(found)
        if len(found) > 1:
            picker = fields["ask"]
            picker.label_from_instance = lambda ask: f"{ask} ({natures[ask.pk].label})"
            picker.empty_label = f"{picker.empty_label} ({natures[None].label})"

    def found(self):
        """Return the fields under "What did you find?", less the first two."""
        return [self[field.name] for field in asked_for(UpdateKind.ASSESSMENT, Group.FOUND)]

    def meaning(self):
        """Return the fields under "What does it mean?"."""
        asked = asked_for(UpdateKind.ASSESSMENT, Group.MEANING)
        return [self[field.name] for field in asked if field.name in self.fields]

    def written(self):
        """Return the fields that can be saved as they are; those with an error keep their saved value."""
        return {name: self.cleaned_data[name] for name in COLUMNS if name in self.cleaned_data}


class UpdateForms:
    """The form of an update with its rows: what is posted, or what a draft holds."""

    def __init__(self, form, places, citations=None):
        self.form = form
        self.places = places
        self.citations = citations

    @property
    def parts(self):
        """Its form and formsets, in the order of the page."""
        return [part for part in (self.form, self.citations, self.places) if part is not None]

    def is_valid(self):
        """Check all parts, so that every error is named at once."""
        checked = [part.is_valid() for part in self.parts]
        return all(checked)

    def draft(self, person, now, corrects):
        """Return all that is whole, as ``save_draft`` takes it; ``corrects`` is what it puts right."""
        fields = {**self.form.written(), "corrects": corrects}
        if corrects:
            fields["ask"] = corrects.ask
        # The tick dates a place; what is typed has its own date.
        ticked = [(place, person.today(now)) for place in self.form.cleaned_data.get("earlier", [])]
        cited = {"citations": self.citations.citations()} if self.citations is not None else {}
        return {
            "fields": fields,
            "places": ticked + self.places.pairs(fields.get("as_of") or person.today(now)),
            "seen": self.form.cleaned_data.get("seen") if self.form.update else None,
            **cited,
        }

    def forget_errors(self):
        """Show no errors: somebody asked for one more row, and is not done yet."""
        for part in self.parts:
            for form in getattr(part, "forms", [part]):
                form.errors.clear()
            if hasattr(part, "non_form_errors"):
                part.non_form_errors().clear()

    def add_problems(self, problems):
        """Put the sentences of broken rules beside what they are about.

        What has an error already is left at that: a rule judges what could be saved, not what was typed.

        Args:
            problems: {field name: [sentence, …]}; ``places`` and ``evidence`` are the rows.
        """
        rows = {"places": self.places, "evidence": self.citations}
        for name, sentences in problems.items():
            part = rows.get(name)
            if part is not None:
                if not any(part.errors):
                    part.non_form_errors().extend(sentences)
            elif name not in self.form.errors:
                self.form.add_error(
                    name if name in self.form.fields and name != "corrects" else None, sentences
                )


def assessment_forms(*, citable, data=None, initial=None, places=(), citations=(), **about):
    """Return the forms of an assessment, filled from what was posted or from a draft."""
    if data is not None:
        rows = place_rows(data), citation_rows(citable=citable, data=data)
        return UpdateForms(UpdateForm(data, **about), *rows)
    rows = place_rows(initial=places), citation_rows(citable=citable, initial=citations)
    return UpdateForms(UpdateForm(initial=initial, **about), *rows)


def initial_of(update, person):
    """Return what the forms show ``person`` of a saved update: (fields, places, citations)."""
    fields = {name: getattr(update, name) for name in COLUMNS}
    fields["note"] = update.internal_note
    places = [{"place": row.place, "looked_on": row.looked_on} for row in update.places.all()]
    citations = [
        {"shape": HELD, "evidence": row.evidence.key, "stance": row.stance, "locator": row.locator}
        for row in Citation.objects.visible_to(person).filter(update=update).select_related("evidence")
    ]
    return fields, places, citations
