"""Who is signed in, and how a failed sign-in is counted."""

import ipaddress
from functools import cache

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.utils import timezone


class MemberBackend(ModelBackend):
    """Sign-in by address and password; a request gets its person and their role in one statement."""

    def get_user(self, user_id):
        """Return the active person of this id with their rank; None once a one-time password has ended."""
        person = _with_rank().filter(pk=user_id).first()
        if not person or person.one_time_password_ended(timezone.now()):
            return None
        return person if self.user_can_authenticate(person) else None


@cache
def _with_rank():
    """Return the people with their rank; to put this together takes longer than to ask the database."""
    return get_user_model().objects.with_rank()


def attempted_address(request, credentials=None):
    """Return the address somebody tries to sign in with, case folded.

    Without folding, ``Ana@…`` and ``ana@…`` would be two accounts to the counter of failures, and
    every change of case a fresh set of guesses.
    """
    typed = (credentials or {}).get("username") or (request.POST.get("username") if request else "")
    return (typed or "").strip().casefold()


def client_address(request):
    """Return the address that a request came from, by which failed sign-ins are counted.

    Behind a proxy everybody's requests come from the proxy, and a stranger's wrong guesses would lock
    out whoever has that e-mail address. Only the last entry of the header is the proxy's own; those
    before it are what the client claims. Without a proxy the whole header is a claim.
    """
    direct = request.META.get("REMOTE_ADDR", "")
    if not settings.BEHIND_PROXY:
        return direct
    told = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
    try:
        return str(ipaddress.ip_address(told))
    except ValueError:
        return direct
