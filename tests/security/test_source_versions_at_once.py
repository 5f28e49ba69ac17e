"""A further source version and other acts at one moment: nothing is lost, and who comes second is told."""

from functools import partial

import pytest
from django.urls import reverse

from recommendations.choices import Role
from recommendations.models import Report, SourceVersion, StatusUpdate
from recommendations.services.integrity import CHECKS
from tests.support import factories, forms
from tests.support.factories import DAY, NOW
from tests.support.importing import upload
from tests.support.pages import browser_of, told, words
from tests.support.threads import at_once
from tests.support.versions import FIRST, bring, first, narrative

MONITOR = "Let independent monitors see where people work."
OTHER = "Accede to the 2000 UN TIP Protocol."


@pytest.fixture
def brought(transactional_db, at_the_time_of_the_story):
    """A report in a database that several connections see. (people, report)"""
    people = factories.team()
    return people, first(*FIRST, now=NOW - DAY, actor=people["manager"])


def page_of(client, data):
    """Bring a document. Returns: what presses the button of the page that says what it would change."""
    checked = upload(client, data)
    page = client.get(reverse("further-version", args=[checked.context["staged"].key]))
    fields = {one.html_name: one.value() or "" for one in page.context["form"]}
    return partial(client.post, page.request["PATH_INFO"], {**fields, "seen": page.context["further"].mark})


def breaches():
    return [str(said) for check in CHECKS.values() for said in check()]


@pytest.mark.parametrize("round_", range(3))
def test_of_two_managers_one_wins_and_the_other_is_told(brought, round_):
    people, report = brought
    mina, kay = browser_of(people["manager"]), browser_of(factories.person("Kay", Role.MANAGER))
    answers = at_once(page_of(mina, narrative(*FIRST, MONITOR)), page_of(kay, narrative(*FIRST, OTHER)))
    assert sorted(answer.status_code for answer in answers) == [200, 302]
    second = next(answer for answer in answers if answer.status_code == 200)
    said = words(second)
    assert "was changed after you opened this page" in said or "This is what your choices mean" in said
    assert SourceVersion.objects.filter(report=report).count() == 2
    assert breaches() == []


@pytest.mark.parametrize("round_", range(3))
def test_the_same_document_from_two_managers_is_one_version(brought, round_):
    people, report = brought
    mina, kay = browser_of(people["manager"]), browser_of(factories.person("Kay", Role.MANAGER))
    data = narrative(*FIRST, MONITOR)
    answers = at_once(page_of(mina, data), page_of(kay, data))
    assert [answer.status_code for answer in answers] == [302, 302]
    assert SourceVersion.objects.filter(report=report).count() == 2
    assert breaches() == []


@pytest.mark.parametrize("round_", range(3))
def test_a_draft_is_kept_whatever_comes_first(brought, round_):
    people, report = brought
    third = report.recommendations.get(position=3)
    ana, mina = browser_of(people["author"]), browser_of(people["manager"])
    data = forms.update_form(reason="Kept words", intent="draft")
    written, added = at_once(
        partial(ana.post, forms.update_address(third), data), page_of(mina, narrative(*FIRST[:2], MONITOR))
    )
    assert (written.status_code, added.status_code) == (302, 302)
    assert StatusUpdate.objects.get().reason == "Kept words"
    third.refresh_from_db()
    assert third.gone_since == 2
    assert breaches() == []


@pytest.mark.parametrize("round_", range(3))
def test_a_draft_and_an_undone_version_leave_one_of_both(brought, round_):
    people, report = brought
    bring(report, narrative(*FIRST, MONITOR), now=NOW - DAY, actor=people["manager"])
    fourth = report.recommendations.get(position=4)
    ana, mina = browser_of(people["author"]), browser_of(people["manager"])
    data = forms.update_form(reason="Kept words", intent="draft")
    written, undone = at_once(
        partial(ana.post, forms.update_address(fourth), data),
        partial(mina.post, reverse("source-version-undo", args=[report.slug, 2])),
    )
    assert undone.status_code == 302
    if Report.objects.get().versions.count() == 2:
        assert written.status_code == 302 and StatusUpdate.objects.get().reason == "Kept words"
    else:
        assert written.status_code == 404
        assert ("Reason for this status", "Kept words") in told(written)
    assert breaches() == []
