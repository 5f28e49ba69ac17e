"""Two people over one row: nothing of either is lost, whatever form it is; a form without that fails here."""

import importlib
import inspect
import pkgutil
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
import time_machine
from django import forms as django_forms
from django.contrib import admin
from django.urls import reverse

import recommendations.forms
from recommendations.choices import Decision, Sensitivity, UpdateKind
from recommendations.forms import advocacy, asks, desk, edits, evidence, people, saved_filters, updates
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
from tests.support import acts, advocating, cast, forms
from tests.support.cast import NOW
from tests.support.pages import browser_of
from tests.support.reading import text_of

# Forms that change no row that somebody else may have changed meanwhile, each with why.
NO_EDITS = {
    "AboutForm": "a base of forms",
    "AddForm": "a new item",
    "AsOfForm": "a choice of what is shown",
    "AskForm": "a new ask",
    "BeforeMomentForm": "dates beside others, which replace nothing",
    "BundleForm": "a choice of what is taken out",
    "CitationRow": "a row of an update's form, which compares all its rows",
    "ConfirmedReportForm": "a new report",
    "DayForm": "a date beside others, which replaces nothing",
    "DetailsForm": "a base of forms",
    "EditForm": "the base of all that change a row",
    "EditionForm": "a new edition",
    "ExportForm": "a choice of what is taken out",
    "GrantForm": "a new grant",
    "OwnerForm": "an act on several, which shows what it replaces and compares it",
    "PlaceRow": "a row of an update's form, which compares all its rows",
    "ReasonForm": "why something is done",
    "RemovalForm": "a decision, refused in any other state of the item",
    "ReportForm": "a new report",
    "RetireForm": "an act that is final",
    "ReturnForm": "a decision on what was handed in",
    "ReviewForm": "a decision on the version that was shown",
    "RowForm": "a base of forms",
    "SentForm": "a base of forms",
    "SettingsForm of recommendations": "a base of forms",
    "SignInForm": "a sign-in",
}


def forms_of_ours():
    """Yield (name, class) of each form of the product; of two of one name with where the second is."""
    for module in pkgutil.iter_modules(recommendations.forms.__path__):
        found = importlib.import_module(f"recommendations.forms.{module.name}")
        for name, one in inspect.getmembers(found, inspect.isclass):
            if issubclass(one, django_forms.BaseForm) and one.__module__ == found.__name__:
                is_second = name == "SettingsForm" and module.name == "recommendations"
                yield f"{name} of recommendations" if is_second else name, one


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
    item = acts.evidence(team["author"])
    return reverse("evidence-change", args=[item.key])


def of_recommendation(name):
    def made(team):
        return reverse("recommendation-settings", args=[cast.report().recommendations.first().reference])

    return {
        "make": made,
        "get": lambda page: page.context["forms"][name],
        "more": {"save": name},
        "read": Recommendation.objects.order_by("pk").first,
    }


def an_ask(team):
    one = cast.report().recommendations.first()
    Ask.objects.create(recommendation=one, position=1, title="An ask", start=0, end=5, created_at=NOW)
    return reverse("recommendation-asks", args=[one.reference])


def an_entry(team):
    return reverse("advocacy-change", args=[advocating.log(team["author"]).key])


def a_moment(team):
    moment = Moment.objects.create(
        kind="upr", title="UPR", on=NOW.date(), kept_by=team["manager"], changed_at=NOW
    )
    cast.person("Mark", "Manager")
    return reverse("moment", args=[moment.pk])


def a_saved_filter(team):
    saved = SavedFilter.objects.create(
        owner=team["author"], listed="updates", name="Mine", query="x=1", created_at=NOW
    )
    return reverse("saved-filter", args=["updates", saved.pk])


def tied(team):
    one = cast.report().recommendations.first()
    item = acts.evidence(team["author"], "The item", source="Paper", origin="Paper")
    update = acts.approve(team["author"], one, reviewer=team["reviewer"], cites=[item])
    return reverse("update-origin", args=[update.key])


def a_draft(team):
    update = acts.write(team["author"], cast.report().recommendations.first())
    return reverse("update-edit", args=[update.key])


def a_returned_check(team):
    one = cast.report().recommendations.first()
    acts.approve(team["author"], one, reviewer=team["reviewer"], as_of=acts.AS_OF)
    update = updates_service.record_check(
        author=team["author"],
        recommendation=one,
        key=uuid.uuid4(),
        as_of=acts.AS_OF,
        places=[("KCNA", acts.AS_OF)],
        note="Before.",
        now=acts.at_noon(acts.AS_OF),
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


ALONE = {"first": "author", "second": "author", "named": "You changed this elsewhere"}
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
        lambda page: page.context["sheet"].form,
        StatusUpdate.objects.get,
        ("reason", "One", "Two"),
        ("public_text", "We read all."),
        **ALONE,
        more={**PLACES, **forms.rows("evidence"), "intent": "draft"},
    ),
    Case(
        updates.CheckForm,
        a_returned_check,
        lambda page: page.context["sheet"].form,
        lambda: StatusUpdate.objects.get(kind=UpdateKind.CHECK),
        ("note", "One", "Two"),
        **ALONE,
        more=PLACES,
    ),
    Case(
        desk.RecommendationForm,
        lambda team: on_the_desk("recommendation", cast.report().recommendations.first().pk),
        adminform,
        Recommendation.objects.order_by("pk").first,
        ("owner", "author", "other"),
        ("short_title", "The title"),
        named="Rita",
        more={"asks-TOTAL_FORMS": 0, "asks-INITIAL_FORMS": 0},
    ),
    Case(
        desk.PersonForm,
        lambda team: on_the_desk("user", team["other"].pk) if cast.person("Mark", "Manager") else "",
        adminform,
        lambda: User.objects.get(email="omar@example.org"),
        ("name", "One", "Two"),
        ("role", "Reviewer"),
        first="manager",
        second="mark",
    ),
]


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


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def opened(team, request):
    """The form of a case, open in two browsers at once. Returns a way to send from each."""
    case = request.param
    address = case.make(team)
    team["mark"] = User.objects.filter(email="mark@example.org").first()
    browsers = [browser_of(team[case.first]), browser_of(team[case.second])]
    found = [case.get(browser.get(address)) for browser in browsers]

    def value(given):
        return team[given].pk if given in team and case.both[0] == "owner" else given

    def send(number, **changed):
        changed = {name: value(given) for name, given in changed.items()}
        data = {**sent(found[number], **changed), **case.more}
        answer = browsers[number].post(address, data, follow=True)
        if answer.context and "csrf_token" in answer.context:
            found[number] = _again(case, answer) or found[number]
        return answer

    send.value = value
    return case, send


def _again(case, answer):
    try:
        return case.get(answer)
    except (KeyError, IndexError):
        return None


def stands(case, name):
    """Return what stands in a field now, as a form would send it."""
    row = case.read()
    if name == "role":
        return row.groups.get().name
    found = getattr(
        row, {"note": "internal_note"}.get(name, name) if case.form is updates.CheckForm else name
    )
    found = getattr(found, "pk", found)
    return found.isoformat() if hasattr(found, "isoformat") else found


def ids(cases):
    return [f"{case.form.__name__}-{case.both[0]}" for case in cases]


@pytest.mark.parametrize("opened", CASES, ids=ids(CASES), indirect=True)
def test_what_two_changed_at_once_is_shown_in_both_versions_and_saved_knowingly(opened):
    case, send = opened
    name, one, two = case.both
    send(0, **{name: one})
    assert stands(case, name) == send.value(one)
    if case.form is updates.CheckForm:
        StatusUpdate.objects.filter(kind=UpdateKind.CHECK).update(state="returned")
    late = send(1, **{name: two})
    text = text_of(late)
    assert stands(case, name) == send.value(one), "the first one is not reverted"
    assert "changed this" in text and "Both versions" in text
    assert case.named in text
    shown = [[row.theirs, row.mine] for row in case.get(late).differences]
    expected = [{"author": "Ana", "other": "Omar"}.get(str(said), str(said)) for said in (one, two)]
    assert shown == [expected]
    send(1, **{name: two})
    assert stands(case, name) == send.value(two), "having seen both, the second can save theirs"


APART = [case for case in CASES if case.apart]


@pytest.mark.parametrize("opened", APART, ids=ids(APART), indirect=True)
def test_what_only_one_of_them_changed_is_no_conflict_and_is_kept(opened, team):
    case, send = opened
    (name, one, _two), (other, given) = case.both, case.apart
    if other == "deputy":
        given = team["reviewer"].pk
    send(0, **{name: one})
    answer = send(1, **{other: given})
    assert "Both versions" not in text_of(answer)
    assert stands(case, name) == send.value(one), "the second did not touch it"
    assert stands(case, other) == given


@pytest.mark.parametrize("opened", CASES, ids=ids(CASES), indirect=True)
def test_the_same_words_twice_are_a_double_click(opened):
    case, send = opened
    name, one, _two = case.both
    send(0, **{name: one})
    if case.form is updates.CheckForm:
        StatusUpdate.objects.filter(kind=UpdateKind.CHECK).update(state="returned")
    assert "Both versions" not in text_of(send(1, **{name: one}))


def test_every_form_that_changes_a_row_compares():
    tried = {case.form for case in CASES}
    for name, one in forms_of_ours():
        if name in NO_EDITS:
            assert name in ("EditForm", "SentForm", "SettingsForm of recommendations") or not issubclass(
                one, edits.EditForm
            ), name
            continue
        assert issubclass(one, edits.EditForm), f"{name} compares nothing: what somebody else saved is lost"
        assert one in tried, f"{name} is not tried here"


def test_every_page_of_the_desk_that_changes_a_row_compares():
    tried = {case.form for case in CASES}
    for model, page in admin.site._registry.items():
        if getattr(page, "change_role", None):
            assert page.form in tried, model


@pytest.mark.parametrize("opened", CASES[:1], ids=["evidence"], indirect=True)
def test_a_change_that_hides_the_item_tells_nothing_of_what_it_says_now(opened, team):
    """Between opening and saving the item was restricted: whoever is not let in reads none of it."""
    _case, send = opened
    Evidence.objects.update(sensitivity=Sensitivity.RESTRICTED, title="Ms. K. told us")
    answer = send(1, title="Two")
    assert answer.status_code == 404
    assert "Ms. K." not in answer.content.decode()


def test_rows_of_a_draft_are_compared_too_and_hidden_evidence_is_not_named(team, report):
    one = report.recommendations.first()
    hidden = acts.evidence(team["reviewer"], "Ms. K. told us", sensitivity=Sensitivity.RESTRICTED)
    update = acts.write(team["author"], one)
    browser, address = browser_of(team["author"]), reverse("update-edit", args=[update.key])
    form = browser.get(address).context["sheet"].form
    acts.write(team["author"], one, key=update.key, cites=[hidden], places=["KCNA", "Rodong Sinmun"])
    data = {**sent(form), **forms.rows("evidence"), "intent": "draft"}
    late = browser.post(
        address, {**data, **forms.rows("places", {"place": "Naenara", "looked_on": "2024-08-30"})}
    )
    text = text_of(late)
    assert "Where you looked" in text and "Rodong Sinmun" in text and "Naenara" in text
    assert "Ms. K." not in text
    assert set(update.places.values_list("place", flat=True)) == {"KCNA", "Rodong Sinmun"}
    assert update.citations.count() == 1
