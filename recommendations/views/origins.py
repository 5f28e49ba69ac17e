"""Tying several items to one origin, from the page of an update that cites them."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from recommendations.choices import Role
from recommendations.errors import Refused
from recommendations.forms.evidence import OriginForm
from recommendations.models import Citation, Evidence, StatusUpdate
from recommendations.services import details
from recommendations.views.access import needs_role


@needs_role(Role.CONTRIBUTOR)
@require_http_methods(["GET", "HEAD", "POST"])
def update_origin(request, key):
    """Say of the items of an update, those that the person may change, that they have one origin."""
    person = request.user
    update = get_object_or_404(
        StatusUpdate.objects.visible_to(person).select_related("recommendation"), key=key
    )
    cited = Citation.objects.visible_to(person).filter(update=update).values("evidence")
    seen = Evidence.objects.filter(pk__in=cited).order_by("pk")
    items = [item for item in seen if details.may_change(item, person)]
    form = OriginForm(request.POST or None, items=items)
    if request.method == "POST" and form.is_valid() and _tie(request, form):
        return redirect(update)
    context = {"update": update, "recommendation": update.recommendation, "form": form, "items": items}
    return render(request, "recommendations/origin.html", context)


def _tie(request, form):
    """Write the origin on each chosen item. Returns whether it was done; why not is on the form."""
    chosen, now = form.chosen(), timezone.now()
    try:
        for item in chosen:
            said = {"origin": form.cleaned_data["origin"]}
            details.change(item=item, actor=request.user, details=said, now=now)
    except (Refused, ValidationError) as refused:
        form.add_error(None, str(refused) if isinstance(refused, Refused) else refused)
        return False
    words = ngettext("%(n)s item has this origin now.", "%(n)s items have this origin now.", len(chosen))
    messages.success(request, words % {"n": len(chosen)} + " " + _("They count as one origin."))
    return True
