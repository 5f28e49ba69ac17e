"""What every part of the desk guarantees: permissions by role, rows by ``visible_to``, nothing deleted."""

import json
from typing import Any

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.http import Http404, HttpResponseRedirect
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from recommendations.choices import Role
from recommendations.errors import Refused
from recommendations.rules.conflicts import EditConflict

# Figures of the longest number that a database takes.
LONGEST_ID = 19


class ByRole:
    """Rows by who sees them, and permissions by role instead of by Django's table of permissions."""

    see_role: Role = Role.REVIEWER
    change_role: Role | None = None
    add_role: Role | None = None

    def get_queryset(self, request):
        """Every door of the admin (list, page, history, search, popup) reads its rows here."""
        rows: Any = super().get_queryset(request)  # type: ignore[misc]
        return rows.visible_to(request.user)

    def has_view_permission(self, request, obj=None):
        return request.user.has_role(self.see_role)

    def has_change_permission(self, request, obj=None):
        return bool(self.change_role) and request.user.has_role(self.change_role)

    def has_add_permission(self, request, obj=None):
        return bool(self.add_role) and request.user.has_role(self.add_role)

    def has_delete_permission(self, request, obj=None):
        """Nothing is deleted: what was is corrected, archived, withdrawn or redacted by its service."""
        return False


class DeskAdmin(ByRole, admin.ModelAdmin):
    """One noun on the desk, read-only unless a subclass says who changes it and through which service."""

    list_per_page = 50
    show_full_result_count = False
    save_on_top = False

    def has_module_permission(self, request):
        return request.user.has_role(self.see_role)

    def changelist_view(self, request, extra_context=None):
        """Head a list with what is in it; refuse a choice of rows that no list offers."""
        chosen = request.POST.getlist(ACTION_CHECKBOX_NAME)
        if not all(pk.isascii() and pk.isdecimal() and len(pk) < LONGEST_ID for pk in chosen):
            raise BadRequest("The chosen rows have to be named by their numbers.")
        title = {"title": capfirst(self.opts.verbose_name_plural)}
        return super().changelist_view(request, {**title, **(extra_context or {})})

    def get_view_on_site_url(self, obj=None):
        """Return the row's page on the site; there is no shortcut by content type here (``DeskSite``)."""
        return obj.get_absolute_url() if obj and hasattr(obj, "get_absolute_url") else None

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Leave out the buttons beside a picker: people are added on their own page, where it says how."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field

    def lookup_allowed(self, lookup, value, request):
        """Answer the filters that are offered, and no other.

        Django answers any field of the row and whether related rows exist, which would tell of hidden ones.
        """
        name, _separator, rest = lookup.partition("__")
        # A pattern that the database cannot read would end in an error, and a slow one in a long wait.
        is_pattern = rest.rpartition("__")[2] in ("regex", "iregex")
        offered = name in self._offered(request) and not is_pattern
        return offered and super().lookup_allowed(lookup, value, request)

    def _offered(self, request):
        """Return the names that a filter in the address may begin with."""
        names = {self.opts.pk.name, "pk", (self.date_hierarchy or "").partition("__")[0]}
        for offered in self.get_list_filter(request):
            path: Any = offered[0] if isinstance(offered, tuple) else offered
            names.add(path.partition("__")[0] if isinstance(path, str) else path.parameter_name)
        return names

    def history_view(self, request, object_id, extra_context=None):
        """Ask for the role first: whether a row is there is told to nobody who cannot see its kind."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return super().history_view(request, object_id, extra_context)

    def get_form(self, request, obj=None, change=False, **kwargs):
        """Return the form; where a service found that two people changed the same, with both versions."""
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.conflict = request.__dict__.get("edit_conflict")
        return form

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Tell what a service refuses; the transaction around the form has undone everything then."""
        again = super().changeform_view
        try:
            return again(request, object_id, form_url, extra_context)
        except EditConflict as conflict:
            request.edit_conflict = conflict
            return again(request, object_id, form_url, extra_context)
        except Refused as refusal:
            self.message_user(request, str(refusal), "error")
        except ValidationError as error:
            for message in error.messages:
                self.message_user(request, message, "error")
        return HttpResponseRedirect(request.get_full_path())

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        """A row that may not be seen is not found, as on every other page (docs/domain.md, "Sensitivity")."""
        raise Http404(_("Page not found."))

    def log_addition(self, request, obj, message):
        """Record who added what, by number."""
        return self._log(request, obj, ADDITION, message)

    def log_change(self, request, obj, message):
        """Record who changed what, by number."""
        return self._log(request, obj, CHANGE, message)

    def _log(self, request, obj, flag, message):
        """Write the admin's log without the row's title, which may be restricted: the log is read apart."""
        content_type = ContentType.objects.get_for_model(obj)
        entry = LogEntry(
            user=request.user,
            content_type=content_type,
            object_id=obj.pk,
            object_repr=f"{self.opts.verbose_name} {obj.pk}"[:200],
            action_flag=flag,
        )
        entry.change_message = message if isinstance(message, str) else json.dumps(message)
        entry.save()
        return entry


class VisibleInline(ByRole, admin.TabularInline):
    """Rows that belong to one page, shown there and changed nowhere."""

    template = "admin/visible_rows.html"
    extra = 0
    can_delete = False
    show_change_link = False
