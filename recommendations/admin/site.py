"""The desk: Django's admin site, open to reviewers and managers; its start page is the reviewer's desk."""

from functools import wraps

from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from recommendations.accounts import oversight
from recommendations.selectors import list_queries
from recommendations.selectors.dashboard import dashboard, others_followed
from recommendations.selectors.desk import desk
from recommendations.services.evidence import verification

# In the order of the work; everything else is behind it.
EVERYDAY = [
    "Recommendation",
    "StatusUpdate",
    "Review",
    "Evidence",
    "Report",
    "User",
    "Grant",
    "Mail",
    "Event",
]


def _accounts(person):
    """Return what the reader's own account keeps them from, and what they may confirm as a manager."""
    in_doubt = oversight.in_doubt().exclude(by=person) if person.is_manager else []
    return {"doubts": oversight.doubts_of(person), "in_doubt": in_doubt}


class DeskSite(AdminSite):
    """The admin site: one way to sign in, no shortcut to rows that are not to be seen, no deletions."""

    site_title = _("Desk")
    site_header = _("Desk")
    index_title = _("Desk")
    site_url = "/"
    index_template = "admin/desk.html"
    empty_value_display = "–"
    # The way back is in the head of every page; lists need the width.
    enable_nav_sidebar = False

    def __init__(self, name="admin"):
        super().__init__(name)
        self.disable_action("delete_selected")

    def get_urls(self):
        """Leave out the shortcut by content type and number: it answers for rows without ``visible_to``."""
        return [pattern for pattern in super().get_urls() if getattr(pattern, "name", "") != "view_on_site"]

    def get_app_list(self, request, app_label=None):
        """Put the tracker's own nouns first.

        Django asks three times for one page, and each answer asks every noun for its rights.
        """
        kept = request.__dict__.setdefault("app_lists", {})
        if app_label not in kept:
            kept[app_label] = sorted(
                super().get_app_list(request, app_label),
                key=lambda app: app["app_label"] != "recommendations",
            )
        return kept[app_label]

    def admin_view(self, view, cacheable=False):
        """Say at once to a signed-in person of another role that the desk is not theirs."""
        opened = super().admin_view(view, cacheable)

        @wraps(opened)
        def guarded(request, *args, **kwargs):
            if request.user.is_authenticated and not self.has_permission(request):
                raise PermissionDenied
            return opened(request, *args, **kwargs)

        return guarded

    def index(self, request, extra_context=None):
        """Show the desk, and below it everything else there is."""
        person, now, slug = request.user, timezone.now(), request.GET.get("report")
        today = person.today(now)
        reports = list_queries.report_choices(person, slug)
        report = list_queries.chosen_of(reports, slug)
        if slug and report is None:
            raise Http404
        shown = desk(person, now)
        context = {
            "desk": shown,
            "accounts": _accounts(person) if shown.health.in_doubt else {},
            "board": dashboard(person, report, today),
            "others": others_followed(reports, report, person, today),
            "now": now,
            "evidence_state": verification.state(user=request.user, now=now),
            "today": today,
            "address": reverse("recommendation-list"),
            "current_report": report,
            "several_reports": len(reports) > 1,
            "report_choices": list_queries.switch(reports, report, reverse("admin:index")),
            **self._nouns(request),
            **(extra_context or {}),
        }
        return super().index(request, context)

    def _nouns(self, request):
        """Part what people work with from the machinery behind it, which is for looking into a fault."""
        listed = [
            model for app in self.get_app_list(request) for model in app["models"] if model["admin_url"]
        ]
        by_name = {model["object_name"]: model for model in listed}
        return {
            "everyday": [by_name.pop(name) for name in EVERYDAY if name in by_name],
            "machinery": list(by_name.values()),
        }

    @method_decorator(never_cache)
    @method_decorator(login_not_required)
    def login(self, request, extra_context=None):
        """Send to the one sign-in page; who is signed in and lands here is in a role without a desk."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))

    def password_change(self, request, extra_context=None):
        """Send to the one page where a password is changed."""
        return redirect("password_change")

    def password_change_done(self, request, extra_context=None):
        """Send to the one page where a password is changed."""
        return redirect("password_change")
