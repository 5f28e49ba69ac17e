"""Requesting a copy of the page behind a link: the person first reads what the site will learn."""

import logging

from celery import current_app
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from kombu.exceptions import OperationalError

from recommendations.choices import Role, Sensitivity
from recommendations.errors import Refused
from recommendations.services.evidence import captures, custody
from recommendations.views.access import needs_role
from recommendations.views.lookup import evidence_or_404

logger = logging.getLogger(__name__)

CAPTURE_TASK = "recommendations.tasks.capture_links"


@needs_role(Role.CONTRIBUTOR)
@require_http_methods(["GET", "HEAD", "POST"])
def capture(request, key):
    """Say what the site will learn; file the wish for a copy when it is wanted all the same."""
    person, now = request.user, timezone.now()
    item = evidence_or_404(person, key)
    if not captures.may_ask(item=item, person=person):
        raise Http404
    if request.method == "POST":
        try:
            said = request.POST.get("restricted") == "yes"
            captures.ask(item=item, actor=person, was_restricted=said, now=now)
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            _ring()
            messages.success(request, _("Requested. Open this page again in a minute to see the result."))
        return redirect(item)
    if request.method == "GET":
        custody.note_view(item=item, person=person, now=now)
    restricted = item.sensitivity == Sensitivity.RESTRICTED
    return render(request, "evidence/capture.html", {"item": item, "restricted": restricted})


def _ring():
    """Tell a worker. Where the broker does not answer, beat does so within a minute: the row is the job."""
    try:
        current_app.send_task(CAPTURE_TASK, expires=60, retry=False)
    except (OperationalError, OSError) as error:
        logger.warning("No worker could be told of a copy that was asked for: %s", error)
