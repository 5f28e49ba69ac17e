"""What a personal token of the API opens."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ApiLevel(TextChoices):
    """How far a token reads."""

    PUBLIC = "public", _("What is published")
    TEAM = "team", _("What you can see, without what is restricted")
