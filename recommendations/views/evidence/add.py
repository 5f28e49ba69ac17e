"""Adding evidence on its own: several files at once, or a link, to be cited later.

Files are kept as they come (``StagedUpload``), whatever else is wrong with the form, so that nobody sends
one twice.
"""

import uuid

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from recommendations import vault
from recommendations.choices import SEALED, EvidenceForm, Role
from recommendations.errors import Refused
from recommendations.files import types
from recommendations.forms.evidence import AddForm, form_says_otherwise
from recommendations.forms.typed import sends
from recommendations.models import Evidence, item_key
from recommendations.services.evidence import items as evidence_items
from recommendations.services.evidence import uploads
from recommendations.text.keys import uuid_or_none
from recommendations.views import form_uploads
from recommendations.views.access import needs_role


@sends(AddForm)
@needs_role(Role.CONTRIBUTOR)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request):
    """Show an empty form; take what is posted."""
    shape = EvidenceForm.LINK if request.GET.get("shape") == EvidenceForm.LINK else EvidenceForm.FILE
    if request.method == "POST":
        return _take(request, shape)
    initial = {"form_key": uuid.uuid4(), "sensitivity": ""}
    return _page(request, AddForm(initial=initial, shape=shape), shape)


def _take(request, shape):
    person, now, data = request.user, timezone.now(), request.POST.copy()
    form_key = uuid_or_none(data.get("form_key")) or uuid.uuid4()
    data["form_key"] = str(form_key)
    _drop(person, data)
    sent, refusals = _stage(request, form_key, now)
    keys = sent + [key for value in data.getlist("staged") if (key := uuid_or_none(value))]
    if data.get("sensitivity") == SEALED:
        keys += uploads.staged_for(uploader=person, form_key=form_key).values_list("key", flat=True)
        keys = _seal(request, dict.fromkeys(keys), refusals, now)
    waiting = list(uploads.staged_for(uploader=person, form_key=form_key))
    known = list(Evidence.objects.filter(key__in=keys, uploaded_by=person))
    if known and not waiting and not refusals:
        return _done(request, known, data)
    form = AddForm(data, shape=shape, waiting=waiting)
    if form.is_valid() and not refusals:
        made = _make(form, person, form_key, now)
        if made:
            return _done(request, made, data)
    if refusals:
        form.errors.pop("file", None)
        for refusal in refusals:
            form.add_error("file", refusal)
    return _page(request, form, shape)


def _drop(person, data):
    """Remove the waiting files that the person does not want after all."""
    for value in data.getlist("drop"):
        if key := uuid_or_none(value):
            uploads.remove_staged(key=key, uploader=person)


def _stage(request, form_key, now):
    """Keep every file that came. Returns: (their keys, a sentence for each that was not kept)."""
    keys, refusals = [], []
    sealed = request.POST.get("sensitivity") == SEALED
    said = {"sensitivity": SEALED, "title": request.POST.get("title", "")} if sealed else {}
    for received in request.FILES.getlist("file"):
        try:
            keys.append(form_uploads.stage_received(request, received, form_key, now, said))
        except Refused as refused:
            words = str(refused)
            refusals.append(words if received.name in words else f"{received.name}: {words}")
    return keys, refusals


def _seal(request, keys, refusals, now):
    """Seal the waiting files for which that was chosen only now. Returns their keys from now on."""
    sealed = []
    for key in keys:
        try:
            sealed.append(form_uploads.seal_waiting(request, key, now))
        except Refused as refused:
            refusals.append(str(refused))
    return sealed


def _make(form, person, form_key, now):
    """Make the items of a whole form. Returns them, or nothing with the reason on the form."""
    about = {"uploader": person, "now": now}
    try:
        if form.shape == EvidenceForm.FILE:
            return [
                evidence_items.add_file(key=staged.key, details=form.details_of(staged), **about)
                for staged in form.waiting
            ]
        url = form.cleaned_data["url"]
        key = item_key(uploader=person, form_key=form_key, content=url)
        return [evidence_items.add_link(key=key, url=url, details=form.details(), **about)]
    except Refused as refused:
        form.add_error(None, str(refused))
    except ValidationError as error:
        form.add_error(None, error)
    return []


def _done(request, items, data):
    """Say what was added, and which of it is held already as far as the person may know."""
    _say_added(request, items, data)
    for item in items:
        if item.content_type == types.OPAQUE:
            said = _("The content of %(name)s does not match its name. Is it the right file?")
            messages.warning(request, said % {"name": item.original_name})
        visible = Evidence.objects.visible_to(request.user)
        if item.is_file:
            mark = vault.officers.known_mark_of(item.sha256)
            said, twins = _("The same file is already held as"), visible.twins_of(item, mark)
        else:
            said, twins = _("The same address is already held as"), visible.of_address(item)
        form_uploads.tell_held(request, said, twins)
    return redirect(items[0] if len(items) == 1 else "evidence-list")


def _say_added(request, items, data):
    """Say how many items there are now; and of those added before by this form, what it now says otherwise.

    Somebody who went back to make an item restricted must not read that it was added so.
    """
    unlike = {item: labels for item in items if (labels := form_says_otherwise(item, data))}
    number = len(items) - len(unlike)
    if number:
        words = ngettext(
            "Added. You can now cite it in any update.",
            "%(n)s items were added. You can now cite them in any update.",
            number,
        )
        messages.success(request, words % {"n": number})
    for item, labels in unlike.items():
        words = _(
            "“%(title)s” was already added from this form. What you changed in the form since then "
            "was not saved: %(labels)s. Open the item and choose “Change details”."
        )
        messages.warning(request, words % {"title": item.title, "labels": ", ".join(labels)})


def _page(request, form, shape):
    context = {"form": form, "shape": shape}
    context |= {"link_checks": settings.LINK_CHECKS, "capture_on": settings.LINK_CAPTURE}
    return render(request, "evidence/add.html", context)
