"""Access to a restricted item: a page for the person who added it, and for managers.

A manager opens this page without seeing the item: it shows only its address, who added it, and when.
"""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from recommendations import vault
from recommendations.choices import Role, Sensitivity
from recommendations.errors import Refused
from recommendations.forms.evidence import GrantForm
from recommendations.forms.typed import sends
from recommendations.models import Evidence, StatusUpdate, User
from recommendations.selectors import access_history
from recommendations.services import grants as item_grants
from recommendations.views.access import needs_role


@sends(GrantForm)
@needs_role(Role.CONTRIBUTOR)
@require_http_methods(["GET", "HEAD", "POST"])
def evidence_access(request, key):
    """Show who sees a restricted evidence item; let somebody in."""
    return _access(request, _decidable(request.user, Evidence, key), "evidence")


@sends(GrantForm)
@needs_role(Role.CONTRIBUTOR)
@require_http_methods(["GET", "HEAD", "POST"])
def update_access(request, key):
    """Show who sees a restricted update; let somebody in."""
    return _access(request, _decidable(request.user, StatusUpdate, key), "update")


@needs_role(Role.CONTRIBUTOR)
@require_POST
def evidence_revoke(request, key, person):
    """Remove the access of a person to an evidence item."""
    return _revoke(request, _decidable(request.user, Evidence, key), person, "evidence")


@needs_role(Role.CONTRIBUTOR)
@require_POST
def update_revoke(request, key, person):
    """Remove the access of a person to an update."""
    return _revoke(request, _decidable(request.user, StatusUpdate, key), person, "update")


def _decidable(person, model, key):
    """Return the restricted item if ``person`` decides on it; anything else is not found."""
    item = get_object_or_404(model.objects.filter(sensitivity=Sensitivity.RESTRICTED), key=key)
    if not item_grants.may_decide(item=item, person=person):
        raise Http404
    return item


def _access(request, item, noun):
    owner = item_grants.belongs_to(item=item)
    grants = list(item_grants.grants_on(item=item))
    seeing = [owner.pk, *(grant.person_id for grant in grants)]
    people = User.objects.filter(is_active=True).exclude(pk__in=seeing)
    is_update = isinstance(item, StatusUpdate)
    beside = item_grants.items_beside(update=item, actor=request.user) if is_update else []
    form = GrantForm(request.POST or None, people=people, beside=beside)
    if request.method == "POST" and form.is_valid() and _grant(request, item, form):
        return redirect(reverse(f"{noun}-access", args=[item.key]))
    context = {
        "item": item,
        "noun": noun,
        "owner": owner,
        "grants": grants,
        "form": form,
        "let_in": access_history.on_item(item),
        "seen": type(item).objects.visible_to(request.user).filter(pk=item.pk).exists(),
        "revoke": f"{noun}-revoke",
        "twins": _unseen_twins(request.user, item),
    }
    return render(request, "evidence/grants.html", context)


def _unseen_twins(person, item):
    """Return other restricted items of the very same bytes, for a manager who sees none of them.

    Somebody who sees one would learn from it what is in the other; who sees both reads it on their pages.
    """
    if not isinstance(item, Evidence) or not person.is_manager:
        return []
    seen = Evidence.objects.visible_to(person)
    mark = vault.officers.known_mark_of(item.sha256)
    if seen.filter(pk=item.pk).exists() or seen.twins_of(item, mark).exists():
        return []
    return Evidence.objects.twins_of(item, mark).select_related("uploaded_by")


def _grant(request, item, form):
    """Let the chosen person in. Returns whether it was done; why not is on the form."""
    person = form.cleaned_data["person"]
    try:
        item_grants.grant(item=item, actor=request.user, now=timezone.now(), **form.cleaned_data)
    except Refused as refused:
        form.add_error(None, str(refused))
    except ValidationError as error:
        form.add_error(None, error)
    else:
        messages.success(request, _("%(name)s can now see it.") % {"name": person})
        return True
    return False


def _still_open(actor, item, person):
    """Return the restricted items of an update that a person still sees, if ``actor`` decides on them."""
    if not isinstance(item, StatusUpdate):
        return []
    beside = item_grants.items_beside(update=item, actor=actor)
    seen = Evidence.objects.visible_to(person).filter(pk__in=[one.pk for one in beside])
    return seen.order_by("pk")


def _revoke(request, item, person_id, noun):
    person = get_object_or_404(User, pk=person_id)
    try:
        item_grants.revoke(item=item, person=person, actor=request.user, now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("%(name)s can no longer see it.") % {"name": person})
        if left := _still_open(request.user, item, person):
            words = _(
                "%(name)s still sees items that it cites: %(items)s. Remove that access on their pages."
            )
            messages.info(request, words % {"name": person, "items": ", ".join(map(str, left))})
    return redirect(reverse(f"{noun}-access", args=[item.key]))
