"""What people manage for themselves: settings and password."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth import views as auth_views
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from recommendations.forms.people import PartnerForm, SettingsForm
from recommendations.forms.typed import sends
from recommendations.models import User
from recommendations.rules.conflicts import EditConflict
from recommendations.selectors import access_history, mailing
from recommendations.services.own_account import choose_password, keep_settings


@sends(SettingsForm, PartnerForm)
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request):
    """Show and keep a person's own settings, and say in words what they come to."""
    # Another instance than request.user: a name that is refused must not show in the page's head.
    person = User.objects.get(pk=request.user.pk)
    now = timezone.now()
    today = person.today(now)
    kind = PartnerForm if person.is_partner else SettingsForm
    form = kind(request.POST if request.method == "POST" else None, instance=person, today=today)
    if request.method == "POST" and form.is_valid() and _kept(form, request.user, now):
        messages.success(request, _("Your settings are saved."))
        return redirect("settings")
    context = {
        "form": form,
        "digest_words": mailing.digest_words(request.user, now),
        "sign_in_changes": mailing.sign_in_changes(request.user, now),
        "let_in": access_history.told_to(request.user, now),
        "reminder_words": mailing.reminder_words(request.user, today),
    }
    return render(request, "recommendations/settings.html", context)


def _kept(form, person, now):
    """Keep what was chosen. Returns whether it was done; why not is on the form."""
    try:
        keep_settings(person=person, fields=form.given(), seen=form.cleaned_data["seen"], now=now)
    except EditConflict as conflict:
        form.show_conflict(conflict)
    except ValidationError as error:
        form.add_error(None, error)
    return form.is_valid()


class PasswordChange(auth_views.PasswordChangeView):
    """Choosing a password; the page says so where it is the first one of one's own."""

    def form_valid(self, form):
        """Keep the password; other sessions of the person end, this one goes on."""
        try:
            choose_password(person=form.user, password=form.cleaned_data["new_password1"], now=timezone.now())
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)
        update_session_auth_hash(self.request, form.user)
        return HttpResponseRedirect(self.get_success_url())
