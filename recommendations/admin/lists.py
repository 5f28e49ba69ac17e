"""Saved filters, read only: people manage their own on the page of the list."""

from django.contrib import admin

from recommendations.admin.base import DeskAdmin
from recommendations.models import SavedFilter


@admin.register(SavedFilter)
class SavedFilterAdmin(DeskAdmin):
    """One's own and the shared ones."""

    list_display = ["name", "listed", "owner", "is_shared", "created_at"]
    list_filter = ["listed", "is_shared"]
    search_fields = ["name"]
    list_select_related = ["owner"]
