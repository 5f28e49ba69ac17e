"""The decisions on what may be said outside, read only."""

from django.contrib import admin

from recommendations.admin.base import DeskAdmin
from recommendations.choices import Role
from recommendations.models import HeldChange, Publication, PublicationProposal


@admin.register(Publication)
class PublicationAdmin(DeskAdmin):
    """What was published and withdrawn, by whom and why."""

    see_role = Role.REVIEWER
    list_display = ["update", "extent", "proposed_by", "decided_by", "decided_at", "reason"]
    list_filter = ["extent", ("decided_by", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["update__recommendation__reference", "decided_by__name", "reason"]
    date_hierarchy = "decided_at"
    list_select_related = ["update", "proposed_by", "decided_by"]


@admin.register(PublicationProposal)
class PublicationProposalAdmin(DeskAdmin):
    """What waits for a second person to publish it."""

    see_role = Role.REVIEWER
    list_display = ["update", "extent", "proposed_by", "proposed_at"]
    list_filter = ["extent", ("proposed_by", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["update__recommendation__reference", "proposed_by__name"]
    date_hierarchy = "proposed_at"
    list_select_related = ["update", "proposed_by"]


@admin.register(HeldChange)
class HeldChangeAdmin(DeskAdmin):
    """Changes of public evidence that wait for a second person before they are told, and those confirmed."""

    see_role = Role.REVIEWER
    list_display = ["evidence", "changed_by", "changed_at", "confirmed_by", "confirmed_at"]
    list_filter = [("changed_by", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["evidence__title", "changed_by__name"]
    date_hierarchy = "changed_at"
    list_select_related = ["evidence", "changed_by", "confirmed_by"]
