"""Splitting a recommendation into asks: the forms of the page where reviewers do it."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from recommendations.errors import Refused
from recommendations.forms.edits import EditForm
from recommendations.forms.nature import nature_field
from recommendations.models import Ask
from recommendations.rules.conflicts import EditConflict
from recommendations.services import asks

TITLE_LENGTH = Ask._meta.get_field("title").max_length


class AskForm(forms.Form):
    """The words that ask for something, and what we call it. ``start`` is where they were chosen."""

    hides_optional = True

    words = forms.CharField(
        label=_("Its words in the recommendation"),
        help_text=_("Select them in the text above, or copy them here exactly."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    start = forms.IntegerField(required=False, min_value=0, max_value=10**6, widget=forms.HiddenInput)
    title = forms.CharField(
        label=_("Short title"),
        help_text=_("A few words for lists, such as “Close the camps”."),
        required=False,
        max_length=TITLE_LENGTH,
    )

    def act(self, recommendation, **who):
        """Split the ask off."""
        return asks.add(recommendation=recommendation, **self.cleaned_data, **who)


class RenameForm(EditForm):
    """Another title for an ask, or its nature corrected."""

    hides_optional = True

    title = forms.CharField(label=_("Short title"), required=False, max_length=TITLE_LENGTH)
    nature = nature_field()

    def act(self, ask, **who):
        """Change it."""
        return asks.rename(ask=ask, **self.cleaned_data, **who)


class RetireForm(forms.Form):
    """Why an ask should not count any more."""

    hides_optional = True

    reason = forms.CharField(
        label=_("Why it should no longer apply"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def act(self, ask, **who):
        """Retire it."""
        return asks.retire(ask=ask, reason=self.cleaned_data["reason"], **who)


class ConfirmForm(forms.Form):
    """The second reviewer's word that an ask is retired; ``seen`` stands for what they read."""

    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def act(self, ask, **who):
        """Retire it."""
        return asks.confirm_retiring(ask=ask, seen=self.cleaned_data["seen"], **who)


class KeepForm(forms.Form):
    """A proposal to retire an ask is cancelled."""

    def act(self, ask, **who):
        """Keep it."""
        return asks.keep(ask=ask, **who)


def done_by(form, about, **who):
    """Hand a form to its service. Returns: the ask as it is then; None where the form says why not."""
    if not form.is_valid():
        return None
    try:
        return form.act(about, **who)
    except ValidationError as problems:
        form.add_error(None, problems)
    except EditConflict as conflict:
        form.show_conflict(conflict)
    except Refused as refusal:
        form.add_error(None, str(refusal))
    return None
