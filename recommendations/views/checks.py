"""A check in two clicks: looked, nothing new."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from recommendations.choices import Role, UpdateKind, UpdateState
from recommendations.errors import Refused
from recommendations.forms.checks import CheckForm, check_forms
from recommendations.forms.places import PlaceRow
from recommendations.forms.typed import sends
from recommendations.models import PlaceLooked, StatusUpdate
from recommendations.rules.conflicts import EditConflict
from recommendations.rules.submission import is_never_assessed, never_assessed
from recommendations.services import updates
from recommendations.views import form_uploads, writing
from recommendations.views.access import needs_role
from recommendations.views.lookup import recommendation_or_404

# Of earlier checks so many places are offered; so many ticked ones are taken.
PLACES_OFFERED = 12
PLACES_TAKEN = 60
LONGEST_PLACE = 300


@sends(CheckForm, places=PlaceRow)
@needs_role(Role.CONTRIBUTOR)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request, reference):
    """Show a check with today's date, and the places of earlier ones to be ticked; one button submits it."""
    recommendation = recommendation_or_404(request.user, reference)
    if request.method == "POST":
        return _save(request, recommendation)
    if elsewhere := writing.instead_of_a_new_one(request):
        return elsewhere
    if is_never_assessed(recommendation):
        messages.info(request, never_assessed())
        return redirect("update-add", reference=recommendation.reference)
    begun = writing.begun(request, UpdateKind.CHECK, recommendation)
    return begun.page(_forms(begun, _places_before(begun), **begun.initial))


def edit(request, update):
    """Go on with a check of one's own that was returned."""
    if request.method == "POST":
        return _save(request, update.recommendation, update)
    if elsewhere := writing.instead_of_a_draft(request, update):
        return elsewhere
    draft = writing.gone_on(request, update)
    return draft.page(_forms(draft, (), **draft.initial))


def _forms(written, earlier, ticked=(), citations=(), **filled):
    """Return the forms of a check, which cites nothing; a new one that corrects none offers places."""
    if written.update or written.corrects:
        earlier, ticked = [], ()
    offered = list(dict.fromkeys([*earlier[:PLACES_OFFERED], *ticked]))
    left = len(set(earlier) - set(offered))
    return check_forms(asks=written.asks, earlier=offered, left=left, update=written.update, **filled)


def _places_before(written):
    """Return the places of earlier checks of this very recommendation, those of the latest first."""
    checks = StatusUpdate.objects.visible_to(written.person).filter(kind=UpdateKind.CHECK)
    checks = checks.filter(recommendation=written.recommendation).exclude(state=UpdateState.WITHDRAWN)
    places = PlaceLooked.objects.filter(update__in=checks).order_by(
        "-update__as_of", "-update_id", "position"
    )
    return list(dict.fromkeys(places.values_list("place", flat=True)))


def _save(request, recommendation, update=None):
    """Record what was posted, and submit it."""
    sent = writing.sent(request, UpdateKind.CHECK, recommendation, update)
    asked = form_uploads.add_row_by_button(sent.data)
    # What was offered when the form was opened stays among the choices, whatever was recorded since.
    ticked = [place for place in sent.data.getlist("earlier")[:PLACES_TAKEN] if len(place) <= LONGEST_PLACE]
    forms = _forms(sent, _places_before(sent), ticked, data=sent.data)
    is_whole = forms.is_valid()
    if asked:
        forms.forget_errors()
    elif is_whole and (check := _recorded(sent, forms)):
        messages.success(request, _("Submitted. A reviewer decides on it; you can withdraw it until then."))
        return redirect(check)
    return sent.page(forms)


def _recorded(sent, forms):
    """Record the check. Returns: it, or None with the reasons on the forms."""
    about = {"author": sent.person, "recommendation": sent.recommendation, "key": sent.key, "now": sent.now}
    draft = forms.draft(sent.person, sent.now, sent.corrects)
    try:
        return updates.record_check(**about, **draft.pop("fields"), **draft)
    except ValidationError as error:
        forms.add_problems(error.message_dict)
    except EditConflict as conflict:
        forms.form.show_conflict(conflict)
    except Refused as refused:
        forms.form.add_error(None, str(refused))
    return None
