"""What was stored while *movement* was called *direction* is read under its name of today, not rewritten."""

from django.urls import reverse

from recommendations.choices import Decision, Movement
from recommendations.models import Edition, Review, UpdateVersion
from recommendations.selectors.editions import digest, edition_for
from recommendations.selectors.versions import compared
from tests.support import factories
from tests.support.pages import browser_of, text_of
from tests.support.past import approve, freeze, on


def _with_old_name(stored):
    return {{"movement": "direction"}.get(name, name): value for name, value in stored.items()}


def test_a_version(team, recommendation):
    update = factories.send_back(team["author"], recommendation, reviewer=team["reviewer"], comment="Which?")
    old = update.versions.get()
    old.content = _with_old_name({**old.content, "movement": "worse"})
    now = UpdateVersion(update=update, content={**update.versions.get().content, "movement": "better"})
    (row,) = (row for row in compared(old, now, team["reviewer"]) if row.name == "movement")
    assert (row.before, row.after) == ("worse", "better")


def test_a_comment_on_the_field(team, recommendation):
    update = factories.submit(team["author"], recommendation)
    version = update.versions.get()
    said = {"direction": "Worse, I think."}
    Review.objects.create(
        update=update,
        version=version,
        reviewer=team["reviewer"],
        decision=Decision.RETURN,
        remarks=said,
        decided_at=version.submitted_at,
    )
    page = browser_of(team["author"]).get(reverse("update-detail", args=[update.key]))
    assert "Movement Worse, I think." in text_of(page)


def test_an_edition(team, tracked, recommendation):
    approve(team, recommendation, on(5, 20))
    approve(team, recommendation, on(6, 1), movement=Movement.WORSE)
    content = freeze(team, tracked).content
    content["recommendations"] = [_with_old_name(part) for part in content["recommendations"]]
    old = Edition(report=tracked, known_until=on(7, 1), content=content, sha256=digest(content))
    parts = {part["reference"]: part for part in edition_for(old, team["viewer"])}
    assert parts[recommendation.reference]["movement"] == Movement.WORSE
