"""People and their roles, who was locked out, and what was done on the desk: for managers."""

from axes.models import AccessAttempt
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from recommendations.accounts import oversight
from recommendations.admin.base import DeskAdmin
from recommendations.choices import PARTNER, PARTNER_LABEL, Role
from recommendations.errors import Refused
from recommendations.forms.desk import PersonForm
from recommendations.models import ApiToken, User
from recommendations.models.people import RANKS
from recommendations.services import confirming, mail_choices, people, tokens

# The four roles are fixed: what each may do is code, and their names come from a migration.
admin.site.unregister(Group)


class RoleFilter(admin.SimpleListFilter):
    """By highest role."""

    title = gettext_lazy("role")
    parameter_name = "role"

    def lookups(self, request, model_admin):
        return [*Role.choices, (PARTNER, PARTNER_LABEL)]

    def queryset(self, request, queryset):
        if self.value() == PARTNER:
            return queryset.filter(is_partner=True)
        rank = RANKS.get(self.value() or "")
        return queryset.with_rank().filter(rank=rank) if rank else queryset


class MailFilter(admin.SimpleListFilter):
    """By whether the address takes mail."""

    title = gettext_lazy("mail")
    parameter_name = "mail"

    def lookups(self, request, model_admin):
        return [("refused", _("Address refuses mail"))]

    def queryset(self, request, queryset):
        return queryset.filter(bouncing_since__isnull=False) if self.value() == "refused" else queryset


@admin.register(User)
class UserAdmin(DeskAdmin):
    """Adding people, their roles, ending their access, one-time passwords; their settings are their own."""

    see_role = change_role = add_role = Role.MANAGER
    form = PersonForm
    list_display = ["name", "email", "role", "is_active", "last_login"]
    list_filter = [RoleFilter, "is_active", MailFilter]
    search_fields = ["name", "email"]
    readonly_fields = ["date_joined", "last_login", "password_is_temporary", "time_zone"]
    change_form_template = "admin/recommendations/user/change_form.html"

    def get_queryset(self, request):
        """Managers see everybody; the list needs the roles too."""
        rows = User.objects.prefetch_related("groups").order_by("name", "email")
        return rows if request.user.has_role(Role.MANAGER) else rows.none()

    @admin.display(description=gettext_lazy("role"))
    def role(self, person):
        """Return the person's highest role in words."""
        if person.is_partner:
            return PARTNER_LABEL
        names = {group.name for group in person.groups.all()}
        return next((role.label for role in reversed(Role) if role.value in names), _("none"))

    def get_fieldsets(self, request, obj=None):
        """A new person needs three things; the rest comes later."""
        if obj is None:
            return [(None, {"fields": ["name", "email", "role"]})]
        about = ["last_login", "date_joined", "password_is_temporary", "time_zone"]
        return [
            (None, {"fields": ["name", "email", "role", "is_active"]}),
            (gettext_lazy("For information"), {"fields": about}),
        ]

    def get_form(self, request, obj=None, change=False, **kwargs):
        """Return the form, at the person's present role."""
        kwargs["fields"] = ["name", "email", *(["is_active"] if obj else [])]
        form = super().get_form(request, obj, change=change, **kwargs)
        role = form.base_fields["role"]
        role.initial = people.role_of(person=obj) if obj else Role.CONTRIBUTOR
        return form

    def save_model(self, request, obj, form, change):
        """Hand each part to its service; the generated password of a new person rides on the object."""
        given, now = form.cleaned_data, timezone.now()
        about = {"actor": request.user, "now": now}
        if not change:
            person, obj.one_time_password = people.add_person(
                email=given["email"], name=given["name"], role=given["role"], **about
            )
            obj.pk = person.pk
            return
        about["seen"] = given["seen"]
        if {"name", "email"} & set(form.changed_data):
            people.rename(person=obj, email=given["email"], name=given["name"], **about)
        if "role" in form.changed_data:
            people.change_role(person=obj, role=given["role"], **about)
        if "is_active" in form.changed_data:
            people.set_active(person=obj, active=given["is_active"], **about)
            self._tell_what_is_left(request, obj)

    def _tell_what_is_left(self, request, person):
        """Say what a person who left still answers for: nobody is reminded of it."""
        number = person.owned.tracked().count()
        if number and not person.is_active:
            words = ngettext(
                "%(name)s still owns %(n)s recommendation. Name another owner.",
                "%(name)s still owns %(n)s recommendations. Name other owners.",
                number,
            )
            self.message_user(request, words % {"name": person, "n": number}, "warning")

    def save_related(self, request, form, formsets, change):
        """Nothing: roles are set by their service."""

    def response_add(self, request, obj, post_url_continue=None):
        """Show the one-time password, once: it is in no message, no session and no log."""
        return self._show_password(request, obj, obj.one_time_password)

    def get_urls(self):
        """Add the page that gives a one-time password, and the acts that trust an address, or an account."""
        give = self.admin_site.admin_view(self.give_password)
        trust = self.admin_site.admin_view(require_POST(self.trust_address))
        confirm = self.admin_site.admin_view(require_POST(self.confirm_account))
        revoke = self.admin_site.admin_view(require_POST(self.revoke_tokens))
        return [
            path("<int:pk>/tokens/", revoke, name="recommendations_user_tokens"),
            path("<int:pk>/confirm/", confirm, name="recommendations_user_confirm"),
            path("<int:pk>/password/", give, name="recommendations_user_password"),
            path("<int:pk>/mail/", trust, name="recommendations_user_mail"),
            *super().get_urls(),
        ]

    def _person(self, request, pk):
        """Return the person of a page beside the form."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        person = self.get_queryset(request).filter(pk=pk).first()
        if person is None:
            raise Http404(_("Page not found."))
        return person

    def trust_address(self, request, pk):
        """Send mails again to an address that refused them."""
        person = self._person(request, pk)
        if mail_choices.trust_address(actor=request.user, person=person):
            self.log_change(request, person, _("Sent mails to the address again."))
            words = _("Mails are sent to %(address)s again, from the next one on.")
            self.message_user(request, words % {"address": person.email}, "success")
        return redirect(reverse("admin:recommendations_user_change", args=[pk]))

    def revoke_tokens(self, request, pk):
        """Revoke all API tokens of a person."""
        person = self._person(request, pk)
        number = tokens.revoke_all(person=person, actor=request.user, now=timezone.now())
        if number:
            self.log_change(request, person, _("Revoked the API tokens."))
        words = ngettext("%(n)s token is revoked.", "%(n)s tokens are revoked.", number)
        self.message_user(request, words % {"n": number}, "success")
        return redirect(reverse("admin:recommendations_user_change", args=[pk]))

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Show what others did to the account, and whether the reader can confirm that it is its holder's."""
        person = User.objects.filter(pk=object_id).first() if str(object_id).isdecimal() else None
        if person and self.has_view_permission(request):
            changes = list(oversight.open_changes().filter(person=person).select_related("by"))
            why_not = oversight.reason_not_to_confirm(person, request.user)
            can_be_confirmed = oversight.can_be_confirmed(changes)
            said = {"changes": changes, "why_not": why_not, "can_be_confirmed": can_be_confirmed}
            seen = ApiToken.objects.visible_to(request.user)
            said["tokens"] = seen.filter(person=person).live(timezone.now())
            extra_context = {**said, **(extra_context or {})}
        return super().change_view(request, object_id, form_url, extra_context)

    def confirm_account(self, request, pk):
        """Confirm, as a second manager, that an account is its holder's alone."""
        person = self._person(request, pk)
        try:
            makers = confirming.confirm_account(actor=request.user, person=person, now=timezone.now())
        except Refused as refusal:
            self.message_user(request, str(refusal), "error")
        else:
            self.log_change(request, person, _("Confirmed the account."))
            names = ", ".join(str(maker) for maker in makers)
            words = _("Confirmed. %(name)s can now decide on what %(makers)s wrote, too.")
            self.message_user(request, words % {"name": person, "makers": names}, "success")
        return redirect(reverse("admin:recommendations_user_change", args=[pk]))

    def give_password(self, request, pk):
        """Ask first; then give a person a one-time password and show it, once."""
        person = self._person(request, pk)
        if request.method != "POST":
            context = {"title": _("A one-time password for %(name)s") % {"name": person}, "person": person}
            return self._page(request, "admin/recommendations/user/give_password.html", context)
        try:
            password = people.give_password(actor=request.user, person=person, now=timezone.now())
        except Refused as refusal:
            self.message_user(request, str(refusal), "error")
            return redirect(reverse("admin:recommendations_user_change", args=[pk]))
        self.log_change(request, person, _("Gave a one-time password."))
        return self._show_password(request, person, password)

    def _show_password(self, request, person, password):
        title = _("%(name)s can sign in now") % {"name": person}
        context = {"title": title, "person": person, "password": password}
        return self._page(request, "admin/recommendations/user/password.html", context)

    def _page(self, request, template, context):
        request.current_app = self.admin_site.name
        whole = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        answer = TemplateResponse(request, template, whole)
        answer["Cache-Control"] = "no-store"
        return answer


class ManagersAdmin(DeskAdmin):
    """Rows of other applications, which managers read."""

    see_role = Role.MANAGER

    def get_queryset(self, request):
        """Return all rows to managers, none to others."""
        rows = self.model._default_manager.all()
        return rows if request.user.has_role(Role.MANAGER) else rows.none()


@admin.register(LogEntry)
class LogEntryAdmin(ManagersAdmin):
    """What was changed on the desk and by whom; it names rows by number only."""

    list_display = ["action_time", "user", "content_type", "object_repr", "get_change_message"]
    list_filter = ["action_flag", ("user", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["object_repr", "user__name"]
    date_hierarchy = "action_time"
    list_select_related = ["user", "content_type"]


@admin.register(AccessAttempt)
class AccessAttemptAdmin(ManagersAdmin):
    """Who tried to sign in and failed; a one-time password also ends a lock."""

    list_display = ["username", "ip_address", "attempt_time", "failures_since_start", "user_agent"]
    list_filter = ["attempt_time"]
    search_fields = ["username", "ip_address"]
    date_hierarchy = "attempt_time"
    fields = ["username", "ip_address", "attempt_time", "failures_since_start", "user_agent", "path_info"]
