"""The filters of the list of updates; their names are public: people share and keep links with them."""

from datetime import datetime, time, timedelta
from functools import reduce
from operator import or_
from typing import Any

import django_filters
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from recommendations.choices import (
    EDITABLE_STATES,
    Role,
    Sensitivity,
    Status,
    UpdateKind,
    UpdateState,
)
from recommendations.choices.fields import Place
from recommendations.choices.update_fields import listed_at
from recommendations.filters.base import (
    PublicChoiceFilter,
    PublicDateFilter,
    PublicFilterSet,
    order_filter,
    people_offered,
)
from recommendations.models import Event, StatusUpdate, User

DEFAULT_ORDER = "-approved"
# What a list can be sorted by: public name, words, and the terms.
ORDERS: dict[str, tuple[Any, list[Any]]] = {
    "-approved": (_("Latest approved first"), [F("approved_at").desc(nulls_first=True), "-pk"]),
    "approved": (_("First approved first"), [F("approved_at").asc(nulls_last=True), "pk"]),
    "-as_of": (_("Latest as-of date first"), ["-as_of", "-pk"]),
    "as_of": (_("Earliest as-of date first"), ["as_of", "pk"]),
    "submitted": (_("Longest waiting first"), [F("submitted_at").asc(nulls_last=True), "pk"]),
    "recommendation": (_("By recommendation"), ["recommendation__reference", "-as_of", "-pk"]),
}
# The moments that "since" and "until" can be about: public name, words, and the field.
MOMENTS: dict[str, tuple[Any, str]] = {
    "approved": (_("Approved"), "approved_at"),
    "submitted": (_("Submitted"), "submitted_at"),
    "returned": (_("Returned"), "returned_at"),
    "as_of": (_("As of"), "as_of"),
}


class UpdateFilter(PublicFilterSet):
    """Narrows and orders updates. Every condition counts only what the reader can see."""

    q = django_filters.CharFilter(label=_("Search in the text"), method="search", max_length=200)
    since = PublicDateFilter(label=_("Since"), method="from_day")
    until = PublicDateFilter(label=_("Until"), method="to_day")
    dated = PublicChoiceFilter(
        label=_("Dates"),
        method="nothing_by_itself",
        choices=[(name, words) for name, (words, _field) in MOMENTS.items()],
        empty_label=None,
    )
    moved = PublicChoiceFilter(
        label=_("Status"),
        method="that_moved",
        choices=[("yes", _("Status changed")), ("no", _("Status not changed"))],
        empty_label=_("Changed or not"),
    )
    state = PublicChoiceFilter(
        label=_("State"),
        method="in_state",
        choices=[*UpdateState.choices, ("unfinished", _("Draft or returned"))],
        empty_label=_("Any state"),
    )
    kind = PublicChoiceFilter(label=_("Kind"), choices=UpdateKind.choices, empty_label=_("Any kind"))
    status = PublicChoiceFilter(
        label=_("Says"),
        choices=[(value.value, value.label) for value in Status.proposable()],
        empty_label=_("Any status"),
    )
    author = PublicChoiceFilter(label=_("Author"), method="of_author", empty_label=_("Anybody"))
    report = PublicChoiceFilter(label=_("Report"), method="of_report", empty_label=_("All"))
    recommendation = django_filters.CharFilter(
        label=_("Reference of the recommendation"), method="of_recommendation", max_length=40
    )
    sensitivity = PublicChoiceFilter(
        label=_("Who can see this"), choices=Sensitivity.choices, empty_label=_("Any level")
    )
    sort = order_filter(ORDERS)

    default_order = DEFAULT_ORDER

    class Meta:
        model = StatusUpdate
        fields: list[str] = []

    def __init__(self, data, *, reader, reports, now=None):
        """Take the address's parameters, the reader, and the reports that they may choose from."""
        self.reader, self.reports = reader, reports
        self.today = reader.today(now or timezone.now())
        super().__init__(data, StatusUpdate.objects.visible_to(reader))
        self.filters["report"].extra["choices"] = [(one.slug, str(one)) for one in reports]
        self.filters["report"].extra["help_text"] = reports.left_out
        self.filters["author"].extra["choices"] = list(self._authors())

    def _authors(self):
        """Yield me, and the people who can write; one that the address names is among them."""
        yield "me", _("Me")
        yield from people_offered(User.objects.in_role(Role.CONTRIBUTOR), self.data.get("author", ""))

    @property
    def more_in_use(self):
        """Whether one of the filters behind "more" is in use, or is wrong: then they are shown."""
        shown = ("q", "since", "until", "state", "moved")
        return any(self.data.get(name) for name in self.filters if name not in shown)

    def search(self, rows, _name, value):
        """Keep those in which each word stands: in what it says, or in its recommendation's names."""
        named = ("recommendation__reference", "recommendation__short_title")
        searched = [*named, *(field.name for field in listed_at(Place.SEARCH))]
        for word in value.split():
            rows = rows.filter(reduce(or_, (Q((f"{path}__icontains", word)) for path in searched)))
        return rows

    @property
    def _moment(self):
        """The field that the two dates are about."""
        return MOMENTS.get(self.data.get("dated", ""), MOMENTS["approved"])[1]

    def _midnight(self, day):
        return datetime.combine(day, time(), tzinfo=self.reader.zone)

    def from_day(self, rows, _name, day):
        """Keep those of this day and later, in the reader's own days."""
        value = day if self._moment == "as_of" else self._midnight(day)
        return rows.filter(**{f"{self._moment}__gte": value})

    def to_day(self, rows, _name, day):
        """Keep those up to and with this day, in the reader's own days."""
        if self._moment == "as_of":
            return rows.filter(as_of__lte=day)
        return rows.filter(**{f"{self._moment}__lt": self._midnight(day + timedelta(days=1))})

    def nothing_by_itself(self, rows, _name, _value):
        """Say only which moment the two dates are about."""
        return rows

    def in_state(self, rows, _name, value):
        """Keep those of one state, or of the two in which their author still writes."""
        return rows.filter(state__in=EDITABLE_STATES if value == "unfinished" else [value])

    def that_moved(self, rows, _name, value):
        """Keep those whose approval moved the status, or those that left it as it was."""
        moves = Exists(Event.objects.moving_by_update().filter(update=OuterRef("pk")))
        return rows.filter(moves if value == "yes" else ~moves)

    def of_author(self, rows, _name, value):
        """Keep those that the reader, or one person, wrote."""
        return rows.filter(author=self.reader.pk if value == "me" else value)

    def of_report(self, rows, _name, value):
        """Keep those about recommendations of the chosen report."""
        chosen = next(one for one in self.reports if one.slug == value)
        return rows.filter(recommendation__report=chosen)

    def of_recommendation(self, rows, _name, value):
        """Keep those about one recommendation, named by its reference."""
        return rows.filter(recommendation__reference__iexact=value.strip())

    def in_order(self, rows, _name, value):
        """Sort by one of the orders."""
        return rows.order_by(*ORDERS[value][1])
