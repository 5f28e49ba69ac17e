"""What managers did to others' accounts that would let them act in their place."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from recommendations.choices import AccountAct
from recommendations.models.constraints import one_of
from recommendations.models.people import User, UserQuerySet
from recommendations.models.visible import OwnQuerySet


class AccountChangeQuerySet(OwnQuerySet):
    """Reads of what managers did to accounts of others."""

    def unconfirmed(self) -> Self:
        """Return those that nobody has confirmed."""
        return self.filter(confirmed_at=None)

    def keeping_apart(self) -> Self:
        """Return those that a second manager can confirm, and has not.

        Until then, nobody behind whose account the same manager may be decides on what another of them wrote.
        """
        seconds = second_managers(OuterRef("person"), OuterRef("by"), OuterRef(OuterRef("by")))
        return self.unconfirmed().filter(Exists(seconds))


def in_one_hand_with(person: Any) -> UserQuerySet:
    """Return on whose work ``person`` does not decide until a second manager confirms one of the accounts.

    They made, reset or raised the account of ``person``, or ``person`` theirs, or one manager both.

    Args: the key of a person.
    """
    apart = AccountChange.objects.keeping_apart()
    makers = apart.filter(person=person).values("by")
    made = apart.filter(Q(by=person) | Q(by__in=makers)).values("person")
    return User.objects.filter(Q(pk__in=makers) | Q(pk__in=made)).exclude(pk=person)


def second_managers(person: Any, by: Any, by_within: Any) -> UserQuerySet:
    """Return the managers who could confirm the account of ``person`` after what ``by`` did to it.

    None whose own account ``by`` had in hand while somebody else could have confirmed it, and did not.

    Args: keys, or what stands for them; ``by_within`` is ``by`` one query further in.
    """
    own = AccountChange.objects.unconfirmed().filter(person=OuterRef("pk"), by=by_within, was_alone=False)
    managers = User.objects.managers()
    return managers.exclude(pk=person).exclude(pk=by).exclude(Exists(own)).order_by("name", "pk")


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

    objects = AccountChangeQuerySet.as_manager()

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
