"""What of an approved update is said outside: published later or more by two people, withdrawn by one."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from recommendations.choices import Extent, Role
from recommendations.errors import Refused
from recommendations.forms.publications import AnswerForm, ProposalForm
from recommendations.forms.retention import ReasonForm
from recommendations.forms.typed import sends
from recommendations.models import PublicationProposal, StatusUpdate
from recommendations.rules.publication import cannot_publish
from recommendations.selectors.published import published_citations
from recommendations.selectors.publishing import further_than_now, outside_of, proposed, undecided
from recommendations.services import publications
from recommendations.views.access import needs_role
from recommendations.views.errors import overtaken

PER_PAGE = 50
FORMS = {"propose": ProposalForm, "withdraw": ReasonForm, "confirm": AnswerForm, "decline": AnswerForm}


@needs_role(Role.REVIEWER)
@require_safe
def publication_list(request):
    """List what is proposed to be published, and what was public before that was decided by itself."""
    person = request.user
    page = Paginator(undecided(person), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "proposed": proposed(person)}
    return render(request, "recommendations/publication_list.html", context)


@sends(ProposalForm, ReasonForm)
@require_http_methods(["GET", "HEAD", "POST"])
def update_publication(request, key):
    """Show what of an update is outside and since when; take proposals, answers and withdrawals."""
    person = request.user
    if request.method == "POST" and not person.has_role(Role.CONTRIBUTOR):
        raise PermissionDenied
    approved = StatusUpdate.objects.visible_to(person).approved()
    update = get_object_or_404(approved.select_related("recommendation__report", "author", "ask"), key=key)
    forms = {"propose": ProposalForm(offered=_offered(update, person)), "withdraw": ReasonForm()}
    if request.method == "POST":
        act = request.POST.get("act", "")
        form = _sent(act, update, person, request.POST)
        if form is not None and form.is_valid() and (answer := _do(request, act, update, form)):
            return answer
        if form is not None:
            forms[act] = form
    return render(request, "recommendations/publication.html", _context(update, person, forms))


def _sent(act, update, person, data):
    """Return the form of what was pressed; None where it is none of the acts."""
    if act == "propose":
        return ProposalForm(data, offered=_offered(update, person))
    return FORMS[act](data) if act in FORMS else None


def _do(request, act, update, form):
    """Do what was pressed. Returns: the answer, or None when the form has to be shown again."""
    about = {"update": update, "actor": request.user, "now": timezone.now()}
    given = {} if act == "decline" else form.cleaned_data
    said = {
        "propose": _("Proposed. A reviewer, neither its author nor you, has to confirm it."),
        "confirm": _("Published."),
        "decline": _("The proposal is declined. Nothing was published."),
        "withdraw": _("Nothing of it is published any more. What was sent before cannot be called back."),
    }
    try:
        getattr(publications, act)(**about, **given)
    except Refused as refusal:
        if given.get("reason"):
            return overtaken(request, str(refusal), request.path)
        messages.error(request, str(refusal))
    except ValidationError as problems:
        form.add_error(None, problems)
        return None
    else:
        messages.success(request, said[act])
    return redirect(request.path)


def _offered(update, person):
    """Return what the person can propose."""
    further = further_than_now(update)
    reason = publications.reason_not_to_propose
    return [one for one in further if not reason(update=update, person=person, extent=one)]


def _context(update, person, forms):
    proposal = PublicationProposal.objects.filter(update=update).select_related("proposed_by").first()
    acts = update.publications.select_related("proposed_by", "decided_by").order_by("-pk")
    further = further_than_now(update)
    outside = outside_of(update)
    if proposal:
        proposal.update = update
    return {
        "update": update,
        "recommendation": update.recommendation,
        "outside": outside,
        "status_can_follow": Extent.WORDS_AND_STATUS in further
        and not cannot_publish(update, Extent.WORDS_AND_STATUS),
        "acts": acts,
        "undecided": not acts,
        "proposal": proposal,
        "cannot_confirm": publications.reason_not_to_confirm(proposal=proposal, person=person)
        if proposal
        else "",
        "propose": forms["propose"] if not proposal and forms["propose"].fields["extent"].choices else None,
        "why_not": cannot_publish(update, further[0]) if further else "",
        "withdraw": forms["withdraw"]
        if (outside or not acts) and not publications.reason_not_to_withdraw(update=update, person=person)
        else None,
        "citations": published_citations([update.pk]).select_related("evidence"),
        "is_corrected": StatusUpdate.objects.correcting(update).exists(),
        "current_report": update.recommendation.report,
    }
