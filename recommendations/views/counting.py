"""Letting a restricted update that was approved without counting count from today on."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from recommendations.choices import Role, Sensitivity
from recommendations.errors import Refused
from recommendations.forms.counting import CountingForm
from recommendations.forms.typed import sends
from recommendations.models import StatusUpdate
from recommendations.selectors.comparison import outcome
from recommendations.selectors.counting import asked_now, fingerprint
from recommendations.services import counting
from recommendations.views.access import needs_role


@sends(CountingForm)
@needs_role(Role.REVIEWER)
@require_http_methods(["GET", "HEAD", "POST"])
def update_counting(request, key):
    """Say what would move; then let the update count from today on."""
    approved = StatusUpdate.objects.visible_to(request.user).approved()
    restricted = approved.filter(sensitivity=Sensitivity.RESTRICTED)
    update = get_object_or_404(restricted.select_related("recommendation__report", "author", "ask"), key=key)
    now, asked, would = timezone.now(), asked_now(update), outcome(update)
    initial = {"seen": fingerprint(update, would)}
    form = CountingForm(request.POST or None, asked=asked, initial=initial)
    if request.method == "POST" and form.is_valid() and (answer := _do(request, update, form, now)):
        return answer
    context = {
        "update": update,
        "recommendation": update.recommendation,
        "form": form,
        "asked": asked,
        "outcome": would,
        "why_not": counting.reason_not_to_count(update=update, person=request.user, now=now),
        "current_report": update.recommendation.report,
    }
    return render(request, "recommendations/counting.html", context)


def _do(request, update, form, now):
    """Let it count. Returns: the answer, or None when the form has to be shown again."""
    given = form.cleaned_data
    about = {"update": update, "actor": request.user, "now": now}
    try:
        counting.count_from_now(**about, earlier=given.get("overtaken", ""), seen=given["seen"])
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("update-counting", key=update.key)
    except ValidationError as problems:
        form.add_error(None, problems.messages)
        return None
    messages.success(request, _("It counts from now on. Others see the status, but not its reason."))
    return redirect(update)
