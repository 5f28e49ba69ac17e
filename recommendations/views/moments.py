"""The calendar of advocacy moments, and setting review dates so many weeks before one."""

from datetime import timedelta

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
from recommendations.forms.moments import BeforeMomentForm, MomentForm
from recommendations.forms.typed import sends
from recommendations.models import Moment
from recommendations.rules.conflicts import EditConflict
from recommendations.rules.moments import Occurrence, coming, last_day, next_day
from recommendations.services import moments as service
from recommendations.services import review_dates
from recommendations.views.access import needs_role
from recommendations.views.confirming import ask, is_confirmed


def _moment_or_404(person, pk):
    return get_object_or_404(Moment.objects.visible_to(person), pk=pk)


@sends(MomentForm)
@needs_role(Role.VIEWER)
@require_http_methods(["GET", "HEAD", "POST"])
def moments(request):
    """Show the calendar; managers write into it."""
    person, now = request.user, timezone.now()
    form = MomentForm(request.POST or None, reader=person) if person.is_manager else None
    if request.method == "POST" and form and form.is_valid() and _kept(form, person, None, now):
        title = form.cleaned_data["title"]
        messages.success(request, _("“%(title)s” is in the calendar.") % {"title": title})
        return redirect("moments")
    today = person.today(now)
    rows = list(Moment.objects.visible_to(person).prefetch_related("recommendations"))
    past = [Occurrence(one, day) for one in rows if (day := last_day(one, today))]
    context = {
        "form": form,
        "coming": coming(rows, today),
        "past": sorted(past, key=lambda one: one.on, reverse=True),
        "today": today,
    }
    return render(request, "advocacy/moments.html", context)


@sends(MomentForm)
@needs_role(Role.MANAGER)
@require_http_methods(["GET", "HEAD", "POST"])
def moment(request, pk):
    """Change a moment, or take it out of the calendar."""
    person, now = request.user, timezone.now()
    kept = _moment_or_404(person, pk)
    if request.POST.get("act") == "drop":
        if not is_confirmed(request):
            return _ask(request, kept)
        return _drop(request, kept, now)
    form = MomentForm(request.POST or None, instance=_moment_or_404(person, pk), reader=person)
    if request.method == "POST" and form.is_valid() and _kept(form, person, kept, now):
        messages.success(request, _("Saved."))
        return redirect("moments")
    return render(request, "advocacy/moment.html", {"form": form, "moment": kept})


def _drop(request, kept, now):
    """Delete a moment; why it was not done is said at once."""
    try:
        service.drop_moment(actor=request.user, moment=kept, now=now)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("“%(title)s” is deleted.") % {"title": kept.title})
    return redirect("moments")


def _kept(form, person, kept, now):
    """Add a moment, or change one. Returns whether it was done; why not is on the form."""
    about = {"actor": person, "moment": kept, "now": now}
    try:
        service.keep_moment(fields=form.given(), seen=form.cleaned_data["seen"] if kept else None, **about)
    except EditConflict as conflict:
        form.show_conflict(conflict)
    except Refused as refusal:
        form.add_error(None, str(refusal))
    except ValidationError as error:
        form.add_error(None, error)
    return form.is_valid()


def _ask(request, kept):
    """Say what goes with a moment and what stays."""
    return ask(
        request,
        title=_("Delete “%(title)s”?") % {"title": kept.title},
        sentences=[
            _("It disappears from the calendar, and its note is deleted."),
            _open_dates(kept),
        ],
        button=_("Delete"),
        back=reverse("moment", args=[kept.pk]),
        keep=_("Cancel"),
    )


def _open_dates(moment):
    """Say which open review dates were set before a moment: they are removed with it."""
    dated = moment.dated_reasons.still_open().select_related("recommendation").order_by("recommendation")
    which = ", ".join(one.recommendation.reference for one in dated)
    if not which:
        return _("No open review date was set before it.")
    return _("Review dates that were set before it are removed too: %(which)s.") % {"which": which}


@sends(BeforeMomentForm)
@needs_role(Role.REVIEWER)
@require_http_methods(["GET", "HEAD", "POST"])
def before_moment(request, pk):
    """Set the review dates of the chosen recommendations so many weeks before a moment, each by itself."""
    person, now = request.user, timezone.now()
    kept = _moment_or_404(person, pk)
    today = person.today(now)
    form = BeforeMomentForm(request.POST or None, reader=person, moment=kept, today=today)
    day = next_day(kept, today) or kept.on
    if request.method == "POST" and form.is_valid():
        chosen, weeks = form.cleaned_data["recommendations"], form.cleaned_data["weeks"]
        day = form.cleaned_data.get("before_day") or day
        done = [one.reference for one in chosen if _set(request, one, kept, weeks=weeks, day=day, now=now)]
        _say_done(request, done, day - timedelta(weeks=weeks))
        return redirect("moments")
    return render(request, "advocacy/before_moment.html", {"form": form, "moment": kept, "day": day})


def _set(request, recommendation, moment, **given):
    """Set one review date. Returns whether it was done; why not is said at once."""
    try:
        about = {"recommendation": recommendation, "actor": request.user}
        review_dates.add_before_moment(moment=moment, **about, **given)
    except Refused as refusal:
        why = str(refusal)
    except ValidationError as error:
        why = " ".join(error.messages)
    else:
        return True
    words = {"what": recommendation.reference, "why": why}
    messages.error(request, _("%(what)s: not done. %(why)s") % words)
    return False


def _say_done(request, references, day):
    """Say in one sentence which review dates were set: one for each would push the page out of sight."""
    if references:
        words = {"day": date_format(day, "j M Y"), "which": ", ".join(references)}
        messages.success(request, _("Review on %(day)s: %(which)s.") % words)
