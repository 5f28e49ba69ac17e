"""The first administrator; and what people choose for themselves is in their form."""

import secrets

from django.db import transaction

from recommendations.choices import Role
from recommendations.models import User

# Words are easier to copy by hand than signs; 5 of 32 letters and figures each, without look-alikes.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def new_password():
    """Return a password of four groups of five signs, about 99 bits, easy to read out and to copy."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(5)) for _ in range(4))


@transaction.atomic
def first_administrator(*, email, name="Administrator"):
    """Make the first administrator where nobody can sign in yet.

    Args:
        email: the address to sign in with.
        name: the name that pages show.

    Returns: (person, password) the first time, None when there are people already.
    """
    if User.objects.exists():
        return None
    password = new_password()
    person = User.objects.create_superuser(email, password, name=name)
    person.groups.set([person.groups.model.objects.get(name=Role.MANAGER)])
    return person, password
