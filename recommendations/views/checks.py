"""A check in two clicks: looked, nothing new."""

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from recommendations.choices import EDITABLE_STATES, Role, UpdateKind, UpdateState
from recommendations.errors import Refused
from recommendations.forms.typed import sends
from recommendations.forms.updates import CheckForm, PlaceRow, check_sheet, initial_of
from recommendations.models import PlaceLooked, StatusUpdate
from recommendations.rules.conflicts import EditConflict
from recommendations.rules.submission import is_never_assessed, never_assessed
from recommendations.services import updates
from recommendations.views import form_uploads
from recommendations.views.access import needs_role
from recommendations.views.lookup import (
    ask_named,
    asks_offered,
    recommendation_or_404,
    to_correct_or_404,
)

# Of earlier checks so many rows are read, and so many places offered.
PLACES_READ = 60
PLACES_OFFERED = 12
LONGEST_PLACE = 300


@sends(CheckForm, places=PlaceRow)
@needs_role(Role.CONTRIBUTOR)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request, reference):
    """Show a check with today's date, and the places of earlier ones to be ticked; one button submits it."""
    person = request.user
    recommendation = recommendation_or_404(person, reference)
    if request.method == "POST":
        return _save(request, recommendation)
    key = form_uploads.uuid_or_none(request.GET.get("form")) or uuid.uuid4()
    if StatusUpdate.objects.filter(key=key, author=person).exists():
        return redirect("update-edit", key=key)  # the back button after sending: one form makes one check
    if is_never_assessed(recommendation):
        messages.info(request, never_assessed())
        return redirect("update-add", reference=recommendation.reference)
    today = person.today(timezone.now())
    corrected = to_correct_or_404(person, recommendation, request.GET.get("corrects"), UpdateKind.CHECK)
    fields, places = {"as_of": today}, [{"looked_on": today}]
    if corrected:
        fields, places, _citations = initial_of(corrected, person)
    earlier = [] if corrected else _places_before(person, recommendation)
    initial = {**fields, "key": key, "corrects": corrected.key if corrected else None}
    about = corrected.ask if corrected else ask_named(recommendation, request.GET.get("ask"))
    asks = asks_offered(recommendation, corrected)
    sheet = check_sheet(initial={**initial, "ask": about}, places=places, asks=asks, earlier=earlier)
    return _page(request, recommendation, sheet, corrects=corrected)


def edit(request, update):
    """Go on with a check of one's own that was returned."""
    if request.method == "POST":
        return _save(request, update.recommendation, update)
    if update.state not in EDITABLE_STATES:
        messages.info(request, _("This update is not a draft any more, so it cannot be changed here."))
        return redirect(update)
    fields, places, _citations = initial_of(update, request.user)
    places.append({"looked_on": request.user.today(timezone.now())})
    asks = asks_offered(update.recommendation, update.corrects_id, update)
    sheet = check_sheet(initial={**fields, "key": update.key}, places=places, asks=asks, update=update)
    return _page(request, update.recommendation, sheet, update=update, corrects=update.corrects)


def _places_before(person, recommendation):
    """Return the places of earlier checks of this very recommendation, those of the latest first."""
    checks = StatusUpdate.objects.visible_to(person).filter(kind=UpdateKind.CHECK)
    checks = checks.filter(recommendation=recommendation).exclude(state=UpdateState.WITHDRAWN)
    places = PlaceLooked.objects.filter(update__in=checks).order_by(
        "-update__as_of", "-update_id", "position"
    )
    return list(dict.fromkeys(places.values_list("place", flat=True)[:PLACES_READ]))[:PLACES_OFFERED]


def _save(request, recommendation, update=None):
    person, now, data = request.user, timezone.now(), request.POST.copy()
    key = update.key if update else form_uploads.uuid_or_none(data.get("key")) or uuid.uuid4()
    data["key"] = str(key)
    asked = form_uploads.add_row_by_button(data)
    corrects = update.corrects if update else None
    if not update:
        corrects = to_correct_or_404(person, recommendation, data.get("corrects"), UpdateKind.CHECK)
    # What was offered when the form was opened stays among the choices, whatever was recorded since.
    ticked = [place for place in data.getlist("earlier")[:PLACES_READ] if len(place) <= LONGEST_PLACE]
    earlier = dict.fromkeys([*_places_before(person, recommendation), *ticked])
    asks = asks_offered(recommendation, corrects, update)
    offered = [] if update or corrects else list(earlier)
    sheet = check_sheet(data=data, asks=asks, earlier=offered, update=update)
    valid = sheet.is_valid()
    if asked:
        form_uploads.forget_errors(sheet)
    elif valid:
        done = _record(request, sheet, recommendation, key, corrects, now)
        if done:
            messages.success(request, _("Recorded. A reviewer confirms it; you can withdraw it until then."))
            return redirect(done)
    return _page(request, recommendation, sheet, update=update, corrects=corrects)


def _record(request, sheet, recommendation, key, corrects, now):
    """Record the check. Returns it, or None with the reasons on the sheet."""
    form = sheet.form
    written = {**form.written(), "corrects": corrects}
    if corrects:
        written["ask"] = corrects.ask
    try:
        return updates.record_check(
            author=request.user,
            recommendation=recommendation,
            key=key,
            places=_places_of(sheet, request.user.today(now)),
            now=now,
            seen=form.cleaned_data["seen"] if form.update else None,
            **written,
        )
    except ValidationError as error:
        sheet.add_problems(error.message_dict)
    except EditConflict as conflict:
        sheet.form.show_conflict(conflict)
    except Refused as refused:
        sheet.form.add_error(None, str(refused))
    return None


def _places_of(sheet, today):
    """Return the (place, date) pairs of a check: the tick dates a place, and what is typed has its own."""
    written = sheet.form.cleaned_data
    ticked = [(place, today) for place in written.get("earlier", [])]
    return ticked + sheet.places.pairs(written["as_of"])


def _page(request, recommendation, sheet, *, update=None, corrects=None):
    context = {
        "recommendation": recommendation,
        "sheet": sheet,
        "update": update,
        "corrects": corrects,
        "returned": update.reviews.last() if update and update.state == UpdateState.RETURNED else None,
        "current_report": recommendation.report,
        "action": reverse("update-edit", args=[update.key])
        if update
        else reverse("check-add", args=[recommendation.reference]),
    }
    return render(request, "recommendations/check_form.html", context)
