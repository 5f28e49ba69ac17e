"""What every request of a signed-in person carries: their clock."""

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
