"""People, by first name."""

from recommendations.choices import Role
from recommendations.models import User

PASSWORD = "correct horse battery staple"
EVERY_DAY = "1234567"


def person(name, role, **fields):
    """Make a member of the team, whose address is their name at example.org."""
    return User.objects.create_user(f"{name.lower()}@example.org", PASSWORD, role=role, name=name, **fields)


def team():
    """Make one person of each role and a second reviewer, by first name."""
    return {
        "viewer": person("Vera", Role.VIEWER),
        "author": person("Ana", Role.CONTRIBUTOR),
        "other": person("Omar", Role.CONTRIBUTOR),
        "reviewer": person("Rita", Role.REVIEWER),
        "second": person("Sam", Role.REVIEWER),
        "manager": person("Mina", Role.MANAGER),
    }


def change(person, **fields):
    """Change the settings of a person in the database alone."""
    User.objects.filter(pk=person.pk).update(**fields)
