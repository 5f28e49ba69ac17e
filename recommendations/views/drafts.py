"""Log an update: the form, from an empty one over drafts to the submitted update."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from recommendations.choices import EDITABLE_STATES, Role, UpdateKind, UpdateState
from recommendations.errors import Refused
from recommendations.filters.evidence import EvidenceFilter
from recommendations.forms.checks import CheckForm
from recommendations.forms.citations import CitationRow
from recommendations.forms.places import PlaceRow
from recommendations.forms.typed import sends
from recommendations.forms.updates import UpdateForm, assessment_forms
from recommendations.models import StatusUpdate
from recommendations.rules.conflicts import EditConflict
from recommendations.rules.submission import broken_rules
from recommendations.selectors.citable import CitableEvidence
from recommendations.services import updates
from recommendations.text.keys import uuid_or_none
from recommendations.views import checks, form_uploads, writing
from recommendations.views.access import needs_role
from recommendations.views.lookup import own_update_or_404, recommendation_or_404


@sends(UpdateForm, evidence=CitationRow, places=PlaceRow)
@needs_role(Role.CONTRIBUTOR)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request, reference):
    """Show an empty form, or one that begins with what is to be corrected; take what is posted."""
    recommendation = recommendation_or_404(request.user, reference)
    if request.method == "POST":
        return _save(request, recommendation)
    if elsewhere := writing.instead_of_a_new_one(request):
        return elsewhere
    begun = writing.begun(request, UpdateKind.ASSESSMENT, recommendation)
    return begun.page(assessment_forms(citable=_citable(begun), **begun.about, **begun.initial))


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
    if elsewhere := writing.instead_of_a_draft(request, update):
        return elsewhere
    draft = writing.gone_on(request, update)
    citable = _citable(draft)
    waiting = [{**one.details, "shape": "file", "staged": one.key} for one in citable.waiting.values()]
    draft.initial["citations"] += waiting
    forms = assessment_forms(citable=citable, **draft.about, **draft.initial)
    return draft.page(forms)


def _citable(written):
    """Return what can be cited; where "Find" was pressed, what was found takes the place of the newest."""
    words = form_uploads.words_looked_for(written.data or {})
    found = EvidenceFilter({"q": words}, reader=written.person).qs if words else None
    return CitableEvidence(written.person, written.recommendation, written.key, words, found)


def _save(request, recommendation, update=None):
    """Keep what was posted, whatever is wrong with it; then submit it if that was asked for."""
    update = _before(request, update)
    if update and update.brought_from_id == recommendation.pk:
        # The form was opened before the draft was moved to a later report; nothing that was typed is lost.
        recommendation = update.recommendation
    sent = writing.sent(request, UpdateKind.ASSESSMENT, recommendation, update)
    is_open = sent.update is None or sent.update.state in EDITABLE_STATES
    problems = form_uploads.take_files(request, sent.data, sent.key, sent.now) if is_open else {}
    asked = form_uploads.add_row_by_button(sent.data)
    forms = assessment_forms(citable=_citable(sent), data=sent.data, **sent.about)
    forms.is_valid()
    forms.citations.refuse_files(problems)
    saved = _saved(sent, forms) if is_open else sent.update
    if saved is None:
        return sent.page(forms)
    if saved.state not in EDITABLE_STATES:
        return _was_closed(sent, forms, saved)
    forms.form.saved(saved)
    if asked:
        forms.forget_errors()
    elif address := _finished(sent, forms, saved):
        return redirect(address)
    return sent.page(forms, update=saved, saved=not asked)


def _before(request, update):
    """Return the update that a form goes on with: that of its address, else the one that it made before."""
    key = uuid_or_none(request.POST.get("key"))
    return update or StatusUpdate.objects.filter(key=key, author=request.user).first()


def _saved(sent, forms):
    """Save all that is whole. Returns: the update, or None with the reason on the form."""
    form_uploads.keep_waiting(forms.citations, person=sent.person, now=sent.now)
    about = {"author": sent.person, "recommendation": sent.recommendation, "key": sent.key, "now": sent.now}
    try:
        saved = updates.save_draft(**about, **forms.draft(sent.person, sent.now, sent.corrects))
    except EditConflict as conflict:
        forms.form.show_conflict(conflict)
    except Refused as refused:
        forms.form.add_error(None, str(refused))
    else:
        forms.citations.show_kept()
        return saved
    return None


def _finished(sent, forms, saved):
    """Submit what was saved, if asked to. Returns: where to go on; None with the reasons on the forms."""
    if sent.data.get("intent") == "submit":
        is_done, address = _submitted(sent, forms, saved), saved.get_absolute_url()
        said = _("Submitted. A reviewer decides on it; you can withdraw it until then.")
    else:
        is_done, address = forms.is_valid(), reverse("update-edit", args=[sent.key])
        said = _who_sees_it(saved)
    if is_done:
        messages.success(sent.request, said)
    return address if is_done else None


def _submitted(sent, forms, saved):
    """Submit what was saved. Returns: whether it could be; if not, the reasons are on the forms."""
    try:
        if forms.is_valid():
            updates.submit(update=saved, actor=sent.person, now=sent.now)
        else:
            # Both kinds of errors at once: nobody should mend a form to be told the next thing.
            forms.add_problems(broken_rules(saved, now=sent.now))
    except ValidationError as error:
        forms.add_problems(error.message_dict)
    except Refused as refused:
        forms.form.add_error(None, str(refused))
    return forms.is_valid()


def _who_sees_it(update):
    """Return what is said of a draft that was saved: one that was returned stays open to reviewers."""
    if update.state == UpdateState.RETURNED:
        return _("Your changes are saved but not submitted yet. Reviewers can already read them.")
    return _("Your draft is saved. Only you can see it until you submit it.")


def _was_closed(sent, forms, update):
    """Answer a form whose update was submitted meanwhile: by the same click, or in another window."""
    if all(getattr(update, name) == value for name, value in forms.form.written().items()):
        return redirect(update)
    forms.form.add_error(
        None,
        _(
            "This update was submitted in the meantime, in another window or by an earlier click, "
            "and your later changes are not included. Copy your text, withdraw the update and "
            "write a new one."
        ),
    )
    return sent.page(forms, update=None, corrects=None)
