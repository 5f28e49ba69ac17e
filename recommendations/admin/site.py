"""The desk: Django's admin site, open to reviewers and managers."""

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _


class DeskSite(AdminSite):
    """The admin site whose start page is the reviewer's desk."""

    site_title = _("Desk")
    site_header = _("Desk")
    index_title = _("Desk")
    site_url = "/"


class DeskConfig(AdminConfig):
    """Makes ``DeskSite`` the default admin site."""

    default_site = "recommendations.admin.site.DeskSite"
