"""Choosing people: by name and address, since names can be similar."""

from django import forms
from django.db.models import Q

from recommendations.models import User


def with_address(person):
    """Return what a list of people shows of each."""
    return f"{person} ({person.email})"


class PersonField(forms.ModelChoiceField):
    """One of several people."""

    def label_from_instance(self, person):
        return with_address(person)


class PeopleField(forms.ModelMultipleChoiceField):
    """Some of several people."""

    def label_from_instance(self, person):
        return with_address(person)


def who_can_be(name, recommendation):
    """Return the active people who can be owner, deputy or reviewer, and who is it already."""
    able = User.objects.reviewers() if name == "reviewer" else User.objects.writers()
    present = Q(pk=getattr(recommendation, f"{name}_id"))
    return User.objects.filter(Q(pk__in=able.values("pk")) | present)
