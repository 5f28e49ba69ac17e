"""How long an item is kept: holds, proposed removals, and the lists of them."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from recommendations.choices import Retention, Role
from recommendations.errors import Refused
from recommendations.forms.retention import ReasonForm, RemovalForm
from recommendations.forms.typed import sends
from recommendations.models import Evidence
from recommendations.services import grants
from recommendations.services.evidence import custody, retention
from recommendations.views.access import needs_role
from recommendations.views.confirming import ask, is_confirmed
from recommendations.views.errors import overtaken
from recommendations.views.lookup import evidence_or_404

LISTED = (Retention.SCHEDULED, Retention.HOLD, Retention.TOMBSTONED)
# What was pressed -> the form it sends, the service that does it, and what is said then.
ACTS: dict[str, tuple[Any, Any, Any]] = {
    "hold": (ReasonForm, retention.hold, _("It is on hold: nobody can remove it until the hold is lifted.")),
    "lift": (ReasonForm, retention.lift_hold, _("The hold is lifted.")),
    "propose": (
        RemovalForm,
        retention.propose,
        _("Proposed. A second person, a reviewer, has to approve it."),
    ),
    "call_off": (ReasonForm, retention.call_off, _("The removal is cancelled; the item is kept.")),
    "approve": (None, retention.approve, _("Approved.")),
}


@require_safe
def retention_list(request):
    """List what is to be removed, what is on hold and what was removed, as far as the person sees it."""
    seen = Evidence.objects.visible_to(request.user).select_related(
        "removal_proposed_by", "removal_approved_by"
    )
    groups = [
        (state, seen.filter(retention=state).order_by("removal_on", "-removed_at", "pk")) for state in LISTED
    ]
    context = {"groups": groups, "now": timezone.now()}
    return render(request, "evidence/retention_list.html", context)


@sends(**{name: form for name, (form, _service, _words) in ACTS.items() if form})
@needs_role(Role.CONTRIBUTOR)
@require_http_methods(["GET", "HEAD", "POST"])
def evidence_retention(request, key):
    """Show how long an item is kept; put it on hold, propose or approve its removal, call it off."""
    person, now = request.user, timezone.now()
    item = evidence_or_404(person, key)
    if request.method == "GET":
        custody.note_view(item=item, person=person, now=now)
    act = request.POST.get("act", "")
    forms = {
        name: form(request.POST if name == act else None, prefix=name, initial={"on": person.today(now)})
        for name, (form, _service, _words) in ACTS.items()
        if form
    }
    may_approve = retention.may_approve(item=item, person=person) and not item.removal_approved_by_id
    if act == "approve" and may_approve and not is_confirmed(request):
        return _ask(request, item)
    try:
        if act in ACTS and _done(request, item, act, forms.get(act), now):
            return redirect(item)
    except Refused as refused:
        if forms.get(act):
            return overtaken(request, str(refused), item.get_absolute_url())
        messages.error(request, str(refused))
    context = {
        "item": item,
        "forms": forms,
        "sent": forms.get(act),
        "may_propose": retention.may_propose(item=item, person=person),
        "may_approve": may_approve,
        "approvers": _second_persons(item, person),
        "may_grant": grants.may_decide(item=item, person=person),
        "citations": item.citations.visible_to(person).count(),
    }
    return render(request, "evidence/retention.html", context)


def _ask(request, item):
    """Say what goes for good when a removal is approved, and what stays."""
    return ask(
        request,
        title=_("Approve the removal of “%(title)s”?") % {"title": item.title},
        sentences=[
            _("On %(day)s, the file, the title and every note are deleted. They cannot be restored.")
            % {"day": date_format(item.removal_on, "j M Y")},
            _(
                "Key, hash, size, type, dates and this decision remain. Updates that cite it say so "
                "and remain."
            ),
        ],
        button=_("Approve removal"),
        back=reverse("evidence-retention", args=[item.key]),
        keep=_("Cancel"),
    )


def _second_persons(item, person):
    """Return who could approve the removal; before it is proposed, who could if ``person`` proposes it."""
    if item.retention == Retention.ACTIVE:
        return [other for other in retention.approvers(item=item) if other != person]
    return retention.approvers(item=item) if item.retention == Retention.SCHEDULED else []


def _done(request, item, act, form, now):
    """Do what was pressed. Returns whether it was done; why not is on the form. Raises: Refused."""
    if form and not form.is_valid():
        return False
    _form, service, words = ACTS[act]
    try:
        service(item=item, actor=request.user, now=now, **(form.cleaned_data if form else {}))
    except ValidationError as problems:
        form.add_error(None, problems)
        return False
    messages.success(request, words)
    return True
