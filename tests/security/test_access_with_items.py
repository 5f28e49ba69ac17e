"""One grant on a restricted update can cover the restricted items that it cites."""

import pytest
from django.urls import reverse

from recommendations.choices import EventKind, MailKind, Sensitivity
from recommendations.models import Event, Evidence, Grant, Mail, StatusUpdate
from recommendations.services import grants
from tests.support import factories
from tests.support.factories import NOW
from tests.support.pages import browser_of, text_of

LEVEL = {"sensitivity": Sensitivity.RESTRICTED}


@pytest.fixture
def cited(team, recommendation):
    """A restricted update with two restricted items of its author, one of somebody else, and an open one."""
    own = [factories.link(team["author"], title=f"Interview {number}", **LEVEL) for number in (1, 2)]
    others = factories.link(team["other"], title="Of Omar", **LEVEL)
    factories.grant(team["author"], evidence=others)
    item = factories.link(team["author"], title="Law")
    update = factories.submit(team["author"], recommendation, cites=[*own, others, item], **LEVEL)
    return update, own, others


def open_to(person):
    return set(Evidence.objects.visible_to(person).filter(**LEVEL))


def test_it_covers_the_items_that_its_author_decides_on_and_no_others(team, cited):
    update, own, others = cited
    about = {"item": update, "actor": team["author"], "reason": "Reviews it.", "now": NOW, "with_items": True}
    grants.grant(person=team["reviewer"], **about)
    assert open_to(team["reviewer"]) == set(own) and others not in open_to(team["reviewer"])
    told = Event.objects.filter(kind=EventKind.GRANTED, payload__person=team["reviewer"].pk)
    assert {(one.update, one.evidence) for one in told} == {(update, None), *((None, one) for one in own)}
    grants.grant(person=team["reviewer"], **about)
    assert told.count() == 3, "a second press gives nothing twice"


def test_without_the_tick_the_items_stay_closed(team, cited):
    update, *_rest = cited
    grants.grant(item=update, person=team["reviewer"], actor=team["author"], reason="Reviews it.", now=NOW)
    assert open_to(team["reviewer"]) == set()


def test_the_page_names_the_items_and_opens_them(team, cited):
    update, own, _others = cited
    address, ana = reverse("update-access", args=[update.key]), browser_of(team["author"])
    page = text_of(ana.get(address))
    assert "Also the items that it cites “Interview 1”, “Interview 2”" in page and "Of Omar" not in page
    ana.post(address, {"person": team["reviewer"].pk, "reason": "Reviews it.", "with_items": "on"})
    assert open_to(team["reviewer"]) == set(own)
    assert browser_of(team["reviewer"]).get(own[0].get_absolute_url()).status_code == 200
    away = reverse("update-revoke", args=[update.key, team["reviewer"].pk])
    said = text_of(ana.post(away, follow=True))
    assert "Rita can no longer see it." in said
    assert "Rita still sees items that it cites: Interview 1, Interview 2." in said


def test_a_manager_who_sees_no_item_is_offered_none_and_opens_none(team, cited):
    update, *_rest = cited
    address, mina = reverse("update-access", args=[update.key]), browser_of(team["manager"])
    assert "Also the items" not in text_of(mina.get(address))
    mina.post(address, {"person": team["second"].pk, "reason": "Reviews it.", "with_items": "on"})
    assert Grant.objects.filter(person=team["second"], update=update).exists()
    assert open_to(team["second"]) == set()


def test_a_manager_who_sees_an_item_but_not_the_update_does_not_learn_that_it_cites_it(team, cited):
    update, own, _others = cited
    factories.grant(team["manager"], evidence=own[0])
    address, mina = reverse("update-access", args=[update.key]), browser_of(team["manager"])
    assert "Interview 1" not in text_of(mina.get(address))
    mina.post(address, {"person": team["second"].pk, "reason": "Reviews it.", "with_items": "on"})
    assert Grant.objects.filter(person=team["second"], update=update).exists()
    assert open_to(team["second"]) == set()


def test_who_added_an_item_is_told_of_it_as_ever(team, cited):
    update, own, _others = cited
    for one in (update, *own):
        factories.grant(team["manager"], **{"update" if one is update else "evidence": one})
    about = {
        "item": update,
        "actor": team["manager"],
        "reason": "Reviews it.",
        "now": NOW,
        "with_items": True,
    }
    grants.grant(person=team["second"], **about)
    mails = Mail.objects.filter(kind=MailKind.ACCESS, recipient=team["author"])
    assert mails.count() == 3, "for the update, and for each item"


def test_an_open_update_opens_nothing(team, recommendation):
    item = factories.link(team["author"], **LEVEL)
    update = factories.submit(team["author"], recommendation, cites=[item])
    StatusUpdate.objects.filter(pk=update.pk).update(sensitivity=Sensitivity.INTERNAL)
    client = browser_of(team["author"])
    assert client.get(reverse("update-access", args=[update.key])).status_code == 404


def test_the_page_says_which_update_it_is_about_and_who_of_the_people_reviews(team, cited):
    update, _own, _others = cited
    page = text_of(browser_of(team["author"]).get(reverse("update-access", args=[update.key])))
    assert "Who has access to this restricted update" in page
    assert update.recommendation.reference in page and f"Assessment of {update.as_of:%-d %b %Y}" in page
    assert "Rita (rita@example.org), reviews" in page and "Omar (omar@example.org), reviews" not in page
    seen_by_none = text_of(browser_of(team["manager"]).get(reverse("update-access", args=[update.key])))
    assert update.recommendation.reference not in seen_by_none, "whoever cannot see it learns nothing of it"
