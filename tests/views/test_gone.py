"""Words that were sent to something that is gone come back under their labels, and nothing else is told."""

import re
import uuid

import pytest
from django import forms as django_forms
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import get_resolver, reverse

from recommendations.choices import Decision, Role, Sensitivity
from recommendations.models import Report, UpdateVersion
from recommendations.services import reviews, updates
from recommendations.services.evidence import retention
from recommendations.services.reports import import_report
from tests.support import factories, forms
from tests.support.factories import DAY, NOW
from tests.support.importing import DOCUMENT
from tests.support.knocking import every_pattern
from tests.support.pages import browser_of, told, words

GONE = "Not saved: it no longer exists"
KEY = "11111111-1111-4111-8111-111111111111"
NOWHERE = {"SlugConverter": "nothing", "UUIDConverter": KEY, "IntConverter": 99999}


def sending():
    """Return the addresses of something that send forms, by name: what is gone is at none of them."""
    found = {}
    for pattern in every_pattern(get_resolver().url_patterns):
        converters = getattr(pattern.pattern, "converters", {})
        if converters and hasattr(pattern.callback, "sent"):
            found[pattern.name] = pattern
    return found


def typed_into(sent):
    """Return (data, {label}) with words in each field of the forms of a page that takes words."""
    data, labels = {}, set()
    pairs = [("", form) for form in sent.plain]
    pairs += [(f"{prefix}-0-", form) for prefix, form in sent.prefixed.items()]
    for prefix, form in pairs:
        for name, field in form.base_fields.items():
            if type(field) is django_forms.CharField and not field.widget.is_hidden:
                data[prefix + name] = f"Kept words of {prefix}{name}"
                labels.add(data[prefix + name])
    return data, labels


@pytest.mark.parametrize("name", sending())
def test_each_form_to_something_that_is_not_there_gives_its_words_back(team, name):
    pattern = sending()[name]
    places = {key: NOWHERE[type(one).__name__] for key, one in pattern.pattern.converters.items()}
    data, typed = typed_into(pattern.callback.sent)
    address, browser = reverse(name, kwargs=places), browser_of(team["manager"])
    answer = browser.post(address, {**data, "act": "hold"})
    assert answer.status_code == 404 and GONE in words(answer)
    assert {said for _label, said in told(answer)} >= typed
    assert not [label for label, _said in told(answer) if "_" in label]
    plain = browser.get(address)
    assert GONE not in words(plain) and not told(plain)


def test_a_report_whose_import_is_undone_costs_no_word_of_those_who_have_its_forms_open(
    team, at_the_time_of_the_story
):
    report, _made = import_report(document=DOCUMENT, now=NOW - DAY, actor=team["manager"])
    one = report.recommendations.first()
    ana = browser_of(team["author"])
    assert ana.get(forms.update_address(one)).status_code == 200
    browser_of(team["manager"]).post(reverse("report-undo-import", args=[report.slug]))
    assert not Report.objects.exists()
    answer = ana.post(forms.update_address(one), forms.update_form(reason="Kept <b>words</b>"))
    assert answer.status_code == 404 and "was removed, or to which" in words(answer)
    assert ("Reason for this status", "Kept <b>words</b>") in told(answer)
    assert ("Place 1: Where we looked", "KCNA") in told(answer)


def test_a_form_to_what_one_may_not_see_tells_as_much_as_to_what_never_was(team, recommendation):
    hidden = factories.submit(team["author"], recommendation, sensitivity=Sensitivity.RESTRICTED)
    rita, said = browser_of(team["reviewer"]), {"comment": "Kept words", "decision": "return"}
    pages = [rita.post(reverse("review", args=[key]), said) for key in (hidden.key, uuid.UUID(KEY))]
    assert [page.status_code for page in pages] == [404, 404]
    one, other = (re.sub(r"[0-9a-f-]{36}|nonce=\"[^\"]*\"", "", page.content.decode()) for page in pages)
    assert ("Comment to the author", "Kept words") in told(pages[0])
    assert re.sub(r"value=\"\w{64}\"", "", one) == re.sub(r"value=\"\w{64}\"", "", other)


def in_role(person, role):
    """Put somebody in another role, behind the back of their open browser."""
    person.groups.set(Group.objects.filter(name=role))


def test_a_role_that_was_taken_away_costs_no_word(team, recommendation):
    ana = browser_of(team["author"])
    assert ana.get(forms.update_address(recommendation)).status_code == 200
    in_role(team["author"], Role.VIEWER)
    answer = ana.post(forms.update_address(recommendation), forms.update_form(reason="Kept words"))
    assert answer.status_code == 403 and "Nothing was saved" in words(answer)
    assert ("Reason for this status", "Kept words") in told(answer)


def test_a_form_from_elsewhere_is_not_shown(team):
    """Only who sent it from a page of ours sees it again: others could put words of theirs on our page."""
    browser = browser_of(team["author"])
    browser.handler.enforce_csrf_checks = True
    answer = browser.post("/nowhere/at/all/", {"reason": "Foreign words"})
    assert answer.status_code == 404 and "Foreign words" not in words(answer)


def test_the_desk_gives_words_back_too(team):
    mina = browser_of(team["manager"])
    address = reverse("admin:recommendations_user_change", args=[99999])
    answer = mina.post(address, {"name": "Kept words", "password": "secret"})
    assert answer.status_code == 404 and not told(answer), "nothing of a form with a password"
    answer = mina.post(address, {"name": "Kept words"})
    assert answer.status_code == 404 and told(answer) == [("Name", "Kept words")]


COMMENT = {"comment": "Which page?", "on_reason": "Kept words"}


def test_what_a_reviewer_typed_on_a_withdrawn_update_comes_back(team, recommendation):
    update = factories.submit(team["author"], recommendation)
    rita, address = browser_of(team["reviewer"]), reverse("review", args=[update.key])
    updates.withdraw(update=update, actor=team["author"], now=NOW)
    answer = rita.post(address, {**COMMENT, "decision": "return", "seen_version": 1})
    assert answer.status_code == 404 and ("Comment to the author", "Which page?") in told(answer)


def test_what_a_reviewer_typed_on_one_that_another_decided_comes_back(team, recommendation):
    update = factories.submit(team["author"], recommendation)
    rita, address = browser_of(team["reviewer"]), reverse("review", args=[update.key])
    reviews.decide(update=update, reviewer=team["second"], decision=Decision.APPROVE, now=NOW)
    answer = rita.post(address, {**COMMENT, "decision": "return", "seen_version": 1})
    assert answer.status_code == 409 and "Sam" in words(answer)
    assert ("Comment on “Reason for this status”", "Kept words") in told(answer)


def test_what_one_typed_on_keeping_an_item_that_another_decided_on_comes_back(team):
    item = factories.link(team["author"])
    retention.hold(item=item, actor=team["reviewer"], reason="A court asks.", now=NOW)
    address = reverse("evidence-retention", args=[item.key])
    sent = {
        "act": "propose",
        "propose-reason": "Kept words",
        "propose-basis": "x",
        "propose-on": "2030-01-01",
    }
    answer = browser_of(team["author"]).post(address, sent)
    assert answer.status_code == 409 and "Kept words" in words(answer)


def test_what_one_typed_on_an_item_that_is_not_theirs_to_change_any_more_comes_back(team):
    item = factories.link(team["author"])
    in_role(team["reviewer"], Role.CONTRIBUTOR)
    answer = browser_of(team["reviewer"]).post(
        reverse("evidence-change", args=[item.key]), {"title": "Kept words"}
    )
    assert answer.status_code == 409 and ("Title", "Kept words") in told(answer)


def test_a_row_that_is_missing_by_an_error_of_ours_is_not_told_as_gone(team, recommendation, monkeypatch):
    def missing(**_said):
        raise UpdateVersion.DoesNotExist

    monkeypatch.setattr(updates, "save_draft", missing)
    ana = browser_of(team["author"])
    ana.raise_request_exception = False
    answer = ana.post(forms.update_address(recommendation), forms.update_form(intent="draft"))
    assert answer.status_code == 500 and GONE not in words(answer)


@pytest.mark.parametrize(
    "body",
    [
        {
            "data": "&".join(f"a{n}=1" for n in range(1001)),
            "content_type": "application/x-www-form-urlencoded",
        },
        {"data": "--x", "content_type": "multipart/form-data"},
    ],
    ids=["too many fields", "broken parts"],
)
def test_what_cannot_be_read_is_not_found_like_anything_else(db, body):
    browser = Client(enforce_csrf_checks=True, raise_request_exception=False)
    browser.cookies["csrftoken"] = "a" * 32
    assert browser.post("/nothing/here/", **body).status_code == 404
