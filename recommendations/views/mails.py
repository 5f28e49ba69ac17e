"""The digests that were sent, the preview of one, a person's own mails, and the page that ends mails."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from recommendations.choices import MailKind, Role
from recommendations.errors import Refused
from recommendations.models import Mail, Report, User
from recommendations.services import mail_choices
from recommendations.services.mail import digests
from recommendations.views.mailbody import body_for_page

PAGE_SIZE = 25


@require_safe
def digest_list(request):
    """List the digests that went out to the reader; a manager's list: to everybody, and previews."""
    mails = Mail.objects.visible_to(request.user).filter(kind=MailKind.DIGEST).readable_again()
    mails = mails.select_related("recipient")
    chosen = Prefetch(
        "digest_reports", queryset=Report.objects.filter(closed_at=None).defer("source_bytes", "text")
    )
    readers = User.objects.digest_readers().prefetch_related(chosen) if request.user.is_manager else []
    page = Paginator(mails, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "mail_pages/digest_list.html",
        {"page": page, "readers": readers},
    )


@require_safe
def digest_detail(request, pk):
    """Show a digest as it was sent; of somebody else's, what a manager may read of it."""
    mails = Mail.objects.visible_to(request.user).filter(kind=MailKind.DIGEST).readable_again()
    mail = get_object_or_404(mails.select_related("recipient", "words"), pk=pk)
    context = {"mail": mail, "body": body_for_page(mail.html_for(request.user))}
    return render(request, "mail_pages/digest_detail.html", context)


@require_safe
@never_cache
def digest_preview(request, reader):
    """Show a manager the digest that a reader would be sent now; nothing is written or sent."""
    if not request.user.is_manager:
        raise Http404
    person = get_object_or_404(User.objects.digest_readers().with_rank(), pk=reader)
    letter = digests.preview(reader=person, manager=request.user, now=timezone.now())
    context = {"reader": person, "letter": letter, "body": body_for_page(letter.html)}
    return render(request, "mail_pages/digest_preview.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def digest_now(request):
    """Show a reader what their digest would say now; sent when they press for it."""
    if not request.user.has_role(Role.VIEWER):
        raise Http404
    now = timezone.now()
    if request.method == "POST":
        try:
            mail = digests.send_now(reader=request.user, now=now)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("digest-now")
        words = _("“%(subject)s” will be sent to %(address)s within a few minutes.")
        messages.success(request, words % {"subject": mail.subject, "address": request.user.email})
        return redirect("my-mails")
    letter, why_not = digests.preview_own(reader=request.user, now=now)
    context = {"letter": letter, "why_not": why_not, "body": body_for_page(letter.html)}
    return render(request, "mail_pages/digest_now.html", context)


@require_safe
def my_mails(request):
    """List what was sent to the reader and why, or why not, newest first; nobody else's, whatever the role.

    A digest that went out can be read again; one that was held back may name what is closed by now.
    """
    mails = Mail.objects.visible_to(request.user).filter(recipient=request.user)
    again = Mail.objects.filter(kind=MailKind.DIGEST, pk=OuterRef("pk")).readable_again()
    mails = mails.annotate(can_be_read=Exists(again))
    page = Paginator(mails, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "mail_pages/my_mails.html", {"page": page, "now": timezone.now()})


@require_POST
def mail_me_again(request):
    """Send mails again to the reader's own address, which had refused them."""
    if mail_choices.trust_address(actor=request.user, person=request.user):
        messages.success(request, _("Mails are sent to %(address)s again.") % {"address": request.user.email})
    # An outside partner has no list of mails here.
    return redirect("settings" if request.user.is_partner else "my-mails")


@csrf_exempt
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request, token):
    """End one kind of mail for the bearer of a token.

    GET only asks, since mail scanners open every link; POST does it without sign-in, cookie or redirect,
    as mail programs do it (RFC 8058). Done twice it is done.
    """
    ticket = mail_choices.find_unsubscribe_token(token=token)
    if ticket is None:
        return render(request, "mail_pages/unsubscribe.html", {"unknown": True}, status=404)
    done = request.method == "POST"
    if done:
        mail_choices.unsubscribe(ticket=ticket)
        if "List-Unsubscribe" in request.POST:
            return HttpResponse("Done.\n", content_type="text/plain")
    return render(
        request,
        "mail_pages/unsubscribe.html",
        {"kind": MailKind(ticket.kind), "done": done or mail_choices.is_unsubscribed(ticket=ticket)},
    )
