"""Whatever is done, what is seen rests on what may be: inside on what counts, outside on what is published.

Nor does what was so at an instant ever change.
"""

import re
from contextlib import suppress
from datetime import timedelta
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from recommendations.choices import (
    LEAST_ADVANCED_FIRST,
    DigestFrequency,
    Earlier,
    Extent,
    Sensitivity,
    Status,
    UpdateKind,
)
from recommendations.errors import Refused
from recommendations.models import Ask, Publication, Recommendation, StatusUpdate, User
from recommendations.rules.following import follow
from recommendations.rules.status import is_look
from recommendations.selectors.as_of import report_as_of
from recommendations.selectors.published import extents, standing, with_status
from recommendations.services import counting, people, publications
from recommendations.services.mail.digests import preview
from tests.support import factories
from tests.support.factories import AS_OF, DAY, NOW
from tests.support.pages import browser_of
from tests.support.past import freeze

STATUSES = (Status.CONTRARY, Status.NO_ACTION, Status.INITIAL, Status.PARTLY, Status.NO_INFORMATION)
SAID = re.compile(r"zq(\d+)qz")
HUSH = "hushhush"
# Every field that is never published, with a word that stands nowhere else.
HUSHED = dict.fromkeys(("reason", "government_claim", "internal_note"), HUSH)


class House:
    """A team that acts at random on one recommendation, a minute after the other."""

    def __init__(self, team, report, partner):
        self.team, self.report, self.partner = team, report, partner
        self.recommendation = report.recommendations.order_by("position").first()
        self.now, self.number, self.asked, self.editions = NOW, 0, {}, {}

    def act(self, name, **how):
        """Do one act, which may be refused; it leaves nothing behind then."""
        self.now += timedelta(minutes=1)
        with suppress(Refused, ValidationError), transaction.atomic():
            getattr(self, name)(**how)

    def _decide(self, update, extent, earlier, counts=False):
        for person in ("reviewer", "second"):
            factories.grant(self.team[person], update=update)
        given = {"extent": extent, "earlier": earlier, "counts": counts, "now": self.now}
        self._erases_no_finding(update, partial(factories.decide, update, self.team["reviewer"], **given))

    def _erases_no_finding(self, update, act):
        """Do an act; a look that counts by it takes the place of no finding."""
        self.recommendation.refresh_from_db()
        before = self.recommendation.status
        act()
        self.recommendation.refresh_from_db()
        if is_look(update) and not update.corrects_id and before in LEAST_ADVANCED_FIRST:
            assert self.recommendation.status == before

    def _words(self, level):
        self.number += 1
        about = {"sensitivity": level, "public_text": f"zq{self.number}qz", **HUSHED}
        if self.recommendation.current_update_id:
            about["movement"] = "same"
        return about | {"cites": [self.item()], "proposed_extent": Extent.WORDS_AND_STATUS}

    def item(self):
        """Make an item of each level in turn, called after the update that will cite it."""
        level = list(Sensitivity)[self.number % 2]
        name = f"zq{self.number}qz" if level == Sensitivity.PUBLIC else HUSH
        return factories.link(self.team["author"], name, sensitivity=level, source=name)

    def assess(self, status, ask, day, level, extent, earlier, counts):
        """Assess the whole, or an ask."""
        self.recommendation.refresh_from_db()
        asks = list(self.recommendation.asks.filter(retired_at=None).order_by("pk"))
        about = self._words(level) | {"ask": asks[ask % len(asks)] if ask and asks else None}
        as_of = AS_OF + (day - 5) * DAY
        update = factories.submit(
            self.team["author"], self.recommendation, self.now, status=status, as_of=as_of, **about
        )
        self._decide(update, extent, earlier, counts)

    def check(self, extent, **_how):
        """Record a check."""
        about = {"public_text": self._words("internal")["public_text"], "proposed_extent": Extent.WORDS}
        self.recommendation.refresh_from_db()
        update = factories.submit(
            self.team["author"], self.recommendation, self.now, kind=UpdateKind.CHECK, as_of=AS_OF, **about
        )
        self._decide(update, extent, "")

    def _nth(self, nth):
        approved = list(StatusUpdate.objects.approved().order_by("pk"))
        return approved[nth % len(approved)] if approved else None

    def correct(self, nth, status, extent, earlier, level, counts):
        """Correct one of the approved."""
        if wrong := self._nth(nth):
            self.recommendation.refresh_from_db()
            about = self._words(level) | {"ask": wrong.ask, "corrects": wrong, "kind": wrong.kind}
            if wrong.kind == UpdateKind.ASSESSMENT:
                about["status"] = status
            else:
                about["proposed_extent"] = Extent.WORDS
            update = factories.submit(
                self.team["author"], self.recommendation, self.now, as_of=wrong.as_of, **about
            )
            self._decide(update, extent, earlier, counts)

    def count(self, nth, earlier, **_how):
        """Let one of those that do not count do so from now on."""
        hidden = list(StatusUpdate.objects.approved().filter(counts_at=None).order_by("pk"))
        if hidden:
            update = hidden[nth % len(hidden)]
            about = {"update": update, "actor": self.team["second"], "earlier": earlier, "now": self.now}
            self._erases_no_finding(update, partial(counting.count_from_now, **about))

    def publish(self, nth, extent, **_how):
        """Publish more of one of the approved, by two."""
        if update := self._nth(nth):
            about = {"update": update, "extent": extent, "now": self.now}
            publications.propose(**about, actor=self.team["author"])
            publications.confirm(**about, actor=self.team["reviewer"])

    def withdraw(self, nth, **_how):
        """Withdraw one of the approved."""
        if update := self._nth(nth):
            said = {"actor": self.team["reviewer"], "reason": HUSH, "now": self.now}
            publications.withdraw(update=update, **said)

    def split(self, **_how):
        """Split off another ask."""
        number = self.recommendation.asks.count() + 1
        words = {"title": f"Ask {number}", "start": 2 * number, "end": 2 * number + 1}
        Ask.objects.create(recommendation=self.recommendation, position=number, created_at=self.now, **words)
        self._follow()

    def retire(self, nth, **_how):
        """Retire an ask."""
        asks = list(self.recommendation.asks.filter(retired_at=None).order_by("pk"))
        if asks:
            Ask.objects.filter(pk=asks[nth % len(asks)].pk).update(retired_at=self.now)
            self._follow()

    def _follow(self):
        self.recommendation.refresh_from_db()
        follow(self.recommendation)

    def freeze(self, **_how):
        """Freeze an edition; what was outside then is remembered."""
        edition = freeze(self.team, self.report, as_of=self.now.date(), now=self.now)
        self.editions[edition] = self.said_now()

    def said_now(self):
        """Return the numbers of the updates whose words are outside."""
        last = {act.update_id: act for act in Publication.objects.order_by("pk").select_related("update")}
        told = [act.update for act in last.values() if act.extent != Extent.NOTHING]
        return {int(SAID.search(one.public_text)[1]) for one in told}

    def look(self):
        """Look at everything inside and outside."""
        whole = with_status(extents())
        corrected = set(StatusUpdate.objects.counting().values_list("corrects", flat=True))
        counts = set(StatusUpdate.objects.counting().values_list("pk", flat=True)) - corrected
        [found] = standing(self._rows(), whole).values()
        for part in (found.whole, *found.by_ask.values()):
            assert part.current is None or part.current.pk in whole & counts
        self._look_inside(counts)
        letter = preview(reader=self.partner, manager=self.team["manager"], now=self.now + DAY)
        said = letter.subject + letter.text + letter.html
        assert {int(number) for number in SAID.findall(said)} <= self.said_now()
        assert HUSH not in said and not [name for name in ("Ana", "Rita", "Mina") if name in said]
        self.now += timedelta(seconds=1)
        self.asked[self.now] = self._stood(self.now)
        self.now += timedelta(seconds=1)

    def _rows(self):
        return Recommendation.objects.filter(pk=self.recommendation.pk)

    def _look_inside(self, counts):
        """Look at what the team sees: it rests on what counts, and has no word of what is restricted."""
        row = self._rows().get()
        for part in (row, *row.asks.all()):
            assert part.current_update_id is None or part.current_update_id in counts
        page = browser_of(self.team["viewer"]).get(row.get_absolute_url()).content.decode()
        shown = {int(number) for number in SAID.findall(page)}
        hidden = StatusUpdate.objects.filter(sensitivity=Sensitivity.RESTRICTED)
        assert not shown & {int(SAID.search(one.public_text)[1]) for one in hidden}

    def _stood(self, moment):
        """Return what was outside at an instant, and where all stood then, outside and inside."""
        outside = extents(moment)
        [told] = standing(self._rows(), with_status(outside), moment).values()
        inside = report_as_of(self.report, moment, self.team["viewer"])
        return outside, told, [(row.whole.derived, [part.derived for part in row.asks]) for row in inside]

    def look_back(self):
        """Ask again how all stood at each instant, and look at each edition as it is shown outside."""
        for moment, stood in self.asked.items():
            assert self._stood(moment) == stood
        browser = browser_of(self.team["viewer"])
        for edition, then in self.editions.items():
            page = browser.get(edition.get_absolute_url() + "?level=public").content.decode()
            shown = page[page.index("<main") :]
            assert {int(number) for number in SAID.findall(shown)} <= then & self.said_now()
            assert HUSH not in shown


HOW = {
    "level": st.sampled_from([*Sensitivity, Sensitivity.RESTRICTED]),
    "extent": st.sampled_from(Extent),
    "earlier": st.sampled_from(["", *Earlier]),
    "counts": st.booleans(),
}
ACTS = st.one_of(
    st.tuples(
        st.just("assess"),
        st.fixed_dictionaries(
            {
                "status": st.sampled_from(STATUSES),
                "ask": st.integers(0, 2),
                "day": st.integers(0, 4),
                **HOW,
            }
        ),
    ),
    st.tuples(
        st.sampled_from(
            [
                *("check", "correct", "correct", "count", "count", "publish", "publish"),
                *("withdraw", "split", "retire", "freeze"),
            ]
        ),
        st.fixed_dictionaries({"nth": st.integers(0, 5), "status": st.sampled_from(STATUSES), **HOW}),
    ),
)


@pytest.fixture
def partner(team):
    User.objects.update(date_joined=NOW - 60 * DAY, digest_frequency=DigestFrequency.NEVER)
    person, _password = people.add_person(
        actor=team["manager"], email="pia@partner.example", name="Pia", role="partner", now=NOW
    )
    return person


@settings(
    max_examples=40,
    deadline=None,
    # To make a failing story shorter takes minutes; it is short as it is.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(acts=st.lists(ACTS, min_size=3, max_size=10))
def test_nothing_rests_on_what_does_not_count_or_is_not_published(team, report, partner, acts):
    with transaction.atomic():
        house = House(team, report, partner)
        for name, how in acts:
            house.act(name, **how)
            house.look()
        house.look_back()
        transaction.set_rollback(True)


def test_the_acts_do_publish_and_the_looks_do_see(team, report, partner):
    """The property is not empty: what it looks for is found where somebody looks at what is published."""
    house = House(team, report, partner)
    how = {"day": 1, "ask": 0, "level": "internal", "earlier": "", "counts": False}
    house.act("assess", status=Status.NO_ACTION, extent=Extent.WORDS_AND_STATUS, **how)
    house.act("freeze")
    assert Publication.objects.published().count() == 1 and house.editions
    letter = preview(reader=partner, manager=team["manager"], now=house.now + DAY)
    assert SAID.findall(letter.text) and "No action" in letter.text
    house.look()
    hidden = {**how, "level": Sensitivity.RESTRICTED, "day": 2}
    house.act("assess", status=Status.CONTRARY, extent=Extent.NOTHING, **hidden)
    house.look()
    assert house.recommendation.status == Status.NO_ACTION
    house.act("count", nth=0, earlier=Earlier.LEAVE)
    house.look()
    assert house.recommendation.status == Status.CONTRARY, "from now on"
    house.look_back()
