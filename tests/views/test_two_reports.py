"""Several reports that are followed at once: each count says which, on pages, in files and in mails."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse

from recommendations.choices import Sensitivity, UpdateState
from recommendations.mail import messages
from recommendations.models import Recommendation, Report, User
from recommendations.selectors.reminder_planner import ReminderPlanner
from recommendations.services.mail.digests import preview_own
from tests.support import factories, years
from tests.support.exports import content, rows_of, take_out
from tests.support.factories import DAY, NOW
from tests.support.pages import browser_of, text_of

pytestmark = [pytest.mark.usefixtures("at_the_time_of_the_story"), pytest.mark.django_db]
NUMBER = re.compile(r'href="([^"]+)"\s+data-count>\s*(\d+)')
HOME, DESK = reverse("home"), reverse("admin:index")


@pytest.fixture
def two(team):
    """2023 and 2024, both followed; in each Ana owns one that is overdue, submitted one, and has a draft."""
    made = years.reports(2023, 2024)
    for rows in made.values():
        Recommendation.objects.filter(pk=rows[1].pk).update(
            owner=team["author"], next_review_on=NOW.date() - timedelta(days=5)
        )
        item = factories.link(team["author"], f"Of {rows[2]}")
        factories.submit(team["author"], rows[2], NOW - 4 * DAY, cites=[item])
        factories.write(team["author"], rows[3], NOW - 8 * DAY)
    return made


def page(person, address=HOME):
    return text_of(browser_of(person).get(address))


def test_my_work_counts_over_both_and_says_so(team, two):
    said = page(team["author"])
    assert "Due 2 due in 2 reports" in said
    assert "Returned to you, and your drafts 2 returned, and drafts in 2 reports" in said
    assert "Submitted by you 2 submitted in 2 reports" in said
    assert "Overdue 1 overdue North Korea 2024" in said, "the matrix is of one, and so are its numbers"
    said = page(team["reviewer"])
    assert "Waiting for your review 2 in 2 reports" in said


def test_the_board_of_one_report_leads_to_the_others_with_what_is_overdue_there(team, two):
    for address in (HOME, DESK):
        said = page(team["manager"], address)
        assert "Also followed: North Korea 2023 1 North Korea 2023: overdue" in said
    Report.objects.filter(year=2023).update(closed_at=NOW)
    assert "Also followed" not in page(team["manager"])


def test_what_is_of_one_report_alone_is_named_beside_the_matrix_of_another(team, two):
    two[2023][2].updates.update(state=UpdateState.WITHDRAWN)
    Recommendation.objects.filter(pk=two[2024][1].pk).update(owner=team["other"])
    said = page(team["author"])
    assert "Due 1 due North Korea 2023" in said
    assert "Submitted by you 1 submitted North Korea 2024" in said


def test_the_desk_says_of_how_many_reports_its_queue_is_and_which_each_row_is(team, two):
    said = page(team["reviewer"], DESK)
    assert "Waiting for review 2 waiting for review in 2 reports" in said
    assert "Thing 2 KP 2023" in said
    assert "Thing 2 KP 2024" in said


@pytest.mark.parametrize("role", ["viewer", "author", "reviewer", "manager"])
def test_each_number_is_the_length_of_the_list_that_it_leads_to(team, two, role):
    browser = browser_of(team[role])
    for address in (HOME, f"{HOME}?report=TIP-2023-KP"):
        assert "due=overdue" in browser.get(address).content.decode()
        for href, number in NUMBER.findall(browser.get(address).content.decode()):
            href, number = unescape(href), int(number)
            listed = browser.get(href)
            assert listed.status_code == 200, href
            context = listed.context
            length = context["page"].paginator.count if "page" in context else len(context["origins"])
            assert length == number, href


def test_lists_say_of_how_many_reports_they_are(team, two):
    browser = browser_of(team["author"])
    assert "6 recommendations in 2 reports" in text_of(browser.get(reverse("recommendation-list")))
    assert "4 updates in 2 reports" in text_of(browser.get(reverse("update-list")))
    assert "2 updates in 2 reports" in page(team["reviewer"], reverse("review-list"))
    one = {"report": "TIP-2023-KP"}
    assert "3 recommendations · as of" in text_of(browser.get(reverse("recommendation-list"), one))
    assert "2 updates · as of" in text_of(browser.get(reverse("update-list"), one))


def test_restricted_work_of_others_makes_no_report_count(team, two):
    rows = years.reports(2022)[2022]
    factories.submit(team["other"], rows[1], NOW - 4 * DAY, sensitivity=Sensitivity.RESTRICTED)
    assert "Waiting for your review 2 in 2 reports" in page(team["reviewer"])
    assert "4 updates in 2 reports" in page(team["author"], reverse("update-list"))


def test_a_file_names_the_reports_of_its_rows(team, two):
    face, _head, rows = rows_of(content(take_out(team["viewer"], "recommendations", made_as="zip")))
    assert "Reports: North Korea 2023, North Korea 2024" in face
    assert len(rows) == 6
    face, _head, _rows = rows_of(
        content(take_out(team["viewer"], "recommendations", "?report=TIP-2023-KP", made_as="zip"))
    )
    assert "Reports: North Korea 2023" in face


def reminder_of(person):
    reader = User.objects.with_rank().get(pk=person.pk)
    return messages.reminder(
        reader, ReminderPlanner(NOW).due_items_of({reader.pk: reader})[reader.pk], NOW.date()
    )


def test_a_reminder_over_both_says_so_in_subject_and_headings(team, two):
    mail = reminder_of(team["author"])
    assert mail.subject.endswith("2 overdue, 2 unfinished drafts, in 2 reports")
    assert "OVERDUE (2, in 2 reports)" in mail.text
    assert "(TIP-2023-KP-01)" in mail.text
    assert "(TIP-2024-KP-01)" in mail.text
    assert re.search("You own 202[34]-KP-01 [(]and 1 more[)]", " ".join(mail.text.split()))


def test_a_reminder_of_one_thing_has_its_year_while_both_are_followed(team, two):
    Recommendation.objects.filter(pk=two[2024][1].pk).update(owner=team["other"])
    assert "2024-KP-01 is 5 days overdue" in reminder_of(team["other"]).subject
    Report.objects.filter(year=2023).update(closed_at=NOW)
    assert " KP-01 is 5 days overdue" in f" {reminder_of(team['other']).subject}"


def test_a_digest_counts_by_report_or_says_in_how_many(team, two):
    mail, _address = preview_own(reader=User.objects.with_rank().get(pk=team["reviewer"].pk), now=NOW)
    assert "in 2 reports" in mail.subject
    assert "WAITING FOR REVIEW (2, in 2 reports)" in mail.text
    assert "OVERDUE, OF OTHERS: NORTH KOREA 2024 (1)" in mail.text
    assert "OVERDUE, OF OTHERS: NORTH KOREA 2023 (1)" in mail.text
