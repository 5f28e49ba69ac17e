"""Whom mails are written for: the members, a page at a time, and what all people of one role see alike."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef
from django.db.models.expressions import Combinable

from recommendations.choices import Role, Sensitivity
from recommendations.models import Evidence, Grant, StatusUpdate, User
from recommendations.models.people import RANKS, UserQuerySet

# People read at once: few enough to hold, and enough to make little of the statements they cost.
PAGE = 5000
# The first key in the database is 1.
NOBODY = 0


def pages_of_members[Person: User](
    members: UserQuerySet[Person], *, with_partners: bool = False
) -> Iterator[list[Person]]:
    """Yield the active members with a role, in lists of ``PAGE``, in the order of their keys.

    Args:
        members: a queryset of people that narrows or annotates.
        with_partners: whether outside partners are among them, who are no members.
    """
    wanted = members.digest_readers() if with_partners else members.members()
    last = NOBODY
    while page := list(wanted.order_by("pk").filter(pk__gt=last)[:PAGE]):
        yield page
        last = page[-1].pk
        if len(page) < PAGE:
            return


def anybody(role: Role = Role.VIEWER) -> User:
    """Return an imagined member who wrote and added nothing and has no grants.

    ``visible_to`` shows them what it shows to everybody of their role, and nothing that it shows only to
    some: writing, adding and grants can only open rows. What is read once for them can be told to everybody
    of the role.
    """
    person = User(pk=NOBODY, is_active=True)
    person.rank = RANKS[role]
    return person


def involved() -> Combinable:
    """Say of people whether they can see something restricted, as an expression: they wrote it, added it
    or were let in on it. All others see what ``anybody`` of their role sees.
    """
    person, restricted = OuterRef("pk"), Sensitivity.RESTRICTED
    return (
        Exists(Grant.objects.filter(person=person))
        | Exists(Evidence.objects.filter(uploaded_by=person, sensitivity=restricted))
        | Exists(StatusUpdate.objects.filter(author=person, sensitivity=restricted))
    )
