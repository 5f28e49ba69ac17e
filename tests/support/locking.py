"""The acts that lock rows, each about something new of its kind, for ``tests/services/test_locks.py``."""

import uuid
from datetime import timedelta
from functools import partial

from recommendations.audit import log
from recommendations.choices import AccountAct, Decision, EventKind, Role, Sensitivity
from recommendations.models import AccountChange
from recommendations.services import (
    asks,
    confirming,
    editions,
    following,
    grants,
    people,
    reviews,
    updates,
)
from recommendations.services import recommendations as settings_of
from recommendations.services.evidence import details, retention
from recommendations.services.own_account import keep_settings
from tests.support import factories, publishing
from tests.support.factories import NOW

TODAY = NOW.date()
LINK = {"title": "A decree", "sensitivity": Sensitivity.INTERNAL}
# Acts that record no event.
SILENT = {"check again"}


class Story:
    """A team, a report, and something new of each kind that an act can lock."""

    def __init__(self):
        self.team = factories.team()
        self.report = factories.report()
        self.recommendation = self.report.recommendations.first()
        # What was never assessed takes no check.
        factories.approve(self.team["author"], self.recommendation, reviewer=self.team["second"])
        self.recommendation.refresh_from_db()
        self.anew()

    def anew(self):
        """Begin with another update and another item."""
        self.update = factories.submit(self.team["author"], self.recommendation)
        self.item = factories.link(self.team["author"], sensitivity=Sensitivity.RESTRICTED)

    def record(self):
        """Record an event that points to all of it, as whoever adds, opens or cites something does."""
        about = {"recommendation": self.recommendation, "update": self.update, "evidence": self.item}
        log.record(EventKind.VIEWED, now=NOW, actor=self.team["author"], **about)


def about_update(service, **said):
    return lambda story: partial(
        service, update=story.update, reviewer=story.team["reviewer"], now=NOW, **said
    )


def about_recommendation(service, **said):
    return lambda story: partial(
        service, recommendation=story.recommendation, actor=story.team["reviewer"], now=NOW, **said
    )


def about_item(service, **said):
    return lambda story: partial(service, item=story.item, actor=story.team["author"], now=NOW, **said)


def about_author(service, **said):
    return lambda story: partial(
        service, actor=story.team["manager"], person=story.team["author"], now=NOW, **said
    )


def checks_again(story):
    """The form of a check, posted again while its update is decided on."""
    key = uuid.uuid4()
    about = {"author": story.team["author"], "recommendation": story.recommendation, "key": key, "now": NOW}
    about |= {"as_of": TODAY, "places": [("KCNA", TODAY)], "internal_note": ""}
    updates.record_check(**about)
    return partial(updates.record_check, **about)


def _writes(story):
    """A draft is saved with a link, which becomes evidence in the same transaction."""
    link = updates.NewCitation(uuid.uuid4(), "https://example.org/a", LINK, "supports", "")
    about = {"author": story.team["author"], "recommendation": story.recommendation, "key": uuid.uuid4()}
    return partial(updates.save_draft, **about, fields={}, citations=[link], now=NOW)


def _confirms(story):
    """A second manager confirms the account that the first one made."""
    second = factories.person("Kay", Role.MANAGER)
    people_of = {"person": story.team["author"], "by": story.team["manager"]}
    AccountChange.objects.create(act=AccountAct.ADDED, at=NOW, **people_of)
    return partial(confirming.confirm_account, person=story.team["author"], actor=second, now=NOW)


LOCKING = publishing.ACTS | {
    "take": about_update(reviews.take),
    "approve": about_update(reviews.decide, decision=Decision.APPROVE),
    "return": about_update(reviews.decide, decision=Decision.RETURN, comment="Which page?"),
    "split": about_recommendation(asks.add, title="It", words="Do the thing"),
    "assign": lambda story: about_recommendation(settings_of.assign, owner=story.team["author"], deputy=None)(
        story
    ),
    "reschedule": about_recommendation(settings_of.reschedule, interval_days=7, one_off_on=None),
    "retitle": about_recommendation(settings_of.retitle, short_title="Camps", pillar=""),
    "check again": checks_again,
    "write": _writes,
    "grant": lambda story: partial(
        grants.grant,
        item=story.item,
        person=story.team["reviewer"],
        actor=story.team["author"],
        reason="Reads it.",
        now=NOW,
    ),
    "change": about_item(details.change, details={"title": "Another"}),
    "hold": about_item(retention.hold, reason="A court asks."),
    "propose removal": about_item(retention.propose, reason="Consent.", basis="Art. 17", on=TODAY),
    "freeze": lambda story: partial(
        editions.freeze,
        report=story.report,
        actor=story.team["manager"],
        name="Before the session",
        as_of=TODAY,
        now=NOW + timedelta(hours=1),
    ),
    "close": lambda story: partial(
        following.close, report=story.report, actor=story.team["manager"], now=NOW
    ),
    "confirm": _confirms,
    "rename oneself": lambda story: partial(
        keep_settings, person=story.team["author"], fields={"name": "Ana Park"}, now=NOW
    ),
    "rename": about_author(people.rename, email="ana@example.net", name="Ana"),
    "change role": about_author(people.change_role, role=Role.REVIEWER),
    "give password": about_author(people.give_password),
    "switch off": about_author(people.set_active, active=False),
}
