"""My work: what is due, returned and waiting, each for the right person only."""

from datetime import timedelta

import pytest
from django.urls import reverse

from recommendations.choices import Sensitivity
from recommendations.models import Recommendation, User
from recommendations.services import recommendations as service
from tests.support import factories
from tests.support.factories import NOW
from tests.support.pages import text_of

pytestmark = pytest.mark.usefixtures("at_the_time_of_the_story")

HOME = reverse("home")


def own(recommendation, owner, *, due, deputy=None, manager):
    """Give a recommendation an owner and a review date."""
    service.assign(recommendation=recommendation, actor=manager, owner=owner, deputy=deputy, now=NOW)
    Recommendation.objects.filter(pk=recommendation.pk).update(next_review_on=due)


def home(client, person):
    client.force_login(person)
    return text_of(client.get(HOME))


def test_what_is_overdue_comes_with_its_next_act(client, team, recommendation):
    own(recommendation, team["author"], due=NOW.date() - timedelta(days=21), manager=team["manager"])
    client.force_login(team["author"])
    response = client.get(HOME)
    assert "12 Aug 2024 (21 days overdue)" in text_of(response)
    assert reverse("update-add", args=[recommendation.reference]) in response.content.decode()


def test_nothing_due_says_so_and_what_comes_next(client, team, recommendation):
    own(recommendation, team["author"], due=NOW.date() + timedelta(days=15), manager=team["manager"])
    text = home(client, team["author"])
    assert "No review is due in the next 14 days. Next: Thing 1 , 17 Sep 2024 (in 15 days)" in text


def test_what_is_due_within_the_first_stage_of_reminders_is_shown(client, team, recommendation):
    own(recommendation, team["author"], due=NOW.date() + timedelta(days=14), manager=team["manager"])
    assert "16 Sep 2024 (in 14 days)" in home(client, team["author"])


def test_what_is_due_of_another_is_not_mine(client, team, recommendation):
    own(recommendation, team["author"], due=NOW.date(), manager=team["manager"])
    assert "You own no recommendation" in home(client, team["other"])


def test_a_deputy_stands_in_while_the_owner_is_away_and_not_else(client, team, recommendation):
    own(recommendation, team["author"], deputy=team["other"], due=NOW.date(), manager=team["manager"])
    assert "stand in" not in home(client, team["other"])
    User.objects.filter(pk=team["author"].pk).update(away_from=NOW.date(), away_until=NOW.date())
    assert "you are the deputy of Ana" in home(client, team["other"])


def test_what_nobody_owns_is_the_reviewers_to_name_an_owner_for(client, team, report):
    Recommendation.objects.update(next_review_on=NOW.date())
    assert "nobody owns it" in home(client, team["reviewer"])
    assert "nobody owns it" not in home(client, team["author"])


def test_a_closed_report_makes_nothing_due(client, team, recommendation):
    own(recommendation, team["author"], due=NOW.date(), manager=team["manager"])
    recommendation.report.closed_at = NOW
    recommendation.report.save()
    assert "You own no recommendation" in home(client, team["author"])


def test_a_returned_update_shows_the_reviewers_words_to_its_author_alone(client, team, recommendation):
    factories.send_back(team["author"], recommendation, reviewer=team["reviewer"], comment="Which day?")
    assert "Which day?" in home(client, team["author"])
    for role in ("viewer", "other", "reviewer", "manager"):
        assert "Which day?" not in home(client, team[role])


def test_a_draft_is_mine_alone(client, team, recommendation):
    factories.write(team["author"], recommendation)
    assert "Go on writing" in home(client, team["author"])
    for role in ("viewer", "other", "reviewer", "manager"):
        assert "Go on writing" not in home(client, team[role])


def test_a_reviewer_is_shown_what_waits_but_not_their_own(client, team, recommendation):
    factories.submit(team["reviewer"], recommendation)
    assert "Nothing waits for your review" in home(client, team["reviewer"])
    assert "Assessment by Rita" in home(client, team["second"])
    assert "Waiting for your review" not in home(client, team["author"])


def test_a_restricted_update_waits_for_nobody_who_was_not_let_in(client, team, recommendation):
    factories.submit(team["author"], recommendation, sensitivity=Sensitivity.RESTRICTED)
    assert "Nothing waits for your review" in home(client, team["reviewer"])


def test_the_glance_counts_only_evidence_that_its_reader_may_see(client, team, recommendation):
    items = [
        factories.link(team["author"]),
        factories.link(team["reviewer"], "Testimony", sensitivity=Sensitivity.RESTRICTED),
    ]
    factories.approve(team["author"], recommendation, reviewer=team["reviewer"], cites=items)
    client.force_login(team["reviewer"])
    assert client.get(HOME).context["board"].rows[0].line.evidence == 2
    client.force_login(team["manager"])
    assert client.get(HOME).context["board"].rows[0].line.evidence == 1


def test_evidence_that_only_an_unapproved_or_hidden_update_cites_is_not_counted(client, team, recommendation):
    item = factories.link(team["author"])
    factories.submit(team["author"], recommendation, cites=[item])
    factories.approve_restricted(team["author"], recommendation, reviewer=team["reviewer"], cites=[item])
    counts = {}
    for role in ("viewer", "reviewer", "author"):
        client.force_login(team[role])
        counts[role] = client.get(HOME).context["board"].rows[0].line.evidence
    assert counts == {"viewer": 0, "reviewer": 1, "author": 1}


def test_each_report_has_its_glance_and_a_wrong_one_is_not_found(client, team, report):
    factories.report(year=2023, closed_at=NOW)
    client.force_login(team["viewer"])
    assert client.get(HOME).context["report"] == report
    assert (
        client.get(HOME, {"report": "TIP-2023-KP"}).context["board"].rows[0].line.reference
        == "TIP-2023-KP-01"
    )
    assert "North Korea 2023 (closed)" in client.get(HOME).content.decode()
    assert client.get(HOME, {"report": "TIP-1999-KP"}).status_code == 404


def test_without_a_report_the_page_says_what_to_do(client, team):
    assert "When a manager has imported the first one" in home(client, team["viewer"])
    assert "Import a report" in home(client, team["manager"])


def test_somebody_without_a_role_sees_nothing_and_is_told_why(client, report):
    text = home(client, User.objects.create_user("new@example.org", "x", name="New"))
    assert "Your account has no role yet" in text
    assert "Thing 1" not in text
