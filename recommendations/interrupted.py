"""Clear answers to a form that was interrupted: the tracker is too busy for it, the session has ended."""

import logging

from django.db import OperationalError
from django.shortcuts import render

from recommendations.forms.typed import typed_words
from tracker.passwords import TooManyAtOnce

logger = logging.getLogger(__name__)

# What the databases say when another process holds what we wait for, when they are away, and when full.
# SQLite gives words only; PostgreSQL gives codes (class 08, 53, 57 and lock_not_available, deadlock).
BUSY_WORDS = ("database is locked", "database table is locked", "database is busy")
FULL_WORDS = ("database or disk is full",)
BUSY_CODES = ("08", "55P03", "40P01", "53300", "57P")
FULL_CODES = ("53100",)
RETRY_AFTER_SECONDS = 30
# Not carried to the page that offers to try again: the token is made anew, secrets are never echoed.
NOT_REPEATED = ("csrfmiddlewaretoken",)


class BusyMiddleware:
    """Says clearly that the database, or a turn to sign in, did not come free in time; keeps what was typed.

    The database was waited for already (20 seconds, see the settings). Nothing was stored, since every
    act is one transaction. The page holds what was posted and sends it again at the press of a button.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        """Answer 503 for what passes by itself, and for a full disk; leave every other error to Django."""
        trouble = trouble_of(exception)
        if not trouble:
            return None
        logger.error("Answered 503 (%s): %s %s", trouble, request.method, request.path, exc_info=exception)
        posted = posted_pairs(request) if request.user.is_authenticated else []
        context = {
            "trouble": trouble,
            "posted": posted,
            "typed": typed_words(posted, sent_by(request)),
            "had_files": bool(request.method == "POST" and request.FILES),
        }
        response = render(request, "503.html", context, status=503)
        response["Retry-After"] = str(RETRY_AFTER_SECONDS)
        response["Cache-Control"] = "no-store"
        return response


def trouble_of(exception):
    """Return "busy" or "full" for a database that is, "sign_ins" for too many of them at once, else ""."""
    if isinstance(exception, TooManyAtOnce):
        return "sign_ins"
    if not isinstance(exception, OperationalError):
        return ""
    words = str(exception).lower()
    code = getattr(exception.__cause__, "sqlstate", None) or ""
    if code.startswith(FULL_CODES) or any(said in words for said in FULL_WORDS):
        return "full"
    gone = exception.__cause__ is not None and not code and "connection" in words
    if code.startswith(BUSY_CODES) or any(said in words for said in BUSY_WORDS) or gone:
        return "busy"
    return ""


def posted_pairs(request):
    """Return the (name, value) pairs of a form that was sent, to be shown or sent again; no password."""
    if request.method != "POST":
        return []
    return [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in NOT_REPEATED and "password" not in name
    ]


def sent_by(request):
    """Return which forms the page of a request sends, if it says so."""
    match = request.resolver_match
    return getattr(match.func, "sent", None) if match else None


class SignedOutMiddleware:
    """Shows what was typed to somebody whose session ended meanwhile, instead of dropping it.

    Only the sender's own words come back, and only after the check against forgery. They cannot be sent
    again from here, since signing in makes a new token; but they can be copied.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, *_arguments):
        """Answer a stranger's form for a page that needs a person; without words and files, Django does."""
        if request.user.is_authenticated or not getattr(view, "login_required", True):
            return None
        typed = typed_words(posted_pairs(request), getattr(view, "sent", None))
        had_files = bool(request.FILES)
        if not typed and not had_files:
            return None
        context = {"typed": typed, "had_files": had_files}
        response = render(request, "signed_out.html", context, status=401)
        response["Cache-Control"] = "no-store"
        return response
