"""Evidence that one person changes after its publication: nobody outside reads it until another agrees."""

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from recommendations.choices import AccountAct, EventKind, Extent, Role, Sensitivity
from recommendations.errors import Refused
from recommendations.exports.columns import evidence_columns
from recommendations.models import (
    DETAIL_FIELDS,
    TOLD_FIELDS,
    AccountChange,
    Event,
    Evidence,
    HeldChange,
    Publication,
)
from recommendations.selectors.published import PublishedChronicle
from recommendations.services import publications
from recommendations.services.evidence import retention
from tests.support import factories, past
from tests.support.exports import content, take_out
from tests.support.factories import DAY, NOW
from tests.support.items import details
from tests.support.pages import browser_of, text_of, words
from tests.support.past import freeze, on

pytestmark = pytest.mark.django_db
PUBLIC, INTERNAL = Sensitivity.PUBLIC, Sensitivity.INTERNAL
NAME = "Kim Chol-su told us where"


@pytest.fixture
def item(team):
    return factories.link(team["author"], title="A decree", sensitivity=PUBLIC)


@pytest.fixture
def edition(team, tracked, recommendation, item):
    """An edition of a report in which an update is published that cites the item."""
    past.publish(team, recommendation, on(6, 1), item=item)
    return freeze(team, tracked)


def change(person, item, **given):
    """Change an item on its form. Returns: what the page says afterwards."""
    now = {name: getattr(item, name) for name in ("title", "kind", "source", "sensitivity")}
    form = details(**{**now, **given})
    return words(browser_of(person).post(reverse("evidence-change", args=[item.key]), form, follow=True))


def outside(team, edition):
    """Return all that is told outside: the frozen edition, a public file, and the news for partners."""
    page = text_of(browser_of(team["viewer"]).get(f"{edition.get_absolute_url()}?level=public"))
    answer = take_out(team["viewer"], "evidence", level="public")
    listed = content(answer).decode() if answer.streaming else ""
    news = PublishedChronicle(Event.objects.latest("seq").seq).since(0).evidence
    return " ".join([page, listed, *(one.title for one in news)])


def tell(person, item, **given):
    """Press the button of the list, and confirm. Returns: what the page says afterwards."""
    seen = HeldChange.objects.filter(evidence=item).latest("pk").pk
    form = {"seen": seen, "confirmed": "yes", **given}
    return words(browser_of(person).post(reverse("evidence-outside", args=[item.key]), form, follow=True))


def test_who_retitles_a_published_item_tells_nobody_outside_alone(team, edition, item):
    assert "A decree" in outside(team, edition)
    form = words(browser_of(team["author"]).get(reverse("evidence-change", args=[item.key])))
    assert "it is not told outside until another reviewer confirms it" in form
    said = change(team["author"], item, title=NAME)
    assert "It is not told outside until another reviewer says that it may be" in said
    assert NAME not in outside(team, edition) and "A decree" not in outside(team, edition)
    listed = words(browser_of(team["reviewer"]).get("/publications/"))
    assert "Evidence that is held back 1" in listed and f"Title: A decree {NAME}" in listed
    queue = words(browser_of(team["reviewer"]).get("/reviews/"))
    assert "One decision on what may be said outside is open" in queue
    asked = browser_of(team["reviewer"]).post(
        reverse("evidence-outside", args=[item.key]), {"seen": HeldChange.objects.get().pk}
    )
    assert "Tell this evidence outside?" in words(asked) and NAME not in outside(team, edition)
    assert "It is told outside from now on" in tell(team["reviewer"], item)
    assert NAME in outside(team, edition)
    event = Event.objects.get(kind=EventKind.EVIDENCE_TOLD)
    assert (event.actor, event.evidence, event.payload) == (team["reviewer"], item, {"raised": False})


def test_who_makes_an_item_public_tells_nobody_outside_alone(team, tracked, recommendation):
    hidden = factories.link(team["author"], title=NAME, sensitivity=INTERNAL)
    past.publish(team, recommendation, on(6, 1), item=hidden)
    frozen = freeze(team, tracked)
    change(team["author"], hidden, sensitivity="public")
    assert Evidence.objects.get().sensitivity == PUBLIC and NAME not in outside(team, frozen)
    assert "Who can see this: Internal Public" in words(browser_of(team["reviewer"]).get("/publications/"))
    head = Event.objects.latest("seq").seq
    tell(team["reviewer"], hidden)
    assert NAME in outside(team, frozen)
    news = PublishedChronicle(Event.objects.latest("seq").seq).since(head).evidence
    assert [one.title for one in news] == [NAME], "a partner reads of it once it may be told"


@pytest.mark.parametrize("name", [name for name in TOLD_FIELDS if name != "title"])
def test_whatever_is_told_of_an_item_is_held_back(team, edition, item, name):
    other = {
        "kind": "official",
        "published_on": "2024-01-02",
        "event_on": "2024-01-01",
        "reliability": "B",
        "credibility": "2",
    }
    change(team["author"], item, grading_reason="Known.", **{name: other.get(name, "Another")})
    assert HeldChange.objects.get().before.keys() == {name} and "A decree" not in outside(team, edition)


def test_what_is_told_is_what_public_files_hold():
    told = {column.path.removeprefix("told_") for column in evidence_columns() if not column.internal}
    assert {name for name in DETAIL_FIELDS if name in told} == set(TOLD_FIELDS)


def test_what_is_not_told_holds_nothing_back_and_hiding_is_at_once(team, edition, item):
    change(team["author"], item, note="Ask the desk.")
    assert "A decree" in outside(team, edition) and not HeldChange.objects.exists()
    change(team["author"], item, sensitivity="internal")
    assert "A decree" not in outside(team, edition) and not HeldChange.objects.exists()


def test_nobody_who_changed_it_and_nobody_of_one_hand_says_that_it_may_be_told(team, kay, edition, item):
    change(team["reviewer"], item, title="Better")
    assert "You changed it" in words(browser_of(team["reviewer"]).get("/publications/"))
    assert "You changed it" in tell(team["reviewer"], item)
    AccountChange.objects.create(person=team["second"], by=team["reviewer"], act=AccountAct.ADDED, at=NOW)
    assert "Rita added your account" in tell(team["second"], item)
    assert browser_of(team["author"]).post(reverse("evidence-outside", args=[item.key])).status_code == 403
    assert "Better" not in outside(team, edition)
    with pytest.raises(IntegrityError), transaction.atomic():
        HeldChange.objects.update(confirmed_by=team["reviewer"], confirmed_at=NOW)


def test_what_was_changed_again_meanwhile_is_read_again(team, edition, item):
    change(team["author"], item, title="Better")
    first = HeldChange.objects.get().pk
    item.refresh_from_db()
    change(team["author"], item, title=NAME)
    assert "changed again after you opened it" in tell(team["reviewer"], item, seen=first)
    assert NAME not in outside(team, edition)
    assert f"Title: A decree {NAME}" in words(browser_of(team["reviewer"]).get("/publications/"))


def test_what_a_restricted_item_was_called_is_told_to_nobody_who_could_not_see_it(team, edition, item):
    """Its uploader takes a name out and makes it public again: the list says that, and not the name."""
    change(team["author"], item, title=NAME)
    for given in ({"sensitivity": "restricted"}, {"title": "A word", "sensitivity": "public"}):
        item.refresh_from_db()
        change(team["author"], item, **given)
    rita = browser_of(team["reviewer"])
    held = HeldChange.objects.latest("pk")
    pages = ["/publications/", reverse("admin:recommendations_heldchange_change", args=[held.pk])]
    pages += [reverse("evidence-detail", args=[item.key]), reverse("evidence-custody", args=[item.key])]
    assert NAME not in " ".join(words(rita.get(page)) for page in pages)
    assert "Who can see this: Restricted Public" in words(rita.get("/publications/"))
    tell(team["reviewer"], item)
    assert "A word" in outside(team, edition)


def test_what_is_removed_leaves_no_word_of_what_was_changed(team, edition, item):
    change(team["author"], item, title=NAME)
    item.refresh_from_db()
    change(team["author"], item, title="Another")
    about = {"reason": "Consent.", "basis": "Art. 17", "on": NOW.date()}
    removed = retention.propose(item=Evidence.objects.get(), actor=team["author"], now=NOW, **about)
    retention.approve(item=removed, actor=team["reviewer"], now=NOW)
    assert not HeldChange.objects.exists()


def test_nothing_is_published_with_evidence_that_its_reviewer_did_not_read(team, recommendation):
    """Ana makes the item public between the reading and the click, while nothing cites it outside."""
    hidden = factories.link(team["author"], title=NAME, sensitivity=INTERNAL)
    update = factories.submit(
        team["author"], recommendation, cites=[hidden], public_text="They met.", proposed_extent=Extent.WORDS
    )
    reviewer, page = browser_of(team["reviewer"]), reverse("review", args=[update.key])
    read = reviewer.get(page).context["form"]["cited"].value()
    change(team["author"], hidden, sensitivity="public")
    form = {"decision": "approve", "seen_version": 1, "extent": "words", "cited": read, "comment": ""}
    said = words(reviewer.post(page, form, follow=True))
    assert (
        "evidence that this update cites, or the words of the recommendation, changed after you opened"
        in said
    )
    assert not Publication.objects.published().exists()
    assert "Public evidence that is told with the words:" in said and NAME in said
    read = reviewer.get(page).context["form"]["cited"].value()
    reviewer.post(page, {**form, "cited": read})
    assert Publication.objects.published().exists()


def test_nor_later_by_two_people(team, recommendation):
    hidden = factories.link(team["author"], title=NAME, sensitivity=INTERNAL)
    update = factories.approve(
        team["author"], recommendation, reviewer=team["reviewer"], cites=[hidden], public_text="They met."
    )
    publications.propose(update=update, actor=team["author"], extent=Extent.WORDS, now=NOW)
    reviewer, page = browser_of(team["second"]), reverse("update-publication", args=[update.key])
    read = reviewer.get(page).context["cited"]
    change(team["author"], hidden, sensitivity="public")
    said = words(reviewer.post(page, {"act": "confirm", "extent": "words", "cited": read}, follow=True))
    assert "changed after you opened the page" in said and not Publication.objects.published().exists()
    assert f"Public evidence that it cites: {NAME}" in said and "Public" in said
    read = reviewer.get(page).context["cited"]
    reviewer.post(page, {"act": "confirm", "extent": "words", "cited": read})
    assert Publication.objects.published().exists()


def test_a_viewer_has_no_door_to_it(team, edition, item):
    change(team["author"], item, title=NAME)
    for role in (Role.VIEWER, Role.CONTRIBUTOR):
        person = factories.person(f"A {role}", role)
        assert browser_of(person).post(reverse("evidence-outside", args=[item.key])).status_code == 403


def test_more_of_them_cost_no_more_statements(team, recommendation):
    items = [factories.link(team["author"], title=f"Item {n}", sensitivity=PUBLIC) for n in range(4)]
    factories.publish(team["author"], recommendation, reviewer=team["reviewer"], cites=items)
    browser = browser_of(team["reviewer"])

    def statements(of):
        for one in of:
            change(team["author"], one, title=f"{one.title} anew")
        with CaptureQueriesContext(connection) as asked:
            assert browser.get("/publications/").status_code == 200
        return len(asked)

    assert statements(items[:1]) == statements(items[1:])


@pytest.mark.parametrize("given", [{"title": NAME}, {"sensitivity": PUBLIC}])
def test_nobody_publishes_evidence_that_they_changed_since_it_was_proposed(team, recommendation, given):
    """By the review, and later by two people: the second would have written alone what is told."""
    item = factories.link(team["author"], sensitivity=INTERNAL if "sensitivity" in given else PUBLIC)
    said = {"public_text": "A camp is closed.", "proposed_extent": Extent.WORDS, "cites": [item]}
    update = factories.submit(team["author"], recommendation, NOW, **said)
    with time_machine.travel(NOW + DAY, tick=False):
        assert "Saved" in change(team["reviewer"], item, **given)
    with pytest.raises(ValidationError, match="you changed evidence that would be told with it"):
        factories.decide(update, team["reviewer"], extent=Extent.WORDS, now=NOW + 2 * DAY)
    factories.decide(update, team["reviewer"], now=NOW + 2 * DAY)
    about = {"update": update, "extent": Extent.WORDS}
    publications.propose(actor=team["author"], now=NOW + 3 * DAY, **about)
    with time_machine.travel(NOW + 4 * DAY, tick=False):
        item.refresh_from_db()
        change(team["reviewer"], item, title="Somebody else told us where")
    with pytest.raises(Refused, match="Another reviewer has to publish it"):
        publications.confirm(actor=team["reviewer"], now=NOW + 5 * DAY, **about)
    publications.confirm(actor=team["second"], now=NOW + 5 * DAY, **about)
    assert Publication.objects.published().get().decided_by == team["second"]
