"""Passages of the narrative: kept as baseline claims, cited in an update; and tags of what it names."""

import pytest
from django.urls import reverse

from recommendations.choices import EventKind, TagKind
from recommendations.models import BaselineClaim, Event, Evidence, Report, StatusUpdate, Tag
from recommendations.services import narrative as service
from tests.support import factories, forms
from tests.support.factories import NOW
from tests.support.importing import NARRATIVE, confirm, upload
from tests.support.pages import browser_of, text_of

pytestmark = pytest.mark.usefixtures("at_the_time_of_the_story")

CAMPS = "The DPRK holds an estimated 80,000 to 120,000 persons in political prison camps"
# It is there twice: in the list, and nowhere marked apart.
TWICE = "sex trafficking"


@pytest.fixture
def first(team):
    """The first recommendation of the shipped report, imported."""
    manager = browser_of(team["manager"])
    confirm(manager, upload(manager, NARRATIVE))
    return Report.objects.get().recommendations.get(position=1)


@pytest.fixture
def ana(team):
    """The browser of a contributor."""
    return browser_of(team["author"])


def address(recommendation):
    return reverse("recommendation-narrative", args=[recommendation.reference])


def act(browser, recommendation, name, **given):
    return browser.post(address(recommendation), {"act": name, **given}, follow=True)


def test_a_passage_is_kept_shown_and_found_in_the_report(ana, first):
    page = act(ana, first, "keep", quote=f"  {CAMPS.replace(' ', chr(10), 1)} ", about="People in camps")
    assert "The passage is added as a baseline claim." in text_of(page)
    claim = BaselineClaim.objects.get()
    report = first.report
    assert report.text[claim.start : claim.end] == claim.words == CAMPS
    assert claim.sha256 == report.sha256
    shown = text_of(ana.get(first.get_absolute_url()))
    assert "What the report says 1 People in camps “The DPRK holds" in shown
    assert f'id="claim-{claim.pk}"></span>' in ana.get(report.get_absolute_url()).content.decode()
    event = Event.objects.get(kind=EventKind.CLAIM_KEPT)
    assert (event.recommendation, event.payload["start"]) == (first, claim.start)
    history = ana.get(reverse("recommendation-history", args=[first.reference]))
    assert "Baseline claim kept" in text_of(history)
    act(ana, first, "keep", quote=CAMPS)
    assert BaselineClaim.objects.count() == 1 and Event.objects.filter(kind=EventKind.CLAIM_KEPT).count() == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "Select or paste a passage of the narrative."),
        ("The DPRK closed its camps.", "This passage is not in the text."),
        (TWICE, "Take in more of the words around it."),
    ],
)
def test_what_is_not_one_passage_is_refused_and_stays_in_the_form(ana, first, words, said):
    for name in ("keep", "cite"):
        page = act(ana, first, name, quote=words, about="My words")
        assert said in text_of(page)
        assert page.context["form"]["quote"].value() == words
        assert page.context["form"]["about"].value() == "My words"
    assert not BaselineClaim.objects.exists() and not Evidence.objects.exists()


def test_of_words_that_are_there_twice_the_chosen_ones_are_kept(ana, first):
    reading = ana.get(address(first)).context["reading"]
    shown = "".join(piece.text for piece in reading.pieces)
    places = [at for at in range(len(shown)) if shown.startswith(TWICE, at)]
    assert len(places) > 1
    act(ana, first, "keep", quote=TWICE, start=places[1])
    claim = BaselineClaim.objects.get()
    assert claim.start == reading.start + places[1]
    act(ana, first, "keep", quote=TWICE, start=places[1] + 1)
    assert BaselineClaim.objects.count() == 1, "there it does not begin"


def test_a_claim_is_taken_off_by_who_kept_it_or_a_reviewer_and_remains_on_record(ana, team, first):
    act(ana, first, "keep", quote=CAMPS)
    claim = BaselineClaim.objects.get()
    omar = browser_of(team["other"])
    assert "Take off" not in text_of(omar.get(address(first)))
    page = act(omar, first, "off", claim=claim.pk)
    assert "Only who kept a claim, or a reviewer, can take it off." in text_of(page)
    page = act(browser_of(team["reviewer"]), first, "off", claim=claim.pk)
    assert "The claim is taken off." in text_of(page)
    claim.refresh_from_db()
    assert (claim.removed_by, claim.words) == (team["reviewer"], CAMPS)
    assert "What the report says" not in text_of(ana.get(first.get_absolute_url()))
    page = act(ana, first, "off", claim=claim.pk)
    assert "This claim was taken off already." in text_of(page)
    act(ana, first, "keep", quote=CAMPS)
    assert BaselineClaim.objects.filter(removed_at=None).count() == 1, "it can be kept again"


def test_a_claim_of_another_recommendation_is_not_taken_off(ana, first):
    act(ana, first, "keep", quote=CAMPS)
    second = first.report.recommendations.get(position=2)
    for claim in (BaselineClaim.objects.get().pk, "x", "", "9" * 30):
        act(ana, second, "off", claim=claim)
    assert BaselineClaim.objects.filter(removed_at=None).exists()


def test_a_passage_is_cited_in_an_update(ana, team, first):
    page = act(ana, first, "cite", quote=CAMPS)
    item = Evidence.objects.get()
    assert (item.title, item.sha256) == (
        "Trafficking in Persons Report 2024: North Korea",
        first.report.sha256,
    )
    assert item.sensitivity == "public" and item.published_on == first.report.released_on
    (row,) = page.context["forms"].citations
    assert str(row["evidence"].value()) == str(item.key)
    assert row["locator"].value().startswith(f"“{CAMPS}” (characters ")
    held = {"shape": "held", "evidence": item.key, "stance": "supports", "locator": row["locator"].value()}
    sent = forms.update_form(evidence=[held])
    ana.post(reverse("update-add", args=[first.reference]), sent)
    update = StatusUpdate.objects.get()
    assert [one.evidence for one in update.citations.all()] == [item]
    act(browser_of(team["author"]), first, "cite", quote="PROTECTION\n\nThe government did not report")
    assert Evidence.objects.count() == 1, "the report is one item"


def test_a_citation_that_the_address_names_is_only_of_what_the_person_can_see(ana, team, first):
    hidden = factories.link(team["other"], "Ms. K.", "restricted")
    page = ana.get(
        reverse("update-add", args=[first.reference]), {"cite": hidden.key, "where": "p. 1" + "x" * 900}
    )
    assert not list(page.context["forms"].citations) and "Ms. K." not in page.content.decode()
    assert ana.get(reverse("update-add", args=[first.reference]), {"cite": "no key"}).status_code == 200


def test_tags_are_offered_confirmed_taken_off_and_filtered_by(ana, team, first):
    page = ana.get(address(first))
    assert [label for _value, label in page.context["tags_form"].fields["tags"].choices] == ["UNSCR 2397"]
    act(
        ana,
        first,
        "keep",
        quote="Observers noted the Government of Russia continued to allow North Korean workers",
    )
    page = act(ana, first, "tags", tags=["instrument:UNSCR 2397", "country:RU"])
    assert "The tags are saved." in text_of(page)
    shown = text_of(ana.get(first.get_absolute_url()))
    assert "UNSCR 2397" in shown and "Russia" in shown
    found = ana.get(reverse("recommendation-list"), {"tag": "country:RU"})
    assert [line.reference for line in found.context["lines"]] == [first.reference]
    assert "Russia" in text_of(found)
    history = text_of(ana.get(reverse("recommendation-history", args=[first.reference])))
    assert "confirmed: UNSCR 2397, Russia" in history
    act(ana, first, "tags", tags=["country:RU"], shown="instrument:UNSCR 2397|country:RU")
    assert [tag.value for tag in first.tags.all()] == ["RU"]
    assert "This choice is not available" not in text_of(ana.get(reverse("recommendation-list")))
    assert (
        ana.get(reverse("recommendation-list"), {"tag": "country:XX"}).context["filters"].form.errors["tag"]
    )


def test_a_tag_that_somebody_else_confirmed_meanwhile_stays(ana, team, first):
    given = {"recommendation": first, "actor": team["reviewer"], "now": NOW, "shown": []}
    service.choose_tags(chosen=[(TagKind.INSTRUMENT, "UNSCR 2397")], **given)
    act(ana, first, "tags", tags=[])
    assert Tag.objects.count() == 1, "it was not ticked when the page was made"


def test_a_tag_that_nothing_names_is_refused(ana, first):
    page = act(ana, first, "tags", tags=["country:US"])
    assert page.context["tags_form"].errors["tags"]
    assert not Tag.objects.exists() and not Event.objects.filter(kind=EventKind.TAGGED).exists()


def test_viewers_read_and_do_not_keep(team, first):
    service.keep_claim(recommendation=first, actor=team["author"], words=CAMPS, now=NOW)
    vic = browser_of(team["viewer"])
    assert vic.get(address(first)).status_code == 403
    assert "What the report says 1" in text_of(vic.get(first.get_absolute_url()))


def test_an_import_with_a_kept_claim_is_not_taken_back(ana, team, first):
    act(ana, first, "keep", quote=CAMPS)
    page = browser_of(team["manager"]).get(first.report.get_absolute_url())
    assert page.context["may_be_undone"] is False


def test_an_unknown_act_changes_nothing(ana, first):
    assert "Nothing was done." in text_of(act(ana, first, "burn"))
