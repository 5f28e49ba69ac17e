"""Every form that changes a row, with how its page is opened, what is typed and where it is found again."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from recommendations.choices import Decision, UpdateKind
from recommendations.forms import advocacy, asks, desk, evidence, people, saved_filters, updates
from recommendations.forms import recommendations as settings_of
from recommendations.models import (
    Advocacy,
    Ask,
    Evidence,
    Moment,
    Recommendation,
    SavedFilter,
    StatusUpdate,
    User,
)
from recommendations.services import reviews
from recommendations.services import updates as updates_service
from tests.support import factories, forms
from tests.support.factories import NOW


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


def an_item(team):
    item = factories.link(team["author"])
    return reverse("evidence-change", args=[item.key])


def of_recommendation(name):
    def made(team):
        return reverse("recommendation-settings", args=[factories.report().recommendations.first().reference])

    return {
        "make": made,
        "get": lambda page: page.context["forms"][name],
        "more": {"save": name},
        "read": Recommendation.objects.order_by("pk").first,
    }


def an_ask(team):
    one = factories.report().recommendations.first()
    Ask.objects.create(recommendation=one, position=1, title="An ask", start=0, end=5, created_at=NOW)
    return reverse("recommendation-asks", args=[one.reference])


def an_entry(team):
    return reverse("advocacy-change", args=[factories.advocacy(team["author"]).key])


def a_moment(team):
    moment = Moment.objects.create(
        kind="upr", title="UPR", on=NOW.date(), kept_by=team["manager"], changed_at=NOW
    )
    factories.person("Mark", "Manager")
    return reverse("moment", args=[moment.pk])


def a_saved_filter(team):
    saved = SavedFilter.objects.create(
        owner=team["author"], listed="updates", name="Mine", query="x=1", created_at=NOW
    )
    return reverse("saved-filter", args=["updates", saved.pk])


def tied(team):
    one = factories.report().recommendations.first()
    item = factories.link(team["author"], "The item", source="Paper", origin="Paper")
    update = factories.approve(team["author"], one, reviewer=team["reviewer"], cites=[item])
    return reverse("update-origin", args=[update.key])


def a_draft(team):
    update = factories.write(team["author"], factories.report().recommendations.first())
    return reverse("update-edit", args=[update.key])


def a_returned_check(team):
    one = factories.report().recommendations.first()
    factories.approve(team["author"], one, reviewer=team["reviewer"], as_of=factories.AS_OF)
    update = updates_service.record_check(
        author=team["author"],
        recommendation=one,
        key=uuid.uuid4(),
        as_of=factories.AS_OF,
        places=[("KCNA", factories.AS_OF)],
        internal_note="Before.",
        now=factories.at_noon(factories.AS_OF),
    )
    reviews.decide(update=update, reviewer=team["reviewer"], decision=Decision.RETURN, comment="?", now=NOW)
    assert update.kind == UpdateKind.CHECK
    return reverse("update-edit", args=[update.key])


def on_the_desk(model, pk):
    return reverse(f"admin:recommendations_{model}_change", args=[pk])


def a_partner(team):
    User.objects.filter(pk=team["viewer"].pk).update(is_partner=True)
    return reverse("settings")


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
        settings_of.DatesForm,
        both=("interval_days", 30, 60),
        apart=("one_off_on", "2025-01-01"),
        named="Rita",
        **of_recommendation("dates"),
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
        advocacy.MomentForm,
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
        updates.CheckForm,
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
        more={"asks-TOTAL_FORMS": 0, "asks-INITIAL_FORMS": 0},
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
