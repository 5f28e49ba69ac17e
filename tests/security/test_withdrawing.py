"""A withdrawal takes back older statuses too, and the words of what the reviewer cannot see."""

import pytest
from django.urls import reverse

from recommendations.choices import Earlier, Extent, Role, Sensitivity, Status
from recommendations.models import Event, Publication
from recommendations.services import asks, editions, publications
from tests.support import factories
from tests.support.factories import DAY, NOW
from tests.support.pages import browser_of, text_of

pytestmark = pytest.mark.django_db
NOTHING, WORDS = Extent.NOTHING, Extent.WORDS
HIDDEN = "She is in the north."


def say(team, recommendation, number, status, **fields):
    """Publish an assessment, leaving what is outside with its day. Returns: it."""
    at = NOW + number * DAY
    about = {"reviewer": team["reviewer"], "status": status, "cites": [factories.link(team["author"])]}
    earlier = {"earlier": Earlier.LEAVE} if fields.get("extent") == WORDS else {}
    return factories.publish(team["author"], recommendation, at, **{**about, **earlier, **fields})


@pytest.fixture
def three(team, recommendation):
    """Three published statuses, the newest last."""
    return [
        say(team, recommendation, number, status)
        for number, status in enumerate((Status.CONTRARY, Status.INITIAL, Status.PARTLY))
    ]


def outside():
    return set(Publication.objects.published().values_list("update", flat=True))


def page_of(update, name="update-publication"):
    return reverse(name, args=[update.key])


@pytest.mark.parametrize("name", ["update-publication", "update-outside"])
def test_the_page_says_what_would_stand_again_and_withdraws_that_too(team, three, name):
    oldest, older, newest = three
    rita, page = browser_of(team["reviewer"]), page_of(newest, name)
    answer = rita.get(page)
    said = text_of(answer)
    assert f"Then “Initial steps” as of {older.as_of:%-d %b %Y} stands outside again." in said
    assert f"Without that one, “Contrary action” as of {oldest.as_of:%-d %b %Y} stands outside again." in said
    assert answer.context["withdraw"]["also"].value() is True and "Withdraw these too" in said
    rita.post(page, {"act": "withdraw", "reason": "She asked.", "also": "on"})
    assert outside() == set()
    acts = Publication.objects.filter(extent=NOTHING)
    assert {(act.update_id, act.reason, act.decided_by) for act in acts} == {
        (one.pk, "She asked.", team["reviewer"]) for one in three
    }
    assert Event.objects.filter(kind="not_published").count() == 3


def test_who_unticks_it_leaves_the_older_one_with_its_day(team, three):
    _oldest, older, newest = three
    browser_of(team["reviewer"]).post(page_of(newest), {"act": "withdraw", "reason": "She asked."})
    assert newest.pk not in outside() and older.pk in outside()


def test_where_nothing_would_stand_again_nothing_is_asked(team, three):
    oldest, _older, _newest = three
    answer = browser_of(team["reviewer"]).get(page_of(oldest))
    assert "stands outside again" not in text_of(answer) and answer.context["withdraw"].again == []


def test_nor_does_one_ask_take_back_what_is_told_of_another(team, recommendation):
    words = recommendation.text.split(" ")
    about = {"recommendation": recommendation, "actor": team["reviewer"], "now": NOW}
    one = asks.add(**about, title="One", words=" ".join(words[:2]))
    two = asks.add(**about, title="Two", words=" ".join(words[2:]))
    first, newer = (say(team, recommendation, n, s, ask=one) for n, s in ((1, "initial"), (2, "contrary")))
    other = say(team, recommendation, 1, "partly", ask=two)
    browser_of(team["reviewer"]).post(page_of(newer), {"act": "withdraw", "reason": "No.", "also": "on"})
    assert outside() == {other.pk} and first.pk not in outside()


@pytest.mark.parametrize(("extent", "left"), [(NOTHING, 0), (WORDS, 1), (Extent.WORDS_AND_STATUS, 3)])
def test_a_correction_brings_no_older_status_back(team, recommendation, three, extent, left):
    """Whoever corrects the newest published status without publishing another withdraws the older ones."""
    newest = three[-1]
    fields = {"status": Status.NO_ACTION, "corrects": newest, "as_of": newest.as_of, "public_text": "Seen."}
    fields |= {"cites": [factories.link(team["author"])], "proposed_extent": Extent.WORDS_AND_STATUS}
    update = factories.submit(team["author"], recommendation, NOW + 3 * DAY, **fields)
    rita, page = browser_of(team["reviewer"]), reverse("review", args=[update.key])
    assert "“Initial steps” as of" in text_of(rita.get(page))
    form = {"decision": "approve", "seen_version": 1, "comment": "", "extent": extent}
    form["overtaken"] = Earlier.WITHDRAW if extent == NOTHING else Earlier.REPLACE
    rita.post(page, form)
    update.refresh_from_db()
    assert update.state == "approved" and len(outside()) == left


# --- What the reviewer does not see inside -------------------------------------------------------------
@pytest.fixture
def restricted(team, recommendation):
    """A restricted update of which the words are outside; Rita was let in on it, Sam was not."""
    fields = {"sensitivity": Sensitivity.RESTRICTED, "public_text": "The camp was closed.", "reason": HIDDEN}
    fields |= {"internal_note": HIDDEN, "proposed_extent": WORDS}
    hidden = factories.link(team["author"], HIDDEN, sensitivity=Sensitivity.RESTRICTED)
    update = factories.submit(
        team["author"], recommendation, NOW, citations=[(hidden, "supports", "")], **fields
    )
    factories.grant(team["reviewer"], update=update)
    factories.grant(team["reviewer"], evidence=hidden)
    return factories.decide(update, team["reviewer"], extent=WORDS)


def test_any_reviewer_withdraws_words_of_an_update_that_they_cannot_see(team, restricted):
    sam = browser_of(team["second"])
    assert sam.get(page_of(restricted)).status_code == 404
    assert sam.get(restricted.get_absolute_url()).status_code == 404
    listed = text_of(sam.get(reverse("published-list")))
    page = text_of(sam.get(page_of(restricted, "update-outside")))
    for said in (listed, page):
        assert "The camp was closed." in said
        for word in (HIDDEN, "Ana", "Rita", "restricted", "Restricted", "Reason", "KCNA"):
            assert word not in said.replace(
                "Restricted items are shown only to the people named on them.", ""
            )
    answer = sam.post(page_of(restricted, "update-outside"), {"reason": "It names her."}, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("published-list"), "back to the list from which they came"
    assert "Nothing of it is published any more." in text_of(answer) and outside() == set()
    act = Publication.objects.latest("pk")
    assert (act.decided_by, act.reason) == (team["second"], "It names her.")
    assert sam.get(page_of(restricted, "update-outside")).status_code == 404


def test_nobody_else_does_and_nothing_typed_is_lost(team, restricted):
    page = page_of(restricted, "update-outside")
    for role in (Role.VIEWER, Role.CONTRIBUTOR):
        assert (
            browser_of(factories.person(f"A {role}", role)).post(page, {"reason": "No."}).status_code == 403
        )
    sam = browser_of(team["second"])
    assert "Say why, in one sentence" in text_of(sam.post(page, {"reason": " "}))
    assert outside() == {restricted.pk}


def test_what_is_not_outside_has_no_such_page(team, recommendation):
    update = factories.approve_restricted(team["author"], recommendation, reviewer=team["reviewer"])
    sam = browser_of(team["second"])
    assert sam.get(page_of(update, "update-outside")).status_code == 404
    with pytest.raises(publications.Refused, match="There is no such update"):
        publications.withdraw(update=update, actor=team["second"], reason="No.", now=NOW)


@pytest.mark.parametrize("level", [Sensitivity.INTERNAL, Sensitivity.RESTRICTED])
def test_where_in_an_item_a_restricted_update_points_is_not_told_outside(team, recommendation, level):
    item = factories.link(team["author"], "A lighthouse", Sensitivity.PUBLIC)
    about = {"public_text": "The camp was closed.", "proposed_extent": WORDS, "sensitivity": level}
    about["citations"] = [(item, "supports", "where she is named")]
    update = factories.submit(team["author"], recommendation, NOW, **about)
    if level == Sensitivity.RESTRICTED:
        factories.grant(team["reviewer"], update=update)
    factories.decide(update, team["reviewer"], extent=WORDS, now=NOW)
    frozen = {"report": recommendation.report, "actor": team["manager"], "name": "One"}
    edition = editions.freeze(**frozen, as_of=(NOW + DAY).date(), now=NOW + 3 * DAY)
    outside_of_it = f"{edition.get_absolute_url()}?level=public"
    for address in (page_of(update, "update-outside"), outside_of_it):
        page = text_of(browser_of(team["second"]).get(address))
        assert "A lighthouse" in page
        assert ("where she is named" in page) == (level == Sensitivity.INTERNAL)
