"""The government's answer: beside its claim, in words that fit each other, and in the grades of others."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from recommendations.choices import HRC_GRADES, UPR_LEVELS, GovernmentAnswer, Status
from recommendations.exports.columns import update_columns
from recommendations.models import StatusUpdate
from recommendations.services import updates
from tests.support import factories
from tests.support.exports import content, rows_of, take_out
from tests.support.factories import NOW
from tests.support.forms import update_address, update_form
from tests.support.pages import browser_of, text_of

pytestmark = pytest.mark.usefixtures("at_the_time_of_the_story")


def cells(team, listed, *columns):
    _face, _heads, rows = rows_of(content(take_out(team["reviewer"], listed, columns=list(columns))))
    return rows[0]


def test_no_answer_is_known_unless_somebody_says_so(team, recommendation):
    ana = browser_of(team["author"])
    form = ana.get(update_address(recommendation)).context["forms"].form
    assert form["government_answer"].value() == GovernmentAnswer.NONE
    ana.post(update_address(recommendation), update_form())
    update = StatusUpdate.objects.get()
    assert (update.state, update.government_answer) == ("submitted", GovernmentAnswer.NONE)
    page = text_of(ana.get(update.get_absolute_url()))
    assert "government’s answer" not in page, "what nobody said is not listed"


def test_it_is_shown_beside_the_claim(team, recommendation):
    factories.approve(
        team["author"],
        recommendation,
        NOW,
        reviewer=team["reviewer"],
        government_answer=GovernmentAnswer.REJECTS,
        government_claim="There is no such thing.",
    )
    vera = browser_of(team["viewer"])
    said = "Its answer: Rejects it There is no such thing."
    assert said in text_of(vera.get(recommendation.get_absolute_url()))
    assert "There is no such thing. Its answer: Rejects it" in text_of(
        vera.get(reverse("report-claims", args=["TIP-2024-KP"]))
    )


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"government_answer": "claims"}, "government_claim"),
        ({"government_answer": "none", "government_claim": "Done."}, "government_answer"),
    ],
)
def test_an_answer_that_does_not_fit_the_claim_is_refused(team, recommendation, fields, field):
    draft = factories.write(team["author"], recommendation, NOW, **fields)
    with pytest.raises(ValidationError) as refused:
        updates.submit(update=draft, actor=team["author"], now=NOW)
    assert set(refused.value.message_dict) == {field}


@pytest.mark.parametrize("answer", ["rejects", "cooperates"])
def test_other_answers_need_no_claim(team, recommendation, answer):
    update = factories.submit(team["author"], recommendation, NOW, government_answer=answer)
    assert update.government_answer == answer


def test_one_that_waits_from_before_it_was_asked_is_approved(team, recommendation):
    update = factories.submit(team["author"], recommendation, NOW, government_claim="Done.")
    StatusUpdate.objects.update(government_answer="")
    assert factories.decide(update, team["reviewer"], now=NOW).state == "approved"
    assert "Its answer" not in text_of(browser_of(team["viewer"]).get(recommendation.get_absolute_url()))


@pytest.mark.parametrize(("answer", "grade"), [("none", "D"), ("rejects", ""), ("", "")])
def test_without_reliable_information_only_silence_has_a_grade(team, recommendation, answer, grade):
    about = {"status": Status.NO_INFORMATION, "reviewer": team["reviewer"]}
    factories.approve(team["author"], recommendation, NOW, **about)
    StatusUpdate.objects.update(government_answer=answer)
    assert cells(team, "updates", "hrc", "upr") == [grade, ""]
    assert cells(team, "recommendations", "hrc", "upr") == [grade, ""]


@pytest.mark.parametrize("status", HRC_GRADES)
def test_each_other_status_has_a_grade_and_a_level(team, recommendation, status):
    item = factories.link(team["author"])
    about = {"status": status, "reviewer": team["reviewer"], "cites": [item]}
    factories.approve(team["author"], recommendation, NOW, **about)
    told = [HRC_GRADES[status], str(UPR_LEVELS[status])]
    assert cells(team, "updates", "criteria", "hrc", "upr") == ["2", *told]
    assert cells(team, "recommendations", "hrc", "upr") == told


def test_what_was_never_assessed_has_none(team, recommendation):
    assert cells(team, "recommendations", "status", "hrc", "upr") == ["Not yet assessed", "", ""]


def test_the_form_and_the_review_say_which_days_the_report_covers(team, recommendation):
    said = "The 2024 report covers 1 Apr 2023 – 31 Mar 2024; it was released on 24 Jun 2024."
    assert said in text_of(browser_of(team["author"]).get(update_address(recommendation)))
    update = factories.submit(team["author"], recommendation, NOW)
    assert said in text_of(browser_of(team["reviewer"]).get(reverse("review", args=[update.key])))


def test_neither_the_answer_nor_a_grade_goes_into_a_public_file():
    inside = {column.name for column in update_columns() if column.internal}
    assert inside >= {"answer", "claim", "criteria", "hrc", "upr"}
