"""Editions: what a manager froze, which never changes."""

import json
from datetime import UTC, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from recommendations.audit import triggers
from recommendations.choices import EventKind, Extent, Sensitivity, Status
from recommendations.errors import Refused
from recommendations.models import Edition, Event, Evidence
from recommendations.rules.dates import day_ends
from recommendations.services import editions, integrity, reviews, updates
from tests.support import factories
from tests.support.pages import browser_of, text_of
from tests.support.past import IMPORTED, LATER, approve, freeze, on, publish


def test_an_edition_keeps_its_words_and_lists_what_was_corrected_since(team, tracked, recommendation):
    wrong = approve(
        team, recommendation, on(6, 1), status=Status.PARTLY, reason="We thought so.", sensitivity="public"
    )
    edition = freeze(team, tracked)
    address = reverse("edition-detail", args=[tracked.slug, 1])
    assert edition.get_absolute_url() == address
    before = text_of(browser_of(team["viewer"]).get(address))
    assert "Partly implemented" in before
    assert "None that you can read." in before
    approve(team, recommendation, LATER, corrects=wrong, status=Status.NO_ACTION, as_of=on(6, 1).date())
    after = text_of(browser_of(team["viewer"]).get(address))
    assert "We thought so." in after
    assert "Corrected since 1 Thing 1" in after
    assert after.count("Partly implemented") == 2, "as frozen, and as what was corrected"
    event = Event.objects.get(kind=EventKind.EDITION)
    assert event.payload == {"edition": 1, "sha256": edition.sha256}
    assert list(integrity.CHECKS["Editions match what was frozen"]()) == []


def test_the_database_refuses_to_change_or_delete_an_edition(team, tracked):
    edition = freeze(team, tracked)
    for act in (
        lambda: Edition.objects.filter(pk=edition.pk).update(name="Another"),
        lambda: Edition.objects.filter(pk=edition.pk).update(content={}),
        edition.delete,
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()


def test_an_edition_changed_behind_the_safeguards_is_found(team, tracked):
    edition = freeze(team, tracked)
    triggers.remove()
    changed = json.loads(json.dumps(edition.content).replace("Thing 1", "Thing 9"))
    Edition.objects.filter(pk=edition.pk).update(content=changed, sha256=editions.digest(changed))
    triggers.install()
    assert list(integrity.CHECKS["Editions match what was frozen"]()) == [
        "TIP-2024-KP, edition 1: it is not what was frozen."
    ]


def test_nothing_restricted_enters_an_edition_whoever_freezes_it(team, tracked, recommendation):
    open_one = factories.link(team["author"], "A decree", sensitivity=Sensitivity.PUBLIC)
    closed = factories.link(team["author"], "Testimony of K.", sensitivity=Sensitivity.RESTRICTED)
    for item in (closed,):
        factories.grant(team["manager"], evidence=item)
        factories.grant(team["reviewer"], evidence=item)
    update = factories.submit(
        team["author"], recommendation, as_of=on(6, 1).date(), cites=[open_one, closed], status="initial"
    )
    reviews.decide(update=update, reviewer=team["reviewer"], decision="approve", now=on(6, 1))
    second = tracked.recommendations.get(position=2)
    witness = factories.submit(
        team["author"], second, as_of=on(6, 2).date(), reason="A witness.", sensitivity="restricted"
    )
    for person in ("manager", "reviewer"):
        factories.grant(team[person], update=witness)
    reviews.decide(update=witness, reviewer=team["reviewer"], decision="approve", now=on(6, 2))
    edition = freeze(team, tracked)
    stored = json.dumps(edition.content)
    assert "Testimony" not in stored
    assert "A witness." not in stored
    assert "A decree" not in stored, "it may be restricted later, and what is stored stays"
    assert str(open_one.key) in stored
    page = text_of(browser_of(team["viewer"]).get(edition.get_absolute_url()))
    assert "Not yet assessed never verified" in page
    assert "A decree" in page
    # An item that is restricted later is not shown any more to those it is closed to.
    Evidence.objects.filter(pk=open_one.pk).update(sensitivity=Sensitivity.RESTRICTED)
    later = text_of(browser_of(team["viewer"]).get(edition.get_absolute_url()))
    assert "A decree" not in later
    assert "One item is not shown: it has been restricted or removed since" in later
    assert edition.sha256 == editions.digest(Edition.objects.get().content)
    assert list(integrity.CHECKS["Editions match what was frozen"]()) == []


def test_of_an_item_an_edition_stores_no_word_and_shows_those_of_today(team, tracked, recommendation):
    item = factories.link(team["author"], "A decree", source="Wonsan clinic", sensitivity="public")
    about = {"as_of": on(6, 1).date(), "cites": [item], "public_text": "Seen by all."}
    update = factories.write(team["author"], recommendation, proposed_extent=Extent.WORDS, **about)
    update.citations.update(locator="page 3, Kim")
    updates.submit(update=update, actor=team["author"], now=on(6, 1))
    factories.decide(update, team["reviewer"], now=on(6, 1), extent=Extent.WORDS)
    edition = freeze(team, tracked)
    stored = json.dumps(edition.content)
    assert [words for words in ("A decree", "Wonsan", "Kim") if words in stored] == []
    viewer = browser_of(team["viewer"])
    for query in ("", "?level=public"):
        page = text_of(viewer.get(edition.get_absolute_url() + query))
        assert "A decree Wonsan clinic page 3, Kim" in page
    Evidence.objects.filter(pk=item.pk).update(title="A decree, corrected", sensitivity="internal")
    assert "A decree, corrected" in text_of(viewer.get(edition.get_absolute_url()))
    assert "decree" not in text_of(viewer.get(edition.get_absolute_url() + "?level=public"))
    Evidence.objects.filter(pk=item.pk).update(sensitivity="restricted")
    for role in ("viewer", "reviewer", "manager"):
        page = text_of(browser_of(team[role]).get(edition.get_absolute_url()))
        assert [words for words in ("decree", "Wonsan", "Kim") if words in page] == []


def test_only_what_is_published_can_be_shown_alone(team, tracked, recommendation):
    approve(team, recommendation, on(6, 1), reason="Internal words.", internal_note="A note.")
    second = tracked.recommendations.get(position=2)
    hush = {"reason": "A reason.", "internal_note": "Hush.", "government_claim": "A claim."}
    publish(team, second, on(6, 2), public_text="Public words.", **hush)
    edition = freeze(team, tracked)
    viewer = browser_of(team["viewer"])
    everything = text_of(viewer.get(edition.get_absolute_url()))
    public = text_of(viewer.get(edition.get_absolute_url() + "?level=public"))
    said = ("Public words.", "Internal words.", *hush.values())
    assert [words in everything for words in said] == [True] * 5
    assert [words in public for words in said] == [True] + [False] * 4


def test_an_item_that_is_internal_by_now_is_not_among_what_is_published(team, tracked, recommendation):
    item = factories.link(team["author"], "A leaflet", sensitivity=Sensitivity.PUBLIC)
    publish(team, recommendation, on(6, 1), public_text="Public words.", item=item)
    edition = freeze(team, tracked)
    viewer = browser_of(team["viewer"])
    public = edition.get_absolute_url() + "?level=public"
    assert "A leaflet" in text_of(viewer.get(public))
    Evidence.objects.filter(pk=item.pk).update(sensitivity=Sensitivity.INTERNAL)
    page = text_of(viewer.get(public))
    assert "A leaflet" not in page
    assert "Public words." in page
    assert "A leaflet" in text_of(viewer.get(edition.get_absolute_url()))


def test_what_is_published_does_not_name_who_wrote_and_approved_it(team, tracked, recommendation):
    publish(team, recommendation, on(6, 1), public_text="Public words.")
    edition = freeze(team, tracked)
    viewer = browser_of(team["viewer"])
    names = [f"{team['author']}; approved by {team['reviewer']}"]
    for query, told in (("", True), ("?level=public", False)):
        page = text_of(viewer.get(edition.get_absolute_url() + query))
        assert [name in page for name in names] == [told]


def test_who_freezes_and_what_is_refused(team, tracked):
    with pytest.raises(Refused):
        freeze(team, tracked, actor=team["reviewer"])
    for fields in (
        {"name": " "},
        {"as_of": LATER.date() + timedelta(days=1)},
        {"as_of": IMPORTED.date() - timedelta(days=1)},
    ):
        with pytest.raises(ValidationError):
            freeze(team, tracked, **fields)
    assert not Edition.objects.exists()


def test_the_same_form_twice_freezes_once(team, tracked, recommendation):
    """What was frozen is never taken away, so that a double click must not leave two."""
    first, again = freeze(team, tracked), freeze(team, tracked)
    assert first == again
    assert Event.objects.filter(kind=EventKind.EDITION).count() == 1
    assert freeze(team, tracked, name="Another").number == 2
    approve(team, recommendation, on(6, 1))
    assert freeze(team, tracked, name="Another").number == 3


def test_a_manager_freezes_on_the_page_and_numbers_go_up(team, tracked):
    mina = browser_of(team["manager"])
    address = reverse("edition-list", args=[tracked.slug])
    with time_machine.travel(LATER, tick=False):
        asked = mina.post(address, {"name": "A <b>day</b>", "as_of": "2024-06-30"})
        page = text_of(asked)
        assert "Freeze “A <b>day</b>”?" in page and "nobody can change or delete it" in page
        assert "It contains nothing of what is restricted." in page
        assert f"{tracked}, as it stood on 30 Jun 2024: 3 recommendations" in page
        assert not Edition.objects.exists()
        given = {**dict(asked.context["posted"]), "confirmed": "yes"}
        made = mina.post(address, given, follow=True)
        assert "The edition is frozen." in text_of(made)
        wrong = mina.post(address, {"name": "Again", "as_of": "2030-01-01"})
        assert "This day is in the future." in text_of(wrong)
        assert 'value="Again"' in wrong.content.decode()
        mina.post(address, {"name": "Today", "as_of": "2024-09-02", "confirmed": "yes"})
    assert list(Edition.objects.order_by("number").values_list("number", "known_until")) == [
        (1, day_ends(on(6, 30).date(), UTC)),
        (2, LATER),
    ]
    assert Edition.objects.get(number=1).name == "A <b>day</b>"
