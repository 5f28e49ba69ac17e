"""Choosing rows; people by name and address, since names can be similar."""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from recommendations.models import User


def with_address(person):
    """Return what a list of people shows of each."""
    return f"{person} ({person.email})"


class PersonField(forms.ModelChoiceField):
    """One of several people."""

    def label_from_instance(self, person):
        return with_address(person)


class MarkedPersonField(PersonField):
    """One of several people, each marked who reviews."""

    def label_from_instance(self, person):
        named = with_address(person)
        return _("%(name)s, reviews") % {"name": named} if person.pk in self._reviewers else named

    @cached_property
    def _reviewers(self):
        return set(User.objects.reviewers().values_list("pk", flat=True))


class RowsField(forms.ModelMultipleChoiceField):
    """Some of several rows. A number that SQLite cannot hold is none of them, and no fault of ours."""

    def clean(self, value):
        try:
            return super().clean(value)
        except OverflowError as fault:
            words, largest = self.error_messages["invalid_choice"], max(map(str, value), key=len)
            raise ValidationError(words, code="invalid_choice", params={"value": largest}) from fault


class PeopleField(RowsField):
    """Some of several people."""

    def label_from_instance(self, person):
        return with_address(person)


def who_can_be(name, recommendation):
    """Return the active people who can be owner, deputy or reviewer, and who is it already."""
    able = User.objects.reviewers() if name == "reviewer" else User.objects.writers()
    present = Q(pk=getattr(recommendation, f"{name}_id"))
    return User.objects.filter(Q(pk__in=able.values("pk")) | present)
