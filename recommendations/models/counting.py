"""From when on an update counts for where a recommendation stands, as the database holds it."""

from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from recommendations.choices import Sensitivity, UpdateState

_APPROVED, _RESTRICTED = Q(state=UpdateState.APPROVED), Q(sensitivity=Sensitivity.RESTRICTED)
_NEVER = Q(counts_at=None, counts_by=None)
# What compares with an empty column is not refused by itself.
_SOMEDAY = Q(counts_at__isnull=False, counts_by__isnull=False)
_FROM_APPROVAL = _SOMEDAY & Q(counts_at=F("approved_at"), counts_by=F("approved_by"))
_BY_SOMEBODY_S_WORD = _SOMEDAY & Q(counts_at__gte=F("approved_at")) & ~Q(counts_by=F("author"))

COUNTING = [
    CheckConstraint(
        condition=~_APPROVED & _NEVER
        | _APPROVED & ~_RESTRICTED & _FROM_APPROVAL
        | _APPROVED & _RESTRICTED & (_NEVER | _BY_SOMEBODY_S_WORD),
        name="update_counts_by_its_level",
    ),
    # Of those that do not count there can be several: to refuse the second would tell of the first.
    UniqueConstraint(fields=["corrects"], condition=Q(counts_at__isnull=False), name="update_corrected_once"),
]
