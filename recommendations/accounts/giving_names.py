"""Giving people names: one at a time, none that looks like somebody else's, each change recorded."""

from datetime import datetime

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from recommendations.audit import log
from recommendations.choices import EventKind
from recommendations.models import User
from recommendations.rules import allowed_names


def wait_for_others() -> None:
    """Make others who add or name people wait until the commit: two at once would not see each other.

    This locks the roles, which exist from the first migration on.
    """
    list(Group.objects.select_for_update(no_key=True).order_by("pk"))


def check(person: User) -> None:
    """Normalize the new name of a person, unsaved; others wait meanwhile.

    Raises: ValidationError for a name that nobody can have, or that looks like another's name or address.
    """
    if problem := allowed_names.problem_of(person.name):
        raise ValidationError({"name": problem})
    person.name = allowed_names.tidy(person.name)
    others = User.objects.filter(is_example=False).exclude(pk=person.pk).values_list("name", "email")
    if not person.is_example and allowed_names.taken(person.name, [word for pair in others for word in pair]):
        raise ValidationError(
            {
                "name": _(
                    "Somebody else has this name or one that looks like it. Add something that "
                    "makes it different."
                )
            }
        )


def record(actor: User | None, person: User, now: datetime, *, before: str) -> None:
    """Record a person's previous name, if they had another: who did what is found under both."""
    if person.name != before:
        log.record(
            EventKind.RENAMED, now=now, actor=actor, person=person.pk, before=before, after=person.name
        )
