"""Recommendations: who owns them, when they are reviewed, what we call them."""

from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from recommendations.admin.base import DeskAdmin, VisibleInline
from recommendations.admin.recommendation_acts import SetsSeveral
from recommendations.choices import Role
from recommendations.forms.desk import RecommendationForm
from recommendations.models import Ask, DatedReason, Lineage, Recommendation
from recommendations.services import recommendations as service
from recommendations.services import review_dates


class FollowedFilter(admin.SimpleListFilter):
    """Of reports that are followed, or of closed ones."""

    title = _("followed")
    parameter_name = "followed"

    def lookups(self, request, model_admin):
        return [("yes", _("Yes")), ("no", _("No"))]

    def queryset(self, request, queryset):
        followed = Recommendation.objects.tracked().values("pk")
        if self.value() == "yes":
            return queryset.filter(pk__in=followed)
        return queryset.exclude(pk__in=followed) if self.value() == "no" else queryset


class DueFilter(admin.SimpleListFilter):
    """Overdue on the reader's own day."""

    title = _("due")
    parameter_name = "due"

    def lookups(self, request, model_admin):
        return [("overdue", _("Overdue"))]

    def queryset(self, request, queryset):
        if self.value() == "overdue":
            return queryset.overdue_on(request.user.today(timezone.now()))
        return queryset


class AskInline(VisibleInline):
    """The asks that a recommendation bundles."""

    model = Ask
    fields = ["position", "title", "nature", "status", "start", "end", "created_at", "retired_at"]
    readonly_fields = ["status"]


class DateInline(VisibleInline):
    """The dates on which a recommendation is reviewed beside its interval; they are set on their own page."""

    model = DatedReason
    fields = ["on", "source", "moment", "what_for", "set_by", "set_at"]


@admin.register(Recommendation)
class RecommendationAdmin(SetsSeveral, DeskAdmin):
    """Reviewers set what is ours; the verbatim text and what follows from updates are read-only."""

    change_role = Role.REVIEWER
    form = RecommendationForm
    list_display = [
        "reference",
        "short_title",
        "status",
        "confidence",
        "movement",
        "last_verified_on",
        "next_review_on",
        "owner",
    ]
    list_display_links = ["reference", "short_title"]
    list_filter = [
        FollowedFilter,
        "status",
        DueFilter,
        ("owner", admin.RelatedOnlyFieldListFilter),
        "pillar",
        "nature",
        ("report", admin.RelatedOnlyFieldListFilter),
    ]
    search_fields = ["reference", "short_title", "text"]
    list_select_related = ["owner"]
    inlines = [AskInline, DateInline]
    fieldsets = [
        (_("Ours"), {"fields": [*RecommendationForm.Meta.fields]}),
        (_("The report’s"), {"fields": ["reference", "position", "text"]}),
        (
            _("Follows from approved updates"),
            {"fields": ["status", "confidence", "movement", "last_verified_on", "next_review_on"]},
        ),
    ]
    readonly_fields = [
        "reference",
        "position",
        "text",
        "status",
        "confidence",
        "movement",
        "last_verified_on",
        "next_review_on",
    ]

    def save_model(self, request, obj, form, change):
        """Hand each changed part to its service, which locks, checks and records."""
        now, changed, given = timezone.now(), set(form.changed_data), form.cleaned_data
        about = {"recommendation": obj, "actor": request.user, "now": now, "seen": given["seen"]}
        if changed & {"short_title", "pillar", "nature"}:
            service.retitle(**{name: given[name] for name in ("short_title", "pillar", "nature")}, **about)
        if changed & {"owner", "deputy", "reviewer"}:
            service.assign(**{name: given[name] for name in ("owner", "deputy", "reviewer")}, **about)
        if "interval_days" in changed:
            review_dates.reschedule(interval_days=given["interval_days"], **about)


@admin.register(Ask)
class AskAdmin(DeskAdmin):
    """The asks inside recommendations."""

    list_display = ["title", "recommendation", "position", "status", "created_at", "retired_at"]
    search_fields = ["title", "recommendation__reference"]
    list_filter = ["status", ("recommendation__report", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["recommendation"]


@admin.register(DatedReason)
class DatedReasonAdmin(DeskAdmin):
    """The dates on which recommendations are reviewed beside their interval."""

    list_display = ["on", "recommendation", "source", "moment", "what_for", "set_by", "set_at"]
    search_fields = ["recommendation__reference", "what_for", "moment__title"]
    list_filter = ["source", ("recommendation__report", admin.RelatedOnlyFieldListFilter)]
    date_hierarchy = "on"
    list_select_related = ["recommendation", "moment", "set_by"]


@admin.register(Lineage)
class LineageAdmin(DeskAdmin):
    """How recommendations descend from last year's."""

    list_display = ["__str__", "earlier", "later", "against", "kind", "confirmed_by", "confirmed_at"]
    list_filter = ["kind", ("confirmed_at", admin.EmptyFieldListFilter)]
    search_fields = ["earlier__reference", "later__reference", "note"]
    list_select_related = ["earlier", "later", "against", "confirmed_by"]
