"""The review dates of a recommendation: all that are open, what was answered, and how reviewers set them."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from recommendations.choices import Role
from recommendations.errors import Refused
from recommendations.forms.review_dates import ChangeDateForm, DateForm, WeeksBeforeForm, change_form
from recommendations.forms.typed import sends
from recommendations.models import DatedReason
from recommendations.rules.conflicts import EditConflict
from recommendations.selectors.review_dates import answered_dates, open_dates
from recommendations.services import review_dates as service
from recommendations.views.access import needs_role
from recommendations.views.confirming import ask, is_confirmed
from recommendations.views.errors import overtaken
from recommendations.views.lookup import recommendation_or_404


@sends(DateForm)
@require_http_methods(["GET", "HEAD", "POST"])
def review_dates(request, reference):
    """Show the dates with their sources; reviewers add to them."""
    person, now = request.user, timezone.now()
    recommendation = recommendation_or_404(person, reference)
    form = DateForm(request.POST or None) if person.is_reviewer else None
    if request.method == "POST" and form and form.is_valid():
        about = {"recommendation": recommendation, "actor": person, "now": now}
        if added := _try(form, service.add_date, **about):
            messages.success(request, _("Review on %(day)s is added.") % {"day": _day(added)})
            return redirect("review-dates", reference=reference)
    context = {
        "recommendation": recommendation,
        "dates": open_dates(recommendation),
        "answered": answered_dates(recommendation, person),
        "form": form,
        "today": person.today(now),
        "current_report": recommendation.report,
    }
    return render(request, "recommendations/review_dates.html", context)


@sends(ChangeDateForm, WeeksBeforeForm)
@needs_role(Role.REVIEWER)
@require_http_methods(["GET", "HEAD", "POST"])
def review_date(request, reference, pk):
    """Change a review date that is open, or remove it."""
    person, now = request.user, timezone.now()
    recommendation = recommendation_or_404(person, reference)
    rows = DatedReason.objects.visible_to(person).select_related("moment", "set_by", "answered_by")
    reason = get_object_or_404(rows, recommendation=recommendation, pk=pk)
    about = {"reason": reason, "actor": person, "now": now}
    if request.POST.get("act") == "remove":
        return _remove(request, recommendation, **about)
    if reason.answered_by:
        words = _("This review was done as of %(day)s. Add another date instead.")
        words %= {"day": date_format(reason.answered_by.as_of, "j M Y")}
        return overtaken(request, words, reverse("review-dates", args=[reference]))
    form = change_form(reason)(request.POST or None, reason=reason)
    if request.method == "POST" and form.is_valid() and _try(form, service.change_date, **about):
        messages.success(request, _("Saved."))
        return redirect("review-dates", reference=reference)
    context = {
        "recommendation": recommendation,
        "reason": reason,
        "form": form,
        "current_report": recommendation.report,
    }
    return render(request, "recommendations/review_date.html", context)


def _try(form, act, **about):
    """Do it, and return what came of it; None with the reason on the form."""
    try:
        return act(**about, **form.given(), **_seen(form))
    except EditConflict as conflict:
        form.show_conflict(conflict)
    except Refused as refusal:
        form.add_error(None, str(refusal))
    except ValidationError as error:
        known = all(name in form.fields for name in error.message_dict)
        form.add_error(None, error if known else error.messages)
    return None


def _seen(form):
    """Return what a form that changes a row showed of it."""
    return {"seen": form.cleaned_data["seen"]} if "seen" in form.fields else {}


def _remove(request, recommendation, *, reason, actor, now):
    """Remove a review date, once that is confirmed."""
    back = reverse("review-dates", args=[recommendation.reference])
    if not is_confirmed(request):
        return ask(
            request,
            title=_("Remove the review on %(day)s?") % {"day": _day(reason)},
            sentences=[_("The interval and the other dates stay; the earliest of them is the next review.")],
            button=_("Remove"),
            back=back,
            keep=_("Cancel"),
        )
    try:
        service.remove_date(reason=reason, actor=actor, now=now)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Review on %(day)s is removed.") % {"day": _day(reason)})
    return redirect(back)


def _day(reason):
    return date_format(reason.on, "j M Y")
