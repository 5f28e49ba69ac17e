"""What a page leaves out of a list it counts and links to, and no menu goes with an empty list."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils.html import escape

from recommendations.choices import Role, Sensitivity
from recommendations.models import Recommendation, Report, SavedFilter, StatusUpdate
from recommendations.selectors import citable, list_queries
from recommendations.selectors.list_queries import ACTS_SHOWN
from tests.support import factories, forms
from tests.support.factories import NOW
from tests.support.pages import browser_of, text_of, words

pytestmark = pytest.mark.usefixtures("at_the_time_of_the_story")

HOME, DESK = reverse("home"), "/desk/"
LATE = NOW.date() - timedelta(days=3)


@pytest.mark.parametrize(("shown_on", "named"), [(DESK, 3), (HOME, 5)])
def test_owners_of_what_is_overdue_who_are_left_out_are_counted(team, shown_on, named):
    report = factories.report(count=7)
    for number, one in enumerate(report.recommendations.all()):
        owner = factories.person(f"Owner{number}", Role.CONTRIBUTOR)
        Recommendation.objects.filter(pk=one.pk).update(owner=owner, next_review_on=LATE)
    browser = browser_of(team["reviewer"])
    answer = browser.get(shown_on)
    assert f"and of {7 - named} more owners" in text_of(answer)
    (address,) = re.findall(r'href="([^"]*sort=owner)"', answer.content.decode())
    rest = text_of(browser.get(address.replace("&amp;", "&")))
    assert all(f"Owner{number}" in rest for number in range(7))


def more_on(browser, heading):
    """Follow the link under a list of My work that says how many more there are. Returns (words, page)."""
    page = browser.get(HOME).content.decode()
    found = re.search(
        rf'<a href="([^"]+)">(And \d+ more)<span\s+class="visually-hidden">:\s+{heading}</span>', page
    )
    return found[2], browser.get(found[1].replace("&amp;", "&"))


def test_what_is_due_beyond_the_page_is_counted_and_listed(team):
    report = factories.report(count=ACTS_SHOWN + 3)
    report.recommendations.update(owner=team["author"], next_review_on=LATE)
    said, page = more_on(browser_of(team["author"]), "due")
    assert said == "And 3 more"
    assert f"{ACTS_SHOWN + 3} recommendations" in text_of(page)


def test_what_a_reviewer_is_shown_as_due_is_what_the_link_lists(team):
    """Own, stood in for, and nobody's; the link goes to all of these, and to nothing else."""
    report = factories.report(count=ACTS_SHOWN + 4)
    report.recommendations.update(next_review_on=NOW.date() + timedelta(days=14))
    report.recommendations.filter(position=1).update(owner=team["reviewer"])
    report.recommendations.filter(position=2).update(owner=team["other"])
    said, page = more_on(browser_of(team["reviewer"]), "due")
    assert said == "And 3 more"
    assert f"{ACTS_SHOWN + 3} recommendations" in text_of(page)


def test_drafts_and_returned_updates_beyond_the_page_are_counted_and_listed(team, report):
    one = report.recommendations.first()
    for _ in range(ACTS_SHOWN + 1):
        factories.write(team["author"], one)
    factories.send_back(team["author"], one, reviewer=team["reviewer"], comment="Which day?")
    said, page = more_on(browser_of(team["author"]), "returned to you, and your drafts")
    assert said == "And 2 more"
    assert f"{ACTS_SHOWN + 2} updates" in text_of(page)


def test_what_waits_for_review_beyond_the_page_is_counted(team, report):
    one = report.recommendations.first()
    for _ in range(ACTS_SHOWN + 1):
        factories.submit(team["author"], one)
    said, _page = more_on(browser_of(team["reviewer"]), "waiting for your review")
    assert said == "And 1 more"
    assert f"and {ACTS_SHOWN + 1 - 3} more" in text_of(browser_of(team["reviewer"]).get(DESK))


def test_next_steps_beyond_the_page_are_counted_and_listed(team):
    for _ in range(ACTS_SHOWN + 1):
        factories.advocacy(team["author"], next_step="Call", next_on=NOW.date(), next_owner=team["author"])
    said, page = more_on(browser_of(team["author"]), "next steps")
    assert said == "And 1 more"
    assert f"{ACTS_SHOWN + 1} entries" in text_of(page)


def test_ones_own_saved_filters_come_before_any_number_of_shared_ones(team, report):
    for number in range(60):
        SavedFilter.objects.create(
            owner=team["other"],
            listed="updates",
            name=f"A{number}",
            query="x=1",
            is_shared=True,
            created_at=NOW,
        )
    SavedFilter.objects.create(
        owner=team["author"], listed="updates", name="Mine", query="state=draft", created_at=NOW
    )
    text = text_of(browser_of(team["author"]).get(reverse("update-list")))
    assert "Mine" in text
    assert "All saved filters (61)" in text


@pytest.mark.parametrize("listed", ["recommendation-list", "update-list", "evidence-list"])
def test_saved_filters_stay_where_nothing_is_found(team, report, listed):
    name = listed.removesuffix("-list") + ("" if listed.startswith("evidence") else "s")
    kept = SavedFilter.objects.create(
        owner=team["author"], listed=name, name="Mine", query="q=thing", created_at=NOW
    )
    answer = browser_of(team["author"]).get(reverse(listed), {"q": "xyzzy"})
    page = answer.content.decode()
    assert f'<a href="{escape(kept.get_absolute_url())}">Mine' in page
    assert "Save these filters" in page
    assert "Export" not in page


def test_no_template_passes_a_number_as_words():
    """``most="3"`` is a string: compared with a length it is an error, which ``{% if %}`` takes for no."""
    for path in Path(settings.BASE_DIR, "templates").rglob("*.html"):
        assert not re.search(r'{%[^%]*\b\w+="\d+"[^%]*%}', path.read_text()), path


def test_all_people_are_offered_as_owners_and_authors(team, report):
    for number in range(105):
        factories.person(f"Writer{number:03}", Role.CONTRIBUTOR)
    browser = browser_of(team["viewer"])
    for address in ("/recommendations/", "/updates/"):
        page = browser.get(address).content.decode()
        assert "Writer000" in page and "Writer104" in page


def test_reports_that_are_left_out_of_a_choice_are_counted(team, monkeypatch):
    monkeypatch.setattr(list_queries, "REPORTS_OFFERED", 3)
    browser, said = browser_of(team["viewer"]), "3 of 4 reports are offered here."
    for year in range(2021, 2024):
        factories.report(count=1, year=year)
    for address in ("/recommendations/", "/updates/"):
        assert "are offered here" not in text_of(browser.get(address)), "three of three are all"
    factories.report(count=1, year=2024)
    for address in ("/recommendations/", "/updates/"):
        page = browser.get(address)
        assert f"{said} Others are chosen from the list of all reports" in text_of(page)
    assert "All 4 reports…" in words(browser.get("/"))
    # What the address names is among them, however old it is.
    slug = Report.objects.earliest("year").slug
    assert browser.get(f"/updates/?report={slug}").context["form"]["report"].value() == slug


def test_evidence_that_is_left_out_of_a_form_is_counted_and_found(team, recommendation, monkeypatch):
    monkeypatch.setattr(citable, "OFFERED", 2)
    address, ana = forms.update_address(recommendation), browser_of(team["author"])
    items = [factories.link(team["author"], f"Decree {number}") for number in range(2)]
    assert "are offered" not in text_of(ana.get(address))
    items += [factories.link(team["author"], f"Speech {number}") for number in range(3)]
    page = ana.get(address)
    assert "Of 5 items the 2 newest are offered. Look for others by “Find”." in text_of(page)
    assert "Decree 0" not in page.content.decode()
    data = forms.update_form(reason="Kept words")
    found = ana.post(address, {**data, "add": "find", "find": "decree 0"})
    assert "1 item has “decree 0”." in text_of(found) and "Kept words" in text_of(found)
    (row,) = [row for row in found.context["forms"].citations.forms if row.shape_now == "held"]
    assert next(label for key, label in row.fields["evidence"].widget.choices if key).startswith("Decree 0")
    told = {"Speech": "2 newest of them are offered", "law": "Nothing that we hold has “law”."}
    for word, said in told.items():
        assert said in text_of(ana.post(address, {**data, "add": "find", "find": word}))
    chosen = {"shape": "held", "evidence": items[0].key, "stance": "supports"}
    ana.post(address, {**forms.update_form(evidence=[chosen]), "key": data["key"]})
    assert StatusUpdate.objects.get().citations.get().evidence == items[0]


def test_a_search_on_a_form_finds_nothing_that_one_may_not_see(team, recommendation, monkeypatch):
    monkeypatch.setattr(citable, "OFFERED", 1)
    factories.link(team["other"], "Secret decree", sensitivity=Sensitivity.RESTRICTED)
    factories.link(team["author"], "One")
    factories.link(team["author"], "Two")
    address, ana = forms.update_address(recommendation), browser_of(team["author"])
    assert "Of 2 items" in text_of(ana.get(address))
    page = ana.post(address, {**forms.update_form(), "add": "find", "find": "secret"})
    assert "Nothing that we hold has “secret”." in text_of(page)
