"""The reviewer's pages: what waits, and one update beside what it would replace."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from recommendations.choices import Decision, Role, UpdateState
from recommendations.errors import Refused
from recommendations.forms.reviews import ReviewForm
from recommendations.forms.typed import sends
from recommendations.models import StatusUpdate
from recommendations.selectors import comparison, list_queries
from recommendations.selectors.desk import waiting
from recommendations.selectors.publishing import proposed, to_decide, undecided
from recommendations.selectors.unconfirmed import apart_from
from recommendations.services import reviews
from recommendations.views.access import needs_role
from recommendations.views.errors import overtaken

PER_PAGE = 50


@needs_role(Role.REVIEWER)
@require_safe
def review_list(request):
    """Show what waits for review, the longest wait first, and what waits for its author."""
    updates = waiting(request.user)
    page = Paginator(updates.filter(state=UpdateState.SUBMITTED), PER_PAGE).get_page(request.GET.get("page"))
    apart = apart_from(request.user)
    for update in page.object_list:
        update.apart = apart.get(update.author_id)
    returned = updates.filter(state=UpdateState.RETURNED)
    context = {
        "page": page,
        "returned": returned,
        "to_publish": undecided(request.user).count() + proposed(request.user).count(),
        "retiring": list_queries.asks_to_retire(request.user),
        "now": timezone.now(),
    }
    return render(request, "recommendations/review_list.html", context)


@sends(ReviewForm)
@needs_role(Role.REVIEWER)
@require_http_methods(["GET", "HEAD", "POST"])
def review(request, key):
    """Show one update beside what stands now; take the decision on it."""
    update = get_object_or_404(_readable(request.user), key=key)
    version = update.versions.last()
    previous = comparison.previous_of(update, request.user)
    rows = comparison.rows(update, previous)
    form = ReviewForm(
        request.POST if request.method == "POST" else None,
        initial={"seen_version": version.number if version else None},
        about={**{row.name: row.label for row in rows}, "evidence": _("Evidence")},
        asked=(asked := to_decide(update)),
    )
    if request.method == "POST" and form.is_valid():
        answer = _decide(request, update, form)
        if answer:
            return answer
    context = {
        **_context(request, update),
        "form": form,
        "asked": asked,
        "previous": previous,
        "rows": [(row, form.remark(row.name)) for row in rows],
        "on_evidence": form.remark("evidence"),
    }
    return render(request, "recommendations/review.html", context)


@needs_role(Role.REVIEWER)
@require_POST
def take(request, key):
    """Take an update in review, or give it back."""
    update = get_object_or_404(_readable(request.user), key=key)
    gives = request.POST.get("act") == "give_back"
    try:
        act = reviews.give_back if gives else reviews.take
        act(update=update, reviewer=request.user, now=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        said = _("It is back in the queue.") if gives else _("You are now reviewing it. Others can see that.")
        messages.success(request, said)
    return redirect("review", key=update.key)


def _readable(user):
    return (
        StatusUpdate.objects.visible_to(user)
        .select_related("recommendation__owner", "author", "approved_by", "ask")
        .with_holders()
    )


def _decide(request, update, form):
    """Return where to go after the decision; None when the form has to be shown again."""
    given = form.cleaned_data
    try:
        reviews.decide(
            update=update,
            reviewer=request.user,
            decision=given["decision"],
            comment=given["comment"],
            remarks=form.remarks(),
            seen_version=given["seen_version"],
            outside=reviews.Outside(*form.outside),
            now=timezone.now(),
        )
    except Refused as refusal:
        if not _was_this_very_decision(request.user, update, given):
            back = reverse("review", args=[update.key])
            if given["comment"] or form.remarks():
                return overtaken(request, str(refusal), back)
            messages.error(request, str(refusal))
            return redirect(back)
    except ValidationError as error:
        form.add_problems(error)
        return None
    messages.success(request, _said(update, given["decision"]))
    return redirect("review-list")


def _was_this_very_decision(user, update, given):
    """Whether a form sent twice brought the same decision again: it is done, and no reason to worry."""
    last = update.reviews.select_related("version").last()
    return bool(
        last
        and last.reviewer_id == user.pk
        and last.decision == given["decision"]
        and last.version.number == given["seen_version"]
    )


def _said(update, decision):
    words = {"reference": update.recommendation.reference, "name": update.author}
    if decision == Decision.APPROVE:
        return _("The update on %(reference)s is approved.") % words
    return _("The update on %(reference)s is returned to %(name)s.") % words


def _context(request, update):
    user, now = request.user, timezone.now()
    return {
        "update": update,
        "recommendation": update.recommendation,
        "now": now,
        "held_by": update.held_by(now) if update.state == UpdateState.SUBMITTED else None,
        "outcome": comparison.outcome(update),
        "citations": update.citations.visible_to(user).select_related("evidence"),
        "hidden": reviews.hidden_citations(update=update, person=user),
        "rounds": update.reviews.visible_to(user).select_related("reviewer", "version"),
        "cannot_approve": reviews.reason_not_to_decide(update=update, reviewer=user, now=now),
        "cannot_return": reviews.reason_not_to_decide(
            update=update, reviewer=user, decision=Decision.RETURN, now=now
        ),
    }
