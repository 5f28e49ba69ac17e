"""What is said of the organisation on files and pages that leave the tracker; managers write it."""

import io

from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from recommendations.choices import Role
from recommendations.forms.organisation import OrganisationForm
from recommendations.forms.typed import sends
from recommendations.models.organisation import ours
from recommendations.rules.conflicts import EditConflict
from recommendations.services.organisation import NO_LOGO, keep
from recommendations.views.access import needs_role
from recommendations.views.attachments import guarded


@sends(OrganisationForm)
@needs_role(Role.MANAGER)
@require_http_methods(["GET", "HEAD", "POST"])
def organisation(request):
    """Show what is said of the organisation in a form, and save what a manager changes."""
    held = ours()
    form = OrganisationForm(request.POST or None, request.FILES or None, organisation=held)
    if request.method == "POST" and form.is_valid() and _kept(request, form):
        messages.success(request, _("What is said of the organisation is saved."))
        return redirect("organisation")
    return render(request, "recommendations/organisation.html", {"form": form, "organisation": held})


def _kept(request, form):
    """Save what was typed. Returns: whether it was saved; if not, the form says why."""
    given = dict(form.cleaned_data)
    if given.pop("without_logo", False):
        given["logo"] = given["logo"] or NO_LOGO
    try:
        keep(actor=request.user, now=timezone.now(), **given)
    except EditConflict as conflict:
        form.show_conflict(conflict)
    return form.is_valid()


@needs_role(Role.MANAGER)
@require_safe
def logo(request):
    """Show the logo, which was drawn here."""
    held = ours()
    if not held.logo:
        raise Http404
    response = FileResponse(io.BytesIO(held.logo), filename="logo", content_type=held.logo_type)
    return guarded(request, response)
