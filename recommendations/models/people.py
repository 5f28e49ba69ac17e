"""The people of the team: who signs in, in which role, and how they want to be told."""

import zoneinfo
from datetime import date, datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import Group, PermissionsMixin
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from recommendations.choices import DigestFrequency, ReminderChoice, Role, Weekday
from recommendations.models.constraints import one_of
from recommendations.rules import allowed_names
from recommendations.text import plaintext

# A slip of paper that is found later opens nothing.
ONE_TIME_PASSWORD_LASTS = timedelta(hours=72)
# What is written where a password is.
PASSWORD_FIELDS = ["password", "password_is_temporary", "password_given_at"]
RANKS = {role.value: rank for rank, role in enumerate(Role, start=1)}


def validate_time_zone(value: str) -> None:
    """Refuse what is no name of a time zone."""
    if value not in zoneinfo.available_timezones():
        raise ValidationError(_("Choose a time zone from the list, such as Asia/Seoul."))


def validate_name(value: str) -> None:
    """Refuse a name that holds what nobody sees, or that could pass for an address."""
    if problem := allowed_names.problem_of(value):
        raise ValidationError(problem)


def validate_working_days(value: str) -> None:
    """Refuse working days that are not distinct ISO weekdays in order, such as ``12345``."""
    if not value or "".join(sorted(set(value) & set("1234567"))) != value:
        raise ValidationError(_("Choose at least one working day."))


def default_time_zone() -> str:
    """Return the zone of the house, for a new person."""
    return settings.TIME_ZONE


class UserQuerySet(models.QuerySet):
    """Reads of people. Who may do something is asked here of many as ``User.has_role`` asks it of one."""

    def with_rank(self) -> Self:
        """Return the people with their ``rank`` from the same statement: every page asks for it."""
        highest = Subquery(_highest_first(Group.objects.filter(user=OuterRef("pk"))).values("of_role")[:1])
        # A partner has no rank, whatever else was given to them: refusing wins.
        partner = When(is_partner=True, then=Value(0))
        # Under the name of the property that would ask for it: the value takes its place.
        return self.annotate(rank=Case(partner, default=Coalesce(highest, Value(0))))  # type: ignore[no-redef]

    def in_role(self, role: Role) -> Self:
        """Return the people who have ``role`` or a higher one, those whose account has ended among them."""
        return self.filter(_has_group_of(role), is_partner=False)

    def members(self) -> Self:
        """Return the people who may read what is not restricted."""
        return self.in_role(Role.VIEWER).filter(is_active=True)

    def writers(self) -> Self:
        """Return the people who may write updates, and so answer for a recommendation."""
        return self.in_role(Role.CONTRIBUTOR).filter(is_active=True)

    def reviewers(self) -> Self:
        """Return the people who may decide on what others did."""
        return self.in_role(Role.REVIEWER).filter(is_active=True)

    def managers(self) -> Self:
        """Return the people who may keep people and roles."""
        return self.in_role(Role.MANAGER).filter(is_active=True)

    def digest_readers(self) -> Self:
        """Return the people who may be sent digests: the members, and the partners, who are none."""
        return self.filter(Q(is_partner=True) | _has_group_of(Role.VIEWER), is_active=True)


def _highest_first(groups: models.QuerySet[Group]) -> models.QuerySet[Any]:
    """Return the groups that are roles, the highest of them first, each with its rank as ``of_role``."""
    ranked = [When(name=name, then=Value(rank)) for name, rank in RANKS.items()]
    return groups.filter(name__in=RANKS).annotate(of_role=Case(*ranked)).order_by("-of_role")


def _has_group_of(role: Role) -> Exists:
    """Match people by a group of ``role`` or a higher one; what a partner has left of them gives nothing."""
    names = [name for name, rank in RANKS.items() if rank >= RANKS[role]]
    return Exists(Group.objects.filter(user=OuterRef("pk"), name__in=names))


class UserManager(BaseUserManager["User"]):
    """Makes people; an e-mail address is kept case folded, so that it is one person's whatever its case."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find the person who signs in with this address, in whatever case it was typed."""
        return self.get(email=(username or "").strip().casefold())

    def create_user(self, email, password=None, *, role=None, **fields):
        """Make a person.

        Args:
            email: the address they sign in with; case folded here.
            password: None makes an account that cannot sign in until it is given one.
            role: a ``Role`` to put them in.

        Returns: the saved person.

        Raises: ValueError for an empty address; ValidationError for a name that nobody can have.
        """
        if not email or not email.strip():
            raise ValueError("A person needs an e-mail address.")
        if fields.get("name"):
            validate_name(fields["name"])
        user = self.model(email=email.strip().casefold(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        if role:
            user.groups.set([user.groups.model.objects.get(name=role)])
        return user

    def create_superuser(self, email, password=None, **fields):
        """Make a manager: there is no right beside the role, and so nothing that a demotion could leave."""
        return self.create_user(email, password, role=Role.MANAGER, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A member of the team, who signs in by e-mail address; roles are groups, and nothing else gives rights.

    ``is_superuser`` and ``user_permissions`` are Django's columns. Nothing here writes them, no door asks
    them, and ``check_data`` names who has either.
    """

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=120, validators=[validate_name])
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now)

    time_zone = models.CharField(
        _("time zone"), max_length=64, default=default_time_zone, validators=[validate_time_zone]
    )
    working_days = models.CharField(
        _("working days"), max_length=7, default="12345", validators=[validate_working_days]
    )
    reminders = models.CharField(
        _("reminders"), max_length=16, choices=ReminderChoice, default=ReminderChoice.ALL
    )
    snoozed_until = models.DateField(_("no reminders until"), null=True, blank=True)
    away_from = models.DateField(_("away from"), null=True, blank=True)
    away_until = models.DateField(_("away until"), null=True, blank=True)
    digest_frequency = models.CharField(
        _("digest"), max_length=16, choices=DigestFrequency, default=DigestFrequency.WEEKLY
    )
    digest_weekday = models.PositiveSmallIntegerField(
        _("day of the digest"),
        choices=Weekday,
        default=Weekday.MONDAY,
        validators=[MinValueValidator(1), MaxValueValidator(7)],
    )
    digest_when_empty = models.BooleanField(_("send the digest even when nothing happened"), default=False)
    digest_reports = models.ManyToManyField("recommendations.Report", blank=True, related_name="+")
    password_is_temporary = models.BooleanField(
        _("has a one-time password"),
        default=False,
        help_text=_("Has to choose a password of their own first."),
    )
    password_given_at = models.DateTimeField(_("one-time password given"), null=True, blank=True)
    is_partner = models.BooleanField(
        _("outside partner"),
        default=False,
        help_text=_("Gets digests of what is public by mail, and can open only the settings."),
    )
    refusals = models.PositiveSmallIntegerField(_("refusals of the address in a row"), default=0)
    bouncing_since = models.DateTimeField(
        _("refuses mail since"),
        null=True,
        blank=True,
        help_text=_(
            "The mail server refused two mails in a row permanently. No more are sent to this address."
        ),
    )
    is_example = models.BooleanField(_("fictional person of the demonstration"), default=False)

    objects = UserManager.from_queryset(UserQuerySet)()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name", "email"]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="person_email_unique_any_case"),
            models.CheckConstraint(
                condition=models.Q(away_until=None) | models.Q(away_until__gte=models.F("away_from")),
                name="person_away_in_order",
            ),
            one_of("reminders", ReminderChoice, "person_reminders_valid"),
            one_of("digest_frequency", DigestFrequency, "person_digest_valid"),
        ]

    def __str__(self) -> str:
        # On one line, without what steers: a name that is older than the rule for names is safe in mails too.
        return plaintext.one_line(self.name) or self.email

    def clean(self):
        """Case fold the address; refuse an absence that ends before it begins."""
        super().clean()
        self.email, self.name = self.email.strip().casefold(), allowed_names.tidy(self.name)
        if bool(self.away_from) != bool(self.away_until):
            raise ValidationError({"away_until": _("Give both the first and the last day you are away.")})
        if self.away_from and self.away_until and self.away_until < self.away_from:
            raise ValidationError({"away_until": _("The last day away is before the first.")})

    def get_full_name(self) -> str:
        """Return the name that pages and mails show."""
        return str(self)

    def get_short_name(self) -> str:
        """Return the name that a greeting uses."""
        return str(self).split(" ")[0]

    @cached_property
    def rank(self) -> int:
        """The highest role as a number: 0 for none, 4 for a manager."""
        return RANKS.get(self.role, 0)

    @property
    def role(self) -> str:
        """The highest role, read again; empty for none, and for a partner, whatever other role they have."""
        if self.is_partner:
            return ""
        return _highest_first(self.groups.all()).values_list("name", flat=True).first() or ""

    def has_role(self, role: Role) -> bool:
        """Say whether the person may do what ``role`` may: roles are cumulative (docs/domain.md, "Roles")."""
        return self.is_active and self.rank >= RANKS[role]

    @property
    def is_contributor(self) -> bool:
        """May draft, submit and withdraw updates and add evidence."""
        return self.has_role(Role.CONTRIBUTOR)

    @property
    def is_reviewer(self) -> bool:
        """May approve, return, assign owners and set dates."""
        return self.has_role(Role.REVIEWER)

    @property
    def is_manager(self) -> bool:
        """May also keep people, roles, reports, digest settings, the mail log and grants."""
        return self.has_role(Role.MANAGER)

    @property
    def is_staff(self) -> bool:
        """Whether the desk (admin site) opens: it follows from the role, so the two cannot drift apart."""
        return self.is_reviewer

    def get_all_permissions(self, obj=None):
        """Return nothing: rights are asked by role, and Django's own table of permissions gives none."""
        return set()

    def has_perm(self, perm, obj=None):
        """Say no; ``PermissionsMixin`` would say yes to whoever has ``is_superuser`` set."""
        return False

    def has_module_perms(self, app_label):
        """Say no; the desk asks the role (``admin.base``)."""
        return False

    @cached_property
    def zone(self) -> zoneinfo.ZoneInfo:
        """The person's time zone."""
        return zoneinfo.ZoneInfo(self.time_zone)

    def today(self, now: datetime) -> date:
        """Return the date it is for this person at the instant ``now``."""
        return now.astimezone(self.zone).date()

    def one_time_password_ended(self, now: datetime) -> bool:
        """Say whether what a person was given to sign in with once is too old for it."""
        given = self.password_given_at if self.password_is_temporary else None
        return bool(given and given + ONE_TIME_PASSWORD_LASTS <= now)

    def is_away(self, day: date) -> bool:
        """Say whether the person is away on ``day``."""
        return bool(self.away_from and self.away_until and self.away_from <= day <= self.away_until)
