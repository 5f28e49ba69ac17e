"""The filters of the advocacy log; their names are public: people share and keep links with them."""

from typing import Any

import django_filters
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from recommendations.choices import AdvocacyKind, Role
from recommendations.filters.base import (
    PublicChoiceFilter,
    PublicDateFilter,
    PublicFilterSet,
    order_filter,
    people_offered,
)
from recommendations.models import Advocacy, User
from recommendations.selectors.threads import earlier_of

DEFAULT_ORDER = "-on"
# What the log can be sorted by: public name, words, and the terms.
ORDERS: dict[str, tuple[Any, list[Any]]] = {
    "-on": (_("Latest first"), ["-held_on", "-pk"]),
    "on": (_("Earliest first"), ["held_on", "pk"]),
    "step": (_("Next step soonest first"), [F("next_on").asc(nulls_last=True), "pk"]),
}


class AdvocacyFilter(PublicFilterSet):
    """Narrows and orders what the reader can see of the log."""

    q = django_filters.CharFilter(label=_("Search in the log"), method="search", max_length=200)
    kind = PublicChoiceFilter(label=_("What it was"), choices=AdvocacyKind.choices, empty_label=_("Anything"))
    since = PublicDateFilter(label=_("Since"), field_name="held_on", lookup_expr="gte")
    until = PublicDateFilter(label=_("Until"), field_name="held_on", lookup_expr="lte")
    person = PublicChoiceFilter(label=_("Who"), method="of_person", empty_label=_("Anybody"))
    recommendation = django_filters.CharFilter(
        label=_("Reference of the recommendation"), method="about_recommendation", max_length=40
    )
    earlier = django_filters.CharFilter(
        label=_("Earlier years of recommendation"), method="about_earlier_years", max_length=40
    )
    steps = PublicChoiceFilter(
        label=_("Next step"),
        method="with_step",
        choices=[("open", _("Open")), ("mine", _("Mine"))],
        empty_label=_("Any"),
    )
    sort = order_filter(ORDERS)

    default_order = DEFAULT_ORDER

    class Meta:
        model = Advocacy
        fields: list[str] = []

    def __init__(self, data, *, reader, now=None):
        """Take the address's parameters and the reader. Of next steps, the first due come first."""
        self.reader = reader
        if data.get("steps") and not data.get("sort"):
            data = data.copy()
            data["sort"] = "step"
        self.today = reader.today(now or timezone.now())
        super().__init__(data, Advocacy.objects.visible_to(reader))
        self.filters["person"].extra["choices"] = list(self._people())

    def _people(self):
        yield "me", _("Me")
        yield from people_offered(User.objects.in_role(Role.CONTRIBUTOR), self.data.get("person", ""))

    def search(self, rows, _name, value):
        """Keep those in which each word stands."""
        for word in value.split():
            rows = rows.filter(
                Q(subject__icontains=word)
                | Q(counterpart__icontains=word)
                | Q(result__icontains=word)
                | Q(next_step__icontains=word)
            )
        return rows

    def of_person(self, rows, _name, value):
        """Keep those that the reader, or one person, logged or takes the next step of."""
        person = self.reader.pk if value == "me" else value
        return rows.filter(Q(author=person) | Q(next_owner=person))

    def about_recommendation(self, rows, _name, value):
        """Keep those about one recommendation, named by its reference."""
        about = Advocacy.recommendations.through.objects.filter(advocacy=OuterRef("pk"))
        return rows.filter(Exists(about.filter(recommendation__reference__iexact=value.strip())))

    def about_earlier_years(self, rows, _name, value):
        """Keep those about what confirmed lines tie to a recommendation in earlier years."""
        about = Advocacy.recommendations.through.objects.filter(advocacy=OuterRef("pk"))
        before = earlier_of(value.strip(), self.reader).values("pk")
        return rows.filter(Exists(about.filter(recommendation__in=before)))

    def with_step(self, rows, _name, value):
        """Keep those whose next step is open, or for whose next step the reader answers."""
        return rows.steps_of(self.reader) if value == "mine" else rows.with_open_step()

    def in_order(self, rows, _name, value):
        """Sort by one of the orders."""
        return rows.order_by(*ORDERS[value][1])
