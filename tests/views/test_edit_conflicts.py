"""Two people over one row: nothing of either is lost, whatever form it is; a form without that fails here."""

import importlib
import inspect
import pkgutil

import pytest
from django import forms as django_forms
from django.contrib import admin
from django.urls import reverse

import recommendations.forms
from recommendations.choices import EventKind, Sensitivity, UpdateKind
from recommendations.forms import checks, edits
from recommendations.models import Event, Evidence, StagedUpload, StatusUpdate, User
from tests.support import factories, forms
from tests.support.edits import CASES, sent
from tests.support.pages import browser_of, text_of

pytestmark = pytest.mark.usefixtures("at_the_time_of_the_story")

# Forms that change no row that somebody else may have changed meanwhile, each with why.
NO_EDITS = {
    "FurtherVersionForm": "choices about what was shown, refused where the report is another one by now",
    "AboutForm": "a base of forms",
    "ActForm": "an act on the list that was shown, refused where it is another one by now",
    "AddForm": "a new item",
    "AsOfForm": "a choice of what is shown",
    "AskForm": "a new ask",
    "BeforeMomentForm": "dates beside others, which replace nothing",
    "BriefForm": "a choice of what is taken out",
    "BundleForm": "a choice of what is taken out",
    "ChosenLineForm": "a choice before an import, which its person alone makes",
    "CitationRow": "a row of an update's form, which compares all its rows",
    "ConfirmForm": "a word on what somebody else proposed, whose text it does not change",
    "CountingForm": "a decision on what was shown would move",
    "DateForm": "a new date",
    "DayForm": "a date beside others, which replaces nothing",
    "DetailsForm": "a base of forms",
    "EditForm": "the base of all that change a row",
    "EditionForm": "a new edition",
    "ExpectedForm": "a number that its person alone types",
    "ExportForm": "a choice of what is taken out",
    "GrantForm": "a new grant",
    "AnswerForm": "an answer to the proposal that was shown",
    "LineForm": "a new line, refused where either end has one",
    "ImportForm": "a new report",
    "ItemsForm": "items beside others, which replace nothing",
    "KeepForm": "a proposal cancelled, whose text it does not change",
    "OwnerForm": "an act on several, which shows what it replaces and compares it",
    "PassageForm": "a new claim, or a citation",
    "PlaceRow": "a row of an update's form, which compares all its rows",
    "ReasonForm": "why something is done",
    "ProposalForm": "a proposal, refused where somebody else made one",
    "RemovalForm": "a decision, refused in any other state of the item",
    "ReportForm": "a new report",
    "RetireForm": "an act that is final",
    "ReturnForm": "a decision on what was handed in",
    "ReviewForm": "a decision on the version that was shown",
    "RowForm": "a base of forms",
    "SentForm": "a base of forms",
    "SettingsForm of recommendations": "a base of forms",
    "SignInForm": "a sign-in",
    "TokenForm": "a new token",
    "WithdrawForm": "an act that is final",
    "TagsForm": "ticks, compared with those that the page showed",
}


def forms_of_ours():
    """Yield (name, class) of each form of the product; of two of one name with where the second is."""
    for module in pkgutil.iter_modules(recommendations.forms.__path__):
        found = importlib.import_module(f"recommendations.forms.{module.name}")
        for name, one in inspect.getmembers(found, inspect.isclass):
            if issubclass(one, django_forms.BaseForm) and one.__module__ == found.__name__:
                is_second = name == "SettingsForm" and module.name == "recommendations"
                yield f"{name} of recommendations" if is_second else name, one


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
    found = getattr(row, {"note": "internal_note"}.get(name, name) if case.form is checks.CheckForm else name)
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
    if case.form is checks.CheckForm:
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
    if case.form is checks.CheckForm:
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
    hidden = factories.link(team["reviewer"], "Ms. K. told us", sensitivity=Sensitivity.RESTRICTED)
    update = factories.write(team["author"], one)
    browser, address = browser_of(team["author"]), reverse("update-edit", args=[update.key])
    form = browser.get(address).context["forms"].form
    factories.write(team["author"], one, key=update.key, cites=[hidden], places=["KCNA", "Rodong Sinmun"])
    data = {**sent(form), **forms.rows("evidence"), "intent": "draft"}
    late = browser.post(
        address, {**data, **forms.rows("places", {"place": "Naenara", "looked_on": "2024-08-30"})}
    )
    text = text_of(late)
    assert "Where we looked" in text and "Rodong Sinmun" in text and "Naenara" in text
    assert "Ms. K." not in text
    assert set(update.places.values_list("place", flat=True)) == {"KCNA", "Rodong Sinmun"}
    assert update.citations.count() == 1


def test_a_draft_in_conflict_brings_no_evidence_before_it_is_saved_knowingly(team, report):
    one = report.recommendations.first()
    update = factories.write(team["author"], one)
    browser, address = browser_of(team["author"]), reverse("update-edit", args=[update.key])
    form = browser.get(address).context["forms"].form
    factories.write(team["author"], one, key=update.key, reason="Changed in another window.")
    brought = forms.rows("evidence", forms.link_row(title="A decree"), forms.file_row(forms.upload()))
    data = {**sent(form), **brought, **forms.rows("places"), "reason": "Mine.", "intent": "draft"}
    late = browser.post(address, data)
    assert "Changed in another window." in text_of(late) and "A decree" in late.content.decode()
    assert not Evidence.objects.exists() and StagedUpload.objects.count() == 1
    assert not Event.objects.filter(kind=EventKind.EVIDENCE_ADDED).exists()
    shown = late.context["forms"]
    waiting = {"evidence-1-staged": shown.citations.forms[1].waiting.key, "evidence-1-file": ""}
    browser.post(address, {**data, **waiting, "seen": shown.form["seen"].value()})
    assert set(update.citations.values_list("evidence__form", flat=True)) == {"link", "file"}
    assert Event.objects.filter(kind=EventKind.EVIDENCE_ADDED).count() == 2
    update.refresh_from_db()
    assert update.reason == "Mine." and not StagedUpload.objects.exists()
