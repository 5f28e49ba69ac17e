"""What is asked of evidence when it comes in: several files at once, consent, origin, the same file twice."""

import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from recommendations.choices import Sensitivity
from recommendations.models import Event, Evidence, StagedUpload
from recommendations.services import grants
from tests.support import factories, forms
from tests.support.factories import NOW, item_of
from tests.support.items import ADD, details
from tests.support.pages import browser_of, words
from tests.support.sealed import TITLE, name_officers, sealed_details

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_the_time_of_the_story")]


def test_several_files_become_an_item_each_of_which_the_same_is_said(ana):
    files = [forms.upload("one.pdf"), forms.upload("two.pdf", forms.PDF + b"2")]
    said = details(title="Ministry papers", file=files, origin="The ministry")
    assert ana.post(ADD, said).url == reverse("evidence-list")
    assert sorted(Evidence.objects.values_list("title", "origin")) == [
        ("Ministry papers (one.pdf)", "The ministry"),
        ("Ministry papers (two.pdf)", "The ministry"),
    ]


def test_after_a_mistake_nothing_is_sent_or_typed_again(ana):
    key = uuid.uuid4()
    files = [
        forms.upload("one.pdf"),
        forms.upload("bad.exe", forms.EXE),
        forms.upload("two.pdf", b"two " * 9),
    ]
    answer = ana.post(ADD, details(form_key=key, title="Papers", file=files, sensitivity=""))
    said = words(answer)
    assert (
        "“bad.exe” is" in said
        and "bad.exe:" not in said
        and said.count("Already uploaded:") == 2 - ("two.pdf:" in said)
    )
    waiting = list(StagedUpload.objects.values_list("key", flat=True))
    assert re.search(r'name="title" value="Papers"', answer.content.decode())
    again = details(form_key=key, title="", staged=waiting, drop=waiting[1:])
    item = Evidence.objects.get() if ana.post(ADD, again).status_code == 302 else None
    assert item.title == "one.pdf" and not StagedUpload.objects.exists()
    assert ana.post(ADD, again).url == item.get_absolute_url(), "the same form again adds nothing"
    assert Evidence.objects.count() == 1


def test_another_persons_waiting_file_is_neither_taken_nor_dropped(ana, team):
    ana.post(ADD, details(file=forms.upload(), sensitivity=""))
    waiting = StagedUpload.objects.get()
    omar = browser_of(team["other"])
    omar.post(ADD, details(form_key=waiting.form_key, staged=waiting.key, drop=waiting.key))
    assert StagedUpload.objects.get() == waiting and not Evidence.objects.exists()


def test_testimony_says_what_the_person_agreed_to_at_every_door(ana, team, recommendation):
    assert "This is testimony" in words(ana.post(ADD, details(file=forms.upload(), kind="testimony")))
    row = forms.file_row(forms.upload("b.pdf", forms.PDF + b"b"), kind="testimony")
    url = reverse("update-add", args=[recommendation.reference])
    assert "This is testimony" in words(ana.post(url, forms.update_form(evidence=[row])))
    item = item_of(team["author"], name="c.pdf")
    answer = ana.post(reverse("evidence-change", args=[item.key]), details(kind="testimony"))
    assert "This is testimony" in words(answer)
    assert list(Evidence.objects.values_list("kind", flat=True)) == ["other"]
    said = details(
        file=forms.upload("d.pdf"), kind="testimony", consent="Reports, no name.", safety="A sister."
    )
    page = ana.post(ADD, said, follow=True)
    assert "Reports, no name." in words(page) and "A sister." in words(page)


def test_consent_and_safety_notes_are_shown_to_nobody_who_may_not_see_the_item(world):
    secret = Evidence.objects.get(pk=world.restricted_evidence.pk)
    Evidence.objects.filter(pk=secret.pk).update(consent="Ms. K. agreed", safety="her sister in Hyesan")
    told = {}
    for who in ("viewer", "reviewer", "manager", "superuser"):
        browser = browser_of(world.people[who])
        pages = [
            secret.get_absolute_url(),
            reverse("evidence-custody", args=[secret.key]),
            reverse("evidence-change", args=[secret.key]),
            reverse("evidence-access", args=[secret.key]),
            reverse("evidence-list") + "?q=Hyesan",
            reverse("admin:recommendations_evidence_changelist") + "?q=Hyesan",
            reverse("admin:recommendations_evidence_change", args=[secret.pk]),
        ]
        told[who] = [page for page in pages if "her sister" in browser.get(page).content.decode()]
    assert told == {who: [] for who in told}
    assert "Hyesan" in words(browser_of(world.people["other"]).get(secret.get_absolute_url()))


def test_five_papers_that_print_one_report_are_one_origin(ana, team, recommendation):
    papers = [factories.link(team["author"], f"Paper {n}", source=f"Paper {n}") for n in range(4)]
    agency = factories.link(team["author"], "The report", source="The  Agency")
    update = factories.approve(
        team["author"], recommendation, reviewer=team["reviewer"], cites=[*papers, agency]
    )
    assert "From 5 independent origins." in words(ana.get(update.get_absolute_url()))
    page = reverse("update-origin", args=[update.key])
    assert "Enter who published it first." in words(
        ana.post(page, {"items": [str(paper.key) for paper in papers], "origin": " "})
    )
    ana.post(page, {"items": [str(paper.key) for paper in papers], "origin": "the agency"})
    assert "From 1 independent origin." in words(ana.get(update.get_absolute_url()))
    assert "5 items, from 1 independent origin" in words(ana.get(recommendation.get_absolute_url()))
    assert Event.objects.filter(kind="evidence_changed", evidence=papers[0]).get().payload["fields"] == [
        "origin"
    ]


def test_nobody_ties_items_that_they_may_not_change(team, recommendation):
    item = factories.link(team["author"], "Paper", source="A paper")
    update = factories.approve(team["author"], recommendation, reviewer=team["reviewer"], cites=[item])
    omar, page = browser_of(team["other"]), reverse("update-origin", args=[update.key])
    assert "There is no item here that you can change." in words(omar.get(page))
    omar.post(page, {"items": [str(item.key)], "origin": "Another"})
    item.refresh_from_db()
    assert item.origin == ""


def statements(browser, said):
    """Add an item; return the statements it took, without their values, and what was said afterwards."""
    with CaptureQueriesContext(
        connection,
    ) as made:
        answer = browser.post(ADD, said)
    shapes = [
        re.sub(r"s\d+_x\d+|'[^']*'|\b\d+\b|X'[0-9A-F]*'", "?", query["sql"])
        for query in made.captured_queries
    ]
    return shapes, words(browser.get(answer.url))


def test_the_same_bytes_are_pointed_out_to_who_may_see_both_and_to_nobody_else(ana, team):
    hidden = item_of(
        team["other"], content=forms.PDF + b"h", sensitivity=Sensitivity.RESTRICTED, title="Hush"
    )
    ana.get(reverse("evidence-list"))
    plain, said_plain = statements(ana, details(title="New", file=forms.upload("x.pdf", forms.PDF + b"n")))
    twice, said_twice = statements(ana, details(title="New", file=forms.upload("x.pdf", forms.PDF + b"h")))
    assert plain == twice, "as many statements of the same shape: nothing to measure"
    assert "held already" not in said_twice and "Hush" not in said_twice
    assert re.sub(r"[0-9a-f]{8,}|\d+", "", said_plain) == re.sub(r"[0-9a-f]{8,}|\d+", "", said_twice)
    item = Evidence.objects.latest("pk")
    assert "is also held as" not in words(ana.get(item.get_absolute_url()))
    assert "is also held as" in words(browser_of(team["other"]).get(hidden.get_absolute_url()))
    answer = ana.post(ADD, details(title="Again", file=forms.upload("y.pdf", forms.PDF + b"h")), follow=True)
    assert "The same file is already held as New" in words(answer) and "Hush" not in words(answer)


def test_of_many_items_alike_three_are_named_and_the_rest_counted(ana, team):
    for number in range(5):
        item_of(team["other"], title=f"Copy {number}")
    said = words(ana.post(ADD, details(title="Again", file=forms.upload("y.pdf", forms.PDF)), follow=True))
    assert said.count("The same file is already held as") == 3 and "… and as 2 more items." in said


@pytest.mark.parametrize("shape", ["file", "link"])
def test_a_form_sent_again_with_another_level_says_that_it_was_not_taken_over(ana, shape):
    """The back button: who goes back to make an item restricted must not read that it was added so."""

    def sent(**changed):
        what = (
            {"file": forms.upload("x.pdf", forms.PDF)}
            if shape == "file"
            else {"url": "https://example.org/a"}
        )
        return ana.post(f"{ADD}?shape={shape}", {**first, **what, **changed}, follow=True)

    first = details(title="A report", consent="told us")
    assert "Added." in words(sent())
    assert "Added." in words(sent()) and "before" not in words(sent()), "a double click"
    said = words(sent(sensitivity="restricted", source="Rodong"))
    assert "was already added from this form" in said and "Added." not in said
    told = said.partition("was not saved: ")[2].partition(".")[0]
    assert sorted(told.split(", ")) == ["Source: who published it", "Who can see this"]
    item = Evidence.objects.get()
    assert (item.sensitivity, item.source) == (Sensitivity.INTERNAL, "KCNA")


def test_the_same_address_is_pointed_out_to_who_may_see_both_and_to_nobody_else(ana, team):
    about = {"url": "https://example.org/decree"}
    browser_of(team["other"]).post(
        f"{ADD}?shape=link", details(sensitivity="restricted", title="Hush", **about)
    )
    said = words(ana.post(f"{ADD}?shape=link", details(title="Decree", **about), follow=True))
    assert "Added." in said and "held already" not in said and "Hush" not in said
    said = words(ana.post(f"{ADD}?shape=link", details(title="Decree again", **about), follow=True))
    assert "The same address is already held as Decree" in said and "Hush" not in said


def test_a_manager_learns_of_two_hidden_items_alike_only_while_seeing_neither(team):
    content = forms.PDF + b"t"
    one = item_of(team["author"], content=content, sensitivity=Sensitivity.RESTRICTED, title="One")
    two = item_of(team["other"], content=content, sensitivity=Sensitivity.RESTRICTED, title="Two")
    page = reverse("evidence-access", args=[one.key])
    said = words(browser_of(team["manager"]).get(page))
    assert "another restricted item that you cannot see" in said and "Two" not in said
    assert "another restricted item" not in words(browser_of(team["author"]).get(page))
    grants.grant(item=two, person=team["manager"], actor=team["other"], reason="To compare", now=NOW)
    assert "another restricted item" not in words(browser_of(team["manager"]).get(page))


def test_pressed_twice_it_is_one_item_and_after_going_back_nobody_takes_an_open_one_for_sealed(ana, settings):
    settings.SEALED_LEVEL = True
    name_officers("Kim Ha-neul", "Lee Seo-jun")
    sent = sealed_details()
    for _press in range(2):
        answer = ana.post(ADD, {**sent, "file": forms.upload("x.pdf", forms.PDF)}, follow=True)
        assert "Added." in words(answer) and "before" not in words(answer)
    assert Evidence.objects.get().is_sealed
    plain = details(title=TITLE)
    ana.post(ADD, {**plain, "file": forms.upload("x.pdf", forms.PDF)}, follow=True)
    back = {**sealed_details(), "form_key": plain["form_key"], "file": forms.upload("x.pdf", forms.PDF)}
    said = words(ana.post(ADD, back, follow=True))
    assert "was already added from this form, and not sealed" in said and "Added." not in said
    assert Evidence.objects.count() == 2 and not StagedUpload.objects.exists()
