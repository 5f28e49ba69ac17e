"""The page for what could not be read."""

from django.shortcuts import render


def bad_request(request, exception):
    """Answer 400 without reading what was sent.

    Django's own view reads it again, for the sake of a form that this page does not have, and fails again.
    """
    return render(request, "400.html", status=400)
