"""What managers did to others' accounts, who confirmed it, and who has tokens; for managers, read only."""

from django.contrib import admin

from recommendations.admin.base import DeskAdmin
from recommendations.choices import Role
from recommendations.models import AccountChange, ApiToken, RequestCount


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


@admin.register(ApiToken)
class ApiTokenAdmin(DeskAdmin):
    """Who has tokens; what they are called is their persons' alone, and revoking is on the person's page."""

    see_role = Role.MANAGER
    list_display = ["person", "start", "level", "made_at", "expires_at", "last_used_on", "revoked_at"]
    list_filter = ["level"]
    search_fields = ["person__name", "person__email", "start"]
    date_hierarchy = "made_at"
    list_select_related = ["person"]
    fields = [
        *("person", "start", "level", "made_at", "expires_at"),
        *("last_used_on", "revoked_at", "revoked_by"),
    ]


@admin.register(RequestCount)
class RequestCountAdmin(DeskAdmin):
    """Nothing is shown: it would say when somebody works."""

    see_role = Role.MANAGER
    list_display = ["minute", "number"]
    fields = ["minute", "number"]
