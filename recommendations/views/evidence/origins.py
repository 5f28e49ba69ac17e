"""The origins of the evidence, and tying several items to one from the page of an update that cites them."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from recommendations.choices import Role
from recommendations.errors import Refused
from recommendations.forms.evidence import OriginForm
from recommendations.forms.typed import sends
from recommendations.models import Citation, Evidence, StatusUpdate
from recommendations.rules.conflicts import EditConflict
from recommendations.selectors.origins import origins, with_items
from recommendations.services.evidence import details
from recommendations.views.access import needs_role
from recommendations.views.lookup import report_or_404

PAGE_SIZE = 50


@sends(OriginForm)
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
    items = [item for item in seen if details.may_change(item=item, person=person)]
    form = OriginForm(request.POST or None, items=items)
    if request.method == "POST" and form.is_valid() and _tie(request, form):
        return redirect(update)
    context = {"update": update, "recommendation": update.recommendation, "form": form, "items": items}
    return render(request, "evidence/origin.html", context)


def _tie(request, form):
    """Write the origin on each chosen item. Returns whether it was done; why not is on the form."""
    chosen, seen = form.chosen(), form.cleaned_data["seen"]
    about = {"actor": request.user, "now": timezone.now()}
    try:
        details.tie(items=chosen, origin=form.cleaned_data["origin"], seen=seen, **about)
    except EditConflict as conflict:
        form.show_conflict(conflict)
        return False
    except (Refused, ValidationError) as refused:
        form.add_error(None, str(refused) if isinstance(refused, Refused) else refused)
        return False
    words = ngettext("%(n)s item now has this origin.", "%(n)s items now have this origin.", len(chosen))
    messages.success(request, words % {"n": len(chosen)} + " " + _("They count as one origin."))
    return True


@require_safe
def origin_list(request):
    """List the independent origins of the evidence: of all that is followed, or of one report."""
    person, slug = request.user, request.GET.get("report")
    report = report_or_404(person, slug) if slug else None
    page = Paginator(list(origins(person, report).items()), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "report": report,
        "page": page,
        "origins": with_items(page.object_list, person, report),
        "now": timezone.now(),
    }
    return render(request, "evidence/origin_list.html", context)
