"""Filters that people save under a name."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from recommendations.choices import ListName
from recommendations.models.constraints import one_of
from recommendations.models.people import User
from recommendations.models.visible import VisibleQuerySet

# Characters of an address that are kept.
LONGEST_QUERY = 1000
# The pages of the lists, by the list's name.
PAGES = {
    ListName.RECOMMENDATIONS: "recommendation-list",
    ListName.UPDATES: "update-list",
    ListName.EVIDENCE: "evidence-list",
    ListName.ADVOCACY: "advocacy-list",
}


class SavedFilterQuerySet(VisibleQuerySet):
    """Reads of saved filters."""

    def _visible(self, user: User) -> Self:
        """One's own, and those that somebody shares; a manager reads over nobody's shoulder."""
        return self.filter(Q(owner=user) | Q(is_shared=True))


class SavedFilter(models.Model):
    """The filters of a list under a name, for their owner or for everybody. It is an address, and no rows.

    Another person's shared one can be used and not changed. What it shows is what its reader can see.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_filters")
    listed = models.CharField(_("list"), max_length=20, choices=ListName)
    name = models.CharField(_("name"), max_length=80)
    query = models.CharField(_("filters, as in the address"), max_length=LONGEST_QUERY)
    is_shared = models.BooleanField(_("shared with the team"), default=False)
    created_at = models.DateTimeField(_("saved"))

    objects = SavedFilterQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved filter")
        verbose_name_plural = _("saved filters")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "listed", "name"], name="saved_filter_name_once"),
            one_of("listed", ListName, "saved_filter_list_valid"),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return f"{reverse(PAGES[ListName(self.listed)])}?{self.query}"
