"""What people kept of narratives: baseline claims and tags. They are kept and taken off on their pages."""

from django.contrib import admin

from recommendations.admin.base import DeskAdmin
from recommendations.models import BaselineClaim, Tag


@admin.register(BaselineClaim)
class BaselineClaimAdmin(DeskAdmin):
    """Passages kept on recommendations, those taken off among them."""

    list_display = ["__str__", "recommendation", "kept_by", "kept_at", "removed_at"]
    list_filter = [("removed_at", admin.EmptyFieldListFilter)]
    search_fields = ["about", "words", "recommendation__reference"]
    list_select_related = ["recommendation", "kept_by"]


@admin.register(Tag)
class TagAdmin(DeskAdmin):
    """Instruments and countries that recommendations concern."""

    list_display = ["__str__", "kind", "recommendation", "confirmed_by", "confirmed_at"]
    list_filter = ["kind"]
    search_fields = ["value", "recommendation__reference"]
    list_select_related = ["recommendation", "confirmed_by"]
