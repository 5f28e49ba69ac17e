"""What every request of a signed-in person carries: their clock, and a password of their own."""

from django.core.exceptions import BadRequest
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _


class ReadableRequestMiddleware:
    """Refuses what no page of ours sends: words in another charset than UTF-8, and addresses with a NUL.

    Some charsets of Python's are none of text, and raise wherever words are read. PostgreSQL cannot search
    for the sign NUL.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.content_params.get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
            request.encoding = "utf-8"
            raise BadRequest("Only text in UTF-8 can be read.")
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("An address cannot contain the character NUL.")
        return self.get_response(request)


class PersonMiddleware:
    """Shows dates in the person's own time zone, and leaves nothing of what they read on the disk."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not request.user.is_authenticated:
            return self.get_response(request)
        with timezone.override(request.user.zone):
            response = self.get_response(request)
        # A stolen or shared computer must not hold what was read on it, nor show it after signing out.
        if "Cache-Control" not in response:
            add_never_cache_headers(response)
        return response


class PartnerMiddleware:
    """Opens to outside partners their settings and nothing else: what is not named here is not found.

    They have no rank, so ``visible_to`` shows them no row; this keeps names in menus and forms from them.
    """

    OPEN = (
        "settings",
        "mail-me-again",
        "password_change",
        "password_change_done",
        "login",
        "logout",
        "healthz",
        "readyz",
    )

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated and request.user.is_partner:
            # The link that ends mails asks for no sign-in, and carries a word of its own.
            is_open = request.path.startswith("/u/") or request.path in {reverse(name) for name in self.OPEN}
            if request.path == reverse("home"):
                return redirect("settings")
            if not is_open:
                raise Http404(_("Page not found."))
        return self.get_response(request)


class OneTimePasswordMiddleware:
    """Leads a person with a one-time password to choosing their own; nothing else opens before that.

    Somebody else has seen a one-time password, so it must not stay the key to what is restricted.
    """

    OPEN = ("password_change", "logout", "healthz", "readyz")

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        must_choose = request.user.is_authenticated and request.user.password_is_temporary
        if must_choose and request.path not in {reverse(name) for name in self.OPEN}:
            return redirect("password_change")
        return self.get_response(request)
