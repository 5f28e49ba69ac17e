"""Restricted updates that do not count: which there are, and what would move if one counted."""

from dataclasses import replace

from django.db.models import Exists, OuterRef, QuerySet

from recommendations.choices import Extent
from recommendations.models import StatusUpdate, User
from recommendations.selectors.comparison import Outcome, outcome
from recommendations.selectors.publishing import ToDecide, to_decide


def uncounted(person: User) -> QuerySet[StatusUpdate]:
    """Return the approved updates that ``person`` can see, that do not count, and that were not corrected."""
    corrections = StatusUpdate.objects.approved().filter(corrects=OuterRef("pk"))
    seen = StatusUpdate.objects.visible_to(person).approved().filter(counts_at=None)
    rows = seen.exclude(Exists(corrections)).select_related("recommendation", "author", "ask")
    return rows.order_by("recommendation__reference", "as_of", "pk")


def asked_now(update: StatusUpdate) -> ToDecide:
    """Return what becomes of what is outside if an approved update counts from now on.

    Nothing more of it is published by that: it takes two people, as always.
    """
    return replace(to_decide(update), offered=(Extent.NOTHING,))


def fingerprint(update: StatusUpdate, would: Outcome | None = None) -> str:
    """Return in short what would move if ``update`` counted, and what is outside: the page shows it, and the
    act refuses if it is different then.
    """
    would, asked = would or outcome(update), asked_now(update)
    said = (update.recommendation.status, update.subject.status, would.status, would.of_part)
    return "|".join([*said, str(would.verified_on), str(would.review_on), asked.days, str(asked.replaced)])
