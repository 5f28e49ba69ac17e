"""The filters of the list of recommendations; their names are public: people share and keep links."""

from datetime import timedelta
from typing import Any

import django_filters
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from recommendations.choices import OPEN_STATES, Pillar, Role, Status
from recommendations.filters.base import PublicChoiceFilter, PublicFilterSet, order_filter, people_offered
from recommendations.models import Citation, Recommendation, StatusUpdate, Tag, User
from recommendations.rules.dates import FIRST_STAGE_DAYS, month_bounds, quarter_start
from recommendations.selectors.narrative import tags_in_use

SEVERITY = Case(*[When(status=value, then=Value(rank)) for rank, value in enumerate(Status)])

DEFAULT_ORDER = "position"
# What a list can be sorted by: public name, words, and the terms. "-" turns a column around.
ORDERS: dict[str, tuple[Any, list[Any]]] = {
    "position": (_("As in the report"), ["-report__year", "report__country_name", "position"]),
    "-position": (_("As in the report, last first"), ["report__year", "-report__country_name", "-position"]),
    "title": (_("Short title, A to Z"), ["short_title", "reference"]),
    "-title": (_("Short title, Z to A"), ["-short_title", "reference"]),
    "status": (_("Status, least done first"), [SEVERITY.asc(), "reference"]),
    "-status": (_("Status, most done first"), [SEVERITY.desc(), "reference"]),
    "verified": (_("Longest not verified first"), [F("last_verified_on").asc(nulls_first=True), "reference"]),
    "-verified": (_("Latest verified first"), [F("last_verified_on").desc(nulls_last=True), "reference"]),
    "due": (_("Next review soonest first"), ["next_review_on", "reference"]),
    "-due": (_("Next review latest first"), ["-next_review_on", "reference"]),
    "owner": (_("Owner, A to Z"), [F("owner__name").asc(nulls_last=True), "reference"]),
    "-owner": (_("Owner, Z to A"), [F("owner__name").desc(nulls_last=True), "reference"]),
}


class RecommendationFilter(PublicFilterSet):
    """Narrows and orders recommendations. Every condition counts only what the reader can see."""

    q = django_filters.CharFilter(label=_("Search in the text"), method="search", max_length=200)
    status = PublicChoiceFilter(label=_("Status"), choices=Status.choices, empty_label=_("Any status"))
    owner = PublicChoiceFilter(label=_("Owner"), method="of_owner", empty_label=_("Anybody"))
    due = PublicChoiceFilter(
        label=_("Due"),
        method="due_when",
        choices=[
            ("overdue", _("Overdue")),
            ("soon", _("Overdue, or within 14 days")),
            ("this_month", _("This month")),
        ],
        empty_label=_("Any time"),
    )
    report = PublicChoiceFilter(label=_("Report"), method="of_report", empty_label=_("All that are followed"))
    pillar = PublicChoiceFilter(
        label=_("Pillar"),
        method="of_pillar",
        choices=[*Pillar.choices, ("none", _("No pillar yet"))],
        empty_label=_("Any pillar"),
    )
    evidence = PublicChoiceFilter(
        label=_("Evidence"),
        method="with_evidence",
        choices=[("has", _("Has evidence")), ("lacks", _("Lacks evidence"))],
        empty_label=_("With or without"),
    )
    open = PublicChoiceFilter(
        label=_("Open update"),
        method="with_open_update",
        choices=[("yes", _("Has an open update")), ("no", _("Has none"))],
        empty_label=_("With or without"),
    )
    verified = PublicChoiceFilter(
        label=_("Verified"),
        method="verified_when",
        choices=[("this_quarter", _("This quarter")), ("earlier", _("Not this quarter"))],
        empty_label=_("Any time"),
    )
    tag = PublicChoiceFilter(label=_("Concerns"), method="with_tag", empty_label=_("Any tag or none"))
    sort = order_filter(ORDERS)

    default_order = DEFAULT_ORDER

    class Meta:
        model = Recommendation
        fields: list[str] = []

    def __init__(self, data, *, reader, reports, now=None, people=None):
        """Take the address's parameters, the reader, and the reports that they may choose from.

        ``people`` are the choices of owners, where they are known already.
        """
        self.reader, self.reports = reader, reports
        self.today = reader.today(now or timezone.now())
        super().__init__(data, Recommendation.objects.visible_to(reader))
        self.people = people or list(self._owner_choices())
        self.filters["report"].extra["choices"] = list(self._report_choices())
        self.filters["report"].extra["help_text"] = reports.left_out
        self.filters["owner"].extra["choices"] = self.people
        self.filters["tag"].extra["choices"] = tags_in_use(reader) if reports.any_tags else []

    def _report_choices(self):
        for label, followed in ((_("Followed"), True), (_("Closed"), False)):
            group = [(one.slug, str(one)) for one in self.reports if one.is_followed is followed]
            if group:
                yield label, group

    def _owner_choices(self):
        """Yield nobody, me, and the owners in the chosen report, or all who can own. One statement."""
        yield "nobody", _("Nobody")
        yield "me", _("Me")
        yield "mine", _("Those that I am responsible for now")
        report = self.chosen_report
        every_owner = User.objects.in_role(Role.CONTRIBUTOR)
        offered = User.objects.filter(owned__report=report) if report else every_owner
        yield from people_offered(offered, self.data.get("owner", ""))

    @property
    def chosen_report(self):
        """The report that the address names, or None."""
        return next((one for one in self.reports if one.slug == self.data.get("report")), None)

    def arranged(self, rows):
        """Return what the filters leave, in order. Closed reports are set apart until one is chosen."""
        return super().arranged(rows.listed() if self.chosen_report else rows.tracked())

    @property
    def more_in_use(self):
        """Whether one of the filters behind "more" is in use, or is wrong: then they are shown."""
        return any(
            self.data.get(name)
            for name in ("report", "pillar", "evidence", "open", "verified", "tag", "sort")
        )

    def loosened(self):
        """Return the filters in use, each with how many would be left without it; a statement for each.

        For an empty list, which says so which filter to loosen.
        """
        found = []
        for active in self.active():
            others = type(self)(
                QueryDict(active.without), reader=self.reader, reports=self.reports, people=self.people
            )
            found.append((active, others.qs.count()))
        return [(active, count) for active, count in found if count]

    def search(self, rows, _name, value):
        """Keep those in which each word of ``value`` stands, in the reference, short title or text."""
        for word in value.split():
            rows = rows.filter(
                Q(reference__icontains=word) | Q(short_title__icontains=word) | Q(text__icontains=word)
            )
        return rows

    def of_report(self, rows, _name, _value):
        """Keep those of the chosen report."""
        return rows.filter(report=self.chosen_report)

    def of_pillar(self, rows, _name, value):
        """Keep those of one pillar, or those that have none yet."""
        return rows.filter(pillar="" if value == "none" else value)

    def of_owner(self, rows, _name, value):
        """Keep those that nobody, the reader, or one person owns, or that the reader answers for."""
        if value == "mine":
            return rows.answered_by(self.reader, self.today)
        owners = {"nobody": None, "me": self.reader.pk}
        return rows.filter(owner=owners.get(value, value))

    def due_when(self, rows, _name, value):
        """Keep those whose review date is past, is past or near, or lies in the reader's present month."""
        if value == "overdue":
            return rows.overdue_on(self.today)
        if value == "soon":
            return rows.due_by(self.today + timedelta(days=FIRST_STAGE_DAYS))
        return rows.tracked().filter(next_review_on__range=month_bounds(self.today))

    def with_evidence(self, rows, _name, value):
        """Keep those that have, or lack, evidence that the reader can see by updates they can see."""
        cited = Exists(Citation.objects.counted_for(self.reader).about_each())
        return rows.filter(cited if value == "has" else ~cited)

    def with_open_update(self, rows, _name, value):
        """Keep those that have, or have not, an open update that the reader can see."""
        seen = StatusUpdate.objects.visible_to(self.reader).filter(state__in=OPEN_STATES)
        found = Exists(seen.filter(recommendation=OuterRef("pk")))
        return rows.filter(found if value == "yes" else ~found)

    def verified_when(self, rows, _name, value):
        """Keep those that were, or were not, verified in the calendar quarter of the reader's day."""
        this_quarter = Q(last_verified_on__gte=quarter_start(self.today))
        return rows.filter(this_quarter) if value == "this_quarter" else rows.exclude(this_quarter)

    def with_tag(self, rows, _name, value):
        """Keep those with a tag."""
        kind, _colon, name = value.partition(":")
        return rows.filter(Exists(Tag.objects.filter(recommendation=OuterRef("pk"), kind=kind, value=name)))

    def in_order(self, rows, _name, value):
        """Sort by a column."""
        return rows.order_by(*ORDERS[value][1])
