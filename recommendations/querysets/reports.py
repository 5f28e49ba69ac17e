"""Reads of reports and recommendations."""

from django.db.models import Exists, OuterRef, Q

from recommendations.querysets.base import VisibleQuerySet, rows_of


class ReportQuerySet(VisibleQuerySet):
    """Reads of reports."""

    def light(self):
        """Return them without the document and its text, which lists do not need."""
        return self.defer("source_bytes", "text")

    def with_slug(self, slug):
        """Return the one that ``slug`` (``TIP-2024-KP``) names, or none."""
        parts = slug.split("-")
        if len(parts) != 3 or parts[0] != "TIP" or not (parts[1].isascii() and parts[1].isdecimal()):
            return self.none()
        if len(parts[1]) != 4:
            return self.none()
        return self.filter(year=int(parts[1]), country_code=parts[2])


class RecommendationQuerySet(VisibleQuerySet):
    """Reads of recommendations."""

    def tracked(self):
        """Return those that are followed: not of a closed report."""
        return self.filter(report__closed_at=None)

    def due_by(self, day):
        """Return the followed ones whose review is due: on ``day`` or before, never just ``==``."""
        return self.tracked().filter(next_review_on__lte=day)

    def overdue_on(self, day):
        """Return the followed ones whose review date lies before ``day``."""
        return self.tracked().filter(next_review_on__lt=day)

    def answered_by(self, user, today):
        """Return those that ``user`` answers for (docs/domain.md, "Reminders").

        That is what they own, what they stand in for while its owner is away, and for a reviewer what
        nobody owns; but not while an update of theirs on it waits for somebody else's review.
        """
        waiting = rows_of("StatusUpdate").silencing().filter(author=user)
        whose = Q(owner=user) | Q(deputy=user, owner__away_from__lte=today, owner__away_until__gte=today)
        whose = whose | Q(owner=None) if user.is_reviewer else whose
        return self.filter(whose).exclude(Exists(waiting.filter(recommendation=OuterRef("pk"))))
