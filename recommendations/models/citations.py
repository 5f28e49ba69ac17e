"""The ties between updates and evidence."""

from typing import Any, Self

from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from recommendations.choices import Sensitivity, Stance, UpdateState
from recommendations.models.constraints import one_of
from recommendations.models.evidence import Evidence
from recommendations.models.people import User
from recommendations.models.updates import StatusUpdate
from recommendations.models.visible import VisibleQuerySet


class CitationQuerySet(VisibleQuerySet):
    """Reads of the ties between updates and evidence."""

    def _visible(self, user: User) -> Self:
        """Those of which both ends can be seen; asked row by row, since a page reads few of very many."""
        updates = StatusUpdate.objects.visible_to(user).filter(pk=OuterRef("update"))
        items = Evidence.objects.visible_to(user).filter(pk=OuterRef("evidence"))
        return self.filter(Exists(updates), Exists(items))

    def counted_for(self, user: User) -> Self:
        """Return what counts as evidence for ``user``: visible items that visible approved updates cite.

        Every "n items" and "lacks evidence" on pages and in filters counts these and no others.
        """
        return self.visible_to(user).filter(update__state=UpdateState.APPROVED)

    def told(self) -> Self:
        """Say where in the item to look, as it is told outside (``told_locator``).

        Of a restricted update that is empty: its own words are told, and the titles of what it cites.
        """
        hidden = When(update__sensitivity=Sensitivity.RESTRICTED, then=Value(""))
        return self.annotate(told_locator=Case(hidden, default=F("locator")))

    def hold_items_of(self, update: StatusUpdate) -> None:
        """Lock the items that ``update`` cites until the commit, so that nobody changes them meanwhile."""
        cited = self.filter(update=update).order_by().values("evidence")
        list(Evidence.objects.select_for_update(no_key=True).filter(pk__in=cited).order_by("pk"))

    def about_each(self) -> Self:
        """Return those about the recommendation of the outer query."""
        return self.filter(update__recommendation=OuterRef("pk"))

    def per_recommendation(self) -> dict[int, int]:
        """Return {recommendation pk: how many items}, without those that have none."""
        return dict(self._counted().values_list("update__recommendation", "items"))

    def for_each(self) -> Combinable:
        """Return how many items there are for the recommendation of the outer query, as an expression."""
        return Coalesce(Subquery(self.about_each()._counted().values("items")), 0)

    def _counted(self) -> QuerySet[Any, Any]:
        """Count items and not citations: one that is cited twice is one."""
        rows = self.order_by().values("update__recommendation")
        return rows.annotate(items=Count("evidence", distinct=True))


class Citation(models.Model):
    """The tie between an update and an evidence item: supports or contradicts, and where in it."""

    update = models.ForeignKey(StatusUpdate, models.CASCADE, related_name="citations")
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="citations")
    stance = models.CharField(_("stance"), max_length=12, choices=Stance, default=Stance.SUPPORTS)
    locator = models.CharField(_("where in it (page, time, passage)"), max_length=200, blank=True)

    objects = CitationQuerySet.as_manager()

    # Written by ``told``.
    told_locator: str

    class Meta:
        verbose_name = _("citation")
        verbose_name_plural = _("citations")
        ordering = ["update", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["update", "evidence", "locator"], name="citation_once"),
            one_of("stance", Stance, "citation_stance_valid"),
        ]

    def __str__(self):
        return f"{self.get_stance_display()}: {self.locator or self.evidence_id}"
