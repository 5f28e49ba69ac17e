"""Every form that changes a row, with how its page is opened, what is typed and where it is found again."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from recommendations.choices import UpdateKind
from recommendations.forms import (
    advocacy,
    asks,
    checks,
    desk,
    evidence,
    moments,
    organisation,
    people,
    reports,
    review_dates,
    saved_filters,
    updates,
)
from recommendations.forms import recommendations as settings_of
from recommendations.models import (
    Advocacy,
    Ask,
    DatedReason,
    Evidence,
    Moment,
    Organisation,
    Recommendation,
    Report,
    SavedFilter,
    StatusUpdate,
    User,
)
from tests.support import factories, forms
from tests.support.edited import (
    a_date_before_a_moment,
    a_draft,
    a_moment,
    a_partner,
    a_report,
    a_returned_check,
    a_review_date,
    a_saved_filter,
    an_ask,
    an_entry,
    an_item,
    an_organisation,
    on_the_desk,
    tied,
)


@dataclass
class Case:
    """How one form is opened and sent, and where what it writes is read again.

    ``make`` makes the row and returns (address, what is sent beside the form). ``first`` and ``second`` are
    people of the cast, who open the form at once. Both change ``both``, and each one of ``apart``.
    """

    form: Any
    make: Callable
    get: Callable
    read: Callable
    both: tuple
    apart: tuple = ()
    first: str = "reviewer"
    second: str = "second"
    named: str = ""
    more: dict = field(default_factory=dict)


def sent(form, **changed):
    """Return what a browser would send of a form in which some fields were changed."""
    data = {}
    for bound in form:
        value = changed.get(bound.name, bound.value())
        if hasattr(value, "isoformat"):
            value = value.isoformat()
        if isinstance(value, list | tuple):
            value = [getattr(one, "pk", one) for one in value]
        if value not in (None, False, []):
            data[bound.html_name] = value
    return data


def of_recommendation(name):
    def made(team):
        return reverse("recommendation-settings", args=[factories.report().recommendations.first().reference])

    return {
        "make": made,
        "get": lambda page: page.context["forms"][name],
        "more": {"save": name},
        "read": Recommendation.objects.order_by("pk").first,
    }


def form_of(page):
    return page.context["form"]


def adminform(page):
    return page.context["adminform"].form


ALONE = {"first": "author", "second": "author", "named": "You changed this in another window"}
PLACES = forms.rows("places", {"place": "KCNA", "looked_on": "2024-08-30"})
SETTINGS = {"get": form_of, "both": ("name", "One", "Two"), "apart": ("digest_frequency", "monthly")}
CASES = [
    Case(
        evidence.ChangeForm,
        an_item,
        form_of,
        Evidence.objects.get,
        ("title", "One", "Two"),
        ("source", "KCNA"),
        named="Rita",
    ),
    Case(
        evidence.OriginForm,
        tied,
        form_of,
        Evidence.objects.get,
        ("origin", "One", "Two"),
        named="Rita",
    ),
    Case(
        settings_of.NamesForm,
        both=("short_title", "One", "Two"),
        apart=("pillar", "protection"),
        named="Rita",
        **of_recommendation("names"),
    ),
    Case(
        settings_of.PeopleForm,
        both=("owner", "author", "other"),
        apart=("deputy", "viewer"),
        named="Rita",
        **of_recommendation("people"),
    ),
    Case(
        settings_of.IntervalForm,
        both=("interval_days", 30, 60),
        named="Rita",
        **of_recommendation("interval"),
    ),
    Case(
        review_dates.ChangeDateForm,
        a_review_date,
        form_of,
        DatedReason.objects.get,
        ("what_for", "One", "Two"),
        ("on", "2025-01-01"),
        named="Rita",
    ),
    Case(
        review_dates.WeeksBeforeForm,
        a_date_before_a_moment,
        form_of,
        DatedReason.objects.get,
        ("weeks_before", 2, 4),
        named="Rita",
    ),
    Case(
        asks.RenameForm,
        an_ask,
        lambda page: page.context["asks"][0].forms["rename"],
        Ask.objects.get,
        ("title", "One", "Two"),
        named="Rita",
        more={"act": "rename", "ask": "1"},
    ),
    Case(
        advocacy.AdvocacyForm,
        an_entry,
        form_of,
        Advocacy.objects.get,
        ("subject", "One", "Two"),
        ("counterpart", "The minister"),
        **ALONE,
    ),
    Case(
        moments.MomentForm,
        a_moment,
        form_of,
        Moment.objects.get,
        ("title", "One", "Two"),
        ("note", "In Geneva"),
        first="manager",
        second="mark",
        named="Mina",
    ),
    Case(
        organisation.OrganisationForm,
        an_organisation,
        form_of,
        Organisation.objects.get,
        ("name", "One", "Two"),
        ("contact", "12 Canal Street"),
        first="manager",
        second="mark",
        named="Mina",
    ),
    Case(
        reports.FactsForm,
        a_report,
        form_of,
        Report.objects.get,
        ("source_url", "https://www.state.gov/one/", "https://www.state.gov/two/"),
        ("tier", "2"),
        first="manager",
        second="mark",
        named="Mina",
    ),
    Case(
        saved_filters.SavedFilterForm,
        a_saved_filter,
        form_of,
        SavedFilter.objects.get,
        ("name", "One", "Two"),
        ("is_shared", True),
        **ALONE,
    ),
    Case(
        people.SettingsForm,
        lambda team: reverse("settings"),
        read=lambda: User.objects.get(email="ana@example.org"),
        **SETTINGS,
        **ALONE,
    ),
    Case(
        people.PartnerForm,
        a_partner,
        read=lambda: User.objects.get(email="vera@example.org"),
        **SETTINGS,
        first="viewer",
        second="viewer",
    ),
    Case(
        updates.UpdateForm,
        a_draft,
        lambda page: page.context["forms"].form,
        StatusUpdate.objects.get,
        ("reason", "One", "Two"),
        ("public_text", "We read all."),
        **ALONE,
        more={**PLACES, **forms.rows("evidence"), "intent": "draft"},
    ),
    Case(
        checks.CheckForm,
        a_returned_check,
        lambda page: page.context["forms"].form,
        lambda: StatusUpdate.objects.get(kind=UpdateKind.CHECK),
        ("note", "One", "Two"),
        **ALONE,
        more=PLACES,
    ),
    Case(
        desk.RecommendationForm,
        lambda team: on_the_desk("recommendation", factories.report().recommendations.first().pk),
        adminform,
        Recommendation.objects.order_by("pk").first,
        ("owner", "author", "other"),
        ("short_title", "The title"),
        named="Rita",
        more={**forms.rows("asks"), **forms.rows("dated_reasons")},
    ),
    Case(
        desk.PersonForm,
        lambda team: on_the_desk("user", team["other"].pk) if factories.person("Mark", "Manager") else "",
        adminform,
        lambda: User.objects.get(email="omar@example.org"),
        ("name", "One", "Two"),
        ("role", "Reviewer"),
        first="manager",
        second="mark",
    ),
]
