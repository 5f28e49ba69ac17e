"""Says to machines whether the site answers and whether the jobs run."""

import logging

from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection
from django.http import JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from recommendations.heartbeat import job_status

logger = logging.getLogger(__name__)


@require_safe
@login_not_required
@never_cache
def readyz(request):
    """Answer 200 when the site and its database answer, 503 when the database does not.

    For proxies, and for what restarts the web server: silent jobs are not its fault.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return _no_database()
    return JsonResponse({"status": "ok", "database": "ok"})


@require_safe
@login_not_required
@never_cache
def healthz(request):
    """Answer 200 when all is well, 503 when the database does not answer, no tick ran or no mail went out.

    For the service that alerts a person. It says nothing that a stranger could use.
    """
    try:
        jobs = job_status(timezone.now())
    except Error:
        return _no_database()
    failing = bool(jobs.silent or jobs.mail)
    body = {
        "status": "failing" if failing else "ok",
        "database": "ok",
        "jobs": "silent" if jobs.silent else "ok" if jobs.ticked_at else "not yet",
        "last_tick_seconds": int(jobs.age.total_seconds()) if jobs.age is not None else None,
        "mail": jobs.mail.what if jobs.mail else "ok",
    }
    if jobs.mail:
        body["mail_since"] = jobs.mail.since.isoformat(timespec="seconds")
    return JsonResponse(body, status=503 if failing else 200)


def _no_database():
    logger.exception("The database does not answer.")
    return JsonResponse({"status": "failing", "database": "no answer"}, status=503)
