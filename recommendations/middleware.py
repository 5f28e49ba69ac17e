"""What every request of a signed-in person carries: their clock, and a password of their own."""

from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone


class PersonMiddleware:
    """Shows dates in the person's own time zone."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            with timezone.override(request.user.zone):
                return self.get_response(request)
        return self.get_response(request)


class OneTimePasswordMiddleware:
    """Leads a person with a one-time password to choosing their own; nothing else opens before that.

    Somebody else has seen a one-time password, so it must not stay the key to what is restricted.
    """

    OPEN = ("password_change", "logout", "healthz")

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        must_choose = request.user.is_authenticated and request.user.password_is_temporary
        if must_choose and request.path not in {reverse(name) for name in self.OPEN}:
            return redirect("password_change")
        return self.get_response(request)
