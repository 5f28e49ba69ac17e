"""``visible_to``, which every queryset has, and what it rests on."""

from typing import Any

from django.apps import apps
from django.db.models import QuerySet

from recommendations.choices import Role


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


class OwnQuerySet(VisibleQuerySet):
    """Reads of what is one person's own; managers see all."""

    def _visible(self, user):
        return self if user.has_role(Role.MANAGER) else self.filter(person=user)
