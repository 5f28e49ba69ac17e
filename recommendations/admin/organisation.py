"""The organisation on the desk, read only; it is edited on its own page."""

from django.contrib import admin

from recommendations.admin.base import DeskAdmin
from recommendations.choices import Role
from recommendations.models import Organisation


@admin.register(Organisation)
class OrganisationAdmin(DeskAdmin):
    """What leaves the tracker says of its sender."""

    see_role = Role.MANAGER
    list_display = ["__str__", "contact"]
    fields = ["name", "contact", "logo_type"]
