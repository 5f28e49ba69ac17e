"""Pages that are only for some roles."""

from functools import wraps

from django.core.exceptions import PermissionDenied


def needs_role(role):
    """Return a decorator that opens a page to ``role`` and the roles above it.

    It answers 403 before anything is looked up, so that it tells nothing about any row.
    """

    def decorate(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if not request.user.has_role(role):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorate
