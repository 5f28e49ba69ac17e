"""Who is signed in, and how a failed sign-in is counted."""

from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend


class MemberBackend(ModelBackend):
    """Sign-in by address and password; a request gets its person and their role in one statement."""

    def get_user(self, user_id):
        """Return the active person of this id with their rank, or None."""
        person = get_user_model().objects.with_rank().filter(pk=user_id).first()
        return person if person and self.user_can_authenticate(person) else None


def attempted_address(request, credentials=None):
    """Return the address somebody tries to sign in with, case folded.

    Without folding, ``Ana@…`` and ``ana@…`` would be two accounts to the counter of failures, and
    every change of case a fresh set of guesses.
    """
    typed = (credentials or {}).get("username") or (request.POST.get("username") if request else "")
    return (typed or "").strip().casefold()
