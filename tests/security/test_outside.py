"""What leaves the house tells nothing of what is internal, restricted or was never approved."""

import csv
import io
import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from recommendations.choices import (
    Decision,
    DigestFrequency,
    Earlier,
    EventKind,
    MailKind,
    Sensitivity,
    Status,
)
from recommendations.mail.outbox import send
from recommendations.models import Ask, Edition, Evidence, Mail, User
from recommendations.services import asks, editions, people, reviews, updates
from recommendations.services.evidence import details, items
from recommendations.services.mail.digests import preview, queue_digests
from recommendations.services.recommendations import retitle
from tests.support import factories, past
from tests.support.exports import content, rows_of, take_out
from tests.support.factories import DAY, NOW
from tests.support.pages import browser_of, text_of
from tests.support.past import LATER, freeze, on

MONDAY = NOW + 7 * DAY - timedelta(hours=1)
PUBLIC = Sensitivity.PUBLIC


# --- The public view of an edition -------------------------------------------------------------
def public_view(team, edition):
    return text_of(browser_of(team["viewer"]).get(edition.get_absolute_url() + "?level=public"))


def of_one(page, position):
    """Return what a page of an edition says of the recommendation at one position, after its words."""
    after = page.partition(f"thing that is number {position}.")[2]
    return re.split(rf" {position + 1}\. (?:Thing|TIP-)", after)[0]


@pytest.mark.parametrize("level", [Sensitivity.INTERNAL, Sensitivity.RESTRICTED])
def test_the_public_view_of_an_edition_tells_no_status_that_is_not_published(
    team, tracked, recommendation, level
):
    hidden = factories.submit(
        team["author"], recommendation, as_of=on(6, 1).date(), status=Status.NO_ACTION, sensitivity=level
    )
    if level == Sensitivity.RESTRICTED:
        factories.grant(team["reviewer"], update=hidden)
    reviews.decide(update=hidden, reviewer=team["reviewer"], decision=Decision.APPROVE, now=on(6, 1))
    second = tracked.recommendations.get(position=2)
    past.publish(team, second, on(6, 2), status=Status.PARTLY)
    page = public_view(team, freeze(team, tracked))
    assert of_one(page, 1).split()[:2] == ["Not", "published"], of_one(page, 1)
    for word in ("No action", "Medium", "Same", "1 Jun 2024", "verified"):
        assert word not in of_one(page, 1)
    assert "Partly implemented" in of_one(page, 2) and "verified" not in of_one(page, 2)


def test_an_edition_frozen_with_a_status_that_rested_on_a_restricted_update_is_blanked(
    team, tracked, recommendation
):
    content = freeze(team, tracked).content
    content["recommendations"][0] |= {"status": "no_action", "last_verified_on": "2024-06-02"}
    old = frozen_before(team, tracked, content)
    for query in ("", "?level=public"):
        page = text_of(browser_of(team["manager"]).get(old.get_absolute_url() + query))
        assert "No action" not in page and "2 Jun 2024" not in page
    assert "The status is not shown: it is based on a restricted update." in text_of(
        browser_of(team["manager"]).get(old.get_absolute_url())
    )


def test_an_edition_frozen_when_restricted_checks_counted_tells_no_day_of_one(team, tracked, recommendation):
    """What an earlier version froze: the status of an open update, verified later by a restricted check."""
    for position in (1, 2):
        past.approve(team, tracked.recommendations.get(position=position), on(6, 1), status=Status.PARTLY)
    content = freeze(team, tracked).content
    content["recommendations"][0]["last_verified_on"] = "2024-06-20"
    old = frozen_before(team, tracked, content)
    page = text_of(browser_of(team["viewer"]).get(old.get_absolute_url()))
    assert "20 Jun 2024" not in page and "Partly implemented" in of_one(page, 1)
    assert "verified" not in of_one(page, 1), "neither the day nor that it never was"
    assert "last verified 1 Jun 2024" in of_one(page, 2)


def test_nor_of_a_check_of_one_ask(team, tracked, recommendation):
    with_asks(recommendation, "Do", "the")
    for ask in recommendation.asks.all():
        past.approve(team, recommendation, on(6, ask.position), ask=ask, status=Status.PARTLY)
    content = freeze(team, tracked).content
    whole = content["recommendations"][0]
    assert [ask["last_verified_on"] for ask in whole["asks"]] == ["2024-06-01", "2024-06-02"]
    whole["asks"][0]["last_verified_on"] = "2024-06-20"
    whole["last_verified_on"] = "2024-06-02"
    old = frozen_before(team, tracked, content)
    page = of_one(text_of(browser_of(team["viewer"]).get(old.get_absolute_url())), 1)
    assert "20 Jun 2024" not in page
    assert page.count("last verified 2 Jun 2024") == 1, "of the second ask, and not of the whole"


def with_asks(recommendation, *each):
    """Split off an ask for each of some words."""
    for number, words in enumerate(each, start=1):
        start = recommendation.text.index(words)
        Ask.objects.create(
            recommendation=recommendation,
            position=number,
            title=f"Ask {number}",
            start=start,
            end=start + len(words),
            created_at=on(5, 1),
        )


def frozen_before(team, report, content):
    """Keep an edition that an earlier version froze."""
    return Edition.objects.create(
        report=report,
        number=2,
        name="Before",
        as_of=on(6, 30).date(),
        known_until=LATER,
        content=content,
        sha256=editions.digest(content),
        frozen_at=LATER,
        frozen_by=team["manager"],
    )


def test_a_status_of_a_whole_is_told_outside_while_every_ask_is_published(team, tracked, recommendation):
    with_asks(recommendation, "Do", "the")
    first, second = recommendation.asks.all()
    past.publish(team, recommendation, on(6, 1), ask=first, status=Status.PARTLY)
    past.approve(team, recommendation, on(6, 2), ask=second, status=Status.PARTLY)
    page = of_one(public_view(team, freeze(team, tracked)), 1)
    assert page.split()[:2] == ["Not", "published"] and "2 asks" not in page
    assert page.count("Partly implemented") == 1, "that of the published ask"


def test_nothing_outside_is_called_by_a_title_of_ours(team, tracked, recommendation, partner):
    """One person alone gives a title; what stands outside is called by the report's own words."""
    ours = "What Ms. K. told us"
    with_asks(recommendation, "Do the thing")
    ask = recommendation.asks.get()
    given = {"recommendation": recommendation, "actor": team["reviewer"], "now": NOW}
    retitle(short_title=ours, pillar="", **given)
    asks.rename(ask=ask, actor=team["reviewer"], title=ours, now=NOW)
    cited = [(factories.file(team["author"], "scan.pdf", Sensitivity.PUBLIC), "supports", "")]
    wrong = past.publish(team, recommendation, on(6, 1), ask=ask, status=Status.PARTLY, citations=cited)
    edition = freeze(team, tracked)
    page = public_view(team, edition)
    assert "“Do the thing”" in page and ours not in page
    about = {"corrects": wrong, "ask": ask, "status": Status.INITIAL, "citations": cited}
    past.publish(team, recommendation, LATER, earlier=Earlier.REPLACE, **about)
    page = public_view(team, edition)
    assert "None that is published." not in page and ours not in page
    mail = preview(reader=partner, manager=team["manager"], now=LATER)
    for words in (mail.text, mail.html):
        assert "Do the thing that is number 1" in words and ours not in words
    _face, _head, rows = rows_of(content(take_out(team["viewer"], "updates", level="public")))
    assert ours not in str(rows) and recommendation.text in str(rows)


def test_the_public_view_names_nobody_and_no_correction_that_is_not_published(team, tracked, recommendation):
    wrong = past.publish(team, recommendation, on(6, 1), status=Status.PARTLY)
    edition = freeze(team, tracked)
    about = {"corrects": wrong, "status": Status.NO_ACTION, "as_of": on(6, 1).date()}
    past.approve(team, recommendation, LATER, earlier=Earlier.WITHDRAW, **about)
    page = public_view(team, edition).partition("It stood")[2] or public_view(team, edition)
    body = page[page.index("As it stood on") :]
    assert "None that is published." in body and "No action" not in body
    assert not [name for name in ("Mina", "Ana", "Rita") if name in body]


# --- The digest of a partner -------------------------------------------------------------------
@pytest.fixture
def partner(team):
    User.objects.update(date_joined=NOW - 60 * DAY, digest_frequency=DigestFrequency.NEVER)
    person, _password = people.add_person(
        actor=team["manager"], email="pia@partner.example", name="Pia", role="partner", now=NOW
    )
    User.objects.filter(pk=person.pk).update(date_joined=NOW - 60 * DAY)
    return person


def added(team, title, level=PUBLIC, now=NOW):
    """Add a public link with its event, as its service does."""
    item = factories.link(team["author"], title, sensitivity=level)
    with items.transaction.atomic():
        items.log.record(EventKind.EVIDENCE_ADDED, now=now, actor=team["author"], evidence=item)
    return item


def digest_to(person, at=MONDAY):
    queue_digests(now=at)
    return Mail.objects.filter(recipient=person, kind=MailKind.DIGEST).latest("pk")


def test_a_partner_is_told_of_no_item_that_only_unapproved_or_internal_updates_cite(team, report, partner):
    one = report.recommendations.first()
    cited = {name: [(added(team, f"Item {name}"), "supports", "")] for name in ("returned", "draft", "taken")}
    cited["internal"] = [(added(team, "Item internal"), "supports", "")]
    added(team, "Item uncited")
    public = {"sensitivity": PUBLIC, "proposed_extent": "words", "public_text": "Seen by all."}
    returned = factories.submit(team["author"], one, NOW, citations=cited["returned"], **public)
    reviews.decide(
        update=returned, reviewer=team["reviewer"], decision=Decision.RETURN, comment="No.", now=NOW
    )
    factories.write(team["author"], one, NOW, citations=cited["draft"], **public)
    taken = factories.submit(team["author"], one, NOW, citations=cited["taken"], **public)
    updates.withdraw(update=taken, actor=team["author"], now=NOW)
    inside = factories.submit(team["author"], one, NOW, citations=cited["internal"])
    reviews.decide(update=inside, reviewer=team["reviewer"], decision=Decision.APPROVE, now=NOW)
    mail = digest_to(partner)
    assert "Item" not in mail.text + mail.html + mail.subject and "evidence" not in mail.subject


def test_a_partner_is_told_of_an_item_once_when_the_first_update_that_cites_it_is_published(
    team, report, partner, mailoutbox
):
    first, second, _third = report.recommendations.order_by("position")
    cites = [(added(team, "A decree", now=NOW - 30 * DAY), "supports", "")]

    def publish(recommendation, at):
        factories.publish(team["author"], recommendation, at, reviewer=team["reviewer"], citations=cites)

    publish(first, NOW)
    mail = digest_to(partner)
    assert "* A decree (" in mail.text and mail.subject == "Digest: 1 published, 1 new evidence item"
    send(MONDAY)
    publish(second, MONDAY + DAY)
    assert "A decree" not in digest_to(partner, MONDAY + 7 * DAY).text


def test_a_digest_with_an_item_that_was_closed_since_is_not_sent_to_a_partner(
    team, report, partner, mailoutbox
):
    item = added(team, "A decree", now=NOW - 30 * DAY)
    one = report.recommendations.first()
    factories.publish(team["author"], one, NOW, reviewer=team["reviewer"], cites=[item])
    digest_to(partner)
    said = {name: getattr(item, name) for name in ("title", "kind", "source", "published_on", "note")}
    details.change(
        item=item, actor=team["author"], details=said | {"sensitivity": Sensitivity.INTERNAL}, now=MONDAY
    )
    assert send(MONDAY)["suppressed"] == 1 and mailoutbox == []


# --- Lists taken out ---------------------------------------------------------------------------
def taken_out(person, listed, query="", **sent):
    answer = browser_of(person).post(
        reverse("export", args=[listed]) + query, {"made_as": "csv", "level": "public", **sent}
    )
    data = b"".join(answer.streaming_content).decode("utf-8-sig")
    return data, list(csv.reader(io.StringIO(data, newline="")))


def test_a_public_list_of_evidence_holds_what_a_published_update_cites(team, recommendation):
    shown, other = (factories.link(team["author"], f"Item {n}", sensitivity=PUBLIC) for n in (1, 2))
    factories.publish(team["author"], recommendation, reviewer=team["reviewer"], cites=[shown])
    factories.send_back(
        team["author"], recommendation, reviewer=team["reviewer"], comment="No.", cites=[other, shown]
    )
    with time_machine.travel(NOW, tick=False):
        data, rows = taken_out(team["viewer"], "evidence", columns=["title", "cited_by"])
    assert rows[-1][0] == "Item 1" and "Item 2" not in data
    assert "Updates that cite it" not in data, "it counts what is not public too"


def test_a_public_list_names_nobody_on_the_team(team, recommendation):
    factories.publish(team["author"], recommendation, reviewer=team["reviewer"])
    query = f"?author={team['author'].pk}"
    data, _rows = taken_out(team["viewer"], "updates", query, columns=["reference", "status", "author"])
    assert "No action" in data
    assert not [name for name in ("Vera", "Ana", "Rita") if name in data]


def test_evidence_is_counted_for_nobody_outside(team):
    """What is public by its level alone stays inside until a published update cites it."""
    factories.link(team["author"], "Item", sensitivity=PUBLIC)
    answer = browser_of(team["viewer"]).post(
        reverse("export", args=["evidence"]), {"made_as": "csv", "level": "public", "columns": ["title"]}
    )
    assert "There is nothing to export" in text_of(answer) and Evidence.objects.count() == 1
