"""Editions: the list of a report's, one of them, and the form by which managers freeze another."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from recommendations.choices import Role
from recommendations.forms.reports import EditionForm
from recommendations.forms.typed import sends
from recommendations.models import Edition
from recommendations.selectors.as_of import corrections_after
from recommendations.selectors.editions import digest, edition_for
from recommendations.selectors.editions_outside import corrections_outside, outside_view
from recommendations.services.editions import as_it_stood, freeze
from recommendations.views.confirming import ask, is_confirmed
from recommendations.views.lookup import report_or_404


@sends(EditionForm)
@require_http_methods(["GET", "HEAD", "POST"])
def edition_list(request, slug):
    """List the editions of a report; let managers freeze another."""
    person, now = request.user, timezone.now()
    report = report_or_404(person, slug)
    if request.method == "POST" and not person.has_role(Role.MANAGER):
        raise PermissionDenied
    form = EditionForm(request.POST or None, initial={"as_of": person.today(now)})
    if request.method == "POST" and form.is_valid():
        try:
            if not is_confirmed(request):
                return _ask(request, report, now=now, **form.cleaned_data)
            edition = freeze(report=report, actor=person, now=now, **form.cleaned_data)
        except ValidationError as problems:
            form.add_error(None, problems)
        else:
            messages.success(request, _("The edition is frozen. This is its permanent address."))
            return redirect(edition)
    editions = Edition.objects.visible_to(person).filter(report=report).defer("content")
    context = {
        "report": report,
        "editions": editions.select_related("frozen_by"),
        "form": form,
        "current_report": report,
    }
    return render(request, "reports/editions.html", context)


def _ask(request, report, *, name, as_of, now):
    """Say what will be frozen, and that it stays. Raises: ValidationError for a day that cannot be frozen."""
    _known_until, content = as_it_stood(report=report, actor=request.user, as_of=as_of, now=now)
    words = ngettext(
        "%(report)s, as it stood on %(day)s: %(n)s recommendation, its status, and the public and "
        "internal text of its update. It contains nothing of what is restricted.",
        "%(report)s, as it stood on %(day)s: %(n)s recommendations, their statuses, and the public "
        "and internal text of their updates. It contains nothing of what is restricted.",
        number := len(content["recommendations"]),
    )
    return ask(
        request,
        title=_("Freeze “%(name)s”?") % {"name": name},
        sentences=[
            words % {"report": report, "day": date_format(as_of, "j M Y"), "n": number},
            _("Every member of the team can read it, now and later. Nothing is sent outside."),
            _(
                "It is permanent: nobody can change or delete it, not even you. Later corrections "
                "are listed on it."
            ),
        ],
        button=_("Freeze"),
        back=reverse("edition-list", args=[report.slug]),
        keep=_("Cancel"),
    )


@require_safe
def edition_detail(request, slug, number):
    """Show an edition, whether it is what was frozen, and what was corrected since."""
    person = request.user
    report = report_or_404(person, slug)
    edition = Edition.objects.visible_to(person).filter(report=report, number=number).first()
    if edition is None:
        raise Http404
    only_public = request.GET.get("level") == "public"
    context = {
        "report": report,
        "edition": edition,
        "is_whole": digest(edition.content) == edition.sha256,
        "only_public": only_public,
        "current_report": report,
    }
    if only_public:
        context |= {"rows": outside_view(edition), "corrections": corrections_outside(edition)}
    else:
        context["recommendations"] = edition_for(edition, person)
        context["corrections"] = corrections_after(report, edition.known_until, person)
    return render(request, "reports/edition.html", context)
