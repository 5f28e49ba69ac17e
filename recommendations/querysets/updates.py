"""Reads of updates and of what belongs to them."""

from datetime import timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Prefetch, Q

from recommendations.choices import Role, Sensitivity, UpdateState
from recommendations.querysets.base import VisibleQuerySet, rows_of
from recommendations.rules.dates import FIRST_STAGE_DAYS


class StatusUpdateQuerySet(VisibleQuerySet):
    """Reads of updates."""

    def _visible(self, user):
        """Approved ones; one's own; for reviewers also what was submitted or returned.

        A restricted update is for its author and the people granted on it alone.
        """
        shown = Q(state=UpdateState.APPROVED)
        if user.has_role(Role.REVIEWER):
            shown |= Q(state__in=[UpdateState.SUBMITTED, UpdateState.RETURNED])
        grants = rows_of("Grant").filter(person=user, update=OuterRef("pk"))
        open_to_user = ~Q(sensitivity=Sensitivity.RESTRICTED) | Exists(grants)
        return self.filter(Q(author=user) | (shown & open_to_user))

    def locked(self, update):
        """Return ``update`` and its recommendation as they are now, locked until the commit.

        The recommendation comes first, always: two people who act at once then wait for each other
        and never block each other. Rows may still begin to point to both, as events do. SQLite has no row
        locks; its IMMEDIATE transactions are one at a time.
        """
        lock = rows_of("Recommendation").select_for_update(no_key=True)
        recommendation = lock.get(pk=update.recommendation_id)
        fresh: Any = self.select_for_update(no_key=True).get(pk=update.pk)
        fresh.recommendation = recommendation
        return fresh

    def with_holders(self):
        """Fetch who has them in review, with the role that ``held_by`` asks for, in one statement for all."""
        return self.prefetch_related(Prefetch("taken_by", rows_of("User").with_rank()))

    def approved(self):
        """Return the approved ones."""
        return self.filter(state=UpdateState.APPROVED)

    def counting(self):
        """Return those that count for where a recommendation stands: approved, and not restricted.

        A status that rests on a restricted update would tell everybody of it, and so would its dates.
        """
        return self.approved().exclude(sensitivity=Sensitivity.RESTRICTED)

    def correcting(self, update):
        """Return the approved corrections of ``update`` that take its place.

        A restricted one of what is open, as could be made before, does not count and stands in nobody's way.
        """
        approved = self.approved() if update.sensitivity == Sensitivity.RESTRICTED else self.counting()
        return approved.filter(corrects=update)

    def in_force(self):
        """Return those that count and that no correction has replaced."""
        return self.counting().with_in_force().filter(is_in_force=True)

    def with_in_force(self):
        """Say of each whether it ``is_in_force``: no correction that counts has taken its place."""
        corrections = rows_of("StatusUpdate").counting().filter(corrects=OuterRef("pk"))
        return self.annotate(is_in_force=~Exists(corrections))

    def silencing(self):
        """Return those for which their author is not reminded of the recommendation.

        They wait for review; or they are restricted and were approved for this very review date, of which
        nobody else knows.
        """
        looked = F("recommendation__next_review_on") - timedelta(days=FIRST_STAGE_DAYS)
        answered = Q(state=UpdateState.APPROVED, sensitivity=Sensitivity.RESTRICTED, as_of__gte=looked)
        return self.filter(Q(state=UpdateState.SUBMITTED) | answered).order_by()

    def newest_first(self):
        """Return them by as-of date, ties by approval time, newest first."""
        return self.order_by("-as_of", F("approved_at").desc(nulls_last=True), "-pk")

    def awaiting_review(self):
        """Return the submitted ones, the longest waiting first."""
        return self.filter(state=UpdateState.SUBMITTED).order_by("submitted_at", "pk")

    def decidable_by(self, user):
        """Return the submitted ones that ``user`` sees and did not write."""
        return self.visible_to(user).awaiting_review().exclude(author=user)


class OfUpdateQuerySet(VisibleQuerySet):
    """Reads of what belongs to one update and is seen with it."""

    def _visible(self, user):
        return self.filter(update__in=rows_of("StatusUpdate").visible_to(user).values("pk"))


class UpdateVersionQuerySet(OfUpdateQuerySet):
    """Reads of the words of updates as they were submitted."""

    def _visible(self, user):
        """Those of updates that can be seen; words handed in as restricted stay so when the update opens."""
        return super()._visible(user).exclude(_handed_in_restricted("", user))


class ReviewQuerySet(OfUpdateQuerySet):
    """Reads of decisions."""

    def _visible(self, user):
        """Those of updates that can be seen; a comment on words handed in as restricted goes with them."""
        return super()._visible(user).exclude(_handed_in_restricted("version__", user))


def _handed_in_restricted(prefix, user):
    """Match versions that were restricted when they were submitted, for whom they are closed."""
    let_in = rows_of("Grant").filter(person=user, update=OuterRef("update"))
    restricted = Q(**{f"{prefix}content__sensitivity": Sensitivity.RESTRICTED})
    return restricted & ~Q(update__author=user) & ~Exists(let_in)
