"""Retention: holds block, two people decide, and a tombstone keeps its record and nothing else."""

import hashlib
import io
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from recommendations import vault
from recommendations.audit import log
from recommendations.choices import EventKind, Purpose, Retention, Sensitivity
from recommendations.errors import Refused
from recommendations.models import Derived, Event, Evidence
from recommendations.services import grants, people
from recommendations.services.evidence import details, examinations, retention
from recommendations.services.integrity import CHECKS
from tests.support import factories
from tests.support.factories import NOW, item_of
from tests.support.pages import browser_of, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_the_time_of_the_story")]
SECRET = "Hyesan"
WHY = {"reason": "Consent was withdrawn.", "basis": "GDPR 17"}


@pytest.fixture
def item(team, recommendation):
    """A restricted testimony of Ana's that Rita may see too, cited by an approved update."""
    made = item_of(team["author"], sensitivity=Sensitivity.RESTRICTED, title=f"Ms. K. of {SECRET}")
    said = {
        name: f"{name} {SECRET}" for name in ("source", "origin", "note", "consent", "safety", "language")
    }
    grade = {"reliability": "B", "grading_reason": f"She is from {SECRET}."}
    details.change(item=made, actor=team["author"], details=said, now=NOW)
    details.change(
        item=made,
        actor=team["author"],
        details={"reliability": "B"},
        grading_reason=grade["grading_reason"],
        now=NOW,
    )
    grants.grant(item=made, person=team["reviewer"], actor=team["author"], reason="To review", now=NOW)
    factories.approve(team["author"], recommendation, reviewer=team["reviewer"], cites=[made])
    made.refresh_from_db()
    return made


def decided(item, team, **changed):
    """Have Ana propose the removal, for today, and Rita approve it."""
    said = {**WHY, "on": NOW.date(), **changed}
    proposed = retention.propose(item=item, actor=team["author"], now=NOW, **said)
    retention.approve(item=proposed, actor=team["reviewer"], now=NOW)
    item.refresh_from_db()
    return item


def test_a_tombstone_keeps_what_it_must_and_nothing_else(
    team, item, recommendation, django_capture_on_commit_callbacks
):
    before, status = Evidence.objects.get(pk=item.pk), recommendation.status
    with django_capture_on_commit_callbacks(execute=True):
        decided(item, team)
    kept = ("key", "sha256", "size", "content_type", "uploaded_at", "uploaded_by", "kind", "form")
    assert {name: getattr(item, name) for name in kept} == {name: getattr(before, name) for name in kept}
    assert (item.removal_reason, item.removal_basis) == (WHY["reason"], WHY["basis"])
    assert (item.removal_proposed_by, item.removal_approved_by) == (team["author"], team["reviewer"])
    assert item.title == "Removed on 2 Sep 2024 by decision"
    assert list(vault.object_names()) == []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            assert SECRET not in str(cursor.fetchall()), table
    assert list(log.breaches()) == list(log.unexplained_redactions()) == []
    assert [
        one for name, check in CHECKS.items() if "match their source" not in name for one in check()
    ] == []
    recommendation.refresh_from_db()
    assert recommendation.status == status == "no_action"


def test_what_was_made_of_it_goes_too_and_nothing_is_made_of_it_again(
    team, item, django_capture_on_commit_callbacks
):
    name = vault.publish(vault.receive(io.BytesIO(b"a preview")))
    facts = {"content_type": "image/png", "size": 9, "sha256": hashlib.sha256(b"a preview").hexdigest()}
    Derived.objects.create(derived_from=item, kind="preview", object_name=name, made_at=NOW, **facts)
    assert item in examinations.waiting(purpose=Purpose.PICTURES, now=NOW)
    with django_capture_on_commit_callbacks(execute=True):
        decided(item, team)
    assert not Derived.objects.exists() and list(vault.object_names()) == []
    assert item not in examinations.waiting(purpose=Purpose.PICTURES, now=NOW)


def test_its_text_is_found_no_more(team, django_capture_on_commit_callbacks):
    law = item_of(
        team["author"], name="law.txt", content=f"On detention near {SECRET}.".encode(), title="Law"
    )
    examinations.examine_waiting(now=NOW)
    viewer, search = browser_of(team["viewer"]), reverse("evidence-list") + f"?q={SECRET}"
    assert "1 item" in words(viewer.get(search))
    with django_capture_on_commit_callbacks(execute=True):
        decided(law, team)
    assert "No evidence fits" in words(viewer.get(search))
    examinations.examine_waiting(now=NOW)
    assert not law.passages.exists()


def test_a_preview_drawn_while_the_item_was_removed_is_not_kept(team, item, monkeypatch):
    opened = examinations.inspect

    def removed_meanwhile(*args, **kwargs):
        decided(item, team)
        yield from opened(*args, **kwargs)

    monkeypatch.setattr(examinations, "inspect", removed_meanwhile)
    examinations.examine_waiting(now=NOW)
    item.refresh_from_db()
    assert item.is_removed
    assert not Derived.objects.exists()


def test_what_cites_it_says_so_and_its_page_shows_the_decision(team, item):
    decided(item, team)
    rita = browser_of(team["reviewer"])
    update = item.citations.get().update
    assert "Removed on 2 Sep 2024 by decision" in words(rita.get(update.get_absolute_url()))
    page = words(rita.get(item.get_absolute_url()))
    for told in ("Consent was withdrawn.", "GDPR 17", item.sha256, "Ana", "Rita", "Backups made before"):
        assert told in page, told
    assert rita.get(reverse("evidence-download", args=[item.key])).status_code == 404
    custody = words(rita.get(reverse("evidence-custody", args=[item.key])))
    assert "The record is complete and unchanged." in custody and "Removed; its record is kept" in custody
    assert "text of" in custody and "removed on purpose" in custody
    assert browser_of(team["second"]).get(item.get_absolute_url()).status_code == 404


def test_one_person_alone_removes_nothing_at_any_door(team, item):
    retention.propose(item=item, actor=team["reviewer"], now=NOW, on=NOW.date(), **WHY)
    page = reverse("evidence-retention", args=[item.key])
    rita = browser_of(team["reviewer"])
    assert "Approve removal" not in words(rita.get(page))
    rita.post(page, {"act": "approve", "confirmed": "yes"})
    with pytest.raises(Refused):
        retention.approve(item=item, actor=team["reviewer"], now=NOW)
    # Ana added it, and is no reviewer; Sam is one, and may not see it.
    browser_of(team["author"]).post(page, {"act": "approve", "confirmed": "yes"})
    assert browser_of(team["second"]).post(page, {"act": "approve"}).status_code == 404
    item.refresh_from_db()
    assert item.retention == Retention.SCHEDULED
    for change in (
        "removal_approved_by_id = removal_proposed_by_id",
        "retention = 'tombstoned'",
        "retention = 'tombstoned', object_name = '', original_name = '', url = ''",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE recommendations_evidence SET {change} WHERE id = {item.pk}")


def test_who_proposed_reads_who_can_approve_or_that_nobody_can_yet(team, item):
    page, rita = reverse("evidence-retention", args=[item.key]), browser_of(team["reviewer"])
    nobody = "Nobody can approve it yet: no other reviewer has access to this item."
    told = words(rita.get(page))
    assert nobody in told and "Ask Ana, who added it, or a manager to give another reviewer access" in told
    retention.propose(item=item, actor=team["reviewer"], now=NOW, on=NOW.date(), **WHY)
    assert nobody in words(rita.get(page)) and "Sam" not in words(rita.get(page))
    asked = browser_of(team["author"]).get(page)
    assert nobody in words(asked) and "Give another reviewer access" in words(asked)
    assert reverse("evidence-access", args=[item.key]) in asked.content.decode()
    for who, refusal in (("second", 404), ("manager", 404), ("viewer", 403)):
        assert browser_of(team[who]).get(page).status_code == refusal
    # A viewer who is let in does not help, nor does a reviewer whose account is closed.
    for who in ("viewer", "second"):
        grants.grant(item=item, person=team[who], actor=team["author"], reason="To look", now=NOW)
    people.set_active(actor=team["manager"], person=team["second"], active=False, now=NOW)
    assert nobody in words(rita.get(page))
    people.set_active(actor=team["manager"], person=team["second"], active=True, now=NOW)
    assert "These people can approve it: Sam." in words(rita.get(page)) and nobody not in words(
        rita.get(page)
    )


def test_of_an_open_item_any_other_reviewer_can_approve(team):
    law = item_of(team["author"], title="Law")
    page = reverse("evidence-retention", args=[law.key])
    assert "These people can approve it: Mina, Rita, Sam." in words(browser_of(team["author"]).get(page))
    assert "These people can approve it: Mina, Sam." in words(browser_of(team["reviewer"]).get(page))


def test_a_hold_blocks_and_a_removal_under_way_is_off(team, item):
    retention.hold(item=item, actor=team["author"], reason="A court asked for it.", now=NOW)
    with pytest.raises(Refused):
        retention.propose(item=item, actor=team["reviewer"], now=NOW, on=NOW.date(), **WHY)
    retention.lift_hold(item=item, actor=team["reviewer"], reason="The court is done.", now=NOW)
    later = NOW.date() + timedelta(days=3)
    proposed = retention.propose(item=item, actor=team["author"], now=NOW, on=later, **WHY)
    retention.approve(item=proposed, actor=team["reviewer"], now=NOW)
    retention.hold(item=item, actor=team["author"], reason="Again.", now=NOW)
    assert retention.carry_out(now=NOW + timedelta(days=9)) == 0
    item.refresh_from_db()
    assert (item.retention, item.removal_on, item.removal_approved_by) == (Retention.HOLD, None, None)
    kinds = [EventKind.HELD, EventKind.HOLD_LIFTED, EventKind.REMOVAL_PROPOSED, EventKind.REMOVAL_APPROVED]
    assert set(kinds) <= set(Event.objects.filter(evidence=item).values_list("kind", flat=True))


def test_a_later_day_is_waited_for_and_then_kept_to_once(team, item, capsys):
    later = NOW.date() + timedelta(days=3)
    proposed = retention.propose(item=item, actor=team["author"], now=NOW, on=later, **WHY)
    retention.approve(item=proposed, actor=team["reviewer"], now=NOW)
    assert retention.carry_out(now=NOW + timedelta(days=2)) == 0
    call_command("remove_evidence", "--now", "2024-09-05T00:10", "--dry-run")
    assert f"evidence {item.key}" in capsys.readouterr().out
    assert [retention.carry_out(now=NOW + timedelta(days=3)) for _twice in range(2)] == [1, 0]
    item.refresh_from_db()
    assert item.is_removed


def test_called_off_it_is_kept_and_may_be_proposed_again(team, item):
    retention.propose(item=item, actor=team["author"], now=NOW, on=NOW.date(), **WHY)
    retention.call_off(item=item, actor=team["reviewer"], reason="She consents again.", now=NOW)
    item.refresh_from_db()
    assert (item.retention, item.removal_reason) == (Retention.ACTIVE, "")
    assert decided(item, team).is_removed


def test_a_tombstone_stays_one(team, item):
    decided(item, team)
    for act in (retention.hold, retention.lift_hold, retention.call_off):
        with pytest.raises(Refused):
            act(item=item, actor=team["author"], reason="x", now=NOW)
    with pytest.raises(Refused):
        details.change(item=item, actor=team["author"], details={"title": "Ms. K."}, now=NOW)
    for change in ("retention = 'active'", "removal_reason = 'other'", "removed_at = NULL"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE recommendations_evidence SET {change} WHERE id = {item.pk}")


def test_by_the_pages_from_proposal_to_tombstone(team, item):
    page, ana = reverse("evidence-retention", args=[item.key]), browser_of(team["author"])
    empty = ana.post(page, {"act": "propose", "propose-on": "2024-01-01"})
    assert "Say which rule" in words(empty)
    said = {"act": "propose", "propose-reason": WHY["reason"], "propose-basis": "GDPR 17"}
    assert "This day is in the past" in words(ana.post(page, {**said, "propose-on": "2024-01-01"}))
    assert ana.post(page, {**said, "propose-on": "2024-09-02"}).url == item.get_absolute_url()
    assert "waits for a second person" in words(browser_of(team["reviewer"]).get(reverse("retention-list")))
    assert item.title not in words(browser_of(team["second"]).get(reverse("retention-list")))
    rita = browser_of(team["reviewer"])
    assert "cannot be restored" in words(rita.get(page))
    asked = words(rita.post(page, {"act": "approve"}))
    assert f"Approve the removal of “{item.title}”?" in asked and "On 2 Sep 2024, the file" in asked
    item.refresh_from_db()
    assert not item.removal_approved_by and item.retention == Retention.SCHEDULED
    done = rita.post(page, {"act": "approve", "confirmed": "yes"}, follow=True)
    assert "Removed on 2 Sep 2024" in words(done)
    assert "Removed on 2 Sep 2024" in words(rita.get(reverse("retention-list")))


def test_a_link_is_removed_too_and_nobody_is_offered_what_is_gone(team, recommendation):
    link = factories.link(team["author"], "A page", source="KCNA")
    decided(link, team)
    assert (link.url, link.source, link.sha256) == ("", "", "")
    form = browser_of(team["author"]).get(reverse("update-add", args=[recommendation.reference]))
    assert "Removed on" not in words(form)
