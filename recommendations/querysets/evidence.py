"""Reads of evidence, citations, grants and uploads."""

from django.db.models import Exists, OuterRef, Q

from recommendations.choices import Sensitivity, UpdateState
from recommendations.querysets.base import VisibleQuerySet, rows_of


class EvidenceQuerySet(VisibleQuerySet):
    """Reads of evidence items."""

    def _visible(self, user):
        """Public and internal ones; a restricted one for its uploader and the people granted on it."""
        grants = rows_of("Grant").filter(person=user, evidence=OuterRef("pk"))
        return self.filter(~Q(sensitivity=Sensitivity.RESTRICTED) | Q(uploaded_by=user) | Exists(grants))

    def twins_of(self, item, mark=""):
        """Return the other items that hold the very same content; ask ``visible_to`` before telling of them.

        Args:
            mark: the mark that the content would have if it were sealed. Of what is sealed the mark is all
                that is known, so that none but sealed ones are found for it.
        """
        if not item.sha256:
            return self.none()
        if item.is_sealed:
            return self.filter(content_mark=item.content_mark).exclude(pk=item.pk)
        same = Q(sha256=item.sha256) | Q(content_mark=mark) if mark else Q(sha256=item.sha256)
        return self.filter(same).exclude(pk=item.pk)

    def of_address(self, item):
        """Return the other links to the same address; ask ``visible_to`` before telling of them."""
        return self.filter(url=item.url).exclude(pk=item.pk) if item.url else self.none()


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


class GrantQuerySet(VisibleQuerySet):
    """Reads of who was let in on what."""

    def _visible(self, user):
        """Those on items that can be seen; one's own are among them."""
        updates = rows_of("StatusUpdate").visible_to(user)
        items = rows_of("Evidence").visible_to(user)
        return self.filter(Q(update__in=updates.values("pk")) | Q(evidence__in=items.values("pk")))


class DamageQuerySet(VisibleQuerySet):
    """Reads of what was found damaged."""

    def _visible(self, user):
        """Those of items that can be seen; which item it is, is not told to anybody else."""
        return self.filter(evidence__in=rows_of("Evidence").visible_to(user).values("pk"))


class OwnUploadQuerySet(VisibleQuerySet):
    """Reads of files that wait for their form: nobody but their uploader knows yet how secret they are."""

    def _visible(self, user):
        return self.filter(uploaded_by=user)
