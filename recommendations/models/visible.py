"""``visible_to``, the one place that decides who can see a row; every queryset of a model has it.

Lists, detail pages, counts, search, exports, mails and the admin all pass through it. A row that it
leaves out is *not found*, never *forbidden*: nobody learns that it exists (docs/domain.md,
"Sensitivity"). Being a manager gives no access to restricted rows.
"""

from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from recommendations.choices import Role
from recommendations.models.people import User


class VisibleQuerySet(QuerySet):
    """A queryset whose rows are for signed-in, active members; subclasses narrow ``_visible``."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Return the rows that ``user`` can see.

        Args:
            user: a person, or an anonymous visitor, who sees nothing.
        """
        if not (user.is_authenticated and user.is_active and user.has_role(Role.VIEWER)):
            return self.none()
        return self._visible(user)

    def _visible(self, user: User) -> Self:
        return self


class OwnQuerySet(VisibleQuerySet):
    """Reads of what is one person's own; managers see all."""

    def _visible(self, user: User) -> Self:
        return self if user.has_role(Role.MANAGER) else self.filter(person=user)
