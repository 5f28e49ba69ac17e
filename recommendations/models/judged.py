"""By which criteria the status of an assessment was chosen."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from recommendations.choices import Nature, criterion


class Judged(models.Model):
    """The version of the criteria, and the nature of what was assessed, both set when it is submitted.

    The first version knew no natures. A draft is judged by the criteria of today.
    """

    criteria = models.PositiveSmallIntegerField(_("version of the criteria"), null=True, editable=False)
    nature = models.CharField(_("nature"), max_length=8, choices=Nature, blank=True, editable=False)

    # Of the update.
    status: Any
    subject: Any

    class Meta:
        abstract = True

    @property
    def criterion(self) -> str:
        """The criterion of its status, as it was when it was submitted; of a draft that of today."""
        nature = self.nature or self.subject.nature
        return criterion(self.status, nature, self.criteria) if self.status else ""

    @property
    def judged_as(self) -> str:
        """The nature by whose criteria it was judged, in words; empty under the version that knew none."""
        is_first = self.criteria and not self.nature
        return "" if is_first else str(Nature(self.nature or self.subject.nature).label)
