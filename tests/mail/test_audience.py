"""Digests are read once for all who may see the same: here each reader is compared with being read alone."""

import random

import pytest

from recommendations.audit import log
from recommendations.choices import (
    Decision,
    DigestFrequency,
    EventKind,
    EvidenceForm,
    MailKind,
    Role,
    Sensitivity,
    Status,
)
from recommendations.models import Evidence, Grant, Mail, User
from recommendations.selectors.outline import Source, Sources, outline_for, readers
from recommendations.services import reviews
from recommendations.services.mail import digests
from recommendations.services.mail.digests import queue_digests
from tests.support import factories
from tests.support.digests import MONDAY
from tests.support.factories import DAY, NOW

CANARY = "CANARY"


@pytest.fixture
def crowd(team, report):
    """Some of each role, weekly readers who joined long ago."""
    people = [*team.values()]
    for role in (Role.VIEWER, Role.CONTRIBUTOR, Role.REVIEWER, Role.MANAGER):
        people += [factories.person(f"{role}{number}", role) for number in range(3)]
    User.objects.update(date_joined=NOW - 400 * DAY, digest_frequency=DigestFrequency.WEEKLY)
    return people


def let_in(person, about):
    """Let a person in on an update or item, if that means anything."""
    Grant.objects.get_or_create(
        person=person,
        **about,
        defaults={"granted_by": person, "granted_at": NOW, "reason": "x"},
    )


def play(chance, people, report):
    """Let things happen at random: items and assessments of all levels, grants, approvals."""
    writers = [one for one in people if one.is_contributor]
    reviewers = [one for one in people if one.is_reviewer]
    for number in range(14):
        level, writer = chance.choice(list(Sensitivity)), chance.choice(writers)
        words = CANARY if level == Sensitivity.RESTRICTED else "Open"
        recommendation = report.recommendations.all()[number % 3]
        item = Evidence.objects.create(
            form=EvidenceForm.LINK,
            title=f"{words} item {number}",
            url=f"https://example.org/{number}",
            uploaded_by=writer,
            uploaded_at=NOW,
            sensitivity=level,
        )
        log.record(
            EventKind.EVIDENCE_ADDED, now=NOW, actor=writer, recommendation=recommendation, evidence=item
        )
        # An open update may cite what is restricted; its own words then hold nothing of it.
        level_of_update = chance.choice([level, Sensitivity.INTERNAL])
        own_words = CANARY if level_of_update == Sensitivity.RESTRICTED else "Open"
        update = factories.submit(
            writer,
            recommendation,
            NOW,
            sensitivity=level_of_update,
            status=chance.choice([Status.INITIAL, Status.NO_ACTION, Status.PARTLY]),
            reason=f"{own_words} reason {number}",
            citations=[(item, "supports", "")],
        )
        for one in chance.sample(people, chance.randrange(3)):
            for about in ({"update": update}, {"evidence": item}):
                if level == Sensitivity.RESTRICTED and one != writer:
                    let_in(one, about)
        decider = chance.choice([one for one in reviewers if one != writer])
        if chance.random() < 0.7:
            for about in ({"update": update}, {"evidence": item}):
                if level == Sensitivity.RESTRICTED:
                    let_in(decider, about)
            reviews.decide(update=update, reviewer=decider, decision=Decision.APPROVE, now=NOW)


def said(outline):
    """Return all that an outline holds, in a form that can be compared."""
    news = outline.news
    return {
        "moved": [(move.update.pk, move.before, move.after, move.citations) for move in news.moved],
        "lists": [
            [row.pk for row in rows] for rows in (news.confirmed, news.checks, news.evidence, news.imported)
        ],
        "restricted": news.restricted,
        "window": (news.from_seq, news.to_seq),
        "waiting": [update.pk for update in outline.waiting],
        "restricted_waiting": outline.restricted_waiting,
        "rows": [(row.recommendation.pk, row.evidence) for matrix in outline.matrices for row in matrix.rows],
    }


class Alone(Sources):
    """Reads for each reader alone, as whoever they are."""

    def of(self, reader):
        """Return what is read for this reader and no other."""
        return Source(reader, self.head, self.viewer)


@pytest.mark.parametrize("seed", range(2))
def test_each_is_told_exactly_what_they_alone_would_be(crowd, report, seed):
    chance = random.Random(seed)
    play(chance, crowd, report)
    shared, alone = Sources(), Alone()
    assert len(crowd) == len(readers()) and {reader.is_involved for reader in readers()} == {True, False}
    for reader in readers():
        assert said(outline_for(reader, MONDAY, shared)) == said(outline_for(reader, MONDAY, alone)), reader
    viewer = next(one for one in crowd if one.is_manager)
    shared, alone = Sources(viewer), Alone(viewer)
    for reader in readers():
        assert said(outline_for(reader, MONDAY, shared)) == said(outline_for(reader, MONDAY, alone)), reader


def test_no_mail_holds_a_word_of_what_is_restricted_and_only_the_involved_learn_that_it_is(crowd, report):
    play(random.Random(7), crowd, report)
    assert queue_digests(now=MONDAY) == len(crowd)
    involved = {reader.pk: reader.is_involved for reader in readers()}
    told = 0
    for mail in Mail.objects.filter(kind=MailKind.DIGEST):
        whole = " ".join([mail.subject, mail.text, mail.html, mail.words.shared_text, mail.words.shared_html])
        assert CANARY not in whole
        says_so = "restricted" in mail.text.lower()
        assert involved[mail.recipient_id] or not says_so
        told += says_so
    assert told


def test_readers_who_were_told_up_to_different_places_are_told_from_there(crowd, report):
    """One reads everything from the first event, one from the middle, one only the last: of one reading."""
    chance = random.Random(3)
    play(chance, crowd, report)
    head = log.head()
    places = {one.pk: chance.randrange(head + 1) for one in crowd}
    for one in crowd:
        digests.outbox.enqueue(
            key=f"old:{one.pk}",
            kind=MailKind.DIGEST,
            recipient=one,
            letter=digests.Letter(to="", subject="", text="x", html=""),
            now=NOW,
            useful_for=DAY,
            from_seq=0,
            to_seq=places[one.pk],
        )
    shared = Sources()
    for reader in sorted(readers(), key=lambda reader: chance.random()):
        outline = outline_for(reader, MONDAY, shared)
        assert outline.news.from_seq == places[reader.pk]
        assert said(outline) == said(outline_for(reader, MONDAY, Alone()))
