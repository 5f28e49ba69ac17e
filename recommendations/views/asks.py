"""The asks of a recommendation: which words of it ask for what, and how reviewers split it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from recommendations.choices import Role, Status
from recommendations.forms.asks import AskForm, ConfirmForm, KeepForm, RenameForm, RetireForm, done_by
from recommendations.forms.typed import sends
from recommendations.selectors.retiring import retiring
from recommendations.services.asks import reason_not_to_confirm
from recommendations.text.spans import cut
from recommendations.views.access import needs_role
from recommendations.views.lookup import recommendation_or_404

# Who added an ask, and who would retire it.
PEOPLE = ("created_by", "retire_proposed_by")
FORMS = {
    "add": AskForm,
    "rename": RenameForm,
    "retire": RetireForm,
    "confirm": ConfirmForm,
    "keep": KeepForm,
}


@sends(add=AskForm, rename=RenameForm, retire=RetireForm)
@needs_role(Role.REVIEWER)
@require_http_methods(["GET", "HEAD", "POST"])
def asks(request, reference):
    """Show the text with the words of each ask, and let reviewers split, rename and retire.

    Several small forms on one page: ``act`` says which was sent, ``ask`` about which one.
    """
    recommendation = recommendation_or_404(request.user, reference)
    everything = list(recommendation.asks.visible_to(request.user).select_related(*PEOPLE))
    sent, act, number = None, request.POST.get("act"), request.POST.get("ask", "")
    if act in FORMS:
        about = recommendation if act == "add" else _named(everything, number)
        sent = FORMS[act](request.POST, prefix=_prefix(act, number))
        if done := done_by(sent, about, actor=request.user, now=timezone.now()):
            messages.success(request, _said(act, done, before=recommendation.status))
            return redirect("recommendation-asks", reference=reference)
    for ask in everything:
        ask.recommendation = recommendation
        ask.forms = {
            name: _form(name, str(ask.position), sent, initial={"title": ask.title, "nature": ask.nature})
            for name in ("rename", "retire")
        }
        if ask.retire_proposed_at and not ask.retired_at:
            ask.not_by_you = reason_not_to_confirm(ask=ask, person=request.user)
            ask.retiring = retiring(ask)
    live = [ask for ask in everything if not ask.retired_at]
    context = {
        "recommendation": recommendation,
        "pieces": cut(recommendation.text, [ask for ask in live if not ask.lost_words]),
        "asks": live,
        "retired": [ask for ask in everything if ask.retired_at],
        "sent": sent,
        "form": _form("add", "", sent),
        "current_report": recommendation.report,
    }
    return render(request, "recommendations/asks.html", context)


def _said(act, ask, before):
    """Return what was done. Args: ``before``, the status of the whole before it."""
    now = ask.recommendation.status
    done = {
        "add": _("The ask is added."),
        "rename": _("The title and nature of the ask are saved."),
        "retire": _("The ask is retired. Its updates remain in the history."),
        "confirm": _("The ask is retired. Its updates remain in the history."),
        "keep": _("The ask is kept."),
    }
    if act == "retire" and not ask.retired_at:
        return _("It is proposed. The ask counts until another reviewer confirms that it is retired.")
    if now != before:
        moved = _("The whole recommendation has moved from “%(before)s” to “%(after)s”.")
        return f"{done[act]} {moved % {'before': Status(before).label, 'after': Status(now).label}}"
    if act == "add":
        return f"{done[act]} {_('The status stays the same until somebody assesses it.')}"
    return done[act]


def _prefix(act, number):
    return f"{act}-{number}" if number else act


def _form(act, number, sent, initial=None):
    """Return a form of the page: the one that was sent with what was typed, the others fresh."""
    prefix = _prefix(act, number)
    if sent is not None and sent.prefix == prefix:
        return sent
    return FORMS[act](prefix=prefix, initial=initial)


def _named(asks, number):
    """Return the ask of this number among those of the page."""
    for ask in asks:
        if str(ask.position) == number:
            return ask
    raise Http404
