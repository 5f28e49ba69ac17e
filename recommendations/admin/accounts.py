"""What managers did to others' accounts, and who confirmed it; for managers, read only."""

from django.contrib import admin

from recommendations.admin.base import DeskAdmin
from recommendations.choices import Role
from recommendations.models import AccountChange


@admin.register(AccountChange)
class AccountChangeAdmin(DeskAdmin):
    """Confirming is an act on the person's own page."""

    see_role = Role.MANAGER
    list_display = ["person", "act", "by", "at", "confirmed_by", "confirmed_at"]
    list_filter = ["act", ("by", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["person__name", "person__email", "by__name"]
    date_hierarchy = "at"
    list_select_related = ["person", "by", "confirmed_by"]
    fields = ["person", "act", "by", "at", "was_alone", "confirmed_by", "confirmed_at"]
