"""What was made of evidence, and what is done with it in the background; read only."""

from django.contrib import admin

from recommendations.admin.base import DeskAdmin
from recommendations.models import Capture, Derived, Examination, LinkCheck, Passage


@admin.register(Examination)
class ExaminationAdmin(DeskAdmin):
    """How the steps went that are done with each item; those that failed can be done again by a command."""

    list_display = ["evidence", "purpose", "state", "finding", "attempts", "ended_at", "due_at"]
    list_filter = ["purpose", "state", "finding"]
    list_select_related = ["evidence"]


@admin.register(Derived)
class DerivedAdmin(DeskAdmin):
    """The copies and previews; they are served by the item's own page alone."""

    list_display = ["derived_from", "kind", "number", "content_type", "size", "made_at"]
    list_filter = ["kind", "content_type"]
    list_select_related = ["derived_from"]
    exclude = ["object_name"]


@admin.register(Passage)
class PassageAdmin(DeskAdmin):
    """The words of documents as the search knows them; restricted items have none."""

    list_display = ["evidence", "page", "part"]
    list_select_related = ["evidence"]
    exclude = ["tokens"]


@admin.register(LinkCheck)
class LinkCheckAdmin(DeskAdmin):
    """What was found when links were looked up: the list of dead ones, by outcome."""

    list_display = ["evidence", "checked_at", "outcome", "status", "title"]
    list_filter = ["outcome"]
    list_select_related = ["evidence"]


@admin.register(Capture)
class CaptureAdmin(DeskAdmin):
    """The copies of pages that were asked for, and how each ended; they are served by the item's own page."""

    list_display = ["evidence", "number", "asked_by", "asked_at", "state", "finding", "status", "size"]
    list_filter = ["state", "finding"]
    list_select_related = ["evidence", "asked_by"]
