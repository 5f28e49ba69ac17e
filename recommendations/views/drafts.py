"""Log an update: the form, from an empty one over drafts to the submitted update."""

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
from recommendations.forms.citations import CitationRow
from recommendations.forms.typed import sends
from recommendations.forms.updates import CheckForm, PlaceRow, UpdateForm, initial_of, update_sheet
from recommendations.models import Citation, StatusUpdate
from recommendations.rules.conflicts import EditConflict
from recommendations.rules.submission import broken_rules
from recommendations.services import updates
from recommendations.views import checks, form_uploads
from recommendations.views.access import needs_role
from recommendations.views.lookup import (
    ask_named,
    asks_offered,
    own_update_or_404,
    recommendation_or_404,
    to_correct_or_404,
)


@sends(UpdateForm, evidence=CitationRow, places=PlaceRow)
@needs_role(Role.CONTRIBUTOR)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request, reference):
    """Show an empty form, or one that begins with what is to be corrected; take what is posted."""
    recommendation = recommendation_or_404(request.user, reference)
    if request.method == "POST":
        return _save(request, recommendation)
    key = form_uploads.uuid_or_none(request.GET.get("form")) or uuid.uuid4()
    if StatusUpdate.objects.filter(key=key, author=request.user).exists():
        return redirect("update-edit", key=key)  # the back button after sending: one form makes one update
    today = request.user.today(timezone.now())
    fields, places, citations = {"as_of": today}, [], []
    corrected = to_correct_or_404(
        request.user, recommendation, request.GET.get("corrects"), UpdateKind.ASSESSMENT
    )
    if corrected:
        fields, places, citations = initial_of(corrected, request.user)
    places = places or [{"looked_on": today}]
    shelf = form_uploads.shelf_for(request.user, recommendation, key)
    about = corrected.ask if corrected else ask_named(recommendation, request.GET.get("ask"))
    initial = {**fields, "key": key, "corrects": corrected.key if corrected else None, "ask": about}
    asks = asks_offered(recommendation, corrected)
    sheet = update_sheet(shelf=shelf, initial=initial, places=places, citations=citations, asks=asks)
    return _page(request, recommendation, sheet, corrects=corrected)


@sends(UpdateForm, CheckForm, evidence=CitationRow, places=PlaceRow)
@needs_role(Role.CONTRIBUTOR)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, key):
    """Go on with a draft, or with what was returned: the author alone."""
    update = own_update_or_404(request.user, key)
    if update.kind == UpdateKind.CHECK:
        return checks.edit(request, update)
    if request.method == "POST":
        return _save(request, update.recommendation, update)
    if update.state not in EDITABLE_STATES:
        messages.info(request, _("This update is not a draft any more, so it cannot be changed here."))
        return redirect(update)
    fields, places, citations = initial_of(update, request.user)
    shelf = form_uploads.shelf_for(request.user, update.recommendation, update.key)
    for staged in shelf.all_staged():
        citations.append({**staged.details, "shape": "file", "staged": staged.key})
    places.append({"looked_on": request.user.today(timezone.now())})
    asks = asks_offered(update.recommendation, update.corrects_id, update)
    initial = {**fields, "key": update.key}
    about = {"shelf": shelf, "asks": asks, "update": update}
    sheet = update_sheet(initial=initial, places=places, citations=citations, **about)
    return _page(request, update.recommendation, sheet, update=update, corrects=update.corrects)


def _save(request, recommendation, update=None):
    """Keep what was posted, whatever is wrong with it; then submit it if that was asked for."""
    person, now, data = request.user, timezone.now(), request.POST.copy()
    key = update.key if update else form_uploads.uuid_or_none(data.get("key")) or uuid.uuid4()
    data["key"] = str(key)
    before = update or StatusUpdate.objects.filter(key=key, author=person).first()
    problems = {}
    if before is None or before.state in EDITABLE_STATES:
        problems = form_uploads.take_files(request, data, key, now)
    asked = form_uploads.add_row_by_button(data)
    found = form_uploads.words_looked_for(data)
    shelf = form_uploads.shelf_for(person, recommendation, key, found)
    corrects = before.corrects_id if before else data.get("corrects")
    asks = asks_offered(recommendation, corrects, before)
    sheet = update_sheet(shelf=shelf, data=data, asks=asks, update=before)
    sheet.is_valid()
    form_uploads.refuse_files(sheet.citations, problems)
    try:
        update, corrects = _save_draft(person, recommendation, key, sheet, before, now)
    except EditConflict as conflict:
        sheet.form.show_conflict(conflict)
        return _page(request, recommendation, sheet, update=before, corrects=before and before.corrects)
    except Refused as refused:
        sheet.form.add_error(None, str(refused))
        return _page(request, recommendation, sheet)
    if update.state not in EDITABLE_STATES:
        return _was_closed(request, recommendation, sheet, update)
    sheet.form.saved(update)
    if asked:
        form_uploads.forget_errors(sheet)
    elif sheet.is_valid():
        if _finish(request, sheet, update, now):
            return redirect(update if data.get("intent") == "submit" else reverse("update-edit", args=[key]))
    elif data.get("intent") == "submit":
        # Both kinds of errors at once: nobody should mend a form to be told the next thing.
        sheet.add_problems(broken_rules(update, now=now))
    return _page(request, recommendation, sheet, update=update, corrects=corrects, saved=not asked)


def _save_draft(person, recommendation, key, sheet, before, now):
    """Write the draft with all that is whole on the sheet. Returns: (update, what it corrects)."""
    fields = sheet.form.written()
    corrects = before.corrects if before else None
    if before is None:
        named = sheet.form.cleaned_data.get("corrects")
        corrects = to_correct_or_404(person, recommendation, named, UpdateKind.ASSESSMENT)
        fields["corrects"] = corrects
        if corrects:
            fields["ask"] = corrects.ask
    if before and before.state not in EDITABLE_STATES:
        return before, corrects
    cited = form_uploads.keep_rows(
        sheet.citations, person=person, form_key=key, recommendation=recommendation, now=now
    )
    places = sheet.places.pairs(fields.get("as_of") or person.today(now))
    kept = _hidden_citations(before, person) if before else []
    update = updates.save_draft(
        author=person,
        recommendation=recommendation,
        key=key,
        fields=fields,
        places=places,
        citations=[*cited, *kept],
        now=now,
        seen=sheet.form.cleaned_data.get("seen") if before else None,
    )
    return update, corrects


def _hidden_citations(update, person):
    """Return the citations of items that their author may not see any more: they stay as they are."""
    seen = Citation.objects.visible_to(person).filter(update=update).values("pk")
    hidden = update.citations.exclude(pk__in=seen).select_related("evidence")
    return [(row.evidence, row.stance, row.locator) for row in hidden]


def _who_sees_it(update):
    """Return what is said of a draft that was saved: one that was returned stays open to reviewers."""
    if update.state == UpdateState.RETURNED:
        return _("Your changes are saved, and not submitted yet. Reviewers can read them already.")
    return _("Your draft is saved. Only you can see it until you submit it.")


def _finish(request, sheet, update, now):
    """Submit if asked to. Returns whether all went well; what did not is on the sheet."""
    if request.POST.get("intent") != "submit":
        messages.success(request, _who_sees_it(update))
        return True
    try:
        updates.submit(update=update, actor=request.user, now=now)
    except ValidationError as error:
        sheet.add_problems(error.message_dict)
        return False
    except Refused as refused:
        sheet.form.add_error(None, str(refused))
        return False
    messages.success(request, _("Submitted. A reviewer decides on it; you can withdraw it until then."))
    return True


def _was_closed(request, recommendation, sheet, update):
    """Answer a form whose update was submitted meanwhile: by the same click, or in another window."""
    same = all(getattr(update, name) == value for name, value in sheet.form.written().items())
    if same:
        return redirect(update)
    sheet.form.add_error(
        None,
        _(
            "This update was handed in meanwhile, from another window or by a first click, and what you "
            "changed since is not part of it. Copy your words, withdraw the update, and write a new one."
        ),
    )
    return _page(request, recommendation, sheet)


def _page(request, recommendation, sheet, *, update=None, corrects=None, saved=False):
    context = {
        "recommendation": recommendation,
        "sheet": sheet,
        "update": update,
        "corrects": corrects,
        "saved": saved,
        "returned": update.reviews.last() if update and update.state == UpdateState.RETURNED else None,
        "current_report": recommendation.report,
        "action": reverse("update-edit", args=[update.key])
        if update
        else reverse("update-add", args=[recommendation.reference]),
    }
    return render(request, "recommendations/update_form.html", context)
