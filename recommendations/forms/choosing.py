"""Choosing people: by name and address, since names can be similar."""

from django import forms


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
