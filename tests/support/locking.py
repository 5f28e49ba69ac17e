"""The acts that lock rows, each about something new of its kind, for ``tests/services/test_locks.py``."""

import uuid
from datetime import timedelta
from functools import partial

from recommendations.audit import log
from recommendations.choices import (
    AccountAct,
    ApiLevel,
    Decision,
    EventKind,
    LineageKind,
    Role,
    Sensitivity,
    TagKind,
)
from recommendations.documents import read
from recommendations.models import AccountChange, Lineage, Report, Tag
from recommendations.rules.lineage import ChosenLine
from recommendations.selectors.carrying_over import offer_between
from recommendations.services import (
    asks,
    carrying_over,
    confirming,
    editions,
    following,
    grants,
    lineage,
    moments,
    narrative,
    open_work,
    organisation,
    people,
    reports,
    review_dates,
    reviews,
    still_so,
    tokens,
    updates,
)
from recommendations.services import recommendations as settings_of
from recommendations.services.evidence import details, retention
from recommendations.services.own_account import keep_settings
from recommendations.succession.handing_over import Succession
from tests.support import factories, publishing, versions
from tests.support.factories import NOW
from tests.support.importing import year_before

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


def _moves_moment(story):
    """A moment is moved, and with it the date before it."""
    moment = factories.moment(story.team["manager"])
    about = {"recommendation": story.recommendation, "actor": story.team["reviewer"], "now": NOW}
    review_dates.add_before_moment(moment=moment, weeks=3, **about)
    fields = {"kind": "upr", "title": "UPR", "on": TODAY + timedelta(days=200), "note": ""}
    return partial(moments.keep_moment, moment=moment, actor=story.team["manager"], fields=fields, now=NOW)


def _confirms(story):
    """A second manager confirms the account that the first one made."""
    second = factories.person("Kay", Role.MANAGER)
    people_of = {"person": story.team["author"], "by": story.team["manager"]}
    AccountChange.objects.create(act=AccountAct.ADDED, at=NOW, **people_of)
    return partial(confirming.confirm_account, person=story.team["author"], actor=second, now=NOW)


def _adds_version(story):
    """A further source version has one recommendation more, and corrects a word of the first."""
    items = [row.text for row in story.report.recommendations.order_by("position")]
    items[0] = items[0].replace("Do the thing", "Do one thing")
    return versions.adding(
        story.report, versions.narrative(*items, versions.FIRST[0]), actor=story.team["manager"], now=NOW
    )


def _carries(story):
    """What people gave to the recommendation of last year is carried over."""
    earlier = factories.report(year=2022)
    earlier.recommendations.update(owner=story.team["other"])
    about = {"earlier": earlier, "later": story.report, "actor": story.team["reviewer"], "now": NOW}
    lineage.confirm_same(**about)
    return partial(carrying_over.carry_over, seen=offer_between(earlier, story.report).mark, **about)


def _successor_of(story):
    """Confirm a line from the recommendation of the story to one of a later report, if there is none yet."""
    report = Report.objects.filter(year=2025).first() or factories.report(year=2025)
    ends = {"earlier": story.recommendation, "later": report.recommendations.first()}
    said = {"kind": LineageKind.SAME, "confirmed_by": story.team["reviewer"], "confirmed_at": NOW}
    Lineage.objects.get_or_create(**ends, defaults=said)


def _moves(story):
    """What waits for review is moved to the next report, and its author is told."""
    _successor_of(story)
    return partial(open_work.move, updates=[story.update], actor=story.team["manager"], now=NOW)


def _unticks(story):
    tag = {"kind": TagKind.COUNTRY, "value": "CN"}
    about = {"confirmed_by": story.team["author"], "confirmed_at": NOW}
    Tag.objects.create(recommendation=story.recommendation, **tag, **about)
    shown = [(tag["kind"], tag["value"])]
    return about_recommendation(narrative.choose_tags, shown=shown, chosen=[])(story)


def _imports(story):
    """A report comes in, with a line to the one before and what that carries over."""
    earlier = factories.report(year=2019)
    earlier.recommendations.update(owner=story.team["other"])
    first = earlier.recommendations.get(position=1)
    lines = [ChosenLine((first.reference,), (1,), LineageKind.REWORDED)]
    return partial(
        reports.import_report,
        document=read(year_before().replace(b"2023 Trafficking", b"2020 Trafficking")),
        succession=Succession(earlier, lines),
        actor=story.team["manager"],
        now=NOW,
    )


def _asks_still_so(story):
    """The owner of the next report's recommendation is asked whether the finding still holds."""
    _successor_of(story)
    later = Report.objects.get(year=2025)
    later.recommendations.update(owner=story.team["author"])
    about = {"earlier": story.report, "later": later, "actor": story.team["reviewer"], "now": NOW}
    return partial(still_so.ask, **about)


def _token_of(person):
    about = {"key": uuid.uuid4(), "name": "A sheet", "level": ApiLevel.TEAM, "days": 30, "now": NOW}
    return tokens.make(person=person, **about)[0]


def _makes_token(story):
    return partial(_token_of, story.team["author"])


def _revokes_token(story):
    author = story.team["author"]
    return partial(tokens.revoke, token=_token_of(author), actor=author, now=NOW)


def _revokes_tokens(story):
    """A manager revokes the tokens of a reviewer, and the managers are told."""
    _token_of(story.team["reviewer"])
    return partial(tokens.revoke_all, person=story.team["reviewer"], actor=story.team["manager"], now=NOW)


LOCKING = publishing.ACTS | {
    "take": about_update(reviews.take),
    "approve": about_update(reviews.decide, decision=Decision.APPROVE),
    "return": about_update(reviews.decide, decision=Decision.RETURN, comment="Which page?"),
    "split": about_recommendation(asks.add, title="It", words="Do the thing"),
    "assign": lambda story: about_recommendation(settings_of.assign, owner=story.team["author"], deputy=None)(
        story
    ),
    "reschedule": about_recommendation(review_dates.reschedule, interval_days=7),
    "add date": about_recommendation(review_dates.add_date, on=TODAY + timedelta(days=99)),
    "move moment": _moves_moment,
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
    "line": lambda story: partial(
        lineage.confirm_same,
        earlier=factories.report(year=2023),
        later=story.report,
        actor=story.team["reviewer"],
        now=NOW,
    ),
    "keep claim": about_recommendation(narrative.keep_claim, words="that is number 2"),
    "choose tags": _unticks,
    "carry over": _carries,
    "move": _moves,
    "still so": _asks_still_so,
    "withdraw for": lambda story: partial(
        open_work.withdraw, updates=[story.update], actor=story.team["manager"], now=NOW
    ),
    "import": _imports,
    "add version": _adds_version,
    "close": lambda story: partial(
        following.close, report=story.report, actor=story.team["manager"], now=NOW
    ),
    "name the organisation": lambda story: partial(
        organisation.keep, actor=story.team["manager"], name="Watch", contact="", now=NOW
    ),
    "confirm": _confirms,
    "rename oneself": lambda story: partial(
        keep_settings, person=story.team["author"], fields={"name": "Ana Park"}, now=NOW
    ),
    "rename": about_author(people.rename, email="ana@example.net", name="Ana"),
    "change role": about_author(people.change_role, role=Role.REVIEWER),
    "give password": about_author(people.give_password),
    "make token": _makes_token,
    "revoke token": _revokes_token,
    "revoke tokens": _revokes_tokens,
    "switch off": about_author(people.set_active, active=False),
}
