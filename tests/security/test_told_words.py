"""Outside, what is published keeps the words of the report that two people published it on."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from recommendations.choices import Decision, Earlier, Extent, Role, Sensitivity, Status
from recommendations.errors import Refused
from recommendations.models import Publication, Recommendation, User
from recommendations.selectors import outside
from recommendations.selectors.editions_outside import outside_view
from recommendations.selectors.told_words import words_wait
from recommendations.services import asks, editions, people, publications, undoing_versions
from recommendations.services.mail.digests import preview
from tests.support import factories
from tests.support.exports import content, rows_of, take_out
from tests.support.factories import DAY, NOW
from tests.support.pages import browser_of, words
from tests.support.versions import FIRST, bring, first, narrative

pytestmark = pytest.mark.django_db
WAS = FIRST[2]
CORRECTED = WAS.replace("at home", "at their home")
WHOLE = Extent.WORDS_AND_STATUS


@pytest.fixture
def report(team):
    return first(*FIRST)


@pytest.fixture
def third(report):
    return report.recommendations.get(position=3)


@pytest.fixture
def partner(team):
    User.objects.update(date_joined=NOW - 60 * DAY)
    about = {"actor": team["manager"], "email": "pia@partner.example", "name": "Pia", "role": "partner"}
    person, _password = people.add_person(now=NOW, **about)
    User.objects.filter(pk=person.pk).update(date_joined=NOW - 60 * DAY)
    return person


def publish(team, recommendation, now=NOW, **fields):
    about = {"reviewer": team["reviewer"], "extent": WHOLE, "public_text": "Seen by all.", **fields}
    return factories.publish(team["author"], recommendation, now, **about)


def correct(team, report, *, now=NOW + DAY, to=CORRECTED):
    bring(report, narrative(*FIRST[:2], to), actor=team["manager"], now=now)
    return Recommendation.objects.get(report=report, reference__endswith="03")


def told(report):
    return outside.public_of(report)[2]


def test_one_manager_alone_changes_no_word_that_is_told(team, report, third, partner):
    ask = asks.add(
        recommendation=third,
        actor=team["reviewer"],
        title="At home",
        words="assistance to victims at home",
        now=NOW,
    )
    publish(team, third, ask=ask, status=Status.PARTLY, cites=[factories.link(team["author"])])
    now = correct(team, report)
    assert now.text == CORRECTED and now.asks.get().words == "assistance to victims at their home"
    one = told(report)
    assert (one.text, [part.words for part in one.asks]) == (WAS, ["assistance to victims at home"])
    mail = preview(reader=partner, manager=team["manager"], now=NOW + 2 * DAY)
    for body in (mail.text, mail.html):
        assert "victims at home" in body and "their home" not in body
    _face, _head, rows = rows_of(content(take_out(team["viewer"], "updates", level="public")))
    assert WAS in str(rows) and "their home" not in str(rows)
    edition = editions.freeze(
        report=report,
        actor=team["manager"],
        name="After it",
        as_of=(NOW + 2 * DAY).date(),
        now=NOW + 4 * DAY,
    )
    assert edition.content["recommendations"][2]["text"] == CORRECTED, "inside it has the words of its day"
    row = outside_view(edition)[2]
    assert (row.text, row.asks[0].title) == (WAS, "“assistance to victims at home”")
    kept = outside.public_in(edition)[2]
    assert (kept.text, kept.asks[0].words) == (WAS, "assistance to victims at home")


def test_what_has_nothing_published_has_the_newest_words(team, report, third):
    update = publish(team, third)
    publications.withdraw(update=update, actor=team["reviewer"], reason="No.", now=NOW + DAY)
    correct(team, report, now=NOW + 2 * DAY)
    assert told(report).text == CORRECTED


def test_two_people_publish_on_the_corrected_words(team, report, third):
    update = publish(team, third)
    correct(team, report)
    update.refresh_from_db()
    assert words_wait(update.recommendation) == WAS
    author, second = browser_of(team["author"]), browser_of(team["second"])
    listed = words(second.get(reverse("publication-list")))
    assert "Corrected words that are not told outside yet 1" in listed
    page = reverse("update-publication", args=[update.key])
    assert f"The earlier words are: {WAS} The corrected words are: {CORRECTED}" in words(author.get(page))
    author.post(page, {"act": "propose", "extent": WHOLE})
    assert told(report).text == WAS, "a proposal changes nothing"
    read = second.get(page).context["cited"]
    second.post(page, {"act": "confirm", "extent": WHOLE, "cited": read})
    assert told(report).text == CORRECTED and words_wait(third) == ""
    assert Publication.objects.published().count() == 1
    assert "Corrected words" not in words(second.get(reverse("publication-list")))
    assert "As much of it is published already" in str(
        publications.reason_not_to_propose(
            update=update,
            person=team["author"],
            extent=WHOLE,
        )
    )


def test_a_newer_update_that_is_published_brings_the_corrected_words(team, report, third):
    publish(team, third)
    correct(team, report)
    publish(team, third, NOW + 3 * DAY, earlier=Earlier.LEAVE)
    assert told(report).text == CORRECTED


def test_an_undone_version_leaves_the_words_as_they_were(team, report, third):
    publish(team, third)
    correct(team, report)
    undoing_versions.undo(report=report, number=2, actor=team["manager"], now=NOW + 2 * DAY)
    assert told(report).text == WAS and words_wait(third) == ""


def test_a_correction_that_is_taken_back_waits_for_nobody(team, report, third):
    publish(team, third)
    correct(team, report)
    correct(team, report, now=NOW + 2 * DAY, to=WAS + " ")
    assert Recommendation.objects.get(pk=third.pk).text == WAS
    assert words_wait(third) == "" and told(report).text == WAS


def test_an_ask_made_of_words_that_are_not_told_has_none_outside(team, report, third):
    publish(team, third, extent=Extent.WORDS)
    now = correct(team, report)
    given = {"recommendation": now, "actor": team["reviewer"], "now": NOW + 2 * DAY}
    asks.add(title="New", words="at their home", **given)
    asks.add(title="Both", words="returned from abroad", **given)
    assert [part.words for part in told(report).asks] == ["returned from abroad"]


def test_who_corrected_the_words_does_not_publish_on_them(team, report, third):
    """A manager who also reviews would be the only one who has read them."""
    both = factories.person("Bea", Role.MANAGER)
    both.groups.add(Group.objects.get(name=Role.REVIEWER))
    cited = [factories.link(team["author"])]
    update = factories.submit(team["author"], third, public_text="Seen.", cites=cited, proposed_extent=WHOLE)
    before = factories.approve(team["author"], third, reviewer=team["reviewer"], public_text="Older.")
    publications.propose(update=before, actor=team["author"], extent=Extent.WORDS, now=NOW)
    bring(report, narrative(*FIRST[:2], CORRECTED), actor=both, now=NOW + DAY)
    with pytest.raises(Refused, match="you brought a source version"):
        publications.confirm(update=before, actor=both, extent=Extent.WORDS, now=NOW + 2 * DAY)
    page = browser_of(both).post(
        reverse("review", args=[update.key]),
        {"decision": Decision.APPROVE, "seen_version": 1, "extent": WHOLE, "comment": ""},
    )
    assert "you brought a source version" in words(page)
    publications.confirm(update=before, actor=team["second"], extent=Extent.WORDS, now=NOW + 2 * DAY)
    assert told(report).text == CORRECTED


def test_nobody_publishes_on_words_that_changed_since_the_page_was_opened(team, report, third):
    update = factories.approve(team["author"], third, reviewer=team["reviewer"], public_text="Seen.")
    publications.propose(update=update, actor=team["author"], extent=Extent.WORDS, now=NOW)
    second, page = browser_of(team["second"]), reverse("update-publication", args=[update.key])
    read = second.get(page).context["cited"]
    correct(team, report)
    said = words(second.post(page, {"act": "confirm", "extent": "words", "cited": read}, follow=True))
    assert "or the words of the recommendation, changed after you opened the page" in said
    assert not Publication.objects.published().exists()
    assert f"The earlier words are: {WAS} The corrected words are: {CORRECTED}" in said


def test_an_item_of_a_file_is_called_by_words_that_are_told(team, report, third, partner):
    item = factories.file(team["author"], "scan.pdf", Sensitivity.PUBLIC)
    publish(team, third, cites=[item])
    correct(team, report)
    mail = preview(reader=partner, manager=team["manager"], now=NOW + 2 * DAY)
    assert "at home" in mail.text and "their home" not in mail.text
