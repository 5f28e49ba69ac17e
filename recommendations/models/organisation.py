"""Whose tracker this is: what files and pages that leave it say of their sender."""

from django.db import models
from django.db.models import CheckConstraint, Q
from django.utils.translation import gettext_lazy as _

from recommendations.models.visible import VisibleQuerySet

# The one row that there is.
ONLY = 1


class Organisation(models.Model):
    """The organisation that keeps this tracker: a name, how to reach it, and a picture. One row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY, editable=False)
    name = models.CharField(_("name"), max_length=120, blank=True)
    contact = models.TextField(_("contact"), max_length=500, blank=True)
    # Drawn again here (files/logos.py), so that it has nothing but its dots.
    logo = models.BinaryField(_("logo"), default=bytes, blank=True)
    logo_type = models.CharField(_("type of the logo"), max_length=20, blank=True)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisation")
        constraints = [CheckConstraint(condition=Q(pk=ONLY), name="organisation_is_one_row")]

    def __str__(self):
        return self.name or str(_("organisation without a name"))


def ours() -> Organisation:
    """Return what is said of us; a blank one where nobody has said anything yet. Everybody can read it."""
    return Organisation.objects.filter(pk=ONLY).first() or Organisation(pk=ONLY)
