"""Asking once before what is final, on a page that works without JavaScript."""

from django.shortcuts import render

from recommendations.middleware.interrupted import NOT_REPEATED

# The pressed button of the page that asks.
CONFIRMED = "confirmed"


def is_confirmed(request):
    """Say whether the person pressed the button of the page that asked."""
    return CONFIRMED in request.POST


def ask(request, *, title, sentences, button, back, keep, template="confirm.html", **more):
    """Return a page that says what will happen, and sends the same form again once that is wanted.

    Args:
        title: the question.
        sentences: what will happen, to what and whom, and whether it can be undone.
        button: the act, in a few words.
        back: where the way back leads, and ``keep`` what it is called.
        template: one that extends ``confirm.html``, and ``more`` what it shows besides.
    """
    posted = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in NOT_REPEATED and name != CONFIRMED
    ]
    context = {"title": title, "sentences": sentences, "button": button, "back": back, "keep": keep}
    return render(request, template, {**more, **context, "posted": posted, "confirmed": CONFIRMED})
