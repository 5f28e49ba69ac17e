"""What lets somebody end mails without signing in."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from recommendations.choices import MailKind
from recommendations.models.visible import OwnQuerySet


class UnsubscribeToken(models.Model):
    """Lets the bearer end one kind of mail for one person, and nothing else; kept hashed."""

    digest = models.CharField(max_length=64, unique=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12, choices=MailKind)
    created_at = models.DateTimeField()

    objects = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = _("unsubscribe token")
        verbose_name_plural = _("unsubscribe tokens")

    def __str__(self):
        return f"{self.person_id} {self.kind}"
