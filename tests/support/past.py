"""What the stories of the past share: a report imported in May, and updates approved since."""

from datetime import UTC, datetime

from recommendations.choices import Extent
from recommendations.services import editions
from tests.support import factories

# The report of these stories was imported in May; days are those of the stories, in UTC.
IMPORTED = datetime(2024, 5, 1, 9, tzinfo=UTC)
LATER = datetime(2024, 9, 2, 9, tzinfo=UTC)


def on(month, day, hour=12):
    return datetime(2024, month, day, hour, tzinfo=UTC)


def approve(team, recommendation, at, **fields):
    """Have an assessment approved at a moment, as of that day unless told."""
    item = fields.pop("item", None) or factories.link(team["author"])
    fields.setdefault("as_of", at.date())
    outside = {name: fields.pop(name) for name in ("extent", "earlier") if name in fields}
    fields.setdefault("proposed_extent", outside.get("extent", Extent.NOTHING))
    update = factories.submit(team["author"], recommendation, cites=[item], **fields)
    return factories.decide(update, team["reviewer"], now=at, **outside)


def publish(team, recommendation, at, **fields):
    """Have an assessment approved and published whole, unless told. See ``approve``."""
    given = {"extent": Extent.WORDS_AND_STATUS, "public_text": "Seen by all.", **fields}
    return approve(team, recommendation, at, **given)


def freeze(team, report, **fields):
    """Have an edition of a report frozen: by the manager in September, as of the end of June, unless told."""
    given = {"name": "Before the session", "as_of": on(6, 30).date(), "now": LATER, **fields}
    return editions.freeze(report=report, actor=given.pop("actor", team["manager"]), **given)
