"""The reviewer's pages: what waits, and one update beside what it would replace."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from recommendations.choices import Decision, Role, Sensitivity, UpdateState
from recommendations.errors import Refused
from recommendations.forms.reviews import ReviewForm
from recommendations.forms.typed import sends
from recommendations.models import StatusUpdate
from recommendations.rules.movement import baseline_of
from recommendations.selectors import comparison, held_back, list_queries
from recommendations.selectors.baselines import since_words
from recommendations.selectors.cut_lists import cut_rows
from recommendations.selectors.desk import waiting
from recommendations.selectors.published import published_citations
from recommendations.selectors.publishing import confirmable, proposed, to_decide, undecided
from recommendations.selectors.unconfirmed import apart_from
from recommendations.selectors.whole_moves import tell_whole_moves
from recommendations.selectors.wordings import words_before
from recommendations.services import reviews
from recommendations.views.access import needs_role
from recommendations.views.errors import overtaken

PER_PAGE = 50
# Of what waits for a second person; their own page has all of it.
SHOWN = 10


@needs_role(Role.REVIEWER)
@require_safe
def review_list(request):
    """Show what waits for review, the longest wait first, and what waits for its author."""
    updates = waiting(request.user)
    waiting_now = updates.filter(state=UpdateState.SUBMITTED)
    page = Paginator(waiting_now, PER_PAGE).get_page(request.GET.get("page"))
    apart = apart_from(request.user)
    page.object_list = listed = list(page.object_list)
    for update in listed:
        update.apart = apart.get(update.author_id)
    tell_whole_moves(listed)
    returned = updates.filter(state=UpdateState.RETURNED)
    context = {
        "page": page,
        "in_reports": waiting_now.order_by().values("recommendation__report").distinct().count(),
        "returned": returned,
        "to_publish": _to_publish(request.user),
        "retiring": list_queries.asks_to_retire(request.user),
        "to_confirm": cut_rows(confirmable(request.user), SHOWN),
        "now": timezone.now(),
    }
    return render(request, "recommendations/review_list.html", context)


def _to_publish(person):
    """Count what waits for a decision on what may be said outside."""
    return undecided(person).count() + proposed(person).count() + len(held_back.held_items(person))


@sends(ReviewForm)
@needs_role(Role.REVIEWER)
@require_http_methods(["GET", "HEAD", "POST"])
def review(request, key):
    """Show one update beside what stands now; take the decision on it."""
    update = get_object_or_404(_readable(request.user), key=key)
    version = update.versions.last()
    previous = comparison.previous_of(update, request.user)
    rows = comparison.rows(update, previous)
    earlier = baseline_of(update) if update.is_assessment and update.movement else None
    form = ReviewForm(
        request.POST if request.method == "POST" else None,
        initial={
            "seen_version": version.number if version else None,
            "cited": held_back.told_fingerprint(update),
        },
        about={**{row.name: row.label for row in rows}, "evidence": _("Evidence")},
        asked=(asked := to_decide(update)),
        asks_whether_it_counts=update.sensitivity == Sensitivity.RESTRICTED,
    )
    if request.method == "POST" and form.is_valid():
        answer = _decide(request, update, form)
        if answer:
            return answer
    context = {
        **_context(request, update),
        "form": form,
        "asked": asked,
        "told_with": published_citations([update.pk]).select_related("evidence"),
        "previous": previous,
        "repeated": comparison.repeated_by(update, request.user),
        "hides_previous": comparison.hides_previous(update, previous),
        "since": since_words(update.recommendation, earlier) if earlier else "",
        "words_then": words_before(update.recommendation, update.submitted_at),
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
            counts=given.get("counts", False),
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
    messages.success(request, _said(update, given))
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


def _said(update, given):
    words = {"reference": update.recommendation.reference, "name": update.author}
    if given["decision"] == Decision.APPROVE:
        if given.get("counts"):
            return (
                _("The update on %(reference)s is approved. Others see the status, but not its reason.")
                % words
            )
        if update.sensitivity == Sensitivity.RESTRICTED:
            return (
                _("The update on %(reference)s is approved. It does not count: others see nothing of it.")
                % words
            )
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
