"""The lists that can be filtered, saved and exported."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ListName(TextChoices):
    """A list by the name that stands in addresses."""

    RECOMMENDATIONS = "recommendations", _("Recommendations")
    UPDATES = "updates", _("Updates")
    EVIDENCE = "evidence", _("Evidence")
    ADVOCACY = "advocacy", _("Advocacy")
