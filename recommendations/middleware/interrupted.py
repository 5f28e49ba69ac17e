"""Clear answers to a form that was interrupted: what it was for is gone, the session has ended, the database
is away, busy or full.
"""

import logging
import sys

from django.core.exceptions import SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.middleware.csrf import CsrfViewMiddleware, get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.views import defaults

from recommendations.errors import Gone
from recommendations.forms.typed import typed_words
from recommendations.models.foreign_keys import points_to_nothing
from tracker.passwords import TooManyAtOnce

logger = logging.getLogger(__name__)

# What the databases say when another process holds what we wait for, when they are away, and when full.
# SQLite gives words only; PostgreSQL gives codes: lock_not_available, deadlock, too many connections and a
# statement that took too long; class 08 and 57; disk full.
BUSY_WORDS = ("database is locked", "database table is locked", "database is busy")
FULL_WORDS = ("database or disk is full",)
BUSY_CODES = ("55P03", "40P01", "53300", "57014")
AWAY_CODES = ("08", "57P", "25P03")
FULL_CODES = ("53100",)
RETRY_AFTER_SECONDS = 30
# Not carried to the page that offers to try again: it gets a new token, and secrets are never echoed.
NOT_REPEATED = ("csrfmiddlewaretoken",)


class BusyMiddleware:
    """Answers what a page met on its way, before anything around it is undone; ``server_error`` the rest."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        """Answer 503 for what passes by itself, and for a full disk, and 404 for what went meanwhile.

        Every other error is left to Django.
        """
        return gone(request, exception) or answer_to(request, exception)


def gone(request, exception):
    """Return the page for a form whose row was there when its view looked, but has gone since; else None.

    Services lock the row that they are about (``models.locking``), and the database checks at the commit what
    a new one points to: either finds that somebody took an import back, or a saved filter away, in this very
    moment. Any other row that is missing is an error of ours.
    """
    is_gone = isinstance(exception, Gone) or points_to_nothing(exception)
    if request.method != "POST" or not is_gone:
        return None
    logger.warning("Answered 404, gone in the meantime: POST %s", request.path, exc_info=exception)
    return render(request, "404.html", words_to_keep(request), status=404)


def words_to_keep(request):
    """Return what a page that stores nothing of a form shows of it, to be copied: to its sender alone."""
    if request.method != "POST" or not _is_from_our_form(request):
        return {}
    typed = typed_words(posted_pairs(request), sent_by(request))
    return {"typed": typed, "had_files": bool(request.FILES), "was_sent": True}


def server_error(request):
    """Answer what no view met (handler500), such as a database that is away when a session is read."""
    try:
        answer = answer_to(request, sys.exc_info()[1])
    except Exception:  # a page that needs nothing is better than none
        logger.exception("The error page could not be made: %s %s", request.method, request.path)
        answer = None
    return answer or defaults.server_error(request)


def answer_to(request, exception):
    """Return a page that says what is the matter and keeps what was typed; None for an error of ours.

    The database was waited for already (20 seconds, see the settings). Every act is one transaction, so all
    of it is stored or nothing. The page holds what was posted and sends it again at the press of a button.
    No database is asked for it: neither who signed in, nor messages that wait.
    """
    trouble = trouble_of(exception)
    if not trouble:
        return None
    logger.error("Answered 503 (%s): %s %s", trouble, request.method, request.path, exc_info=exception)
    posted = posted_pairs(request) if trouble != "sign_ins" and _is_from_our_form(request) else []
    context = {
        "request": request,
        "csrf_token": get_token(request),
        "trouble": trouble,
        "was_sent": request.method == "POST",
        "posted": posted,
        "typed": typed_words(posted, sent_by(request)),
        "had_files": bool(posted and request.FILES),
    }
    response = HttpResponse(render_to_string("503.html", context), status=503)
    response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    response["Cache-Control"] = "no-store"
    return response


class ForgeryCheck(CsrfViewMiddleware):
    """Django's check without its page, which asks the database who is signed in."""

    def _reject(self, request, reason):
        return reason


def _is_from_our_form(request):
    """Say whether a form was sent from a page of ours: only to its sender are the words shown again.

    One with a password is not: it cannot be sent again as it was.
    """
    try:
        # Django's own check may not have been reached.
        refused = ForgeryCheck(defaults.server_error).process_view(request, defaults.server_error, (), {})
        return not refused and "password" not in request.POST
    except (SuspiciousOperation, MultiPartParserError, OSError):
        return False  # it cannot be read, or not again


def trouble_of(exception):
    """Return what is the matter, in a word.

    "away", "busy" or "full" for a database that is, "sign_ins" for too many of them at once, else "".
    """
    if isinstance(exception, TooManyAtOnce):
        return "sign_ins"
    if isinstance(exception, InterfaceError):  # the line was lost before
        return "away"
    if not isinstance(exception, OperationalError):
        return ""
    words = str(exception).lower()
    code = getattr(exception.__cause__, "sqlstate", None) or ""
    if code.startswith(FULL_CODES) or any(said in words for said in FULL_WORDS):
        return "full"
    if code.startswith(BUSY_CODES) or any(said in words for said in BUSY_WORDS):
        return "busy"
    gone = exception.__cause__ is not None and not code and "connection" in words
    return "away" if code.startswith(AWAY_CODES) or gone else ""


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
    try:
        # Who is told before a view was looked for, sent a form all the same.
        match = request.resolver_match or resolve(request.path_info)
    except Resolver404:
        return None
    return getattr(match.func, "sent", None)


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
