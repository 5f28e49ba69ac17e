"""Updates, read only; what belongs to an update is shown with it."""

import json

from django.contrib import admin
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from recommendations.admin.base import DeskAdmin, VisibleInline
from recommendations.admin.decisions import DecidesOnUpdates
from recommendations.choices import Role, UpdateState
from recommendations.choices.fields import Place, Shape
from recommendations.choices.update_fields import BY_NAME, FIELDS, arranged, listed_at, named_today
from recommendations.models import Citation, Evidence, PlaceLooked, Review, StatusUpdate, UpdateVersion

WORDS = [field for field in FIELDS if field.shape not in (Shape.ASK, Shape.ROWS)]


class CitationInline(VisibleInline):
    """The evidence that the reader can see."""

    model = Citation
    fields = ["evidence", "stance", "locator"]


class PlaceInline(VisibleInline):
    """Where the author looked."""

    model = PlaceLooked
    fields = ["place", "looked_on"]


class ReviewInline(VisibleInline):
    """What was decided."""

    model = Review
    fields = ["version", "reviewer", "decision", "comment", "remarks", "decided_at"]


@admin.register(StatusUpdate)
class StatusUpdateAdmin(DecidesOnUpdates, DeskAdmin):
    """Every update that the reader can see; nothing is edited here, decisions go through their service."""

    list_display = [
        "recommendation",
        "kind",
        "state",
        "status",
        "dated_on",
        "author",
        "submitted_at",
        "approved_at",
        "sensitivity",
    ]
    list_filter = [
        "state",
        "kind",
        "status",
        "sensitivity",
        ("author", admin.RelatedOnlyFieldListFilter),
        ("recommendation__report", admin.RelatedOnlyFieldListFilter),
    ]
    search_fields = [
        "recommendation__reference",
        "recommendation__short_title",
        "author__name",
        *(field.name for field in listed_at(Place.DESK_SEARCH)),
    ]
    date_hierarchy = "as_of"
    inlines = [PlaceInline, CitationInline, ReviewInline]
    fields = [
        "recommendation",
        "ask",
        "kind",
        "state",
        "author",
        "dated_on",
        *(field.name for field in arranged(WORDS, last=("sensitivity",)) if field.name != "as_of"),
        "created_at",
        "changed_at",
        "submitted_at",
        "returned_at",
        "approved_at",
        "approved_by",
        "counts_at",
        "counts_by",
        "taken_by",
        "taken_at",
    ]

    def get_queryset(self, request):
        """Fetch what each row names; Django heeds no ``list_select_related`` beside ``with_repeated``."""
        return super().get_queryset(request).select_related("recommendation", "author").with_repeated()

    @admin.display(description=BY_NAME["as_of"].label, ordering="as_of")
    def dated_on(self, update):
        """Return up to which day the author looked; nobody has said so yet of a draft that is undated."""
        return gettext("not dated yet") if update.is_undated else update.as_of

    def get_view_on_site_url(self, obj=None):
        """Return the page where the update is read: the review page while it waits."""
        if obj and obj.state == UpdateState.SUBMITTED:
            return reverse("review", args=[obj.key])
        return super().get_view_on_site_url(obj)


@admin.register(PlaceLooked)
class PlaceLookedAdmin(DeskAdmin):
    """Where authors looked, and when."""

    list_display = ["place", "looked_on", "update"]
    search_fields = ["place", "update__recommendation__reference"]
    date_hierarchy = "looked_on"
    list_filter = [("update__recommendation__report", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["update__repeats"]


@admin.register(UpdateVersion)
class UpdateVersionAdmin(DeskAdmin):
    """The words of updates as they were submitted."""

    list_display = ["update", "number", "submitted_at"]
    search_fields = ["update__recommendation__reference", "update__author__name"]
    date_hierarchy = "submitted_at"
    list_filter = [("update__author", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["update"]
    fields = ["update", "number", "submitted_at", "words"]

    def get_object(self, request, object_id, from_field=None):
        """Return the version with its words, without citations of items that the reader cannot see."""
        version = super().get_object(request, object_id, from_field)
        if version:
            cited = version.content.get("citations", [])
            items = Evidence.objects.visible_to(request.user).filter(pk__in=[row[0] for row in cited])
            seen = set(items.values_list("pk", flat=True))
            shown = [row for row in cited if row[0] in seen]
            version.words_to_show = {**named_today(version.content), "citations": shown}
        return version

    @admin.display(description=gettext_lazy("text"))
    def words(self, version):
        """Return all that was submitted, by field."""
        return json.dumps(version.words_to_show, ensure_ascii=False, indent=1)


@admin.register(Review)
class ReviewAdmin(DeskAdmin):
    """What reviewers decided."""

    see_role = Role.REVIEWER
    list_display = ["update", "version", "decision", "reviewer", "decided_at"]
    list_filter = ["decision", ("reviewer", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["update__recommendation__reference", "reviewer__name", "comment"]
    date_hierarchy = "decided_at"
    list_select_related = ["update", "version", "reviewer"]
