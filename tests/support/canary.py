"""A report of which much is public, and a word of its own in all that is not, looked for in what goes out.

``Canary`` makes it. ``assert_silent`` fails if a word is in what goes out at a level; ``assert_told`` fails
if what is published is not there, so that no test passes on an empty page. Each word stands for one thing
that is kept in: a word that gets out says by itself what leaked.
"""

from recommendations.choices import Earlier, Extent, Sensitivity, Status
from recommendations.models import Ask, Recommendation, User
from recommendations.services import asks, editions, publications
from recommendations.services.evidence import details
from tests.support import factories
from tests.support.factories import DAY, NOW

PUBLIC, RESTRICTED = Sensitivity.PUBLIC, Sensitivity.RESTRICTED
WORDS, WHOLE = Extent.WORDS, Extent.WORDS_AND_STATUS

# What is restricted, which nobody outside reads, and inside only who was let in.
OF_RESTRICTED = {
    "reason of a restricted update": "rumbelwhist",
    "internal note of a restricted update": "rallinquop",
    "words of a restricted update": "rostermaund",
    "where a restricted update that is published points": "rivenlocker",
    "restricted evidence": "ristandover",
}
# What is for the team: the public level holds none of it.
OF_TEAM = {
    "internal note": "inkhornvale",
    "reason": "irrecketh",
    "what the government claims": "iglethorn",
    "place that was looked at": "isterpost",
    "words that were approved and not published": "imberwhile",
    "internal evidence": "ivorstaff",
    "public evidence that nothing published cites": "indurmeck",
    "note of public evidence": "itherling",
    "who collected public evidence": "icklebrand",
    "why something was withdrawn": "iffendale",
    "words that were submitted": "unwrought",
    "words of a draft": "undermirk",
    "words that were withdrawn": "withergold",
    "evidence that is held back": "heldersome",
    "short title": "titlewort",
    "title of an ask": "taskelmoor",
    "name of the author": "namarque",
    "name of the reviewer": "nabolith",
    "name of the manager": "narrowmere",
    "address of the author": "mailomund",
}

# What is published, which has to be there.
SOURCE = "조선중앙통신 성명"
ADDRESS = "https://kcna.example/2024/statement"
PUBLIC_WORDS = (
    "The law was passed on 3 May.",
    "Nobody was allowed to visit the sites.",
    "The first thing was begun.",
    "Written of what stays restricted.",
    SOURCE,
)
EDITION = "Before the session"


def words_of(level):
    """Return {what it is: the word} of what may not go out at a level, "public" or "team"."""
    return OF_RESTRICTED if level == "team" else {**OF_RESTRICTED, **OF_TEAM}


def assert_silent(told, level="public"):
    """Fail if bytes or text that go out at a level hold a word that may not, however it is written."""
    text = told.decode("utf-8", "replace") if isinstance(told, bytes) else str(told)
    text = text.casefold()
    leaked = {what for what, word in words_of(level).items() if word in text}
    assert not leaked, f"at the level {level}: {leaked}"


def assert_told(told):
    """Fail unless what goes out holds what is published."""
    text = told.decode("utf-8", "replace") if isinstance(told, bytes) else str(told)
    missing = [words for words in PUBLIC_WORDS if words not in text]
    assert not missing, missing


class Canary:
    """The rows. ``edition`` was frozen when all had been published; ``withdrawn`` was withdrawn after it."""

    def __init__(self):
        self.team = factories.team()
        self._name(self.team)
        self.author, self.reviewer = self.team["author"], self.team["reviewer"]
        self.report = factories.report(count=3)
        Recommendation.objects.update(short_title=OF_TEAM["short title"], owner=self.author)
        self.first, self.second, self.third = self.report.recommendations.order_by("position")
        self._evidence()
        self._published()
        self._kept_in()
        self.edition = editions.freeze(
            report=self.report,
            actor=self.team["manager"],
            name=EDITION,
            as_of=(NOW + 20 * DAY).date(),
            now=NOW + 21 * DAY,
        )
        self._withdraw()

    @staticmethod
    def _name(team):
        for role in ("author", "reviewer", "manager"):
            person = team[role]
            person.name = OF_TEAM[f"name of the {role}"].capitalize()
            person.email = f"{OF_TEAM['address of the author']}.{role}@example.org"
            User.objects.filter(pk=person.pk).update(name=person.name, email=person.email)

    def _link(self, title, level=PUBLIC, **fields):
        return factories.link(self.author, title, level, **fields)

    def _evidence(self):
        self.source = self._link(
            SOURCE,
            source="KCNA",
            language="Korean",
            url=ADDRESS,
            published_on=NOW.date(),
            note=OF_TEAM["note of public evidence"],
            collected_by=OF_TEAM["who collected public evidence"],
        )
        self.other = self._link("Letter of a ministry", source="A ministry", url="https://ministry.example/1")
        self.internal = self._link(OF_TEAM["internal evidence"], Sensitivity.INTERNAL)
        self.restricted_item = self._link(OF_RESTRICTED["restricted evidence"], RESTRICTED)
        self.uncited = self._link(OF_TEAM["public evidence that nothing published cites"])
        self.held = self._link("What will be changed")
        factories.grant(self.reviewer, evidence=self.restricted_item)

    def _say(self, recommendation, day, words, **fields):
        about = {
            "reviewer": self.reviewer,
            "public_text": words,
            "internal_note": OF_TEAM["internal note"],
            "reason": OF_TEAM["reason"],
            "government_claim": OF_TEAM["what the government claims"],
            "places": [OF_TEAM["place that was looked at"]],
            "extent": WHOLE,
        }
        return factories.approve(self.author, recommendation, NOW + day * DAY, **about | fields)

    def _published(self):
        items = (self.source, self.internal, self.restricted_item, self.held)
        cites = [(item, "supports", "") for item in items]
        cites[0] = (self.source, "supports", "page 4")
        self.older = self._say(self.first, 1, "Nobody was allowed to visit the sites.", citations=cites)
        self.newer = self._say(
            self.first,
            5,
            "The law was passed on 3 May.",
            status=Status.PARTLY,
            citations=[(self.other, "supports", ""), (self.source, "supports", "page 9")],
            earlier=Earlier.LEAVE,
        )
        text = self.third.text
        split = {"recommendation": self.third, "actor": self.reviewer, "now": NOW}
        for words in ("Do the thing", "number 3"):
            assert words in text
            asks.add(**split, title=OF_TEAM["title of an ask"], words=words)
        self.ask = Ask.objects.filter(recommendation=self.third).order_by("position").first()
        self.of_ask = self._say(
            self.third,
            6,
            "The first thing was begun.",
            ask=self.ask,
            status=Status.INITIAL,
            cites=[self.other],
        )
        details.change(
            item=self.held,
            actor=self.author,
            details={"title": OF_TEAM["evidence that is held back"]},
            now=NOW + 7 * DAY,
        )

    def _kept_in(self):
        say, later = self._say, NOW + 8 * DAY
        self.withdrawn = say(
            self.second, 2, OF_TEAM["words that were withdrawn"], status=Status.INITIAL, cites=[self.source]
        )
        say(
            self.second,
            8,
            OF_TEAM["words that were approved and not published"],
            extent=Extent.NOTHING,
            cites=[self.uncited],
            earlier=Earlier.LEAVE,
        )
        hidden = {
            "reviewer": self.reviewer,
            "reason": OF_RESTRICTED["reason of a restricted update"],
            "internal_note": OF_RESTRICTED["internal note of a restricted update"],
            "citations": [
                (
                    self.source,
                    "supports",
                    OF_RESTRICTED["where a restricted update that is published points"],
                ),
                (self.restricted_item, "supports", ""),
            ],
        }
        self.told_of_restricted = factories.approve_restricted(
            self.author,
            self.second,
            later,
            public_text="Written of what stays restricted.",
            extent=WORDS,
            **hidden,
        )
        words = OF_RESTRICTED["words of a restricted update"]
        self.restricted = factories.approve_restricted(
            self.author, self.second, later + DAY, public_text=words, **hidden
        )
        factories.submit(
            self.author,
            self.third,
            later,
            public_text=OF_TEAM["words that were submitted"],
            cites=[self.uncited],
            proposed_extent=WHOLE,
        )
        factories.write(self.author, self.first, later, public_text=OF_TEAM["words of a draft"])

    def _withdraw(self):
        self.withdrawn_at = NOW + 30 * DAY
        publications.withdraw(
            update=self.withdrawn,
            actor=self.reviewer,
            reason=OF_TEAM["why something was withdrawn"],
            now=self.withdrawn_at,
        )
