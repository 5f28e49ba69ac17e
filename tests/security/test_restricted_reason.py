"""Of a restricted update that counts nobody else gets a word: not by page, file, edition or mail."""

import io
import zipfile
from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from recommendations.choices import DigestFrequency, Earlier, GovernmentAnswer, Role, Sensitivity, Status
from recommendations.models import Mail, MailWords, Publication, Recommendation, User
from recommendations.services import editions, people
from recommendations.services.mail.digests import preview, queue_digests
from recommendations.services.mail.reminders import queue_reminders
from tests.support import factories
from tests.support.digests import MONDAY, WEEK
from tests.support.every_page import read
from tests.support.exports import content, rows_of, take_out
from tests.support.factories import AS_OF, DAY, NOW
from tests.support.pages import browser_of, text_of

HIDDEN = "The reason for this status is restricted."
CANARY, HOUR = "kanarienvogel", timedelta(hours=1)
WORDS = ("reason", "public_text", "internal_note", "government_claim")


def counted(team, recommendation, now=None, **fields):
    """Have a restricted update counted that found nothing and heard no answer."""
    about = {"status": Status.NO_INFORMATION, "counts": True, **fields}
    return factories.approve_restricted(
        team["author"], recommendation, now, reviewer=team["reviewer"], **about
    )


@pytest.fixture
def canary(world):
    """A restricted update full of the word, by Wren, who wrote nothing else; Rita lets it count."""
    wren = factories.person("Wrencanary", Role.CONTRIBUTOR)
    item = factories.link(wren, f"{CANARY} title", Sensitivity.RESTRICTED)
    open_item = factories.link(wren, "A lighthouse", Sensitivity.PUBLIC)
    factories.grant(world.reviewer, evidence=item)
    return {
        "author": wren,
        "counts": True,
        "reviewer": world.reviewer,
        "status": Status.PARTLY,
        "government_answer": GovernmentAnswer.REJECTS,
        "claimed_status": Status.IMPLEMENTED,
        "citations": [(item, "supports", f"{CANARY} page"), (open_item, "contradicts", CANARY)],
        "places": [f"{CANARY} place"],
        **{name: f"{CANARY} {name}" for name in WORDS},
    }


def times(said, word):
    """Return {address: how often a word is there}, of those where it is."""
    found = {address: words.lower().count(word.lower()) for address, words in said.items()}
    return {address: number for address, number in found.items() if number}


def workbook(person, listed):
    """Return what a list as a workbook says."""
    with zipfile.ZipFile(io.BytesIO(content(take_out(person, listed, made_as="xlsx")))) as parts:
        return b"".join(map(parts.read, parts.namelist())).decode()


@pytest.mark.parametrize("role", ["viewer", "other", "manager"])
def test_others_get_the_status_and_no_word_of_it(world, canary, role):
    later, address = NOW + DAY, world.second.get_absolute_url()
    with time_machine.travel(later, tick=False):
        before = read(world, role)
        factories.approve_restricted(recommendation=world.second, now=later - HOUR, **canary)
        about = {"report": world.report, "actor": world.people["manager"], "name": "Two"}
        edition = editions.freeze(**about, as_of=later.date(), now=later)
        after = read(world, role)
        pages = read(world, role, [address, edition.get_absolute_url()])
        books = {listed: workbook(world.people[role], listed) for listed in ("recommendations", "updates")}
    assert times(after, CANARY) == times(before, CANARY) == times(books, CANARY) == {}
    for word in ("Wrencanary", "lighthouse"):
        assert times(after, word) == times(before, word), "who wrote it, and what it cites"
    assert all("Partly implemented" in words and HIDDEN in words for words in pages.values())
    assert CANARY not in str(edition.content) and "Wrencanary" not in str(edition.content)
    assert "Partly implemented" in books["recommendations"]


def test_no_mail_to_others_has_a_word_of_it(world, canary):
    partner, _password = people.add_person(
        actor=world.people["manager"], email="pia@partner.example", name="Pia", role="partner", now=NOW
    )
    User.objects.update(date_joined=NOW - 400 * DAY, digest_frequency=DigestFrequency.WEEKLY)
    Recommendation.objects.update(next_review_on=MONDAY.date())
    queue_digests(now=MONDAY)
    Mail.objects.update(state="sent", sent_at=MONDAY)
    factories.approve_restricted(recommendation=world.second, now=MONDAY + DAY, **canary)
    queue_digests(now=MONDAY + WEEK)
    queue_reminders(now=MONDAY + WEEK)
    told = MailWords.objects.filter(mail__created_at__gt=MONDAY + DAY)
    others = told.exclude(mail__recipient__in=[canary["author"], world.reviewer])
    assert others.count() > 3
    for words in others:
        whole = f"{words.text} {words.html} {words.shared_text} {words.shared_html}"
        assert CANARY not in whole and "Wrencanary" not in whole and "Rita" not in whole
    letters = preview(reader=partner, manager=world.people["manager"], now=MONDAY + WEEK + DAY)
    whole = f"{letters.text} {letters.html}"
    assert not any(word in whole for word in (CANARY, "Wrencanary", "Partly implemented", "restricted"))
    news = told.get(mail__recipient=world.people["viewer"], mail__kind="digest").text
    assert "Not yet assessed -> Partly implemented\n  Why: The reason for this status is restricted." in news


def test_the_grade_that_follows_from_the_answer_is_for_those_who_can_read_it(team, recommendation):
    counted(team, recommendation)
    for role, grade in {"viewer": "", "second": "", "author": "D", "reviewer": "D"}.items():
        given = {"columns": ["reference", "status", "hrc"]}
        [row] = [
            row
            for row in rows_of(content(take_out(team[role], "recommendations", **given)))[2]
            if row[1] != "Not yet assessed"
        ]
        assert row == [recommendation.reference, "No reliable information", grade]


def test_its_claim_is_neither_shown_nor_said_not_to_exist(team, recommendation):
    counted(team, recommendation, government_claim="They built one.")
    for role in ("viewer", "author"):
        page = text_of(
            browser_of(team[role]).get(reverse("report-claims", args=[recommendation.report.slug]))
        )
        assert ("They built one." in page) == (role == "author")
        assert ("The reason for the status is restricted, and with it any claim 1" in page) == (
            role == "viewer"
        )


def test_the_past_shows_it_from_when_it_counts_on(team, recommendation):
    counted(team, recommendation, as_of=date(2024, 8, 5))
    about = reverse("report-as-of", args=[recommendation.report.slug])
    for day, is_there in {"2024-08-04": False, "2024-08-06": True}.items():
        page = text_of(browser_of(team["viewer"]).get(f"{about}?as_of={day}"))
        assert (HIDDEN in page) is is_there


@pytest.mark.parametrize("role", ["viewer", "other", "manager"])
def test_who_let_it_count_is_not_named_where_it_withdrew_what_was_outside(world, role):
    author, second = world.author, world.second
    old = factories.publish(author, second, reviewer=world.people["second"])
    judge = factories.person("Judithcanary", Role.REVIEWER)
    about = {"reviewer": judge, "counts": True, "earlier": Earlier.WITHDRAW, "as_of": AS_OF + DAY}
    factories.approve_restricted(author, second, status=Status.NO_INFORMATION, movement="unknown", **about)
    second.refresh_from_db()
    assert not Publication.objects.published().exists()
    page = reverse("update-publication", args=[old.key])
    desk = [reverse(f"admin:recommendations_{noun}_changelist") for noun in ("event", "publication")]
    addresses = [page, reverse("recommendation-history", args=[second.reference]), *desk]
    said = read(world, role, addresses)

    assert times(said, "Judithcanary") == {}
    assert "Who decided is not shown, since this update is restricted:" in said[page]
    assert "Overtaken by the update as of 31 Aug 2024." in said[page]
    again = browser_of(world.people["second"]).post(page, {"act": "withdraw", "reason": "Why not."})
    assert "It is withdrawn already, with a restricted update." in again.content.decode()
