"""People, by first name."""

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from recommendations.choices import Role
from recommendations.models import User

PASSWORD = "correct horse battery staple"
EVERY_DAY = "1234567"


def person(name, role, **fields):
    """Make a member of the team, whose address is their name at example.org."""
    return User.objects.create_user(f"{name.lower()}@example.org", PASSWORD, role=role, name=name, **fields)


TEAM = {
    "viewer": ("Vera", Role.VIEWER),
    "author": ("Ana", Role.CONTRIBUTOR),
    "other": ("Omar", Role.CONTRIBUTOR),
    "reviewer": ("Rita", Role.REVIEWER),
    "second": ("Sam", Role.REVIEWER),
    "manager": ("Mina", Role.MANAGER),
}


def team():
    """Make one person of each role and a second reviewer, by first name: what ``person`` makes, at once."""
    password, groups = make_password(PASSWORD), {group.name: group for group in Group.objects.all()}
    made = User.objects.bulk_create(
        User(email=f"{name.lower()}@example.org", name=name, password=password)
        for name, _role in TEAM.values()
    )
    User.groups.through.objects.bulk_create(
        User.groups.through(user=one, group=groups[role])
        for one, (_name, role) in zip(made, TEAM.values(), strict=True)
    )
    return dict(zip(TEAM, made, strict=True))


def change(person, **fields):
    """Change the settings of a person in the database alone."""
    User.objects.filter(pk=person.pk).update(**fields)
