"""The page of one update, and withdrawing it."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from recommendations.choices import OPEN_STATES, Role, Sensitivity, UpdateState
from recommendations.errors import Refused
from recommendations.models import Citation, PublicationProposal, StatusUpdate
from recommendations.selectors import access_history
from recommendations.selectors.handed_in import lacks_reviewer, waiting_of
from recommendations.selectors.history import independent_origins
from recommendations.selectors.open_work import judged
from recommendations.selectors.publishing import outside_of
from recommendations.services import counting, grants, updates
from recommendations.views.access import needs_role
from recommendations.views.lookup import own_update_or_404


@require_safe
def update_detail(request, key):
    """Show one update: the whole statement, what it rests on, and what was said about it."""
    person = request.user
    visible = StatusUpdate.objects.visible_to(person)
    with_names = visible.select_related(
        "recommendation__report", "author", "approved_by", "ask", "brought_from", "repeats"
    )
    update = get_object_or_404(with_names.with_holders(), key=key)
    citations = list(Citation.objects.visible_to(person).filter(update=update).select_related("evidence"))
    hidden = update.citations.exclude(pk__in=[citation.pk for citation in citations]).select_related(
        "evidence"
    )
    involved = update.author_id == person.pk or person.is_reviewer
    now = timezone.now()
    corrections = visible.approved().filter(corrects=update)
    correcting = StatusUpdate.objects.correcting(update).values("pk")
    is_corrected = update.state == UpdateState.APPROVED and correcting.exists()
    context = {
        "update": update,
        "recommendation": update.recommendation,
        "citations": citations,
        "origins": independent_origins(citation.evidence for citation in citations),
        "hidden": [citation.evidence.key for citation in hidden] if involved else [],
        "corrected": visible.filter(pk=update.corrects_id or 0).first(),
        "places": update.places.all(),
        "involved": involved,
        "held_by": update.held_by(now),
        "handed_in": waiting_of([update], person, now),
        "versions": update.versions.visible_to(person).select_related("review__reviewer") if involved else [],
        "is_corrected": is_corrected,
        "corrections": corrections.filter(pk__in=correcting),
        "uncounted_corrections": corrections.exclude(pk__in=correcting),
        "may_edit": update.is_editable_by(person),
        "may_withdraw": update.author_id == person.pk and update.state in OPEN_STATES,
        "open": _open(update, person, now),
        "may_correct": person.is_contributor and update.state == UpdateState.APPROVED and not is_corrected,
        "may_grant": update.sensitivity == Sensitivity.RESTRICTED
        and grants.may_decide(item=update, person=person),
        "let_in": access_history.on_item(update) if update.sensitivity == Sensitivity.RESTRICTED else [],
        "may_count": update.sensitivity == Sensitivity.RESTRICTED
        and not counting.reason_not_to_count(update=update, person=person, now=now),
        "lacks_reviewer": update.author_id == person.pk and lacks_reviewer(update),
        "outside": outside_of(update),
        "proposal": PublicationProposal.objects.filter(update=update).first(),
        "current_report": update.recommendation.report,
    }
    return render(request, "recommendations/update_detail.html", context)


def _open(update, person, now):
    """Return what can be done with an open update beside finishing it; None where nothing is to be said."""
    if update.state not in OPEN_STATES or not person.is_contributor:
        return None
    return next(iter(judged(StatusUpdate.objects.filter(pk=update.pk), person, now)), None)


@needs_role(Role.CONTRIBUTOR)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request, key):
    """Ask first, then take an update of one's own back."""
    update = own_update_or_404(request.user, key)
    if request.method == "POST":
        try:
            updates.withdraw(update=update, actor=request.user, now=timezone.now())
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("Withdrawn. It stays on record but has no effect."))
        return redirect(update)
    if update.state not in OPEN_STATES:
        messages.info(request, _("This update is already closed, so it cannot be withdrawn."))
        return redirect(update)
    return render(
        request,
        "recommendations/update_withdraw.html",
        {"update": update, "recommendation": update.recommendation},
    )
