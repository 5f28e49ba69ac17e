"""Evidence, read only: what it is and where it came from. Only its own page serves its bytes."""

from django.contrib import admin

from recommendations.admin.base import DeskAdmin, VisibleInline
from recommendations.choices import Role
from recommendations.models import Citation, Damage, Evidence, Grant, StagedUpload


class CitationInline(VisibleInline):
    """The updates that cite an item, as far as the reader sees them."""

    model = Citation
    fields = ["update", "stance", "locator"]


@admin.register(Evidence)
class EvidenceAdmin(DeskAdmin):
    """Items with their provenance; adding, sharing and downloading have pages of their own."""

    list_display = [
        "title",
        "kind",
        "form",
        "sensitivity",
        "is_sealed",
        "source",
        "uploaded_by",
        "uploaded_at",
        "retention",
        "removal_on",
    ]
    list_filter = [
        "retention",
        "sensitivity",
        "is_sealed",
        "kind",
        "form",
        "reliability",
        "credibility",
        ("uploaded_by", admin.RelatedOnlyFieldListFilter),
    ]
    search_fields = ["title", "source", "note", "original_name", "url", "sha256"]
    date_hierarchy = "uploaded_at"
    list_select_related = ["uploaded_by"]
    inlines = [CitationInline]
    exclude = ["object_name", "sealed_to", "content_mark"]


@admin.register(Citation)
class CitationAdmin(DeskAdmin):
    """Ties between updates and evidence."""

    list_display = ["evidence", "update", "recommendation", "stance", "locator"]
    list_filter = ["stance", ("update__recommendation__report", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["evidence__title", "update__recommendation__reference", "locator"]
    list_select_related = ["evidence", "update__recommendation", "update__repeats"]

    @admin.display(ordering="update__recommendation__reference")
    def recommendation(self, citation):
        """Return what the citing update is about."""
        return citation.update.recommendation


@admin.register(Grant)
class GrantAdmin(DeskAdmin):
    """Who was let in on what; given and taken back on the item's own page."""

    see_role = Role.MANAGER
    list_display = ["person", "evidence", "update", "granted_by", "granted_at", "reason"]
    list_filter = [
        ("person", admin.RelatedOnlyFieldListFilter),
        ("granted_by", admin.RelatedOnlyFieldListFilter),
    ]
    search_fields = ["person__name", "person__email", "reason"]
    date_hierarchy = "granted_at"
    list_select_related = ["person", "evidence", "update__repeats", "granted_by"]


@admin.register(Damage)
class DamageAdmin(DeskAdmin):
    """Files that were found damaged, of items that the reader sees."""

    list_display = ["evidence", "problem", "found_at", "seen_at"]
    list_select_related = ["evidence"]
    exclude = ["object_name"]


@admin.register(StagedUpload)
class StagedUploadAdmin(DeskAdmin):
    """Files that wait for their form: one's own only, since nobody has said yet how secret they are."""

    see_role = Role.MANAGER
    list_display = ["original_name", "content_type", "size", "received_at"]
    list_filter = ["content_type"]
    search_fields = ["original_name"]
    exclude = ["object_name", "form_key", "sealed_to", "content_mark"]
