"""What stays hidden when something beside it is open: earlier words, cited items, corrected updates."""

import pytest
from django.urls import reverse

from recommendations.choices import Decision, Sensitivity
from recommendations.models import Grant, StatusUpdate
from recommendations.selectors import citable
from recommendations.services import reviews, updates
from tests.support import factories
from tests.support.factories import NOW
from tests.support.pages import browser_of

pytestmark = pytest.mark.django_db
SECRET = "Ms. K. told us"


@pytest.fixture
def opened(team, recommendation):
    """An update that was restricted in its first round, and was opened for the second without its secret."""
    author, first = team["author"], team["reviewer"]
    update = factories.submit(author, recommendation, sensitivity=Sensitivity.RESTRICTED, reason=SECRET)
    Grant.objects.create(person=first, update=update, granted_by=author, granted_at=NOW, reason="To review")
    reviews.decide(update=update, reviewer=first, decision=Decision.RETURN, comment=f"{SECRET}: out", now=NOW)
    update = StatusUpdate.objects.get(pk=update.pk)
    words = {"sensitivity": Sensitivity.INTERNAL, "reason": "Nothing was published."}
    updates.save_draft(
        author=author,
        recommendation=recommendation,
        key=update.key,
        fields=words,
        places=[("KCNA", update.as_of)],
        now=NOW,
    )
    return updates.submit(update=update, actor=author, now=NOW)


def pages_about(update):
    """Return the addresses where rounds of review are read."""
    doors = [update.get_absolute_url(), reverse("review", args=[update.key])]
    for noun in ("updateversion", "review"):
        doors.append(reverse(f"admin:recommendations_{noun}_changelist") + f"?q={update.recommendation}"[:60])
    for version in update.versions.all():
        doors.append(reverse("admin:recommendations_updateversion_change", args=[version.pk]))
    doors.append(reverse("admin:recommendations_review_change", args=[update.reviews.get().pk]))
    doors.append(reverse("admin:recommendations_statusupdate_change", args=[update.pk]))
    return doors


@pytest.mark.parametrize(("who", "reads"), [("second", False), ("manager", False), ("reviewer", True)])
def test_words_handed_in_as_restricted_stay_so_when_the_update_is_opened(client, team, opened, who, reads):
    client.force_login(team[who])
    assert client.get(opened.get_absolute_url()).status_code == 200
    told = [door for door in pages_about(opened) if SECRET in client.get(door).content.decode()]
    assert bool(told) is reads, told


def test_the_author_still_reads_their_own_earlier_words(client, team, opened):
    client.force_login(team["author"])
    assert SECRET in client.get(opened.get_absolute_url()).content.decode()


def test_that_a_hidden_item_is_cited_is_told_to_who_reviews_and_to_nobody_else(client, team, recommendation):
    author, first = team["author"], team["reviewer"]
    item = factories.link(author, SECRET, sensitivity=Sensitivity.RESTRICTED)
    Grant.objects.create(person=first, evidence=item, granted_by=author, granted_at=NOW, reason="To review")
    update = factories.approve(author, recommendation, reviewer=first, cites=[item])
    for who, told in (("viewer", False), ("other", False), ("second", True)):
        client.force_login(team[who])
        page = client.get(update.get_absolute_url()).content.decode()
        assert ("A restricted item" in page) is told, who


def test_a_correction_does_not_lead_to_an_update_that_is_hidden(client, team, recommendation):
    author, first = team["author"], team["reviewer"]
    hidden = factories.submit(author, recommendation, sensitivity=Sensitivity.RESTRICTED)
    Grant.objects.create(person=first, update=hidden, granted_by=author, granted_at=NOW, reason="To review")
    reviews.decide(update=hidden, reviewer=first, decision=Decision.APPROVE, now=NOW)
    correction = factories.approve(author, recommendation, reviewer=first, corrects=hidden)
    for who, led in (("viewer", False), ("author", True)):
        client.force_login(team[who])
        page = client.get(correction.get_absolute_url()).content.decode()
        assert (hidden.get_absolute_url() in page) is led, who


def test_a_submitted_version_does_not_tell_where_in_a_hidden_item_a_passage_stands(
    client, team, recommendation
):
    author, first = team["author"], team["reviewer"]
    item = factories.link(author, "Testimony", sensitivity=Sensitivity.RESTRICTED)
    Grant.objects.create(person=first, evidence=item, granted_by=author, granted_at=NOW, reason="To review")
    update = factories.write(author, recommendation)
    update.citations.create(evidence=item, locator=f"p. 3, {SECRET}")
    updates.submit(update=update, actor=author, now=NOW)
    page = reverse("admin:recommendations_updateversion_change", args=[update.versions.get().pk])
    for who, told in (("second", False), ("manager", False), ("reviewer", True)):
        client.force_login(team[who])
        answer = client.get(page)
        assert answer.status_code == 200
        assert "Nothing was published." in answer.content.decode()
        assert (SECRET in answer.content.decode()) is told, who


def test_the_choice_of_items_tells_nothing_of_who_cites_them(team, recommendation, monkeypatch):
    """An older item is offered for being cited here, by an update that whoever writes may see."""
    monkeypatch.setattr(citable, "OFFERED", 1)
    older, _newest = (
        factories.link(team["other"], "Old radio talk"),
        factories.link(team["other"], "New talk"),
    )
    factories.submit(team["other"], recommendation, sensitivity=Sensitivity.RESTRICTED, cites=[older])

    def offered(person):
        page = browser_of(person).get(reverse("update-add", args=[recommendation.reference]))
        return older.title in page.content.decode()

    assert offered(team["other"]) and not offered(team["author"])
    factories.grant(team["author"], update=recommendation.updates.get())
    assert not offered(team["author"]), "let in, they still see no update that is not approved"
    factories.approve(team["other"], recommendation, reviewer=team["reviewer"], cites=[older])
    assert offered(team["author"])
