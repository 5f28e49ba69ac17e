"""What of an approved update is said outside: published later or more by two people, withdrawn by one."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from recommendations.choices import Extent, Role
from recommendations.errors import Refused
from recommendations.forms.publications import AnswerForm, ProposalForm, WithdrawForm
from recommendations.forms.typed import sends
from recommendations.models import PublicationProposal, StatusUpdate
from recommendations.rules.publication import cannot_publish
from recommendations.selectors import held_back
from recommendations.selectors.counting import uncounted
from recommendations.selectors.cut_lists import cut_rows
from recommendations.selectors.published import published_citations
from recommendations.selectors.publishing import (
    further_than_now,
    outside_of,
    proposed,
    published_now,
    undecided,
)
from recommendations.selectors.told_words import words_wait, words_waiting
from recommendations.selectors.withdrawing import standing_again
from recommendations.selectors.wordings import words_before
from recommendations.services import publications
from recommendations.services.evidence import outside
from recommendations.views import confirming
from recommendations.views.access import needs_role
from recommendations.views.errors import overtaken
from recommendations.views.lookup import evidence_or_404

PER_PAGE = 50
FORMS = {"confirm": AnswerForm, "decline": AnswerForm}


@needs_role(Role.REVIEWER)
@require_safe
def publication_list(request):
    """List what is proposed to be published, and what was public before that was decided by itself."""
    person = request.user
    page = Paginator(undecided(person), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "proposed": proposed(person),
        "held": _held(person),
        "uncounted": cut_rows(uncounted(person), PER_PAGE),
        "corrected": words_waiting(),
    }
    return render(request, "recommendations/publication_list.html", context)


@needs_role(Role.REVIEWER)
@require_safe
def published_list(request):
    """List all that is outside now, as everybody can read it there, so that any reviewer can withdraw it."""
    page = Paginator(published_now(), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "recommendations/published_list.html", {"page": page})


def _held(person):
    """Return (what is held back, why the person cannot say that it may be told) for each item."""
    held = held_back.held_items(person)
    return list(zip(held, outside.reasons_not_to_tell(waiting=held, person=person), strict=True))


@needs_role(Role.REVIEWER)
@require_POST
def evidence_outside(request, key):
    """Ask once; then let a changed item be told outside."""
    item = evidence_or_404(request.user, key)
    back = reverse("publication-list")
    waiting = held_back.held(item)
    if waiting and not confirming.is_confirmed(request):
        return confirming.ask(
            request,
            title=_("Tell this evidence outside?"),
            sentences=[
                item.title,
                _("It is shown wherever an update is published that cites it, as it is now."),
            ],
            button=_("Confirm: tell it outside"),
            style="primary",
            back=back,
            keep=_("Cancel"),
        )
    try:
        seen = request.POST.get("seen", "")
        outside.tell(item=item, actor=request.user, seen=seen, now=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("It is told outside from now on, as it is now."))
    return redirect(back)


@sends(ProposalForm, WithdrawForm)
@require_http_methods(["GET", "HEAD", "POST"])
def update_publication(request, key):
    """Show what of an update is outside and since when; take proposals, answers and withdrawals."""
    person = request.user
    if request.method == "POST" and not person.has_role(Role.CONTRIBUTOR):
        raise PermissionDenied
    approved = StatusUpdate.objects.visible_to(person).approved()
    update = get_object_or_404(approved.select_related("recommendation__report", "author", "ask"), key=key)
    forms = {
        "propose": ProposalForm(offered=_offered(update, person)),
        "withdraw": WithdrawForm(again=standing_again(update)),
    }
    if request.method == "POST":
        act = request.POST.get("act", "")
        form = _sent(act, update, person, request.POST)
        if form is not None and form.is_valid() and (answer := _do(request, act, update, form)):
            return answer
        if form is not None:
            forms[act] = form
    return render(request, "recommendations/publication.html", _context(update, person, forms))


@sends(WithdrawForm)
@needs_role(Role.REVIEWER)
@require_http_methods(["GET", "HEAD", "POST"])
def update_outside(request, key):
    """Show what everybody can read of an update outside, and nothing else of it; withdraw that."""
    update = get_object_or_404(StatusUpdate.objects.select_related("recommendation", "ask"), key=key)
    published = outside_of(update)
    if published is None:
        raise Http404
    again = standing_again(update)
    form = WithdrawForm(request.POST if request.method == "POST" else None, again=again)
    if request.method == "POST" and form.is_valid():
        about = {"update": update, "actor": request.user, "now": timezone.now()}
        try:
            publications.withdraw(**about, **form.cleaned_data)
        except Refused as refusal:
            return overtaken(request, str(refusal), reverse("published-list"))
        messages.success(request, _said_of_withdrawal())
        return redirect("published-list")
    context = {
        "update": update,
        "recommendation": update.recommendation,
        "outside": published,
        "withdraw": form,
        "citations": published_citations([update.pk]).select_related("evidence"),
    }
    return render(request, "recommendations/publication_withdraw.html", context)


def _said_of_withdrawal():
    return _("Nothing of it is published any more. What was mailed before cannot be called back.")


def _sent(act, update, person, data):
    """Return the form of what was pressed; None where it is none of the acts."""
    if act == "propose":
        return ProposalForm(data, offered=_offered(update, person))
    if act == "withdraw":
        return WithdrawForm(data, again=standing_again(update))
    return FORMS[act](data) if act in FORMS else None


def _do(request, act, update, form):
    """Do what was pressed. Returns: the answer, or None when the form has to be shown again."""
    about = {"update": update, "actor": request.user, "now": timezone.now()}
    given = {} if act == "decline" else form.cleaned_data
    said = {
        "propose": _("Proposed. A reviewer, neither its author nor you, has to confirm it."),
        "confirm": _("Published."),
        "decline": _("The proposal is declined. Nothing was published."),
        "withdraw": _said_of_withdrawal(),
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
    published = outside_of(update)
    if proposal:
        proposal.update = update
    return {
        "update": update,
        "recommendation": update.recommendation,
        "outside": published,
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
        if (published or not acts) and not publications.reason_not_to_withdraw(update=update, person=person)
        else None,
        "citations": published_citations([update.pk]).select_related("evidence"),
        "cited": held_back.told_fingerprint(update),
        "held_back": held_back.held_of(update),
        "words_told": words_wait(update.recommendation) if published else "",
        "words_proposed": words_before(update.recommendation, proposal.proposed_at) if proposal else "",
        "is_corrected": StatusUpdate.objects.correcting(update).exists(),
        "current_report": update.recommendation.report,
    }
