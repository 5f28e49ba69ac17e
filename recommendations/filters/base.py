"""What the filters of all lists share: public names, refusals that say what to do, and what is in use."""

from dataclasses import dataclass

import django_filters
from django.utils.choices import flatten_choices
from django.utils.translation import gettext_lazy as _


@dataclass(slots=True)
class Active:
    """A filter in use: its public name, its label, what is chosen, and the address without it."""

    name: str
    label: str
    value: str
    without: str


class PublicChoiceFilter(django_filters.ChoiceFilter):
    """A choice whose refusal says what to do."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault(
            "error_messages",
            {"invalid_choice": _("“%(value)s” is not one of the choices.")},
        )
        super().__init__(*args, **kwargs)


class PublicFilterSet(django_filters.FilterSet):
    """A set of filters whose parameters are an address that people share and keep."""

    def active(self):
        """Return the filters in use, each with what it says and the address without it."""
        return [self._in_use(name) for name in self.filters if name != "sort" and self.data.get(name)]

    def _in_use(self, name):
        field, value = self.form.fields[name], self.data[name]
        labels = dict(flatten_choices(getattr(field, "choices", ())))
        return Active(name, field.label, labels.get(value, value), self.address_with(name, None))

    def address_with(self, name, value):
        """Return the parameters with ``name`` set to ``value``, or without it; back on the first page."""
        query = self.data.copy()
        for dropped in (name, "page"):
            query.pop(dropped, None)
        if value:
            query[name] = value
        return query.urlencode()
