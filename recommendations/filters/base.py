"""What the filters of all lists share: public names, refusals that say what to do, and what is in use."""

from dataclasses import dataclass

import django_filters
from django.db.models import Case, Q, Value, When
from django.forms import DateInput
from django.utils.choices import flatten_choices
from django.utils.translation import gettext_lazy as _

from recommendations.models import User
from recommendations.rules.dates import refuse_far_day


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


class PublicDateFilter(django_filters.DateFilter):
    """A day, picked from a calendar; its refusal says what to type."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("widget", DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        kwargs.setdefault(
            "error_messages", {"invalid": _("Give a date as year, month and day, such as 2024-03-01.")}
        )
        kwargs.setdefault("validators", [refuse_far_day])
        super().__init__(*args, **kwargs)


def order_filter(orders):
    """Return the choice of an order. Args: orders, {public name: (words, terms)}."""
    choices = [(name, words) for name, (words, _terms) in orders.items()]
    return PublicChoiceFilter(label=_("Order"), method="in_order", choices=choices, empty_label=None)


def people_offered(offered, chosen):
    """Yield (key, name) of people to choose from: all of them, since no list says who else there is. One
    statement.

    Args:
        offered: a queryset of people.
        chosen: what the address names; somebody whom it names is among them, whoever it is.
    """
    key = int(chosen) if chosen.isascii() and chosen.isdecimal() and len(chosen) < 10 else None
    people = User.objects.filter(Q(pk__in=offered.values("pk")) | Q(pk=key))
    chosen_first = Case(When(pk=key, then=Value(0)), default=Value(1))
    for person in people.order_by(chosen_first, "name", "email").only("name", "email"):
        yield str(person.pk), str(person)


class PublicFilterSet(django_filters.FilterSet):
    """A set of filters whose parameters are an address that people share and keep.

    A subclass has ``default_order``, and ``in_order`` as the method of its filter ``sort``.
    """

    default_order: str

    @property
    def qs(self):
        """What the filters leave, in order; nothing when a filter says what does not exist."""
        if not hasattr(self, "_qs"):
            rows = super().qs
            if not self.form.is_valid():
                rows = rows.none()
            self._qs = self.arranged(rows)
        return self._qs

    def arranged(self, rows):
        """Return what the filters leave in the order chosen, else in that of the list."""
        return rows if self.data.get("sort") else self.in_order(rows, "sort", self.default_order)

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
