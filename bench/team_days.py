"""What eight people do in 45 days, through the services as everybody's work; and the ticks of those days."""

import uuid
from datetime import UTC, date, datetime, time, timedelta

from django.conf import settings

from bench.team_story import STORY
from recommendations import jobs
from recommendations.choices import Decision, DigestFrequency, Extent, Role, Sensitivity
from recommendations.documents import read
from recommendations.models import Recommendation, Report, User
from recommendations.services import advocacy, asks, moments, publications, reports, reviews, updates
from recommendations.services.evidence import items
from tests.support import factories

FIRST, DAYS = date(2024, 9, 2), 45  # a Monday
DAY = timedelta(days=1)
TEN = 10
NARRATIVE = "recommendations/shipped/2024-north-korea.txt"
SPACE = uuid.UUID("0b4d1d0a-6f0e-4c58-9c8e-2f1b8f6f4c11")
# Name: role, time zone, how often they get a digest, and on which weekday.
PEOPLE = {
    "Olga Owner": (Role.CONTRIBUTOR, "Asia/Seoul", DigestFrequency.WEEKLY, 1),
    "Dan Deputy": (Role.CONTRIBUTOR, "Europe/Prague", DigestFrequency.WEEKLY, 1),
    "Carla Contributor": (Role.CONTRIBUTOR, "Asia/Seoul", DigestFrequency.WEEKLY, 5),
    "Rosa Reviewer": (Role.REVIEWER, "Europe/Madrid", DigestFrequency.WEEKLY, 1),
    "Sam Reviewer": (Role.REVIEWER, "America/New_York", DigestFrequency.WEEKLY, 1),
    "Mina Manager": (Role.MANAGER, "Europe/London", DigestFrequency.WEEKLY, 1),
    "Vera Viewer": (Role.VIEWER, "Europe/London", DigestFrequency.BIWEEKLY, 1),
    "Paul Partner": (None, "Europe/London", DigestFrequency.MONTHLY, 1),
}
# Position: owner, deputy, reviewer, and how many days after the first the review is due.
REVIEWS = {
    1: ("Olga", "Dan", "Rosa", 4),
    2: ("Olga", "Dan", "Rosa", 18),
    3: ("Olga", "Dan", "Rosa", 10),
    4: ("Olga", "Dan", None, 29),
    5: ("Olga", "Dan", None, 32),
    6: ("Olga", None, None, 14),
    7: ("Carla", None, "Sam", -7),
    8: ("Carla", "Olga", None, 25),
    9: ("Carla", None, None, 38),
    10: (None, None, None, 8),
    11: ("Dan", "Olga", None, 21),
}


class Team:
    """The people and the report, and what they do; ``now`` is set by whoever plays the days."""

    def __init__(self):
        self.now = datetime.combine(FIRST, time(5), tzinfo=UTC)
        self.people = {name.split()[0]: self._person(name, *said) for name, said in PEOPLE.items()}
        self.made = {}
        document = read((settings.BASE_DIR / NARRATIVE).read_bytes())
        reports.import_report(document=document, now=self.now - 60 * DAY, actor=self.people["Mina"])
        self.report = Report.objects.get()
        for position, (owner, deputy, reviewer, due) in REVIEWS.items():
            self.report.recommendations.filter(position=position).update(
                owner=self.people.get(owner),
                deputy=self.people.get(deputy),
                reviewer=self.people.get(reviewer),
                next_review_on=FIRST + due * DAY,
            )

    def _person(self, name, role, zone, frequency, weekday):
        fields = {"time_zone": zone, "digest_frequency": frequency, "digest_weekday": weekday}
        address = f"{name.split()[0].lower()}@example.org"
        return User.objects.create_user(
            address,
            role=role,
            name=name,
            is_partner=role is None,
            date_joined=self.now,
            **fields,
        )

    def act(self, number):
        """Let happen what the story has for a day."""
        for name, *given in STORY.get(number, ()):
            named = given.pop() if isinstance(given[-1], dict) else {}
            getattr(self, name)(*given, **named)

    def recommendation(self, position):
        """Return a recommendation as it is now."""
        return Recommendation.objects.get(report=self.report, position=position)

    def key(self, name):
        """Return the key of something, made of its name."""
        return uuid.uuid5(SPACE, name)

    def item(self, name, who, position, title, **details):
        """Add a link as evidence."""
        said = {"title": title, "kind": "official", "source": "Example", "sensitivity": Sensitivity.PUBLIC}
        self.made[name] = items.add_link(
            key=self.key(name),
            url=f"https://example.org/{name}",
            uploader=self.people[who],
            details=said | details,
            now=self.now,
            recommendation=self.recommendation(position),
        )

    def submit(self, name, who, position, status, reason, *, cites=(), **fields):
        """Write and submit an assessment."""
        self.write(name, who, position, status, reason, cites=cites, **fields)
        self.hand_in(name, who)

    def write(self, name, who, position, status, reason, *, cites=(), **fields):
        """Write a draft of an assessment."""
        recommendation = self.recommendation(position)
        self.made[name] = factories.write(
            self.people[who],
            recommendation,
            self.now,
            key=self.key(name),
            status=status,
            reason=reason,
            cites=[self.made[one] for one in cites],
            **fields,
        )

    def hand_in(self, name, who):
        """Submit a draft."""
        update = self.made[name]
        update.refresh_from_db()
        self.made[name] = updates.submit(update=update, actor=self.people[who], now=self.now)

    def check(self, name, who, position):
        """Record a check in two clicks."""
        day = (self.now - DAY).date()
        self.made[name] = updates.record_check(
            author=self.people[who],
            recommendation=self.recommendation(position),
            key=self.key(name),
            as_of=day,
            places=[("KCNA", day), ("Daily NK", day)],
            internal_note="",
            now=self.now,
        )

    def approve(self, name, who, extent=Extent.NOTHING):
        """Approve, and publish as much as is said."""
        self.made[name] = factories.decide(self.made[name], self.people[who], now=self.now, extent=extent)

    def send_back(self, name, who, comment):
        """Return an update with a comment."""
        reviews.decide(
            update=self.made[name],
            reviewer=self.people[who],
            decision=Decision.RETURN,
            comment=comment,
            now=self.now,
        )

    def away(self, who, first, last):
        """Let a person be away."""
        User.objects.filter(pk=self.people[who].pk).update(
            away_from=FIRST + first * DAY, away_until=FIRST + last * DAY
        )

    def split(self, who, position, *parts):
        """Split a recommendation into asks; ``parts`` are titles and words."""
        for title, words in parts:
            self.made[title] = asks.add(
                recommendation=self.recommendation(position),
                actor=self.people[who],
                title=title,
                words=words,
                now=self.now,
            )

    def retire(self, who, title, reason):
        """Retire an ask, or propose it."""
        self.made[title].refresh_from_db()
        asks.retire(ask=self.made[title], actor=self.people[who], reason=reason, now=self.now)

    def log(self, name, who, position, **fields):
        """Log something that the team did."""
        said = {"kind": "meeting", "result": "", "next_step": "", "next_on": None, "next_owner": None}
        said |= {"sensitivity": Sensitivity.INTERNAL, "held_on": self.now.date(), **fields}
        if said["next_on"] is not None:
            said["next_on"] = FIRST + said["next_on"] * DAY
        if said["next_owner"]:
            said["next_owner"] = self.people[said["next_owner"]]
        self.made[name] = advocacy.log(
            author=self.people[who],
            key=self.key(name),
            fields=said,
            recommendations=[self.recommendation(position)],
            readers=[],
            now=self.now,
        )

    def finish(self, name, who):
        """Say that a next step is done."""
        advocacy.finish(entry=self.made[name], actor=self.people[who], now=self.now)

    def moment(self, title, kind, on, note=""):
        """Put a date into the calendar."""
        fields = {"kind": kind, "title": title, "on": FIRST + on * DAY, "note": note}
        moments.keep_moment(actor=self.people["Mina"], moment=None, fields=fields, now=self.now)

    def withdraw(self, name, who, reason):
        """Withdraw what was published of an update."""
        publications.withdraw(update=self.made[name], actor=self.people[who], reason=reason, now=self.now)


def play():
    """Play all days: what happens on each at ten UTC, and a tick every hour. Returns: the team."""
    team = Team()
    for number in range(DAYS):
        midnight = datetime.combine(FIRST + number * DAY, time(), tzinfo=UTC)
        for hour in range(24):
            team.now = midnight + timedelta(hours=hour)
            if hour == TEN:
                team.act(number)
            jobs.tick(team.now)
    return team
