"""The application's place in Django."""

from importlib import import_module

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.db.models import fields
from django.utils.translation import gettext_lazy as _


class RecommendationsConfig(AppConfig):
    """The recommendations application."""

    name = "recommendations"
    verbose_name = _("Recommendations")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        """Register the checks of the settings, and head an empty choice with the words of our own forms."""
        import_module("recommendations.checks")
        fields.BLANK_CHOICE_LABEL = _("Choose…")


class DeskConfig(admin_apps.AdminConfig):
    """Django's admin, with ``DeskSite`` as its site."""

    default = False
    default_site = "recommendations.admin.site.DeskSite"
    nouns = (
        "accounts",
        "advocacy",
        "derived",
        "editions",
        "events",
        "evidence",
        "lists",
        "mail",
        "narrative",
        "organisation",
        "people",
        "publications",
        "recommendations",
        "reports",
        "updates",
    )

    def ready(self):
        """Register the nouns after the site is made: their package holds the site's class too."""
        super().ready()
        for noun in self.nouns:
            import_module(f"recommendations.admin.{noun}")
