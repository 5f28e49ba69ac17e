"""What the tests of digests share: a Monday, an item with its event, and a story of what is restricted."""

from datetime import UTC, date, datetime

from recommendations.audit import log
from recommendations.choices import DigestFrequency, EventKind, MailKind, Sensitivity
from recommendations.models import Mail, User
from tests.support import factories
from tests.support.factories import DAY, NOW

MONDAY = datetime(2024, 9, 9, 8, 0, tzinfo=UTC)
WEEK = 7 * DAY


def evidence(person, recommendation, now=NOW, **fields):
    """Add a link as evidence, with its event."""
    given = {"title": "A statement", "url": "https://example.org/a", **fields}
    item = factories.link(person, now=now, **given)
    log.record(EventKind.EVIDENCE_ADDED, now=now, actor=person, recommendation=recommendation, evidence=item)
    return item


def digests_of(person):
    return list(Mail.objects.filter(recipient=person, kind=MailKind.DIGEST).order_by("pk"))


def restricted_story(team, recommendation):
    """A restricted item and a restricted update, which the viewer was let in on and the other not."""
    item = evidence(
        team["author"],
        recommendation,
        title="CANARY-TITLE",
        source="CANARY-SOURCE",
        url="https://example.org/CANARY-URL",
        sensitivity=Sensitivity.RESTRICTED,
    )
    update = factories.submit(
        team["author"],
        recommendation,
        NOW,
        sensitivity=Sensitivity.RESTRICTED,
        reason="CANARY-REASON",
        internal_note="CANARY-NOTE",
        public_text="CANARY-TEXT",
        government_claim="CANARY-CLAIM",
        citations=[(item, "supports", "CANARY-LOCATOR")],
    )
    for person in (team["viewer"], team["reviewer"]):
        for about in ({"evidence": item}, {"update": update}):
            factories.grant(person, reason="CANARY-GRANT", **about)
    factories.decide(update, team["reviewer"], now=NOW, comment="CANARY-COMMENT")


def only_the_viewer_reads(team, report):
    """Let everybody have joined long ago, and only the viewer read digests, every Monday."""
    report.recommendations.update(next_review_on=date(2030, 1, 1))
    User.objects.update(date_joined=NOW - 400 * DAY, digest_frequency=DigestFrequency.NEVER)
    factories.change(team["viewer"], digest_frequency=DigestFrequency.WEEKLY)
