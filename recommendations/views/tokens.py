"""A person's own tokens of the API: making one, which is shown once, and revoking it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from recommendations.choices import ApiLevel, Role
from recommendations.errors import Refused
from recommendations.forms.tokens import TokenForm
from recommendations.forms.typed import sends
from recommendations.models import ApiToken
from recommendations.services import tokens as service
from recommendations.views.access import needs_role
from recommendations.views.confirming import ask, is_confirmed


@sends(TokenForm)
@needs_role(Role.VIEWER)
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request):
    """List one's own tokens, and make one; it is in no message, no session and no log."""
    person, now = request.user, timezone.now()
    form = TokenForm(request.POST if request.method == "POST" else None)
    made = secret = None
    if request.method == "POST" and form.is_valid():
        try:
            given = dict(form.cleaned_data)
            level = ApiLevel(given.pop("reads"))
            made, secret = service.make(person=person, level=level, now=now, **given)
        except ValidationError as error:
            form.add_error(None, error)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("tokens")
        else:
            form = TokenForm()
    own = ApiToken.objects.filter(person=person).select_related("revoked_by")
    live = own.live(now)
    context = {
        "form": form,
        "made": made,
        "secret": secret,
        "live": live,
        "ended": own.exclude(pk__in=live.values("pk"))[:20],
    }
    answer = render(request, "recommendations/tokens.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


@needs_role(Role.VIEWER)
@require_POST
def revoke(request, key):
    """Revoke one of one's own tokens, after asking once."""
    token = get_object_or_404(ApiToken, key=key, person=request.user)
    if not is_confirmed(request):
        return ask(
            request,
            title=_("Revoke “%(name)s”?") % {"name": token.name},
            sentences=[
                _("What reads with this token is refused from then on. A revoked token cannot be used again.")
            ],
            button=_("Revoke"),
            back=reverse("tokens"),
            keep=_("Cancel"),
        )
    service.revoke(token=token, actor=request.user, now=timezone.now())
    messages.success(request, _("“%(name)s” is revoked.") % {"name": token.name})
    return redirect("tokens")
