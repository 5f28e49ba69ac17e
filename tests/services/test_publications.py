"""Publishing later, or more, takes two people; withdrawing takes one, at once and with a reason."""

from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.urls import reverse

from recommendations.choices import Earlier, EventKind, Extent, Sensitivity, UpdateState
from recommendations.errors import Refused
from recommendations.models import Event, Publication, PublicationProposal, StatusUpdate
from recommendations.services import publications
from tests.support import factories
from tests.support.factories import AS_OF, NOW
from tests.support.pages import browser_of, text_of, told, words

WORDS, WHOLE, NOTHING = Extent.WORDS, Extent.WORDS_AND_STATUS, Extent.NOTHING


@pytest.fixture
def update(team, recommendation):
    """An approved update by Ana with words to quote, of which nothing is outside."""
    return factories.approve(
        team["author"], recommendation, reviewer=team["reviewer"], public_text="The words."
    )


def outside():
    return dict(Publication.objects.published().values_list("update", "extent"))


def propose(update, person, extent=WORDS):
    return publications.propose(update=update, actor=person, extent=extent, now=NOW)


def confirm(update, person, extent=WORDS):
    return publications.confirm(update=update, actor=person, extent=extent, now=NOW)


def withdraw(update, person, reason="She asked for it."):
    return publications.withdraw(update=update, actor=person, reason=reason, now=NOW)


def test_one_proposes_and_a_reviewer_who_did_neither_write_nor_propose_confirms(team, update):
    propose(update, team["reviewer"])
    assert outside() == {}, "a proposal publishes nothing"
    for name in ("author", "reviewer", "other", "viewer"):
        with pytest.raises(Refused):
            confirm(update, team[name])
    confirm(update, team["second"])
    assert outside() == {update.pk: WORDS} and not PublicationProposal.objects.exists()
    act = Publication.objects.last_acts().get()
    assert (act.proposed_by, act.decided_by) == (team["reviewer"], team["second"])
    told = Event.objects.filter(update=update).order_by("-seq")[:2]
    assert [one.kind for one in told] == [EventKind.PUBLISHED, EventKind.PUBLISHING_PROPOSED]


def test_who_does_not_see_a_cited_restricted_item_does_not_confirm(team, recommendation):
    item = factories.link(team["author"], sensitivity=Sensitivity.RESTRICTED)
    factories.grant(team["reviewer"], evidence=item)
    update = factories.approve(
        team["author"], recommendation, reviewer=team["reviewer"], public_text="The words.", cites=[item]
    )
    propose(update, team["author"])
    with pytest.raises(Refused, match="cites a restricted item that you cannot see"):
        confirm(update, team["second"])
    confirm(update, team["reviewer"])
    assert outside() == {update.pk: WORDS}


def test_words_first_and_the_status_later(team, update):
    propose(update, team["author"])
    confirm(update, team["reviewer"])
    with pytest.raises(Refused, match="published already"):
        propose(update, team["author"], WORDS)
    propose(update, team["author"], WHOLE)
    assert outside() == {update.pk: WORDS}
    confirm(update, team["second"], WHOLE)
    assert outside() == {update.pk: WHOLE}


def test_what_was_read_is_what_is_confirmed(team, update):
    propose(update, team["author"], WHOLE)
    with pytest.raises(Refused, match="changed after you opened it"):
        confirm(update, team["reviewer"], WORDS)
    with pytest.raises(Refused, match="already proposed"):
        propose(update, team["other"], WORDS)
    assert propose(update, team["author"], WHOLE), "the same again is no second proposal"
    publications.decline(update=update, actor=team["reviewer"], now=NOW)
    with pytest.raises(Refused, match="Nothing is proposed"):
        confirm(update, team["reviewer"], WHOLE)
    assert outside() == {}


@pytest.mark.parametrize("name", ["viewer", "other"])
def test_who_proposes_and_who_declines(team, update, name):
    if name == "viewer":
        with pytest.raises(Refused):
            propose(update, team[name])
    propose(update, team["author"])
    with pytest.raises(Refused):
        publications.decline(update=update, actor=team[name], now=NOW)
    publications.decline(update=update, actor=team["author"], now=NOW)
    assert not PublicationProposal.objects.exists()


def test_one_reviewer_withdraws_at_once_and_says_why(team, update):
    propose(update, team["author"])
    confirm(update, team["reviewer"])
    with pytest.raises(Refused):
        withdraw(update, team["author"])
    with pytest.raises(ValidationError):
        withdraw(update, team["second"], " ")
    act = withdraw(update, team["second"])
    assert outside() == {} and act.reason == "She asked for it."
    assert withdraw(update, team["second"]) == act, "the second press finds it done"
    event = Event.objects.latest("seq")
    assert (event.kind, event.payload) == (EventKind.NOT_PUBLISHED, {"before": WORDS, "after": NOTHING})
    propose(update, team["author"])
    confirm(update, team["second"])
    assert outside() == {update.pk: WORDS}, "it can be published again, by two"


def test_who_withdraws_after_somebody_else_did_is_told_and_keeps_the_reason_that_they_typed(team, update):
    propose(update, team["author"])
    confirm(update, team["reviewer"])
    withdraw(update, team["second"])
    address = reverse("update-publication", args=[update.key])
    answer = browser_of(team["reviewer"]).post(address, {"act": "withdraw", "reason": "He was seen there."})
    assert answer.status_code == 409 and ("Why", "He was seen there.") in told(answer)
    assert "Sam has already decided that nothing of it is published. Nothing was changed." in words(answer)
    assert [act.reason for act in update.publications.filter(extent=NOTHING)][-1:] == ["She asked for it."]


def test_what_nobody_may_see_or_was_corrected_is_not_published(team, recommendation, update):
    hidden = factories.approve_restricted(
        team["author"], recommendation, reviewer=team["reviewer"], public_text="The words."
    )
    with pytest.raises(Refused, match="no such update"):
        propose(hidden, team["other"])
    propose(hidden, team["author"])
    for act in (lambda: confirm(hidden, team["second"]), lambda: withdraw(hidden, team["second"])):
        with pytest.raises(Refused):
            act()
    with pytest.raises(Refused, match="does not count for the status"):
        publications.decline(update=hidden, actor=team["author"], now=NOW)
        propose(hidden, team["author"], WHOLE)
    propose(update, team["author"])
    factories.approve(team["author"], recommendation, reviewer=team["reviewer"], corrects=update, as_of=AS_OF)
    assert not PublicationProposal.objects.filter(update=update).exists()
    with pytest.raises(Refused, match="was corrected"):
        propose(update, team["author"])


def test_words_of_a_restricted_update_are_published_and_nothing_else_of_it_is_seen(team, recommendation):
    hidden = factories.approve_restricted(
        team["author"], recommendation, reviewer=team["reviewer"], public_text="The words."
    )
    propose(hidden, team["author"])
    confirm(hidden, team["reviewer"])
    assert outside() == {hidden.pk: WORDS} and hidden.sensitivity == Sensitivity.RESTRICTED
    address = reverse("update-publication", args=[hidden.key])
    assert browser_of(team["second"]).get(address).status_code == 404


# --- The page ----------------------------------------------------------------------------------
def page(person, update, **sent):
    address = reverse("update-publication", args=[update.key])
    browser = browser_of(person)
    return text_of(browser.post(address, sent, follow=True) if sent else browser.get(address))


def test_the_page_shows_what_would_be_read_and_takes_each_act(team, update):
    shown = page(team["viewer"], update)
    assert "Nothing is published." in shown and "The words." in shown and "Propose to" not in shown
    assert "Proposed." in page(team["author"], update, act="propose", extent=WORDS)
    assert "Confirm and publish" not in page(team["author"], update)
    assert "Confirm and publish" in page(team["reviewer"], update)
    assert "Published now: words only" in page(team["reviewer"], update, act="confirm", extent=WORDS)
    wrong = page(team["second"], update, act="withdraw", reason="")
    assert "Say why, in one sentence." in wrong and outside() == {update.pk: WORDS}
    shown = page(team["second"], update, act="withdraw", reason="She asked for it.")
    assert "Nothing is published." in shown and "She asked for it." in shown


@pytest.mark.parametrize("sent", [{"act": "propose"}, {"act": "propose", "extent": "all"}, {"act": "sing"}])
def test_what_cannot_be_read_changes_nothing(team, update, sent):
    page(team["author"], update, **sent)
    assert not PublicationProposal.objects.exists() and outside() == {}


def test_only_an_approved_update_has_the_page(team, recommendation):
    waiting = factories.submit(team["author"], recommendation, public_text="The words.")
    address = reverse("update-publication", args=[waiting.key])
    assert browser_of(team["author"]).get(address).status_code == 404
    assert waiting.state == UpdateState.SUBMITTED
    with pytest.raises(Refused):
        propose(waiting, team["author"])


def test_the_update_s_page_says_what_is_outside(team, recommendation):
    update = factories.publish(team["author"], recommendation, reviewer=team["reviewer"], extent=WORDS)
    shown = text_of(browser_of(team["viewer"]).get(update.get_absolute_url()))
    assert "What may be said outside Words only" in shown
    about = {"corrects": update, "as_of": update.as_of, "earlier": Earlier.WITHDRAW}
    factories.approve(team["author"], recommendation, reviewer=team["reviewer"], **about)
    shown = text_of(browser_of(team["viewer"]).get(update.get_absolute_url()))
    assert "What may be said outside Nothing" in shown


def test_reviewers_find_what_was_public_before_and_what_is_proposed(team, report, update, capsys):
    """What an earlier version approved has no decision; the upgrade names it, and it is not outside."""
    second, whom = report.recommendations.get(position=2), {"at": NOW, "by": team["reviewer"]}
    old = factories.submit(team["author"], second, sensitivity=Sensitivity.PUBLIC, public_text="Seen by all.")
    approved = {f"{verb}_{end}": said for verb in ("approved", "counts") for end, said in whom.items()}
    StatusUpdate.objects.filter(pk=old.pk).update(state=UpdateState.APPROVED, **approved)
    import_module("recommendations.migrations.0044_public_is_not_published").tell(apps, None)
    printed = capsys.readouterr().out
    assert f"{second.reference}, assessment as of {old.as_of}: partners could read it" in printed
    propose(update, team["author"])
    queue = text_of(browser_of(team["second"]).get(reverse("review-list")))
    assert "2 decisions on what may be said outside are open" in queue
    shown = text_of(browser_of(team["second"]).get(reverse("publication-list")))
    assert "Ana proposes to publish: words only" in shown and second.reference in shown
    assert outside() == {}
    withdraw(old, team["second"], "It says too much.")
    publications.decline(update=update, actor=team["second"], now=NOW)
    queue = text_of(browser_of(team["second"]).get(reverse("review-list")))
    assert "what may be said outside" not in queue
