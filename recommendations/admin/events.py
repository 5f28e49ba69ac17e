"""The event sequence, read only."""

from django.contrib import admin

from recommendations.admin.base import DeskAdmin
from recommendations.models import Event


@admin.register(Event)
class EventAdmin(DeskAdmin):
    """What happened, in order; never changed from here or anywhere."""

    list_display = ["seq", "kind", "at", "actor", "recommendation", "update", "evidence"]
    list_filter = ["kind", ("actor", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["recommendation__reference", "actor__name"]
    date_hierarchy = "at"
    list_select_related = ["actor", "recommendation", "update__repeats", "evidence"]
    fields = [
        "seq",
        "kind",
        "at",
        "actor",
        "report",
        "recommendation",
        "update",
        "evidence",
        "payload",
        "redacted_at",
        "previous_hash",
        "hash",
    ]
