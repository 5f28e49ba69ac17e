"""The lines from a report to an earlier one: what was proposed, what reviewers confirmed and carried over."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from recommendations.errors import Gone, Refused
from recommendations.forms.lines import LineForm, form_of
from recommendations.forms.typed import sends
from recommendations.selectors.carrying_over import offer_between
from recommendations.selectors.lines import earlier_reports, later_reports, lines_between
from recommendations.selectors.still_so import questions_between
from recommendations.services import carrying_over, lineage, still_so
from recommendations.views.lookup import is_number, report_or_404

UNDONE = gettext_lazy("This line is not confirmed any more: somebody undid it.")


@sends(LineForm)
@require_http_methods(["GET", "HEAD", "POST"])
def lines(request, slug):
    """Show both lists beside each other; let reviewers confirm a line, all that are the same, or undo one.

    Of confirmed lines, reviewers carry over what people gave to the earlier recommendation, of one or of all.

    ``from`` in the address names the earlier report; without it, it is the one before.
    """
    if request.method == "POST" and not request.user.is_reviewer:
        raise PermissionDenied
    later = report_or_404(request.user, slug)
    others = list(earlier_reports(later, request.user))
    earlier = _chosen(others, request.GET.get("from"))
    sent = None
    if request.method == "POST" and earlier:
        about = {"earlier": earlier, "later": later, "actor": request.user, "now": timezone.now()}
        act = request.POST.get("act")
        if act == "confirm":
            sent = LineForm(request.POST, auto_id="sent-%s")
            if line := _confirmed(sent, about):
                return redirect(f"{request.get_full_path()}#{line.anchor}")
        elif act in ACTS:
            return redirect(f"{request.get_full_path()}{ACTS[act](request, about)}")
    context = {
        "report": later,
        "earlier": earlier,
        "others": others,
        "next_reports": later_reports(later, request.user),
        "sent": sent,
        "current_report": later,
    }
    return render(request, "reports/lines.html", context | _found(earlier, later, request.user))


def _found(earlier, later, person):
    """Return what the page shows of two reports, or why it cannot."""
    if earlier is None:
        return {}
    try:
        found = lines_between(earlier, later)
    except Refused as refusal:
        return {"refused": str(refusal)}
    shown = {"found": found, "lines": [(line, form_of(line)) for line in found.in_order]}
    if not person.is_reviewer:
        return shown
    questions = questions_between(earlier, later, person) if later.is_followed else None
    return shown | {"offer": offer_between(earlier, later), "questions": questions}


def _chosen(others, slug):
    """Return the earlier report that the address names, or the latest one; None where there is none."""
    if not slug:
        return others[0] if others else None
    for report in others:
        if report.slug == slug:
            return report
    raise Http404


def _confirmed(form, about):
    """Hand a form to the service. Returns: the line; None where the form says why not."""
    if not form.is_valid():
        return None
    try:
        return lineage.confirm(**form.cleaned_data, **about)
    except ValidationError as problems:
        form.add_error(None, problems)
    except Refused as refusal:
        form.add_error(None, str(refusal))
    return None


def _confirm_same(request, about):
    try:
        number = lineage.confirm_same(**about)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return ""
    said = ngettext("%(n)s line is confirmed.", "%(n)s lines are confirmed.", number)
    messages.success(request, said % {"n": number})
    return ""


def _undo(request, about):
    """Undo a line, and say what that takes away. Returns: the top of the page, where it is said."""
    try:
        line = lineage.undo(row=_row_of(request), **about)
    except Gone:
        messages.info(request, UNDONE)
        return ""
    words = _(
        "The line %(line)s is not confirmed any more, and is proposed anew. Only this tie is gone: owners, "
        "asks and dates that were carried over stay."
    )
    messages.success(request, words % {"line": line.name})
    return "#main"


def _row_of(request):
    """Return the row that a form names. Raises: Http404."""
    row = request.POST.get("row", "")
    if not is_number(row):
        raise Http404
    return int(row)


def _carry(request, about):
    _carry_over(request, about, row=_row_of(request))
    return ""


def _carry_all(request, about):
    _carry_over(request, about)
    return ""


def _carry_over(request, about, **which):
    try:
        done = carrying_over.carry_over(seen=request.POST.get("seen", ""), **which, **about)
    except Gone:
        messages.info(request, UNDONE)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        _say_what_was_carried(request, done)


def _say_what_was_carried(request, done):
    if not done:
        nothing = _("Nothing is left to carry over here: it was done, or something else was set, meanwhile.")
        messages.info(request, nothing)
    elif len(done) == 1:
        one = done[0]
        words = {"reference": one.later.reference, "earlier": one.earlier.reference}
        words["what"] = ", ".join(f"{piece.label} ({piece.was_in_words})" for piece in one.taken)
        messages.success(request, _("%(reference)s takes over from %(earlier)s: %(what)s.") % words)
    else:
        said = _("%(n)s recommendations take over what was shown. The history of each says what.")
        messages.success(request, said % {"n": len(done)})


def _ask_still_so(request, about):
    """Begin the drafts of the owners. Returns: where on the page it is told."""
    try:
        asked = still_so.ask(**about)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return ""
    if ready := asked.ready:
        named = ", ".join(one.later.reference for one in ready)
        said = ngettext(
            "A draft is prepared for the owner of %(named)s, who finds it under “My work”.",
            "Drafts are prepared for the owners of %(named)s, who find them under “My work”.",
            len(ready),
        )
        messages.success(request, said % {"named": named})
    else:
        messages.info(request, _("Nobody is left to be asked. The page says why, for each recommendation."))
    return "#still-so"


ACTS = {
    "same": _confirm_same,
    "undo": _undo,
    "carry": _carry,
    "carry_all": _carry_all,
    "still_so": _ask_still_so,
}
