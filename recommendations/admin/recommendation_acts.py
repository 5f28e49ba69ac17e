"""Two acts on several recommendations: naming an owner, and setting a review date."""

from django.contrib import admin
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recommendations.admin.bulk_acts import Act, ActsOnSeveral
from recommendations.errors import Refused
from recommendations.forms.desk import DayForm, OwnerForm
from recommendations.rules.conflicts import fingerprint
from recommendations.services import recommendations as service
from recommendations.services import review_dates


class NameOwner(Act):
    """One owner for all of them; the deputies stay."""

    name, form, most, related = "assign", OwnerForm, 100, ("owner", "deputy")

    def title(self, number):
        return _("Name an owner")

    def describe(self, row, given):
        row.before = str(row.owner or _("nobody"))
        row.after = str(given["owner"] or _("nobody")) if given else ""

    def shown(self, row):
        return fingerprint(row.owner)

    def do(self, row, given, shown):
        about = {"recommendation": row, "actor": self.actor, "now": self.now}
        seen = {"owner": shown} if shown else None
        now_owned = service.assign(owner=given["owner"], seen=seen, **about)
        if now_owned.owner != given["owner"]:
            words = _("%(name)s was named after you opened it, so this was not changed.")
            raise Refused(words % {"name": now_owned.owner or _("Nobody")})


class SetDate(Act):
    """One date, which counts once, for all of them; what was set before stays beside it."""

    name, form, most = "set_date", DayForm, 100

    def title(self, number):
        return _("Set a review date")

    def describe(self, row, given):
        row.before = _("next review %(day)s") % {"day": _day(row.next_review_on)}
        row.after = _("also %(day)s") % {"day": _day(given["day"])} if given else ""

    def do(self, row, given, shown):
        review_dates.add_date(on=given["day"], recommendation=row, actor=self.actor, now=self.now)


def _day(day):
    return date_format(day, "j M Y")


class SetsSeveral(ActsOnSeveral):
    """Recommendations: their owner, or their next review, for several at once."""

    actions = ["assign", "set_date"]

    @admin.action(description=gettext_lazy("Name an owner…"))
    def assign(self, request, queryset):
        """Name one owner for all of them."""
        return self.ask_or_do(request, queryset, NameOwner(request.user))

    @admin.action(description=gettext_lazy("Set a review date…"))
    def set_date(self, request, queryset):
        """Add one date to all of them."""
        return self.ask_or_do(request, queryset, SetDate(request.user))
