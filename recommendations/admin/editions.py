"""Editions on the desk, read only."""

from django.contrib import admin

from recommendations.admin.base import DeskAdmin
from recommendations.choices import Role
from recommendations.models import Edition


@admin.register(Edition)
class EditionAdmin(DeskAdmin):
    """Frozen reports; they are made on the page of their report and never changed."""

    see_role = Role.MANAGER
    list_display = ["name", "report", "number", "as_of", "frozen_at", "frozen_by"]
    search_fields = ["name"]
    date_hierarchy = "as_of"
    list_filter = [("report", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["report", "frozen_by"]
    fields = ["report", "number", "name", "as_of", "known_until", "sha256", "frozen_at", "frozen_by"]
