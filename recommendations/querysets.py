"""Every reusable read. ``visible_to`` is the one place that decides who may see a row.

Lists, detail pages, counts, search, exports, mails and the admin all pass through it. A row that it
leaves out is *not found*, never *forbidden*: that it exists is told to nobody (domain, rule 5).
Being a manager or a superuser opens no restricted row.
"""

from typing import Any

from django.apps import apps
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from recommendations.choices import MailState, Role, Sensitivity, UpdateState


def rows_of(name) -> Any:
    """Return the manager of another model, by name: models import this module, not the reverse."""
    return apps.get_model("recommendations", name)._default_manager


class VisibleQuerySet(QuerySet):
    """A queryset whose rows are for signed-in, active members; subclasses narrow ``_visible``."""

    def visible_to(self, user):
        """Return the rows that ``user`` may see.

        Args:
            user: a person, or an anonymous visitor, who sees nothing.
        """
        if not (user.is_authenticated and user.is_active and user.has_role(Role.VIEWER)):
            return self.none()
        return self._visible(user)

    def _visible(self, user):
        return self


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
        """Return those that are followed: not of an archived report, nor of one that a newer replaced."""
        return self.filter(report__archived_at=None, report__tracked_until=None)

    def due_by(self, day):
        """Return those whose review date is ``day`` or before: due means ``<=``, never ``==``."""
        return self.filter(next_review_on__lte=day)

    def overdue_on(self, day):
        """Return those whose review date lies before ``day``."""
        return self.filter(next_review_on__lt=day)


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
        and never block each other. SQLite has no row locks; its IMMEDIATE transactions are one at a time.
        """
        lock = rows_of("Recommendation").select_for_update()
        recommendation = lock.get(pk=update.recommendation_id)
        fresh: Any = self.select_for_update().get(pk=update.pk)
        fresh.recommendation = recommendation
        return fresh

    def approved(self):
        """Return the approved ones."""
        return self.filter(state=UpdateState.APPROVED)

    def standing(self):
        """Return the approved ones that no approved correction has replaced."""
        return self.approved().with_standing().filter(stands=True)

    def with_standing(self):
        """Say of each whether it ``stands``: no approved correction has taken its place."""
        corrections = rows_of("StatusUpdate").filter(corrects=OuterRef("pk"), state=UpdateState.APPROVED)
        return self.annotate(stands=~Exists(corrections))

    def newest_first(self):
        """Return them by as-of date, ties by approval time, newest first."""
        return self.order_by("-as_of", F("approved_at").desc(nulls_last=True), "-pk")

    def awaiting_review(self):
        """Return the submitted ones, the longest waiting first."""
        return self.filter(state=UpdateState.SUBMITTED).order_by("submitted_at", "pk")

    def decidable_by(self, user):
        """Return the submitted ones that ``user`` sees and did not write."""
        return self.visible_to(user).awaiting_review().exclude(author=user)


class EvidenceQuerySet(VisibleQuerySet):
    """Reads of evidence items."""

    def _visible(self, user):
        """Public and internal ones; a restricted one for its uploader and the people granted on it."""
        grants = rows_of("Grant").filter(person=user, evidence=OuterRef("pk"))
        return self.filter(~Q(sensitivity=Sensitivity.RESTRICTED) | Q(uploaded_by=user) | Exists(grants))


class CitationQuerySet(VisibleQuerySet):
    """Reads of the ties between updates and evidence."""

    def _visible(self, user):
        """Those of which both ends can be seen; asked row by row, since a page reads few of very many."""
        updates = rows_of("StatusUpdate").visible_to(user).filter(pk=OuterRef("update"))
        items = rows_of("Evidence").visible_to(user).filter(pk=OuterRef("evidence"))
        return self.filter(Exists(updates), Exists(items))

    def counted_for(self, user):
        """Return what counts as evidence for ``user``: visible items that visible approved updates cite.

        Every "n items" and "lacks evidence" on pages and in filters counts these and no others.
        """
        return self.visible_to(user).filter(update__state=UpdateState.APPROVED)


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


class GrantQuerySet(VisibleQuerySet):
    """Reads of who was let in on what."""

    def _visible(self, user):
        """Those on items that can be seen; one's own are among them."""
        updates = rows_of("StatusUpdate").visible_to(user)
        items = rows_of("Evidence").visible_to(user)
        return self.filter(Q(update__in=updates.values("pk")) | Q(evidence__in=items.values("pk")))


class OwnUploadQuerySet(VisibleQuerySet):
    """Reads of files that wait for their form: nobody but their uploader knows yet how secret they are."""

    def _visible(self, user):
        return self.filter(uploaded_by=user)


class EventQuerySet(VisibleQuerySet):
    """Reads of the event sequence."""

    def _visible(self, user):
        """Events about nothing narrower than a recommendation, or about rows that can be seen."""
        updates = rows_of("StatusUpdate").visible_to(user)
        items = rows_of("Evidence").visible_to(user)
        return self.filter(
            Q(update=None) | Q(update__in=updates.values("pk")),
            Q(evidence=None) | Q(evidence__in=items.values("pk")),
        )


class MailQuerySet(VisibleQuerySet):
    """Reads of owed mails."""

    def _visible(self, user):
        """One's own; managers keep the mail log and see all."""
        return self if user.has_role(Role.MANAGER) else self.filter(recipient=user)

    def readable_again(self):
        """Return those that went out, or may have, with their words.

        One that waits or was held back may name an item that was closed to its reader since.
        """
        return self.filter(state__in=[MailState.SENT, MailState.UNKNOWN]).exclude(text="")

    def sendable(self, now):
        """Return the pending ones whose moment has come, oldest first."""
        return self.filter(state=MailState.PENDING, next_attempt_at__lte=now).order_by(
            "next_attempt_at", "pk"
        )

    def stale(self, now):
        """Return those whose sender's lease has run out: it was killed, or is lost."""
        return self.filter(state=MailState.SENDING, lease_until__lt=now)


class OfMailQuerySet(VisibleQuerySet):
    """Reads of what belongs to one mail and is seen with it."""

    def _visible(self, user):
        return self.filter(mail__in=rows_of("Mail").visible_to(user).values("pk"))


class MailItemQuerySet(OfMailQuerySet):
    """Reads of what mails are about."""

    def _visible(self, user):
        """Those about updates that can be seen: that a restricted one is late is its author's to know."""
        updates = rows_of("StatusUpdate").visible_to(user)
        about_open = Q(update=None) | Q(update__in=updates.values("pk"))
        return super()._visible(user).filter(about_open | Q(recipient=user))


class OwnQuerySet(VisibleQuerySet):
    """Reads of what is one person's own; managers see all."""

    def _visible(self, user):
        return self if user.has_role(Role.MANAGER) else self.filter(person=user)
