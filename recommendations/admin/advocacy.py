"""The advocacy log and its moments, read only; both are edited on their own pages."""

from django.contrib import admin

from recommendations.admin.base import DeskAdmin
from recommendations.models import Advocacy, Moment


@admin.register(Advocacy)
class AdvocacyAdmin(DeskAdmin):
    """What we did ourselves, as far as the reader sees it."""

    list_display = ["subject", "kind", "held_on", "counterpart", "next_on", "next_owner", "author"]
    list_filter = ["kind", "sensitivity"]
    search_fields = ["subject", "counterpart", "result"]
    date_hierarchy = "held_on"
    list_select_related = ["next_owner", "author"]


@admin.register(Moment)
class MomentAdmin(DeskAdmin):
    """The dates at which a state can be moved."""

    list_display = ["title", "kind", "on", "every_years", "note", "kept_by"]
    list_filter = ["kind"]
    search_fields = ["title", "note"]
    date_hierarchy = "on"
    list_select_related = ["kept_by"]
