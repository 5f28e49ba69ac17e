"""Outside partners: mailed what is public and approved, and nothing that names, dates or rests on more."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from recommendations.choices import (
    DigestFrequency,
    EventKind,
    Extent,
    MailKind,
    MailState,
    Role,
    Sensitivity,
    Status,
)
from recommendations.errors import Refused
from recommendations.mail.outbox import send
from recommendations.models import Ask, Event, Evidence, Grant, Mail, Recommendation, User
from recommendations.services import people
from recommendations.services.evidence import items as evidence_service
from recommendations.services.mail.digests import plan, preview, queue_digests
from recommendations.services.mail.reminders import queue_reminders
from tests.support import factories
from tests.support.factories import DAY, NOW
from tests.support.pages import browser_of, words

MONDAY = NOW + 7 * DAY - timedelta(hours=1)
FIRST = "Do the thing that is number 1 (TIP-2024-KP-01)"
HIDDEN = "Hidden"  # in every text that no partner may read
NAMES = ("Vera", "Ana", "Omar", "Rita", "Sam", "Mina")


@pytest.fixture
def partner(team):
    """Pia of another organisation, and a team that joined long ago."""
    User.objects.update(date_joined=NOW - 60 * DAY, digest_frequency=DigestFrequency.NEVER)
    person, _password = people.add_person(
        actor=team["manager"], email="pia@partner.example", name="Pia", role="partner", now=NOW
    )
    User.objects.filter(pk=person.pk).update(date_joined=NOW - 60 * DAY)
    person.refresh_from_db()
    return person


def digest_to(person, at=MONDAY):
    queue_digests(now=at)
    return Mail.objects.filter(recipient=person, kind=MailKind.DIGEST).latest("pk")


def said(mail):
    """Return all that leaves: subject, both parts and headers."""
    return "\n".join([mail.subject, mail.text, mail.html, str(mail.words.headers)])


def much_happens(team, report):
    """Public and other things, of each kind; what no partner may read says so in its words."""
    first, second, third = report.recommendations.order_by("position")
    Recommendation.objects.update(owner=team["author"], next_review_on=NOW.date())
    note = {"internal_note": f"{HIDDEN} note", "reason": f"{HIDDEN} reason", "government_claim": HIDDEN}
    factories.link(team["author"], "A decree", sensitivity=Sensitivity.PUBLIC, source=f"{HIDDEN} source")
    factories.link(team["author"], f"{HIDDEN} item")
    for sensitivity, item in ((Sensitivity.PUBLIC, "A decree"), (Sensitivity.INTERNAL, f"{HIDDEN} item")):
        row = Evidence.objects.get(title=item)
        assert row.sensitivity == sensitivity
    public = {"sensitivity": Sensitivity.PUBLIC, "public_text": "Seen by all.", **note}
    cited = [(Evidence.objects.get(title=f"{HIDDEN} item"), "supports", "")]
    factories.approve(
        team["author"], first, NOW, reviewer=team["reviewer"], status=Status.INITIAL, citations=cited, **note
    )
    factories.approve(
        team["author"],
        first,
        NOW + DAY,
        reviewer=team["reviewer"],
        status=Status.NO_ACTION,
        extent=Extent.WORDS_AND_STATUS,
        **public,
    )
    factories.approve(
        team["author"], second, NOW + DAY, reviewer=team["reviewer"], public_text=f"{HIDDEN} text", **note
    )
    factories.submit(team["author"], third, NOW + DAY, **{**public, "public_text": f"{HIDDEN}, not approved"})
    return first, second, third


def test_it_tells_what_is_published_and_nothing_else(team, report, partner):
    much_happens(team, report)
    mail = digest_to(partner)
    assert (
        "Do the thing that is number 1 (TIP-2024-KP-01), as of Mon 2 Sep 2024\n  No action\n  Seen by all."
        in mail.text
    )
    assert HIDDEN not in said(mail)
    assert "Initial steps" not in said(mail), "where it stood before was internal"
    assert not any(re.search(rf"\b{name}\b", said(mail)) for name in NAMES)
    assert "@example.org" not in said(mail) and "overdue" not in said(mail).lower()
    assert re.search(r"1\. Do the thing that is number 1 \(TIP-2024-KP-01\)\n   No action", mail.text)
    assert re.search(r"2\. Do the thing that is number 2 \(TIP-2024-KP-02\)\n   not published", mail.text)
    assert re.search(r"3\. Do the thing that is number 3 \(TIP-2024-KP-03\)\n   not published", mail.text)
    links = set(re.findall(r"https?://[^\s\"<>]+", said(mail)))
    assert all("/settings/" in link or "/u/" in link for link in links), links


def test_new_evidence_is_told_by_title_when_it_is_public(team, report, partner):
    for title, level in (
        ("A decree", "public"),
        (f"{HIDDEN} memo", "internal"),
        (f"{HIDDEN} word", "restricted"),
    ):
        item = factories.link(team["author"], title, sensitivity=level, source=f"{HIDDEN} source")
        from_ledger(item, team["author"])
    cites = [(item, "supports", "") for item in Evidence.objects.exclude(sensitivity="restricted")]
    one = report.recommendations.first()
    factories.publish(team["author"], one, NOW, reviewer=team["reviewer"], citations=cites)
    mail = digest_to(partner)
    assert "* A decree (" in mail.text and mail.subject == "Digest: 1 published, 1 new evidence item"
    assert HIDDEN not in said(mail) and "restricted" not in said(mail).lower()
    assert "https://example.org/statement" not in said(mail)


def test_a_long_list_says_how_many_it_leaves_out(team, report, partner):
    made = [factories.link(team["author"], f"Law {n}", sensitivity=Sensitivity.PUBLIC) for n in range(17)]
    for item in made:
        from_ledger(item, team["author"])
    one, cites = report.recommendations.first(), [(item, "supports", "") for item in made]
    factories.publish(team["author"], one, NOW, reviewer=team["reviewer"], citations=cites)
    mail = digest_to(partner)
    assert mail.text.count("* Law ") == 15 and "… and 2 more." in mail.text and "… and 2 more." in mail.html
    assert "on the site" not in said(mail), "which partners cannot open"


def from_ledger(item, actor):
    """Record that an item was added, as its service does."""
    with evidence_service.transaction.atomic():
        evidence_service.log.record(EventKind.EVIDENCE_ADDED, now=NOW, actor=actor, evidence=item)


def test_the_status_of_one_that_is_split_needs_every_part_published(team, report, partner):
    first, *_rest = report.recommendations.order_by("position")
    factories.approve(team["author"], first, NOW, reviewer=team["reviewer"], status=Status.NO_INFORMATION)
    factories.publish(team["author"], first, NOW + DAY, reviewer=team["reviewer"])
    assert f"1. {FIRST}\n   No action" in preview_of(partner, team).text
    ask = Ask.objects.create(recommendation=first, position=1, title="An ask", start=0, end=5, created_at=NOW)
    said = preview_of(partner, team).text
    assert f"1. {FIRST}\n   No action" in said, "the last finding of the whole is published"
    cites = [factories.link(team["author"])]
    about = {"reviewer": team["reviewer"], "ask": ask, "status": Status.PARTLY, "cites": cites}
    inside = factories.approve(team["author"], first, NOW + DAY, **about)
    assert f"1. {FIRST}\n   not published" in preview_of(partner, team).text
    again = {**about, "corrects": inside, "extent": Extent.WORDS_AND_STATUS}
    factories.publish(team["author"], first, NOW + DAY, **again)
    assert f"1. {FIRST}\n   Partly" in preview_of(partner, team).text


def test_a_restricted_update_blanks_no_status_that_partners_were_told(team, report, partner):
    first, *_rest = report.recommendations.order_by("position")
    Ask.objects.create(recommendation=first, position=1, title="An ask", start=0, end=5, created_at=NOW)
    factories.publish(team["author"], first, NOW, reviewer=team["reviewer"])
    before = preview_of(partner, team).text
    assert f"1. {FIRST}\n   No action" in before
    later = {"as_of": (NOW + DAY).date()}
    factories.approve_restricted(team["author"], first, reviewer=team["reviewer"], **later)
    assert preview_of(partner, team).text == before


def preview_of(partner, team, now=MONDAY):
    return preview(reader=partner, manager=team["manager"], now=now)


def test_a_manager_s_preview_says_what_the_mail_says(team, report, partner):
    much_happens(team, report)
    letter = preview_of(partner, team)
    [issue] = [issue for issue in plan(now=MONDAY) if issue.reader == partner]
    mail = digest_to(partner)
    assert letter.subject == mail.subject == f"Digest: {issue.news}"
    assert letter.text.partition("\n--\n")[0] == mail.text.partition("\n--\n")[0]
    page = words(browser_of(team["manager"]).get(f"/digests/preview/{partner.pk}/"))
    assert "not published" in page and HIDDEN not in page


def test_an_empty_one_is_not_sent_whatever_happened_inside(team, report, partner):
    first, *_rest = report.recommendations.order_by("position")
    factories.approve(team["author"], first, NOW, reviewer=team["reviewer"])
    Recommendation.objects.update(next_review_on=NOW.date())
    assert digest_to(partner).state == MailState.SUPPRESSED


def test_nobody_reminds_them_and_a_grant_or_a_group_opens_nothing(team, report, partner):
    Recommendation.objects.update(owner=partner, next_review_on=NOW.date())
    secret = factories.link(team["author"], HIDDEN, sensitivity=Sensitivity.RESTRICTED)
    about = {"granted_by": team["author"], "granted_at": NOW, "reason": "r"}
    Grant.objects.create(person=partner, evidence=secret, **about)
    partner.groups.set(partner.groups.model.objects.all())
    queue_reminders(now=MONDAY)
    assert not Mail.objects.filter(recipient=partner, kind=MailKind.REMINDER).exists()
    for person in (User.objects.get(pk=partner.pk), User.objects.with_rank().get(pk=partner.pk)):
        assert person.rank == 0 and not person.is_staff
        for model in (Recommendation, Evidence, Event, Mail, Grant):
            assert not model.objects.visible_to(person).exists()


def test_what_was_written_for_a_member_is_not_sent_to_them_as_a_partner(team, report, mailoutbox):
    User.objects.update(date_joined=NOW - 60 * DAY)
    factories.approve(
        team["author"], report.recommendations.first(), NOW, reviewer=team["reviewer"], reason=HIDDEN
    )
    queue_digests(now=MONDAY)
    people.change_role(actor=team["manager"], person=team["viewer"], role="partner", now=MONDAY)
    send(MONDAY)
    mail = Mail.objects.get(recipient=team["viewer"], kind=MailKind.DIGEST)
    assert (mail.state, mail.reason.startswith("It was written for a member")) == (MailState.SUPPRESSED, True)
    assert "vera@example.org" not in {message.to[0] for message in mailoutbox}


def test_an_item_that_was_closed_after_planning_holds_the_mail_back(team, report, partner, mailoutbox):
    item = factories.link(team["author"], "A decree", sensitivity=Sensitivity.PUBLIC)
    from_ledger(item, team["author"])
    mail = digest_to(partner)
    with evidence_service.transaction.atomic():
        evidence_service.log.record(
            EventKind.EVIDENCE_CHANGED, now=MONDAY, evidence=item, before="public", after="internal"
        )
    send(MONDAY)
    mail.refresh_from_db()
    assert mail.state == MailState.SUPPRESSED and mailoutbox == []


def test_it_goes_out_and_can_be_ended_with_one_click(team, report, partner, mailoutbox):
    one = report.recommendations.first()
    factories.publish(team["author"], one, NOW, reviewer=team["reviewer"])
    mail = digest_to(partner)
    send(MONDAY)
    assert [message.to for message in mailoutbox] == [["pia@partner.example"]]
    link = re.search(r"/u/[\w-]+", mail.words.headers["List-Unsubscribe"])[0]
    Client().post(link, {"List-Unsubscribe": "One-Click"})
    partner.refresh_from_db()
    assert partner.digest_frequency == DigestFrequency.NEVER


def test_managers_make_partners_and_members_and_it_is_recorded(team, partner):
    browser = browser_of(team["manager"])
    listed = words(browser.get("/desk/recommendations/user/?role=partner"))
    assert "pia@partner.example" in listed and "Outside partner" in listed and "ana@example.org" not in listed
    people.change_role(actor=team["manager"], person=partner, role=Role.VIEWER, now=NOW)
    partner = User.objects.get(pk=partner.pk)
    assert not partner.is_partner and partner.has_role(Role.VIEWER)
    people.change_role(actor=team["manager"], person=partner, role="partner", now=NOW)
    partner = User.objects.get(pk=partner.pk)
    assert partner.is_partner and not partner.groups.exists()
    told = [event.payload for event in Event.objects.filter(kind=EventKind.ROLE_CHANGED)]
    assert {"person": partner.pk, "before": "Viewer", "after": "partner"} in told
    with pytest.raises(Refused):
        people.change_role(actor=team["reviewer"], person=partner, role=Role.MANAGER, now=NOW)


def test_their_settings_hold_what_concerns_them(partner):
    User.objects.filter(pk=partner.pk).update(password_is_temporary=False)
    browser = browser_of(partner)
    answer = browser.get("/", follow=True)
    page = words(answer)
    assert "As an outside partner, you get mails about what is public." in page
    assert "Reminders" not in page and "Evidence" not in page
    chosen = {"name": "Pia", "time_zone": "UTC", "digest_frequency": "monthly", "digest_weekday": "2"}
    assert "Your settings are saved." in words(browser.post("/settings/", chosen, follow=True))
    partner.refresh_from_db()
    assert (partner.digest_frequency, partner.digest_weekday) == ("monthly", 2)


def test_a_partner_whose_address_works_again_is_led_back_to_the_settings(partner):
    User.objects.filter(pk=partner.pk).update(bouncing_since=NOW, password_is_temporary=False)
    browser = browser_of(partner)
    assert "Your mail address refuses mail" in words(browser.get("/settings/"))
    page = browser.post("/settings/mails/again/", follow=True)
    assert page.status_code == 200
    assert "Mails are sent to pia@partner.example again." in words(page)
