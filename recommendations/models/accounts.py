"""What managers did to accounts of others, by which they could act in their place."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from recommendations.choices import AccountAct
from recommendations.models.constraints import one_of
from recommendations.models.visible import OwnQuerySet


class AccountChange(models.Model):
    """One manager made, reset or raised one account: until a second one has confirmed it, it is in doubt.

    ``was_alone`` says that no other manager was there who could have confirmed it: such a change keeps
    nobody from being the second manager later. ``oversight`` is the only writer.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="account_changes", verbose_name=_("person")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"), db_index=False
    )
    act = models.CharField(_("what"), max_length=12, choices=AccountAct)
    at = models.DateTimeField(_("when"))
    was_alone = models.BooleanField(_("no second manager then"), default=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("confirmed by"),
        db_index=False,
    )
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)

    objects = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of an account")
        verbose_name_plural = _("changes of accounts")
        ordering = ["-at", "-pk"]
        constraints = [
            one_of("act", AccountAct, "account_change_act_valid"),
            models.CheckConstraint(condition=~Q(person=models.F("by")), name="account_change_by_another"),
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_at=None)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False)
                & ~Q(confirmed_by=models.F("by"))
                & ~Q(confirmed_by=models.F("person")),
                name="account_change_second_manager",
            ),
        ]

    def __str__(self):
        return f"{self.get_act_display()}, {self.at:%Y-%m-%d}"
