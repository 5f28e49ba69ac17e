"""The asks of a recommendation: which words of it ask for what, and how reviewers split it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from recommendations.choices import Role
from recommendations.forms.asks import AskForm, RenameForm, RetireForm, done_by
from recommendations.forms.typed import sends
from recommendations.text.spans import cut
from recommendations.views.access import needs_role
from recommendations.views.lookup import recommendation_or_404

DONE = {
    "add": (AskForm, _("The ask is added. The status stays the same until somebody assesses it.")),
    "rename": (RenameForm, _("The title and nature of the ask are saved.")),
    "retire": (RetireForm, _("The ask is retired. Its updates remain in the history.")),
}


@sends(add=AskForm, rename=RenameForm, retire=RetireForm)
@needs_role(Role.REVIEWER)
@require_http_methods(["GET", "HEAD", "POST"])
def asks(request, reference):
    """Show the text with the words of each ask, and let reviewers split, rename and retire.

    Several small forms on one page: ``act`` says which was sent, ``ask`` about which one.
    """
    recommendation = recommendation_or_404(request.user, reference)
    everything = list(recommendation.asks.visible_to(request.user).select_related("created_by"))
    sent, act, number = None, request.POST.get("act"), request.POST.get("ask", "")
    if act in DONE:
        form, done = DONE[act]
        about = recommendation if act == "add" else _named(everything, number)
        sent = form(request.POST, prefix=_prefix(act, number))
        if done_by(sent, about, actor=request.user, now=timezone.now()):
            messages.success(request, done)
            return redirect("recommendation-asks", reference=reference)
    for ask in everything:
        ask.recommendation = recommendation
        ask.forms = {
            name: _form(name, str(ask.position), sent, initial={"title": ask.title, "nature": ask.nature})
            for name in ("rename", "retire")
        }
    live = [ask for ask in everything if not ask.retired_at]
    context = {
        "recommendation": recommendation,
        "pieces": cut(recommendation.text, live),
        "asks": live,
        "retired": [ask for ask in everything if ask.retired_at],
        "sent": sent,
        "form": _form("add", "", sent),
        "current_report": recommendation.report,
    }
    return render(request, "recommendations/asks.html", context)


def _prefix(act, number):
    return f"{act}-{number}" if number else act


def _form(act, number, sent, initial=None):
    """Return a form of the page: the one that was sent with what was typed, the others fresh."""
    prefix = _prefix(act, number)
    if sent is not None and sent.prefix == prefix:
        return sent
    return DONE[act][0](prefix=prefix, initial=initial)


def _named(asks, number):
    """Return the ask of this number among those of the page."""
    for ask in asks:
        if str(ask.position) == number:
            return ask
    raise Http404
