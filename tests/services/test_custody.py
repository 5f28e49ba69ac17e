"""The custody of an item: who opened, took out, let in and graded it, and that the record of it is whole."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse

from recommendations.audit import anchors, log, triggers
from recommendations.choices import EventKind, Sensitivity
from recommendations.models import Event
from recommendations.selectors.outline import Sources, outline_for, readers
from recommendations.services import grants
from recommendations.services.evidence import custody, details
from tests.support import factories
from tests.support.checking import breach
from tests.support.factories import NOW, item_of
from tests.support.items import details as typed
from tests.support.pages import browser_of, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_the_time_of_the_story")]


@pytest.fixture
def secret(team):
    """A restricted item of the author's, on which Omar was let in."""
    item = item_of(team["author"], sensitivity=Sensitivity.RESTRICTED, title="Testimony of a survivor")
    grants.grant(item=item, person=team["other"], actor=team["author"], reason="To translate it", now=NOW)
    return item


def page_of(item):
    return reverse("evidence-custody", args=[item.key])


def views():
    return list(Event.objects.filter(kind=EventKind.VIEWED).values_list("actor__name", flat=True))


def test_each_opening_of_a_restricted_item_is_recorded_once_in_a_quarter_of_an_hour(team, secret):
    omar = browser_of(team["other"])
    for page in (secret.get_absolute_url(), page_of(secret), secret.get_absolute_url()):
        assert omar.get(page).status_code == 200
    assert views() == ["Omar"]
    browser_of(team["author"]).get(secret.get_absolute_url())
    assert sorted(views()) == ["Ana", "Omar"]
    custody.note_view(item=secret, person=team["other"], now=NOW + custody.ONE_OPENING - timedelta(seconds=1))
    assert len(views()) == 2
    custody.note_view(item=secret, person=team["other"], now=NOW + custody.ONE_OPENING)
    assert sorted(views()) == ["Ana", "Omar", "Omar"]


def test_what_is_not_restricted_is_not_followed_and_a_head_request_opens_nothing(team, secret):
    item = item_of(team["author"], name="open.pdf")
    omar = browser_of(team["other"])
    for page in (item.get_absolute_url(), page_of(item), reverse("evidence-download", args=[item.key])):
        omar.get(page)
    omar.head(secret.get_absolute_url())
    omar.head(page_of(secret))
    assert views() == []


def test_the_page_tells_who_did_what(team, secret):
    omar = browser_of(team["other"])
    omar.get(reverse("evidence-download", args=[secret.key]))
    grants.revoke(item=secret, person=team["other"], actor=team["manager"], now=NOW)
    assert omar.get(page_of(secret)).status_code == 404
    said = words(browser_of(team["author"]).get(page_of(secret)))
    for told in ("Evidence added", "Access granted : Omar", "Evidence downloaded", "Access removed : Omar"):
        assert told in said, told
    assert "Mina" in said and "To translate it" not in said
    assert "Checked just now: all 5 entries are as they were recorded" in said


def test_a_manager_who_decides_who_sees_it_does_not_see_its_custody(team, secret):
    for who in ("manager", "reviewer", "viewer"):
        assert browser_of(team[who]).get(page_of(secret)).status_code == 404
    assert views() == []


def test_another_grading_needs_a_reason_which_the_record_keeps(team):
    item = item_of(team["author"])
    ana, page = browser_of(team["author"]), reverse("evidence-change", args=[item.key])
    answer = ana.post(page, typed(reliability="B", credibility="2"))
    assert "Say in one sentence why" in words(answer)
    item.refresh_from_db()
    assert (item.reliability, item.credibility) == ("F", 6)
    ana.post(page, typed(reliability="B", credibility="2", grading_reason="Two papers say the same."))
    event = Event.objects.get(kind=EventKind.GRADED)
    assert event.payload == {
        "grades": {"reliability": ["F", "B"], "credibility": [6, 2]},
        "reason": "Two papers say the same.",
    }
    said = words(ana.get(page_of(item)))
    assert "Source reliability: F: reliability cannot be judged → B: usually reliable" in said
    assert "Two papers say the same." in said
    with pytest.raises(ValidationError):
        details.change(
            item=item, actor=team["author"], details={"reliability": "A"}, grading_reason=" ", now=NOW
        )


def touch(sql):
    """Change the record as somebody who administers the database can."""
    triggers.remove()
    with connection.cursor() as cursor:
        cursor.execute(sql)
    triggers.install()


@pytest.mark.parametrize(
    ("sql", "fault"),
    [
        ("UPDATE recommendations_event SET kind = 'approved' WHERE seq = 1", "It was changed after"),
        ("UPDATE recommendations_event SET actor_id = NULL WHERE seq = 2", "It was changed after"),
        ("DELETE FROM recommendations_event WHERE seq = 3", "It does not follow from the entry before"),
        ("UPDATE recommendations_event SET previous_hash = 'x' WHERE seq = 3", "The entry after it does not"),
    ],
)
def test_the_page_says_on_the_spot_when_the_record_was_touched(team, report, secret, sql, fault):
    factories.submit(team["author"], report.recommendations.first())
    details.change(item=item_of(team["author"], name="b.pdf"), actor=team["author"], details={}, now=NOW)
    custody.note_download(item=secret, person=team["other"], now=NOW)
    touch(sql)
    said = words(browser_of(team["author"]).get(page_of(secret)))
    assert "The record of this item was tampered with" in said and fault in said


def test_a_whole_page_costs_the_same_for_many_entries(team, secret, django_assert_max_num_queries):
    for hour in range(60):
        custody.note_view(item=secret, person=team["other"], now=NOW - timedelta(hours=hour + 1))
    ana = browser_of(team["author"])
    ana.get(page_of(secret))
    with django_assert_max_num_queries(14):
        ana.get(page_of(secret))


def test_the_head_is_published_once_a_day_and_a_record_written_anew_is_found_by_it(team, secret):
    assert (anchors.publish(NOW), anchors.publish(NOW + timedelta(hours=2))) == (1, 0)
    custody.note_download(item=secret, person=team["other"], now=NOW)
    assert anchors.publish(NOW + timedelta(days=1)) == 1
    assert [seq for _at, seq, _hash in anchors.published()] == [2, 3]
    assert list(anchors.contradicted()) == []
    # Somebody who owns the database makes the whole chain anew, so that it verifies by itself.
    triggers.remove()
    previous = log.GENESIS
    for event in Event.objects.order_by("seq"):
        event.payload, event.previous_hash = {"forged": True}, previous
        event.digest = log.digest(event)
        previous = event.hash = log.chain_hash(event)
        Event.objects.filter(seq=event.seq).update(
            payload=event.payload, previous_hash=event.previous_hash, digest=event.digest, hash=event.hash
        )
    triggers.install()
    assert list(log.breaches()) == []
    assert [sentence[:8] for sentence in anchors.contradicted()] == ["Event 2 ", "Event 3 "]
    assert "Event 2 is not what it was when its hash was published" in breach()


def test_a_half_written_line_and_no_file_at_all_are_no_head(team, settings):
    assert anchors.published() == []
    assert anchors.publish(NOW) == 0, "nothing happened yet"
    settings.CHAIN_HEADS.write_text("2024-09-02T09:00:00Z 1")
    assert anchors.published() == []


def outline_of(person):
    return outline_for(readers().get(pk=person.pk), NOW, Sources())


def test_the_digest_of_a_reviewer_carries_the_head_and_that_of_others_does_not(team, secret):
    last = Event.objects.first()
    assert outline_of(team["reviewer"]).chain_head == last.hash
    assert outline_of(team["other"]).chain_head == ""
