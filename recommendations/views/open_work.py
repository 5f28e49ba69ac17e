"""What is open on a report, before or after it is closed: finished, moved to the next one, withdrawn."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.shortcuts import render as page
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from recommendations.choices import OPEN_STATES, Role, UpdateState
from recommendations.models import StatusUpdate
from recommendations.selectors import open_work as found
from recommendations.services import open_work as service
from recommendations.text.keys import uuid_or_none
from recommendations.views.access import needs_role
from recommendations.views.confirming import ask, is_confirmed
from recommendations.views.lookup import report_or_404

# More are not on any page; whoever posts more is no browser.
MOST = 500
# Of what was moved at once; the pages of the recommendations have all of it.
MOST_NAMED = 10


@needs_role(Role.CONTRIBUTOR)
@require_http_methods(["GET", "HEAD", "POST"])
def open_work(request, slug):
    """Show what is open on a report and the person can act on; move or withdraw some of it, or all."""
    report = report_or_404(request.user, slug)
    if request.method == "POST":
        return _done(request, report)
    work = found.open_work(report, request.user, timezone.now())
    context = {"report": report, "current_report": report, "work": work, "movable": found.movable(work)}
    return page(request, "reports/open_work.html", context)


def _done(request, report):
    """Do what was pressed, to the updates whose keys came with it."""
    act, back = request.POST.get("act"), _back(request, report)
    if act not in ACTS:
        raise Http404
    keys = {uuid_or_none(key) for key in request.POST.getlist("key")[:MOST]} - {None}
    rows = StatusUpdate.objects.visible_to(request.user).filter(recommendation__report=report, key__in=keys)
    chosen = rows.filter(found.open_of_all(request.user))
    if not is_confirmed(request) and (question := ASKS[act](request, chosen, back)):
        return question
    done = ACTS[act](updates=list(chosen), actor=request.user, now=timezone.now())
    SAYS[act](request, done)
    return redirect(back)


def _back(request, report):
    is_closing = request.POST.get("from") == "close" and request.user.is_manager and report.is_followed
    return reverse("report-close" if is_closing else "open-work", args=[report.slug])


def _ask_withdraw(request, rows, back):
    """Return the page that asks before updates are withdrawn; None where there are none."""
    chosen = list(rows.select_related("recommendation", "author"))
    if not (number := len(chosen)):
        return None
    title = ngettext("Withdraw this update?", "Withdraw these %(n)s updates?", number) % {"n": number}
    about = [(one.recommendation, one.author) for one in chosen]
    named = [f"{what.reference} · {what.short_title}, {author}" for what, author in about]
    stays = _("What is withdrawn stays on record and can still be read by its author, but has no effect.")
    others = [one for one in chosen if one.author_id != request.user.pk]
    sentences = [*named, stays, *_told(others)]
    return ask(request, title=title, sentences=sentences, button=_("Withdraw"), back=back, keep=_("Cancel"))


def _ask_move(request, rows, back):
    """Return the page that asks before updates of others are moved; None where all are one's own.

    One's own stay in sight, and each says beforehand what moving changes.
    """
    work = found.judged(rows.order_by("recommendation__position", "pk"), request.user, timezone.now())
    movable = [one for one in work if not one.why_not_moved]
    others = [one for one in movable if not one.is_own]
    if not others:
        return None
    number = len(movable)
    title = ngettext("Move this update?", "Move these %(n)s updates?", number) % {"n": number}
    if number == 1:
        changes = [*others[0].changes, _("%(name)s is told by mail.") % {"name": others[0].update.author}]
    else:
        changes = [*_become_drafts(others), *_told(others)]
    sentences = [*map(_from_to, movable), *changes]
    button, keep = _("Move"), _("Cancel")
    return ask(
        request, title=title, sentences=sentences, button=button, back=back, keep=keep, style="primary"
    )


def _become_drafts(others):
    """Return what is said of the updates of others that wait for review; nothing where none does."""
    if not any(one.update.state == UpdateState.SUBMITTED for one in others):
        return []
    draft = _("What waits for review becomes a draft of its author again.")
    return [draft, _("Only the author can see it, until it is submitted again.")]


def _from_to(one):
    about = one.update.recommendation
    return f"{about.reference} → {one.successor.reference} · {about.short_title}, {one.update.author}"


def _say_moved(request, done):
    """Say what went where, and to whom: what is a draft again has left the sight of whoever moved it."""
    if len(done.done) == 1:
        messages.success(request, _said_of_one(done.done[0]))
    elif done.done:
        messages.success(request, _said_of_many(done.done))
    _say_rest(request, done, "why_not_moved")


def _said_of_one(one):
    ends = _links_of(one)
    if one.is_own:
        return format_html(_("Moved from {earlier} to {later}."), **ends)
    name = one.update.author
    moved = _("The update of {name} was moved from {earlier} to {later}. {name} is told by mail.")
    if one.update.state != UpdateState.DRAFT:
        return format_html(moved, name=name, **ends)
    draft = _("It is a draft of {name} again: only {name} can see it, until it is submitted again.")
    return format_html("{} {}", format_html(moved, name=name, **ends), format_html(draft, name=name))


def _said_of_many(moved):
    said = _("%(n)s updates were moved.") % {"n": len(moved)}
    rows = [{**_links_of(one), "name": one.update.author} for one in moved[:MOST_NAMED]]
    listed = [format_html("{earlier} → {later}, {name}", **row) for row in rows]
    if more := len(moved) - len(listed):
        listed.append(format_html(_("and {n} more"), n=more))
    others = [one for one in moved if not one.is_own]
    drafts = _("What waited for review is a draft of its author again.")
    rest = [drafts] if any(one.update.state == UpdateState.DRAFT for one in others) else []
    return format_html(
        "{} {}. {}", said, format_html_join("; ", "{}", zip(listed)), " ".join([*rest, *_told(others)])
    )


def _links_of(one):
    """Return links to the recommendations that a moved update came from and went to."""
    ends = {"earlier": one.update.brought_from, "later": one.successor}
    return {
        name: format_html('<a href="{}">{}</a>', end.get_absolute_url(), end.reference)
        for name, end in ends.items()
    }


def _told(others):
    """Return what is said of the mails about the updates of others, if there are any."""
    return [_("Authors other than you are told by mail.")] if others else []


def _say_withdrawn(request, done):
    if done.done:
        said = ngettext("Withdrawn. It stays on record.", "%(n)s updates were withdrawn.", len(done.done))
        messages.success(request, said % {"n": len(done.done)})
    _say_rest(request, done, "why_not_withdrawn")


def _say_rest(request, done, why):
    for one in done.left:
        messages.warning(request, f"{one.update.recommendation.reference}: {getattr(one, why)}")
    if not (done.done or done.left):
        messages.info(request, _("Nothing was changed: it is not open any more."))


ACTS = {"move": service.move, "withdraw": service.withdraw}
ASKS = {"move": _ask_move, "withdraw": _ask_withdraw}
SAYS = {"move": _say_moved, "withdraw": _say_withdrawn}


@needs_role(Role.CONTRIBUTOR)
@require_http_methods(["GET", "HEAD", "POST"])
def update_move(request, key):
    """Say what moving an update to the next report changes; move it."""
    rows = StatusUpdate.objects.visible_to(request.user).filter(found.open_of_all(request.user))
    update = get_object_or_404(
        rows.select_related("recommendation", "author"), key=key, state__in=OPEN_STATES
    )
    if request.method == "POST":
        done = service.move(updates=[update], actor=request.user, now=timezone.now())
        _say_moved(request, done)
        is_seen = StatusUpdate.objects.visible_to(request.user).filter(pk=update.pk).exists()
        return redirect(update if is_seen else "home")
    one = found.judged(rows.filter(pk=update.pk), request.user, timezone.now())[0]
    if one.why_not_moved or one.successor is None:
        messages.info(request, one.why_not_moved)
        return redirect(update)
    keeps = _("Its words, its places and the evidence that it cites stay.")
    dated = _(
        "Look at its date before you submit it: it cannot be before the days that the later report covers."
    )
    told = [] if one.is_own else [_("%(name)s is told by mail.") % {"name": update.author}]
    about = {"reference": one.successor.reference, "title": one.successor.short_title}
    return ask(
        request,
        title=_("Move this update to %(reference)s, “%(title)s”?") % about,
        sentences=[*one.changes, *told, keeps, dated],
        button=_("Move"),
        back=update.get_absolute_url(),
        keep=_("Cancel"),
        style="primary",
    )
