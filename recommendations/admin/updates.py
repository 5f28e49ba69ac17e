"""Updates for reading, and the two decisions; what belongs to an update is seen with it."""

import json

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from recommendations.admin.base import DeskAdmin, VisibleInline
from recommendations.choices import Decision, Role, UpdateState
from recommendations.choices.update_fields import FIELDS, Place, Shape, arranged, listed_at
from recommendations.errors import Refused
from recommendations.forms.desk import ReturnForm
from recommendations.models import Citation, Evidence, PlaceLooked, Review, StatusUpdate, UpdateVersion
from recommendations.services import reviews

# What a person can still read before deciding on all of it.
MOST_AT_ONCE = 50
WORDS = [field for field in FIELDS if field.shape not in (Shape.ASK, Shape.ROWS)]


class CitationInline(VisibleInline):
    """The evidence that the reader may see."""

    model = Citation
    fields = ["evidence", "stance", "locator"]


class PlaceInline(VisibleInline):
    """Where the author looked."""

    model = PlaceLooked
    fields = ["place", "looked_on"]


class ReviewInline(VisibleInline):
    """What was decided."""

    model = Review
    fields = ["version", "reviewer", "decision", "comment", "remarks", "decided_at"]


@admin.register(StatusUpdate)
class StatusUpdateAdmin(DeskAdmin):
    """Every update that the reader may see; nothing is edited here, decisions go through their service."""

    list_display = [
        "recommendation",
        "kind",
        "state",
        "status",
        "as_of",
        "author",
        "submitted_at",
        "approved_at",
        "sensitivity",
    ]
    list_filter = [
        "state",
        "kind",
        "status",
        "sensitivity",
        ("author", admin.RelatedOnlyFieldListFilter),
        ("recommendation__report", admin.RelatedOnlyFieldListFilter),
    ]
    search_fields = [
        "recommendation__reference",
        "recommendation__short_title",
        "author__name",
        *(field.name for field in listed_at(Place.DESK_SEARCH)),
    ]
    date_hierarchy = "as_of"
    list_select_related = ["recommendation", "author"]
    inlines = [PlaceInline, CitationInline, ReviewInline]
    actions = ["approve", "send_back"]
    fields = [
        "recommendation",
        "ask",
        "kind",
        "state",
        "author",
        *(field.name for field in arranged(WORDS, first=("as_of",), last=("sensitivity",))),
        "created_at",
        "changed_at",
        "submitted_at",
        "returned_at",
        "approved_at",
        "approved_by",
        "taken_by",
        "taken_at",
    ]

    def get_view_on_site_url(self, obj=None):
        """Return the page where the update is read: the review page while it waits."""
        if obj and obj.state == UpdateState.SUBMITTED:
            return reverse("review", args=[obj.key])
        return super().get_view_on_site_url(obj)

    @admin.action(description=gettext_lazy("Approve…"))
    def approve(self, request, queryset):
        """Show what would be approved; on the second press approve each of them by itself."""
        return self._decide(request, queryset, Decision.APPROVE)

    @admin.action(description=gettext_lazy("Return to the authors…"))
    def send_back(self, request, queryset):
        """Ask for the comment, then return each of them by itself."""
        return self._decide(request, queryset, Decision.RETURN)

    def _decide(self, request, queryset, decision):
        if "confirmed" in request.POST:
            # What was listed counts, not what the list's filters leave after somebody else was faster.
            queryset = self.get_queryset(request).filter(pk__in=request.POST.getlist(ACTION_CHECKBOX_NAME))
        updates = list(queryset.select_related("recommendation", "author", "ask")[: MOST_AT_ONCE + 1])
        if len(updates) > MOST_AT_ONCE:
            words = _("Choose at most %(n)s at once: you have to read each of them.") % {"n": MOST_AT_ONCE}
            self.message_user(request, words, "error")
            return None
        form = ReturnForm(request.POST if "confirmed" in request.POST else None)
        if "confirmed" in request.POST and (decision == Decision.APPROVE or form.is_valid()):
            self._report(request, [self._one(request, update, decision) for update in updates], decision)
            return None
        return self._ask(request, updates, decision, form)

    def _one(self, request, update, decision):
        """Decide on one update; return (update, sentence), the sentence being why not, or empty."""
        seen = request.POST.get(f"version-{update.pk}", "")
        try:
            reviews.decide(
                update=update,
                reviewer=request.user,
                decision=decision,
                comment=request.POST.get("comment", ""),
                seen_version=int(seen) if seen.isdecimal() else 0,
                now=timezone.now(),
            )
        except Refused as refusal:
            return update, str(refusal)
        except ValidationError as error:
            return update, " ".join(error.messages)
        return update, ""

    def _report(self, request, results, decision):
        """Say for each update what became of it."""
        for update, why_not in results:
            words = {"what": update.recommendation, "update": update, "why": why_not}
            if why_not:
                self.message_user(request, _("%(what)s, %(update)s: not done. %(why)s") % words, "error")
            elif decision == Decision.APPROVE:
                self.message_user(request, _("%(what)s, %(update)s: approved.") % words, "success")
            else:
                self.message_user(request, _("%(what)s, %(update)s: returned.") % words, "success")

    def _ask(self, request, updates, decision, form):
        """Show each chosen update with what it would change, or why it cannot be decided on."""
        approving = decision == Decision.APPROVE
        for update in updates:
            update.why_not = reviews.reason_not_to_decide(
                update=update, reviewer=request.user, decision=decision, now=timezone.now()
            )
            update.version = update.versions.last()
        ready = [update for update in updates if not update.why_not]
        title = (
            ngettext("Approve %(n)s update", "Approve %(n)s updates", len(ready))
            if approving
            else ngettext("Return %(n)s update", "Return %(n)s updates", len(ready))
        )
        context = {
            **self.admin_site.each_context(request),
            "title": title % {"n": len(ready)},
            "opts": self.opts,
            "ready": ready,
            "others": [update for update in updates if update.why_not],
            "form": None if approving else form,
            "action": "approve" if approving else "send_back",
            "checkbox": ACTION_CHECKBOX_NAME,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/recommendations/statusupdate/decide.html", context)


@admin.register(PlaceLooked)
class PlaceLookedAdmin(DeskAdmin):
    """Where authors looked, and when."""

    list_display = ["place", "looked_on", "update"]
    search_fields = ["place", "update__recommendation__reference"]
    date_hierarchy = "looked_on"
    list_filter = [("update__recommendation__report", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["update"]


@admin.register(UpdateVersion)
class UpdateVersionAdmin(DeskAdmin):
    """The words of updates as they were submitted."""

    list_display = ["update", "number", "submitted_at"]
    search_fields = ["update__recommendation__reference", "update__author__name"]
    date_hierarchy = "submitted_at"
    list_filter = [("update__author", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["update"]
    fields = ["update", "number", "submitted_at", "words"]

    def get_object(self, request, object_id, from_field=None):
        """Return the version with its words, without citations of items that the reader may not see."""
        version = super().get_object(request, object_id, from_field)
        if version:
            cited = version.content.get("citations", [])
            items = Evidence.objects.visible_to(request.user).filter(pk__in=[row[0] for row in cited])
            seen = set(items.values_list("pk", flat=True))
            version.words_to_show = {**version.content, "citations": [row for row in cited if row[0] in seen]}
        return version

    @admin.display(description=gettext_lazy("text"))
    def words(self, version):
        """Return all that was submitted, by field."""
        return json.dumps(version.words_to_show, ensure_ascii=False, indent=1)


@admin.register(Review)
class ReviewAdmin(DeskAdmin):
    """What reviewers decided."""

    see_role = Role.REVIEWER
    list_display = ["update", "version", "decision", "reviewer", "decided_at"]
    list_filter = ["decision", ("reviewer", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["update__recommendation__reference", "reviewer__name", "comment"]
    date_hierarchy = "decided_at"
    list_select_related = ["update", "version", "reviewer"]
