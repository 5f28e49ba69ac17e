"""The filters of the list of evidence; their names are public: people share and keep links with them."""

from typing import Any

import django_filters
from django.conf import settings
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from recommendations.choices import SEALED, SEALED_LABEL, EvidenceForm, EvidenceKind, Sensitivity
from recommendations.filters.base import PublicChoiceFilter, PublicFilterSet
from recommendations.models import Citation, Evidence, Passage
from recommendations.selectors.threads import earlier_of
from recommendations.text.tokens import terms_of

DEFAULT_ORDER = "-added"
# What a list can be sorted by; "-" turns a column around.
ORDERS: dict[str, tuple[Any, list[Any]]] = {
    "title": (_("Title"), ["title", "-pk"]),
    "kind": (_("Kind"), ["kind", "-pk"]),
    "source": (_("Source"), ["source", "-pk"]),
    "published": (_("Published"), [F("published_on").asc(nulls_last=True), "-pk"]),
    "added": (_("Added"), ["uploaded_at", "pk"]),
    "cited": (_("Cited by"), ["cited_by", "pk"]),
}
REVERSED: dict[str, list[Any]] = {
    "title": ["-title", "-pk"],
    "kind": ["-kind", "-pk"],
    "source": ["-source", "-pk"],
    "published": [F("published_on").desc(nulls_last=True), "-pk"],
    "added": ["-uploaded_at", "-pk"],
    "cited": ["-cited_by", "-pk"],
}


class EvidenceFilter(PublicFilterSet):
    """Narrows and orders evidence. Every condition counts only what the reader can see."""

    q = django_filters.CharFilter(label=_("Search in titles and texts"), method="search", max_length=200)
    kind = PublicChoiceFilter(label=_("Kind"), choices=EvidenceKind.choices, empty_label=_("Any kind"))
    form = PublicChoiceFilter(label=_("Form"), choices=EvidenceForm.choices, empty_label=_("Files and links"))
    sensitivity = PublicChoiceFilter(
        label=_("Who can see this"),
        method="of_level",
        choices=Sensitivity.choices,
        empty_label=_("Any level"),
    )
    cited = PublicChoiceFilter(
        label=_("Cited"),
        method="cited_or_not",
        choices=[("yes", _("Cited by an update")), ("no", _("Not cited yet"))],
        empty_label=_("Cited or not"),
    )
    recommendation = django_filters.CharFilter(
        label=_("Counts for recommendation"), method="of_recommendation", max_length=40
    )
    earlier = django_filters.CharFilter(
        label=_("Earlier years of recommendation"), method="of_earlier_years", max_length=40
    )
    sort = PublicChoiceFilter(
        label=_("Order"),
        method="in_order",
        choices=[(sign + name, label) for name, (label, _terms) in ORDERS.items() for sign in ("", "-")],
    )

    class Meta:
        model = Evidence
        fields: list[str] = []

    def __init__(self, data, *, reader):
        """Take the address's parameters and the reader."""
        self.reader = reader
        self.seen_citations = Citation.objects.visible_to(reader).filter(evidence=OuterRef("pk"))
        counted = self.seen_citations.order_by().values("evidence").annotate(n=Count("update", distinct=True))
        rows = Evidence.objects.visible_to(reader).annotate(
            cited_by=Coalesce(Subquery(counted.values("n")), 0),
            marked=Case(When(is_sealed=True, then=Value(SEALED)), default="sensitivity"),
        )
        super().__init__(data, rows)
        if settings.SEALED_LEVEL:
            self.filters["sensitivity"].extra["choices"] = [*Sensitivity.choices, (SEALED, SEALED_LABEL)]

    @property
    def chosen_order(self):
        """The order in the address, else newest first."""
        chosen = self.data.get("sort", "")
        return chosen if chosen.removeprefix("-") in ORDERS else DEFAULT_ORDER

    def arranged(self, rows):
        """Return what the filters leave in the order of a column."""
        return self.in_order(rows, "sort", self.chosen_order)

    def headings(self):
        """Return the heads of the columns: label, the address that sorts by it, and how it is sorted now."""
        chosen = self.chosen_order
        sorted_by = {True: "descending", False: "ascending"}
        return {
            name: {
                "label": label,
                "query": self.address_with("sort", f"-{name}" if chosen == name else name),
                "sorted": sorted_by[chosen.startswith("-")] if chosen.removeprefix("-") == name else "",
            }
            for name, (label, _terms) in ORDERS.items()
        }

    def of_level(self, rows, _name, value):
        """Keep those of a level; what is sealed is restricted too."""
        return rows.filter(is_sealed=True) if value == SEALED else rows.filter(sensitivity=value)

    def search(self, rows, _name, value):
        """Keep those in which each word stands: in title, source, origin, file name, address, language, text.

        The text of restricted items is not searched, not even for those who may read it.
        """
        # Words without letters or figures are in no index; beside other words they narrow nothing.
        words = [word for word in value.split() if terms_of(word)]
        for word in words or value.split():
            rows = rows.filter(
                Q(title__icontains=word)
                | Q(source__icontains=word)
                | Q(origin__icontains=word)
                | Q(original_name__icontains=word)
                | Q(url__icontains=word)
                | Q(language__icontains=word)
                | _in_text(word)
            )
        return rows

    def cited_or_not(self, rows, _name, value):
        """Keep those that an update the reader can see cites, or those that none does."""
        cited = Exists(self.seen_citations)
        return rows.filter(cited if value == "yes" else ~cited)

    def of_recommendation(self, rows, _name, value):
        """Keep those that count as evidence for one recommendation, named by its reference."""
        counted = Citation.objects.counted_for(self.reader).filter(evidence=OuterRef("pk"))
        return rows.filter(Exists(counted.filter(update__recommendation__reference__iexact=value.strip())))

    def of_earlier_years(self, rows, _name, value):
        """Keep those that count for what confirmed lines tie to a recommendation in earlier years."""
        counted = Citation.objects.counted_for(self.reader).filter(evidence=OuterRef("pk"))
        before = earlier_of(value.strip(), self.reader).values("pk")
        return rows.filter(Exists(counted.filter(update__recommendation__in=before)))

    def in_order(self, rows, _name, value):
        """Sort by a column."""
        name = value.removeprefix("-")
        return rows.order_by(*(REVERSED[name] if value.startswith("-") else ORDERS[name][1]))


def _in_text(word):
    """Return the condition that a typed word is in the text of an item that is not restricted."""
    terms = terms_of(word)
    if not terms:
        return Q(pk__in=[])
    found = ~Q(sensitivity=Sensitivity.RESTRICTED)
    for term in terms:
        found &= Q(pk__in=Passage.objects.holding(term).values("evidence"))
    return found
