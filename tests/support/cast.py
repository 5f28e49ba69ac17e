"""The small cast that the tests tell their stories with."""

from datetime import UTC, date, datetime

from recommendations.choices import Role
from recommendations.models import Recommendation, Report, User

NOW = datetime(2024, 9, 2, 9, 0, tzinfo=UTC)  # a Monday
PASSWORD = "correct horse battery staple"


def person(name, role, **fields):
    """Make a member of the team, whose address is their name at example.org."""
    return User.objects.create_user(f"{name.lower()}@example.org", PASSWORD, role=role, name=name, **fields)


def report(*, count=3, year=2024, code="KP", name="North Korea", **fields):
    """Make a small report whose recommendations are sentences of their own."""
    sentences = [f"Do the thing that is number {number}." for number in range(1, count + 1)]
    text = " * ".join(sentences)
    made = Report.objects.create(
        country_code=code,
        country_name=name,
        year=year,
        tier="3",
        source_bytes=text.encode(),
        sha256=f"{year}{code}".ljust(64, "0"),
        text=text,
        period_start=date(year - 1, 4, 1),
        period_end=date(year, 3, 31),
        tracked_from=date(year, 6, 24),
        imported_at=NOW,
        **fields,
    )
    Recommendation.objects.bulk_create(
        Recommendation(
            report=made,
            position=number,
            reference=f"TIP-{year}-{code}-{number:02}",
            text=sentence,
            start=text.index(sentence),
            end=text.index(sentence) + len(sentence),
            short_title=f"Thing {number}",
            imported_on=NOW.date(),
            next_review_on=date(2024, 12, 1),
        )
        for number, sentence in enumerate(sentences, start=1)
    )
    return made


def team():
    """Make one person of each role and a second reviewer, by first name."""
    return {
        "viewer": person("Vera", Role.VIEWER),
        "author": person("Ana", Role.CONTRIBUTOR),
        "other": person("Omar", Role.CONTRIBUTOR),
        "reviewer": person("Rita", Role.REVIEWER),
        "second": person("Sam", Role.REVIEWER),
        "manager": person("Mina", Role.MANAGER),
    }
