"""What files and pages that leave the tracker say of the organisation that keeps it."""

import hashlib
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from recommendations.audit import log
from recommendations.choices import EventKind, Role
from recommendations.errors import Refused
from recommendations.files.logos import Logo
from recommendations.models import Organisation, User
from recommendations.models.locking import locked
from recommendations.models.organisation import ONLY
from recommendations.rules.conflicts import merged, values_of

NO_LOGO = Logo(b"", "")


@transaction.atomic
def keep(
    *,
    actor: User,
    now: datetime,
    name: str,
    contact: str,
    logo: Logo | None = None,
    seen: Mapping[str, str] | None = None,
) -> Organisation:
    """Save name, contact and logo of the organisation, with an event that says what they were.

    Args:
        logo: another one (``logos.redrawn``); ``NO_LOGO`` takes it away; None leaves it as it is.
        seen: what the form showed, for ``conflicts.merged``.

    Raises: Refused when the actor is not a manager; EditConflict.
    """
    if not actor.has_role(Role.MANAGER):
        raise Refused(_("Only managers can change what is said of the organisation."))
    Organisation.objects.get_or_create(pk=ONLY)
    ours = locked(Organisation(pk=ONLY))
    given = {"name": " ".join(name.split()), "contact": contact.strip()}
    before = values_of(ours, given)
    given = merged(
        given,
        current=before,
        seen=seen,
        by=lambda: log.last_actor(EventKind.ORGANISATION_CHANGED),
        actor=actor,
    )
    was = _told(ours)
    ours.name, ours.contact = given["name"], given["contact"]
    if logo is not None:
        ours.logo, ours.logo_type = logo
    became = _told(ours)
    changed = [key for key in became if became[key] != was[key]]
    if not changed:
        return ours
    ours.save()
    log.record(
        EventKind.ORGANISATION_CHANGED,
        now=now,
        actor=actor,
        before={key: was[key] for key in changed},
        after={key: became[key] for key in changed},
    )
    return ours


def _told(ours: Organisation) -> dict[str, str]:
    """Return what an event says of the row: of the logo only its hash."""
    logo = hashlib.sha256(ours.logo).hexdigest() if ours.logo else ""
    return {"name": ours.name, "contact": ours.contact, "logo": logo}
