"""The application's place in Django."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.utils.translation import gettext_lazy as _


class RecommendationsConfig(AppConfig):
    """The recommendations application."""

    name = "recommendations"
    verbose_name = _("Recommendations")
    default_auto_field = "django.db.models.BigAutoField"


class DeskConfig(admin_apps.AdminConfig):
    """Django's admin, with ``DeskSite`` as its site."""

    default = False
    default_site = "recommendations.admin.site.DeskSite"
