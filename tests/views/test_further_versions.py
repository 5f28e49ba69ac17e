"""Bringing a further source version of a report at its pages, by a manager."""

import pytest
from django.urls import reverse

from recommendations.choices import EventKind, Role
from recommendations.models import Event, Recommendation, Report, SourceVersion, StagedReport
from tests.support import factories
from tests.support.factories import DAY, NOW
from tests.support.importing import upload
from tests.support.pages import browser_of, words
from tests.support.versions import FIRST, bring, first, narrative

pytestmark = pytest.mark.django_db
MONITOR = "Let independent monitors see where people work."
REWRITTEN = "Provide shelter and medical care to victims who were returned from abroad."


@pytest.fixture
def mina(team):
    return browser_of(team["manager"])


def brought(client, data, name="new.txt"):
    """Bring a document, and open the page that says what it would change."""
    checked = upload(client, data, name)
    address = reverse("further-version", args=[checked.context["staged"].key])
    return checked, client.get(address)


def send(client, page, **given):
    """Press the button, as a browser would."""
    form = page.context["form"]
    fields = {one.html_name: one.value() or "" for one in form}
    return client.post(page.request["PATH_INFO"], {**fields, "seen": page.context["further"].mark, **given})


def test_a_whole_text_after_a_cut_one_is_shown_and_added(team, mina):
    report = first(FIRST[0], cut="Criminalize sex traff")
    checked, page = brought(mina, narrative(MONITOR, *FIRST))
    assert "This is a further version of North Korea 2024." in words(checked)
    said = words(page)
    assert "This document has the whole list." in said
    for told in ("Word for word the same", "Words corrected", "New", "number 1 until now"):
        assert told in said
    assert report.versions.count() == 1, "nothing is stored before it is confirmed"
    done = send(mina, page)
    assert done.status_code == 302 and done["Location"] == report.get_absolute_url()
    page = mina.get(done["Location"])
    assert (
        "North Korea 2024 has source version 2 now: 2 recommendations are new, 1 is corrected, "
        "0 not in it any more." in words(page)
    )
    assert "Version 1 of 2" in words(page) and "First import" in words(page)
    assert not StagedReport.objects.exists()


def test_earlier_versions_are_read_and_downloaded(team, mina):
    report, old = first(*FIRST), narrative(*FIRST)
    bring(report, narrative(FIRST[0], FIRST[1], MONITOR), actor=team["manager"])
    vera = browser_of(team["viewer"])
    page = vera.get(reverse("source-version", args=[report.slug, 1]))
    assert "A newer version took the place of this one" in words(page)
    assert FIRST[2] in words(page)
    assert b"".join(vera.get(reverse("source-document", args=[report.slug, 1]))) == old
    page = words(vera.get(reverse("source-version", args=[report.slug, 2])))
    assert "What it changed 2" in page
    assert "New TIP-2024-KP-04" in page and "Not in this version TIP-2024-KP-03" in page
    gone = words(vera.get(reverse("recommendation-detail", args=["TIP-2024-KP-03"])))
    assert "Not in source version 2 of the report." in gone
    assert FIRST[2] in gone
    assert "TIP-2024-KP-03" in words(vera.get(report.get_absolute_url()))
    listed = words(vera.get(reverse("recommendation-list"), {"report": report.slug}))
    assert "KP-04" in listed and "KP-03" not in listed


def test_the_facts_say_which_version_they_are_of_and_managers_are_led_to_the_next(team, mina):
    report = first(*FIRST)
    page = mina.get(report.get_absolute_url())
    assert f'href="{reverse("report-import")}">Bring a corrected edition' in page.content.decode()
    assert "Version 1" not in words(page) and "First imported" not in words(page)
    said = words(mina.get(reverse("report-import")))
    assert "A text of a report that is already here becomes a further source version of it." in said
    bring(report, narrative(*FIRST, MONITOR), now=NOW + DAY, actor=team["manager"])
    said = words(browser_of(team["viewer"]).get(report.get_absolute_url()))
    day = f"{NOW + DAY:%-d %b %Y}"
    assert f"Version 2 , brought on {day}" in said
    assert "SHA-256 of the document, version 2" in said and "First imported" in said
    assert "Bring a corrected edition" not in said


def test_earlier_words_stay_readable_beside_the_recommendation(team, mina):
    report = first(FIRST[0], cut="Criminalize sex traff")
    page = reverse("recommendation-detail", args=["TIP-2024-KP-02"])
    assert "Earlier words" not in words(mina.get(page))
    bring(report, narrative(*FIRST), actor=team["manager"])
    said = words(mina.get(page))
    assert "Earlier words" in said and "Criminalize sex traff Source version 1" in said
    history = words(mina.get(reverse("recommendation-history", args=["TIP-2024-KP-02"])))
    assert "Words of a recommendation corrected" in history


def test_what_is_not_decided_is_asked_and_its_meaning_is_shown_before_it_is_added(team, mina):
    report = first(*FIRST)
    third = report.recommendations.get(position=3)
    factories.approve(team["author"], third, reviewer=team["reviewer"])
    _checked, page = brought(mina, narrative(*FIRST[:2], REWRITTEN))
    assert "Choose for recommendation 3 of the document which one it is." in words(page)
    assert "Choose which recommendation it is, or that it is new." in words(send(mina, page))
    shown = send(mina, page, item_3="new")
    said = words(shown)
    assert "This is what your choices mean. Nothing has been added yet" in said
    assert "Not in this document 1" in said and "1 update that you can see" in said
    assert report.versions.count() == 1
    assert send(mina, shown, item_3="new").status_code == 302
    third.refresh_from_db()
    assert third.gone_since == 2
    assert Recommendation.objects.get(reference="TIP-2024-KP-04").text == REWRITTEN


def test_it_can_be_the_same_in_other_words(team, mina):
    report = first(*FIRST)
    _checked, page = brought(mina, narrative(*FIRST[:2], REWRITTEN))
    shown = send(mina, page, item_3="TIP-2024-KP-03")
    assert send(mina, shown, item_3="TIP-2024-KP-03").status_code == 302
    assert report.recommendations.get(reference="TIP-2024-KP-03").text == REWRITTEN


def test_one_that_is_chosen_twice_is_said_alone_and_at_both_rows(team, mina):
    report = first(*FIRST)
    _checked, page = brought(mina, narrative(*FIRST[:2], REWRITTEN, MONITOR))
    twice = {"item_3": "TIP-2024-KP-03", "item_4": "TIP-2024-KP-03"}
    for _again in range(2):
        page = send(mina, page, **twice)
        said = words(page)
        assert "read it, then add the version" not in said, "nothing can be added yet"
        assert "2 things need your attention" in said
        for number in (3, 4):
            problem = f"Number {number}: TIP-2024-KP-03 is chosen more than once. Choose it once."
            assert page.context["form"].errors[f"item_{number}"] == [problem]
            assert said.count(problem) == 2, "above, and at the row"
        assert "Show what this means" in said and "Add source version 2" not in said
        assert "It cannot be added yet" in said
    page = send(mina, page, **twice | {"item_4": "new"})
    assert "read it, then add the version" in words(page) and "Add source version 2" in words(page)
    assert report.versions.count() == 1


def test_two_managers_at_once_one_wins_and_the_other_sees_how_it_is_now(team, mina):
    report = first(*FIRST)
    other = browser_of(factories.person("Kay", Role.MANAGER))
    _checked, page = brought(mina, narrative(*FIRST, MONITOR))
    _checked, others = brought(other, narrative(*FIRST, REWRITTEN))
    assert send(mina, page).status_code == 302
    answer = send(other, others)
    assert "This is what your choices mean" in words(answer)
    assert "source version 3" in words(answer) and "Not in this document 1" in words(answer)
    assert report.versions.count() == 2
    assert send(other, answer, item_4=answer.context["form"]["item_4"].value()).status_code == 302
    assert report.versions.count() == 3


def test_the_same_document_again_is_said_and_changes_nothing(team, mina):
    report = first(*FIRST)
    bring(report, narrative(*FIRST, MONITOR), actor=team["manager"])
    before = Event.objects.count()
    for data in (narrative(*FIRST), narrative(*FIRST, MONITOR)):
        checked, page = brought(mina, data)
        assert "This document was already imported, as North Korea 2024." in words(checked)
        assert page.status_code == 302
    assert (Event.objects.count(), SourceVersion.objects.count()) == (before, 2)


def test_a_cut_list_takes_nothing_away_until_a_person_has_counted(team, mina):
    report = first(*FIRST)
    checked, page = brought(
        mina, narrative(FIRST[0], cut="Criminalize sex trafficking and labor trafficking.")
    )
    assert "not known to be whole, and 1 recommendation of the report is not in it" in words(page)
    assert "not known to be whole" in words(send(mina, page))
    assert report.versions.count() == 1
    mina.post(
        checked.context["staged"].get_absolute_url(),
        {"act": "expect", "expected": "2", "seen": checked.context["seen"]},
    )
    page = mina.get(page.request["PATH_INFO"])
    assert send(mina, page).status_code == 302
    assert report.recommendations.listed().count() == 2


def test_the_tier_is_asked_where_it_differs(team, mina):
    report = first(*FIRST)
    _checked, page = brought(mina, narrative(*FIRST, MONITOR, tier="2"))
    assert "Tier 3, as it says now" in words(page) and "Tier 2, as this document says" in words(page)
    assert "Choose which tier the report has." in words(send(mina, page))
    assert send(mina, page, tier="taken").status_code == 302
    report.refresh_from_db()
    assert report.tier == "2"


def test_the_newest_version_is_undone_at_its_page(team, mina):
    report = first(*FIRST)
    bring(report, narrative(*FIRST, MONITOR), actor=team["manager"])
    page = mina.get(reverse("source-version", args=[report.slug, 2]))
    address = reverse("source-version-undo", args=[report.slug, 2])
    assert address in page.content.decode()
    first_one = mina.get(reverse("source-version-undo", args=[report.slug, 1]), follow=True)
    assert "Only the newest source version is undone" in words(first_one)
    assert "Undo source version 2 of North Korea 2024?" in words(mina.get(address))
    done = mina.post(address, {"confirmed": "yes"}, follow=True)
    assert "Source version 2 of North Korea 2024 is undone." in words(done)
    assert Report.objects.get().recommendations.count() == 3
    assert Event.objects.filter(kind=EventKind.VERSION_UNDONE).exists()
    assert mina.post(address).status_code == 404


def test_who_is_no_manager_adds_and_undoes_nothing(team):
    report = first(*FIRST)
    bring(report, narrative(*FIRST, MONITOR), actor=team["manager"])
    rita = browser_of(team["reviewer"])
    assert rita.post(reverse("source-version-undo", args=[report.slug, 2])).status_code == 403
    assert report.versions.count() == 2


def test_of_what_is_restricted_the_page_says_nothing(team, mina):
    report = first(*FIRST)
    factories.submit(team["author"], report.recommendations.get(position=3), sensitivity="restricted")
    _checked, page = brought(mina, narrative(*FIRST[:2], MONITOR))
    assert "0 updates that you can see" in words(page)


def test_a_reviewer_and_readers_are_told_that_the_words_were_corrected(team):
    report = first(*FIRST)
    third = report.recommendations.get(position=3)
    update = factories.submit(team["author"], third)
    rita, page = browser_of(team["reviewer"]), reverse("review", args=[update.key])
    assert "corrected these words" not in words(rita.get(page))
    corrected = FIRST[2].replace("victims at home", "all victims at home")
    bring(report, narrative(*FIRST[:2], corrected), now=NOW + DAY, actor=team["manager"])
    said = words(rita.get(page))
    assert "corrected these words after the update was submitted." in said and FIRST[2] in said
    factories.decide(update, team["reviewer"])
    said = words(rita.get(reverse("recommendation-detail", args=[third.reference])))
    assert "It was assessed before a new source version of the report corrected its words." in said


@pytest.mark.parametrize("swaps", [True, False])
def test_nobody_alone_puts_what_is_published_on_other_words(team, mina, swaps):
    """Two people said it of the words that stood then; a person who adds a version is one."""
    report = first(*FIRST)
    one, two = report.recommendations.order_by("position")[:2]
    factories.publish(team["author"], one, NOW, reviewer=team["reviewer"])
    others = [f"{text.rstrip('.')} now." for text in FIRST[:2]] if swaps else [REWRITTEN, FIRST[1]]
    chosen = {"item_1": two.reference, "item_2": one.reference} if swaps else {"item_1": one.reference}
    _checked, page = brought(mina, narrative(*others, FIRST[2]))
    for _press in range(2):
        page = send(mina, page, **chosen)
        assert page.status_code == 200, "it is never added"
    assert f"Something of {one.reference} is published, and it was said of other words." in words(page)
    assert report.versions.count() == 1
    assert Recommendation.objects.get(pk=one.pk).text == FIRST[0]


def test_a_corrected_word_of_what_is_published_is_added_as_it_was_recognised(team, mina):
    report = first(*FIRST)
    third = report.recommendations.get(position=3)
    factories.publish(team["author"], third, NOW, reviewer=team["reviewer"])
    _checked, page = brought(mina, narrative(*FIRST[:2], FIRST[2].replace("at home", "at their home")))
    assert send(mina, page).status_code == 302
    assert report.versions.count() == 2


def test_a_second_press_leads_to_what_the_first_one_added(team, mina):
    report = first(*FIRST)
    _checked, page = brought(mina, narrative(*FIRST, MONITOR))
    assert send(mina, page).status_code == 302
    again = send(mina, page)
    assert (again.status_code, again["Location"]) == (302, report.get_absolute_url())
    assert "North Korea 2024, 2 is added already." in words(mina.get(again["Location"]))
    assert report.versions.count() == 2


def test_no_page_tells_a_manager_of_a_restricted_draft_by_not_offering_to_undo(team, mina):
    report = first(*FIRST)
    bring(report, narrative(*FIRST, MONITOR), actor=team["manager"])
    version, report_page = report.versions.get(number=2).get_absolute_url(), report.get_absolute_url()
    before = [words(mina.get(address)) for address in (version, report_page)]
    one = report.recommendations.get(position=1)
    factories.write(team["author"], one, NOW + DAY, sensitivity="restricted")
    assert [words(mina.get(address)) for address in (version, report_page)] == before
    mina.post(reverse("source-version-undo", args=[report.slug, 2]), {"confirmed": "yes"})
    assert report.versions.count() == 2, "it is refused all the same"
