"""Reads of the advocacy log."""

from django.db.models import Case, Exists, F, OuterRef, Q, When

from recommendations.choices import Role, Sensitivity
from recommendations.querysets.base import VisibleQuerySet, rows_of


class AdvocacyQuerySet(VisibleQuerySet):
    """Reads of the advocacy log."""

    def _visible(self, user):
        """Public and internal entries; a restricted one for its author, its next owner, and whom it names."""
        named = rows_of("Advocacy").filter(pk=OuterRef("pk"), readers=user)
        theirs = Q(author=user) | Q(next_owner=user) | Exists(named)
        return self.filter(~Q(sensitivity=Sensitivity.RESTRICTED) | theirs)

    def with_open_step(self):
        """Return those whose next step is not done."""
        return self.filter(done_at=None, next_on__isnull=False)

    def with_who_answers(self):
        """Annotate ``answers``: the pk of who answers for the next step.

        That is who takes it, or its author once the other left or only reads: else nobody would be
        reminded of what was promised, and of a restricted entry nobody else may know.
        """
        there = rows_of("User").writers().filter(is_active=True, pk=OuterRef("next_owner"))
        return self.annotate(answers=Case(When(Exists(there), then=F("next_owner")), default=F("author")))

    def steps_of(self, person):
        """Return the open next steps for which ``person`` answers, the first due first."""
        if not person.has_role(Role.CONTRIBUTOR):
            return self.none()
        theirs = self.with_open_step().filter(Q(next_owner=person) | Q(author=person))
        return theirs.with_who_answers().filter(answers=person.pk).order_by("next_on", "pk")
