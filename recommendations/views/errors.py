"""The pages for what could not be read, is not there, or is another role's; they keep what was typed."""

from django.contrib import messages
from django.shortcuts import redirect, render

from recommendations.middleware.interrupted import words_to_keep


def bad_request(request, exception):
    """Answer 400 without reading what was sent.

    Django's own view reads it again, for the sake of a form that this page does not have, and fails again.
    """
    return render(request, "400.html", status=400)


def not_found(request, exception):
    """Answer 404: the same for what was never there, is gone, or is not this person's to see."""
    return render(request, "404.html", words_to_keep(request), status=404)


def not_yours(request, exception):
    """Answer 403."""
    return render(request, "403.html", words_to_keep(request), status=403)


def overtaken(request, why, back):
    """Answer a form whose act is refused by what happened meanwhile: 409, where it holds words to keep.

    Args:
        why: a sentence for the person.
        back: the address of the page that tells more; a mere press of a button leads there at once.
    """
    kept = words_to_keep(request)
    if not kept.get("typed"):
        messages.error(request, why)
        return redirect(back)
    return render(request, "overtaken.html", {**kept, "why": why, "back": back}, status=409)
