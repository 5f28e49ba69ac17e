"""What an author is told by mail of the decision on their update, and what stays on the site."""

import pytest

from recommendations.choices import Decision, MailKind, Sensitivity
from recommendations.models import Mail
from recommendations.services import reviews
from tests.support import factories
from tests.support.digests import restricted_story
from tests.support.factories import NOW


def test_the_author_is_told_of_a_restricted_decision_without_a_word_of_it(team, recommendation):
    restricted_story(team, recommendation)
    mail = Mail.objects.get(kind=MailKind.DECISION)
    assert mail.recipient == team["author"]
    assert "CANARY" not in mail.text + mail.html and recommendation.reference not in mail.text
    assert "restricted" not in mail.text_for(team["manager"])


def test_a_decision_is_mailed_to_the_author_with_it_or_not_at_all(team, report):
    first, second = report.recommendations.all()[:2]
    factories.approve(team["author"], first, NOW, reviewer=team["reviewer"])
    returned = factories.submit(team["author"], second, NOW)
    reviews.decide(
        update=returned,
        reviewer=team["reviewer"],
        decision=Decision.RETURN,
        comment="Which decree is it?",
        remarks={"reason": "Too short."},
        now=NOW,
    )
    one, two = Mail.objects.filter(kind=MailKind.DECISION).order_by("pk")
    assert one.subject == "Approved: your update on “Thing 1”"
    assert two.subject == "Returned to you: your update on “Thing 2”"
    assert "Rita returned your update" in two.text
    for text in (two.text, two.html):
        assert "Which decree is it?" in text and "Reason for this status" in text and "Too short." in text
    assert {one.recipient, two.recipient} == {team["author"]}


@pytest.mark.parametrize("hidden", ["update", "item"])
def test_comments_stay_on_the_site_where_something_restricted_is_involved(team, recommendation, hidden):
    level = {"sensitivity": Sensitivity.RESTRICTED}
    item = factories.link(team["author"], **(level if hidden == "item" else {}))
    update = factories.submit(
        team["author"], recommendation, cites=[item], **(level if hidden == "update" else {})
    )
    factories.grant(team["reviewer"], update=update)
    factories.decide(update, team["reviewer"], Decision.RETURN, comment="Kim told me otherwise.")
    mail = Mail.objects.get(kind=MailKind.DECISION)
    assert "Kim" not in mail.text + mail.html
