"""The dashboard: every number is the length of the list that its link opens, for every reader."""

import re
from datetime import date, datetime, timedelta
from html import unescape

import pytest
from django.urls import reverse

from recommendations.choices import Decision, MailKind, MailState, Status
from recommendations.models import Mail, Recommendation, Review, StatusUpdate, UpdateVersion
from recommendations.rules.dates import last_months, last_quarters
from recommendations.selectors.dashboard import QUARTERS, dashboard, matrix
from recommendations.selectors.flow import review_flow
from recommendations.services import reviews
from tests.support import factories
from tests.support.factories import NOW
from tests.support.pages import browser_of, text_of, words

pytestmark = pytest.mark.usefixtures("at_the_time_of_the_story")

TODAY = NOW.date()
DESK, HOME = "/desk/", reverse("home")


def queued(recipient, state, number):
    """Make ``number`` mails in one state."""
    now = NOW
    for count in range(number):
        Mail.objects.create(
            key=f"{state}{count}",
            kind=MailKind.REMINDER,
            recipient=recipient,
            subject="…",
            message_id=f"<{state}{count}@example.org>",
            date_header=now,
            state=state,
            created_at=now,
            next_attempt_at=now,
            not_after=now,
        )


def busy(world):
    """Add to the world what makes each number of the dashboard another one."""
    Recommendation.objects.filter(pk=world.second.pk).update(next_review_on=TODAY - timedelta(days=1))
    Recommendation.objects.filter(pk=world.third.pk).update(
        next_review_on=TODAY - timedelta(days=9), owner=world.author
    )
    archived = factories.report(code="CN", name="China", closed_at=NOW)
    archived.recommendations.update(next_review_on=TODAY - timedelta(days=9))
    other = factories.report(code="SY", name="Syria", count=4)
    other.recommendations.filter(position=1).update(next_review_on=TODAY - timedelta(days=2))
    other.recommendations.filter(position=2).update(last_verified_on=TODAY, status=Status.PARTLY)
    returned = factories.submit(world.people["other"], world.second)
    reviews.decide(
        update=returned, reviewer=world.reviewer, decision=Decision.RETURN, comment="Which decree?", now=NOW
    )
    for number in range(4):
        factories.submit(world.people["other"], world.third, reason=f"Reason {number}.")
    earlier = UpdateVersion.objects.filter(update=world.approved)
    earlier.update(submitted_at=NOW - timedelta(days=70))
    queued(world.author, MailState.FAILED, 2)
    queued(world.author, MailState.UNKNOWN, 1)


def numbers_of(client, address):
    """Return {address of the list: number} of every number on a dashboard."""
    page = client.get(address).content.decode()
    found = re.findall(r'href="([^"]+)"\s+data-count>\s*(\d+)\s*<', page)
    assert len(found) == page.count("data-count")
    return {unescape(href): int(number) for href, number in found}


def counted(client, href):
    """Return how many rows the list behind a number has."""
    answer = client.get(href)
    assert answer.status_code == 200, href
    if "cl" in answer.context:
        return answer.context["cl"].result_count
    if href.endswith("#returned"):
        return len(answer.context["returned"])
    return answer.context["page"].paginator.count


@pytest.mark.parametrize(
    ("role", "address"),
    [
        ("manager", DESK),
        ("manager", f"{DESK}?report=TIP-2024-SY"),
        ("reviewer", DESK),
        ("viewer", HOME),
        ("author", HOME),
        ("other", f"{HOME}?report=TIP-2024-CN"),
        ("reviewer", f"{HOME}?report=TIP-2024-KP"),
    ],
)
def test_every_number_is_what_its_list_counts(world, role, address):
    busy(world)
    client = browser_of(world.people[role])
    numbers = numbers_of(client, address)
    assert len(numbers) >= 15
    assert {href: counted(client, href) for href in numbers} == numbers


def test_the_numbers_are_those_of_the_report_that_the_page_names(world):
    busy(world)
    client = browser_of(world.people["manager"])
    listed = reverse("recommendation-list")
    own = f"{listed}?report=TIP-2024-KP&"
    for page in (DESK, HOME):
        numbers = numbers_of(client, page)
        assert client.get(page).context["board"].report == world.report
        assert numbers[own] == 3
        assert numbers[f"{own}due=overdue&sort=due"] == 2
        assert numbers[f"{own}due=overdue&owner=nobody"] == 1
        assert numbers[f"{own}due=overdue&owner={world.author.pk}"] == 1
        assert numbers[f"{own}evidence=has"] == 1
        assert numbers[f"{own}verified=this_quarter"] == 1
        assert sum(number for href, number in numbers.items() if f"{own}status=" in href) == 3
    numbers = numbers_of(client, DESK)
    assert numbers["/reviews/"] == 5
    assert numbers["/reviews/#returned"] == 1
    assert numbers["/desk/recommendations/mail/?state__exact=failed"] == 3
    chosen = numbers_of(client, f"{DESK}?report=TIP-2024-SY")
    assert chosen[f"{listed}?report=TIP-2024-SY&"] == 4
    assert chosen[f"{listed}?report=TIP-2024-SY&status=partly"] == 1


def test_what_is_about_all_reports_says_so_in_its_heading(world):
    busy(world)
    client = browser_of(world.reviewer)
    desk, home = text_of(client.get(DESK)), text_of(client.get(HOME))
    assert "Waiting for review 5 waiting for review North Korea 2024" in desk
    assert "Review by month all reports" in desk
    assert "Overdue 2 overdue North Korea 2024" in desk
    assert "Coverage North Korea 2024" in home
    assert "Approved by month North Korea 2024" in home
    assert "Waiting for your review 5 North Korea 2024" in home
    listed = text_of(client.get(reverse("recommendation-list")))
    assert "Recommendations of all followed reports" in listed
    assert "Independent origins, in all followed reports" in text_of(client.get(reverse("origin-list")))


def test_with_one_report_no_heading_says_which(world):
    assert "all reports" not in text_of(browser_of(world.reviewer).get(DESK))


def test_a_report_that_is_not_there_is_not_found(world):
    assert browser_of(world.reviewer).get(f"{DESK}?report=TIP-1999-XX").status_code == 404


def test_evidence_that_a_reader_may_not_see_is_in_none_of_their_numbers(world):
    factories.grant(world.reviewer, evidence=world.restricted_evidence)
    cites = [world.restricted_evidence, world.file]
    factories.approve(world.author, world.second, reviewer=world.reviewer, cites=cites)
    factories.approve(world.author, world.third, reviewer=world.reviewer, cites=[world.restricted_evidence])
    for role, (cited, items) in {"viewer": (2, 1), "manager": (2, 1), "reviewer": (3, 2)}.items():
        board = dashboard(world.people[role], world.report, TODAY)
        assert (board.numbers.cited, board.rows[1].line.evidence) == (cited, items), role


# --- The strip ---------------------------------------------------------------------------------
def strip_of(person, recommendation):
    """Return the names and statuses of one recommendation's quarters."""
    rows = matrix(person, recommendation.report, TODAY)
    row = next(row for row in rows if row.line.reference == recommendation.reference)
    return [(quarter.name, quarter.status) for quarter in row.quarters]


@pytest.fixture
def long_followed(report):
    """The report as if it were followed since 2023."""
    report.released_on = date(2023, 4, 1)
    report.save()
    return report.recommendations.first()


def test_the_strip_shows_what_stood_at_the_end_of_each_quarter(team, long_followed):
    author, reviewer = team["author"], team["reviewer"]
    cites = [factories.link(author)]
    factories.approve(author, long_followed, reviewer=reviewer, as_of=date(2023, 9, 30))
    factories.approve(
        author, long_followed, reviewer=reviewer, as_of=date(2024, 4, 1), status=Status.INITIAL, cites=cites
    )
    assert strip_of(team["viewer"], long_followed) == [
        ("Q4 2022", None),
        ("Q1 2023", None),
        ("Q2 2023", Status.NOT_ASSESSED),
        ("Q3 2023", Status.NO_ACTION),
        ("Q4 2023", Status.NO_ACTION),
        ("Q1 2024", Status.NO_ACTION),
        ("Q2 2024", Status.INITIAL),
        ("Q3 2024", Status.INITIAL),
    ]


def test_a_correction_takes_the_place_of_what_it_corrects_in_the_strip_too(team, long_followed):
    author, reviewer = team["author"], team["reviewer"]
    wrong = factories.approve(author, long_followed, reviewer=reviewer, as_of=date(2023, 9, 30))
    factories.approve(
        author,
        long_followed,
        reviewer=reviewer,
        as_of=date(2023, 9, 30),
        status=Status.CONTRARY,
        corrects=wrong,
        cites=[factories.link(author)],
    )
    assert dict(strip_of(team["viewer"], long_followed))["Q4 2023"] == Status.CONTRARY


def test_a_restricted_assessment_of_the_past_is_in_no_strangers_strip(team, long_followed):
    author, reviewer = team["author"], team["reviewer"]
    factories.approve_restricted(author, long_followed, reviewer=reviewer, as_of=date(2023, 9, 30))
    assert dict(strip_of(team["viewer"], long_followed))["Q4 2023"] == Status.NOT_ASSESSED
    assert dict(strip_of(reviewer, long_followed))["Q4 2023"] == Status.NOT_ASSESSED, "it does not count"


def test_the_strip_is_a_table_for_who_cannot_see_it(client, team, long_followed):
    client.force_login(team["viewer"])
    text = text_of(client.get(HOME))
    assert "Status at the end of each quarter Recommendation Q4 2022" in text
    assert text.count("Not yet assessed") > QUARTERS - 3


# --- The flow ----------------------------------------------------------------------------------
def test_the_flow_counts_each_round_in_its_month_and_the_median_of_their_days(team, recommendation):
    author, reviewer = team["author"], team["reviewer"]
    for days in (1, 2, 9):
        update = factories.submit(author, recommendation, as_of=date(2024, 7, 1))
        then = factories.at_noon(date(2024, 7, 1 + days))
        reviews.decide(update=update, reviewer=reviewer, decision=Decision.APPROVE, now=then)
    factories.send_back(author, recommendation, reviewer=reviewer, comment="Why?", as_of=date(2024, 8, 5))
    july, august, september = review_flow(reviewer, TODAY)[-3:]
    assert (july.submitted, july.approved, july.returned, july.median_days) == (3, 3, 0, 2)
    assert (august.submitted, august.approved, august.returned, august.median_days) == (1, 0, 1, 0)
    assert (september.submitted, september.median_days) == (0, None)


def test_a_month_is_one_of_the_readers_own_calendar(team, recommendation):
    update = factories.approve(
        team["author"], recommendation, reviewer=team["reviewer"], as_of=date(2024, 7, 31)
    )
    late = datetime(2024, 7, 31, 23, tzinfo=NOW.tzinfo)
    UpdateVersion.objects.filter(update=update).update(submitted_at=late)
    Review.objects.filter(update=update).update(decided_at=late)
    StatusUpdate.objects.filter(pk=update.pk).update(approved_at=late, counts_at=late)
    for zone, month in {"UTC": 7, "Asia/Seoul": 8}.items():
        reviewer = team["reviewer"]
        reviewer.time_zone = zone
        reviewer.__dict__.pop("zone", None)
        reviewer.save()
        assert {one.first.month for one in review_flow(reviewer, TODAY) if one.approved} == {month}
        numbers = numbers_of(browser_of(reviewer), DESK)
        assert [href for href, n in numbers.items() if n and "submitted_at" in href] == [
            f"/desk/recommendations/updateversion/?submitted_at__year=2024&submitted_at__month={month}"
        ]


def test_restricted_rounds_are_in_no_strangers_flow(team, recommendation):
    factories.approve_restricted(
        team["author"], recommendation, reviewer=team["reviewer"], as_of=date(2024, 8, 5)
    )
    assert sum(month.submitted for month in review_flow(team["second"], TODAY)) == 0
    assert sum(month.submitted for month in review_flow(team["reviewer"], TODAY)) == 1


# --- Dates -------------------------------------------------------------------------------------
def test_quarters_and_months_run_back_over_the_turn_of_a_year():
    assert last_quarters(date(2024, 2, 29), 3) == [date(2023, 7, 1), date(2023, 10, 1), date(2024, 1, 1)]
    assert last_months(date(2024, 1, 31), 3) == [date(2023, 11, 1), date(2023, 12, 1), date(2024, 1, 1)]


# --- What else it says -------------------------------------------------------------------------
def test_the_matrix_shows_all_of_one_report(world):
    answer = browser_of(world.reviewer).get(DESK)
    assert [row.line.position for row in answer.context["board"].rows] == [1, 2, 3]
    assert "No action Medium confidence" in words(answer), "a first assessment has no movement"
