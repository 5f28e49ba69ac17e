"""How a failed sign-in is counted."""


def attempted_address(request, credentials=None):
    """Return the address somebody tries to sign in with, case folded.

    Without folding, ``Ana@…`` and ``ana@…`` would be two accounts to the counter of failures, and
    every change of case a fresh set of guesses.
    """
    typed = (credentials or {}).get("username") or (request.POST.get("username") if request else "")
    return (typed or "").strip().casefold()
