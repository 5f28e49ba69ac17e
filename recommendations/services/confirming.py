"""A second manager confirms that only its holder controls an account."""

from datetime import datetime

from django.db import transaction

from recommendations.accounts import oversight
from recommendations.audit import log
from recommendations.choices import AccountAct, EventKind
from recommendations.errors import Refused
from recommendations.models import User


@transaction.atomic
def confirm_account(*, person: User, actor: User, now: datetime) -> set[User]:
    """Confirm, as a second manager, that only its holder controls an account.

    From then on it can also decide on the updates of the managers who added, reset or promoted it.

    Returns: these managers. Raises: Refused.
    """
    # As they are now, and as they stay meanwhile: who manages decides about it.
    locked = {one.pk: one for one in User.objects.select_for_update(no_key=True).order_by("pk")}
    person, actor = locked[person.pk], locked[actor.pk]
    if refusal := oversight.reason_not_to_confirm(person, actor):
        raise Refused(refusal)
    makers = oversight.confirm(person, actor, now)
    role = person.role
    oversight.note(AccountAct.CONFIRMED, person=person, actor=actor, now=now, before=role, after=role)
    by = sorted(maker.pk for maker in makers)
    log.record(EventKind.CONFIRMED, now=now, actor=actor, person=person.pk, after_acts_of=by)
    return makers
