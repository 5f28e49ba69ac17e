"""The page of a country through the years, and the line on the page of a recommendation."""

import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from recommendations.choices import AdvocacyKind, LineageKind, Sensitivity, Status
from recommendations.models import Advocacy, Event, Lineage, Recommendation, Report
from recommendations.selectors.threads import country_of, line_of, threads_of
from tests.support import factories, years
from tests.support.exports import content, rows_of
from tests.support.factories import AS_OF, DAY, NOW
from tests.support.pages import browser_of, text_of

pytestmark = pytest.mark.usefixtures("at_the_time_of_the_story", "db")
PAGE = reverse("country", args=["KP"])


@pytest.fixture
def line(team):
    """2021 → 2022 (reworded) → 2024 (same), nothing of 2023, and a report of 2020 that nobody compared."""
    made = years.reports(2020, 2021, 2022, 2024)
    by = team["reviewer"]
    Recommendation.objects.filter(pk=made[2022][1].pk).update(text="Do the thing that is number 1 at once.")
    years.tie(made[2021][1], made[2022][1], LineageKind.REWORDED, by=by)
    years.tie(made[2022][1], made[2024][1], by=by)
    for row in made.values():
        row[1].refresh_from_db()
    return made


def close(report, at):
    Report.objects.filter(pk=report.pk).update(closed_at=at)


def found(team, one, status, *, as_of, at=None):
    """Approve a finding about a recommendation, with evidence of its own."""
    item = factories.link(team["author"], f"About {one} {as_of}")
    return factories.approve(
        team["author"], one, at, reviewer=team["reviewer"], status=status, cites=[item], as_of=as_of
    )


def page_of(person, address=PAGE):
    return text_of(browser_of(person).get(address))


def test_a_thread_follows_confirmed_lines_and_says_not_known_where_a_year_is_missing(team, line):
    country = country_of("KP", team["viewer"])
    thread = line_of(line[2022][1], country, team["viewer"])
    said = [cell.absence or [step.recommendation.reference for step in cell.steps] for cell in thread.cells]
    assert said == [
        "unconfirmed",
        ["TIP-2021-KP-01"],
        ["TIP-2022-KP-01"],
        "no_report",
        ["TIP-2024-KP-01"],
    ]
    text = page_of(team["viewer"], line[2024][1].get_absolute_url())
    assert "2023 Not known: the report of this year is not here" in text
    assert "2020 Tier 3 The line is not confirmed yet Compare with 2020" in text
    assert "dropped" not in text.lower()
    body = browser_of(team["viewer"]).get(line[2024][1].get_absolute_url()).content.decode()
    assert "<ins> at once</ins" in body or "<ins>at once</ins" in body, (
        "the words of 2022 are marked against 2021"
    )
    assert f"{reverse('report-lines', args=['TIP-2021-KP'])}?from=TIP-2020-KP" in body


def test_a_proposal_that_nobody_confirmed_ties_nothing(team, line):
    Lineage.objects.update(confirmed_at=None, confirmed_by=None)
    country = country_of("KP", team["viewer"])
    assert [one.years for one in threads_of(country, team["viewer"])] == [
        *[[2024]] * 3,
        *[[2022]] * 3,
        *[[2021]] * 3,
        *[[2020]] * 3,
    ]


def test_dropped_is_said_only_of_a_whole_list(team, line):
    years.end(line[2021][2], line[2022][1].report, LineageKind.DROPPED, by=team["reviewer"])
    address = line[2021][2].get_absolute_url()
    assert "2022 Tier 3 Not in this report" in page_of(team["viewer"], address)
    assert "2024 Tier 3 Dropped in an earlier report" in page_of(team["viewer"], address)
    Report.objects.filter(year=2022).update(complete=False)
    text = page_of(team["viewer"], address)
    assert "Not in this report" not in text
    assert "2022 Tier 3 Not known: the list of this report is not whole" in text


def test_a_closed_year_says_what_stood_when_it_was_closed(team, line):
    one = line[2022][1]
    found(team, one, Status.INITIAL, as_of=(NOW - 9 * DAY).date(), at=NOW - 8 * DAY)
    close(one.report, NOW - 7 * DAY)
    found(team, one, Status.PARTLY, as_of=(NOW - 9 * DAY).date(), at=NOW - 6 * DAY)
    one.refresh_from_db()
    assert one.status == Status.PARTLY
    story = line_of(one, country_of("KP", team["viewer"]), team["viewer"])
    standing = next(step.standing for step in story.steps if step.recommendation == one)
    assert (standing.status, standing.since, standing.findings) == (Status.INITIAL, Status.PARTLY, 1)
    assert standing.as_of == (NOW - 9 * DAY).date()
    assert "Since it was closed: Partly implemented" in page_of(team["viewer"], one.get_absolute_url())


def test_what_stands_is_what_the_recommendation_says_today_while_its_report_is_followed(team, line):
    one, reviewer = line[2024][1], team["reviewer"]
    for back, status in ((9, Status.INITIAL), (5, Status.NO_INFORMATION), (3, Status.CONTRARY)):
        found(team, one, status, as_of=(NOW - back * DAY).date())
        standing = line_of(one, country_of("KP", reviewer), reviewer).steps[-1].standing
        assert (standing.status, standing.as_of) == (one.status, one.current_update.as_of)


def test_findings_and_origins_are_those_that_the_reader_can_see(team, line):
    author, reviewer = team["author"], team["reviewer"]
    one = line[2022][1]
    seen = factories.link(author, "Seen", source="A paper")
    hidden = factories.link(author, "Hidden", Sensitivity.RESTRICTED, source="Somebody")
    factories.approve(author, one, reviewer=reviewer, cites=[seen])
    factories.grant(reviewer, evidence=hidden)
    restricted = factories.approve_restricted(author, one, reviewer=reviewer, counts=True, cites=[hidden])
    assert restricted.counts_at
    counts = {}
    for name in ("author", "reviewer", "viewer", "manager"):
        thread = line_of(one, country_of("KP", team[name]), team[name])
        standing = next(step.standing for step in thread.steps if step.recommendation == one)
        counts[name] = (standing.findings, standing.origins)
    assert counts == {"author": (2, 2), "reviewer": (2, 2), "viewer": (1, 1), "manager": (1, 1)}


def test_a_split_shows_both_parts_in_the_thread_and_one_line_for_each_part(team, line):
    by = team["reviewer"]
    for position in (2, 3):
        years.tie(line[2022][2], line[2024][position], LineageKind.SPLIT, by=by)
    country = country_of("KP", by)
    split = line[2022][2]
    thread = next(
        one for one in threads_of(country, by) if split in [step.recommendation for step in one.steps]
    )
    assert [step.recommendation.position for step in thread.cells[-1].steps] == [2, 3]
    part = line_of(line[2024][3], country, by)
    assert [step.recommendation.reference for step in part.steps] == ["TIP-2022-KP-02", "TIP-2024-KP-03"]


def test_the_report_counts_its_recommendations_and_a_split_row_names_both_parts(team, line):
    by = team["reviewer"]
    for position in (2, 3):
        years.tie(line[2022][2], line[2024][position], LineageKind.SPLIT, by=by)
    page = browser_of(by).get(PAGE)
    said = text_of(page)
    assert "The report of 2024 makes 3 recommendations." in said
    assert "3 Not yet assessed" in said and "Demands of the report of 2024 3" in said
    assert "3 of them were made before." in said
    assert "What was split is one row, which names each part." in said
    rows = page.content.decode().partition("<tbody>")[2].partition("</tbody>")[0].split("</tr>")
    both = next(row for row in rows if line[2024][2].get_absolute_url() in row)
    for position in (2, 3):
        assert f">{line[2024][position].short_title}</a>" in both
    sent = {"made_as": "zip", "columns": ["title"]}
    data = content(browser_of(by).post(reverse("country-export", args=["KP"]), sent))
    titles = "; ".join(line[2024][position].short_title for position in (2, 3))
    assert [titles] in rows_of(data)[2]


def test_new_is_said_only_where_it_was_confirmed_against_that_very_report(team):
    """It may have been made in 2021, left out of 2022, and made again."""
    made, by = years.reports(2021, 2022, 2023), team["reviewer"]
    new = made[2023][3]
    lines = f"{reverse('report-lines', args=['TIP-2023-KP'])}?from=TIP-2021-KP"

    def row():
        page = browser_of(team["viewer"]).get(PAGE)
        rows = page.content.decode().partition("<tbody>")[2].partition("</tbody>")[0].split("</tr>")
        return text_of(page), next(one for one in rows if new.get_absolute_url() in one)

    years.end(new, made[2022][1].report, LineageKind.NEW, by=by)
    said, cells = row()
    assert lines in cells and "not confirmed yet" in cells and "Not yet in this report" in cells
    assert "at least since 2023" in cells and "new in 2023" not in cells
    assert "Of 3, nobody has confirmed yet" in said
    years.end(new, made[2021][1].report, LineageKind.NEW, by=by)
    said, cells = row()
    assert lines not in cells and "new in 2023" in cells
    assert "1 is new." in said


def test_evidence_and_advocacy_of_earlier_years_are_found_from_this_year(team, line):
    author, reviewer = team["author"], team["reviewer"]
    items = [factories.link(author, f"Item {n}") for n in range(3)]
    factories.approve(author, line[2021][1], reviewer=reviewer, cites=items[:2])
    factories.approve(author, line[2022][1], reviewer=reviewer, cites=items[1:2])
    factories.approve(author, line[2024][1], reviewer=reviewer, cites=items[2:])
    entry = Advocacy.objects.create(
        kind=AdvocacyKind.MEETING,
        held_on=NOW.date(),
        counterpart="Somebody",
        subject="Camps",
        author=author,
        created_at=NOW,
        changed_at=NOW,
    )
    entry.recommendations.add(line[2022][1])
    browser = browser_of(team["viewer"])
    text = text_of(browser.get(line[2024][1].get_absolute_url()))
    assert "Earlier years: 2 evidence items , 1 advocacy entry" in text
    listed = text_of(browser.get(reverse("evidence-list"), {"earlier": "TIP-2024-KP-01"}))
    assert "2 items" in listed
    assert "Item 2" not in listed
    assert "1 entry" in text_of(browser.get(reverse("advocacy-list"), {"earlier": "TIP-2024-KP-01"}))
    for wrong in ("bogus", "TIP-2031-KP-01", "TIP-2020-KP-01"):
        assert "0 items" in text_of(browser.get(reverse("evidence-list"), {"earlier": wrong}))
        assert "0 entries" in text_of(browser.get(reverse("advocacy-list"), {"earlier": wrong}))


def test_one_report_alone_has_no_line(team):
    made = years.reports(2024)
    assert "Through the years" not in page_of(team["viewer"], made[2024][1].get_absolute_url())
    assert "The report of 2024 makes 3 recommendations." in page_of(team["viewer"])


def many(team, first, last, count, **fields):
    by = team["reviewer"]
    made = years.reports(*range(first, last + 1), count=count, **fields)
    for year in range(first, last):
        for position in range(1, count + 1):
            years.tie(made[year][position], made[year + 1][position], by=by)
    return made


def test_ten_years_of_thirty_cost_as_many_statements_as_two_years_of_three(team):
    def statements(address):
        browser = browser_of(team["reviewer"])
        browser.get(address)
        with CaptureQueriesContext(connection) as seen:
            assert browser.get(address).status_code == 200
        return len(seen)

    few = many(team, 2023, 2024, 3, code="ZZ", name="Elsewhere")
    for year in (2023, 2024):
        found(team, few[year][1], Status.INITIAL, as_of=AS_OF)
    before = [statements(reverse("country", args=["ZZ"])), statements(few[2024][1].get_absolute_url())]
    made = many(team, 2015, 2024, 30)
    for year in (2018, 2020, 2023, 2024):
        for position in (1, 2, 9):
            found(team, made[year][position], Status.INITIAL, as_of=AS_OF)
    assert [statements(PAGE), statements(made[2024][1].get_absolute_url())] == before


@pytest.mark.parametrize("made_as", ["zip", "xlsx"])
def test_the_threads_are_exported_with_the_years_as_columns(team, line, made_as):
    found(team, line[2024][1], Status.INITIAL, as_of=AS_OF)
    Recommendation.objects.filter(pk=line[2024][1].pk).update(short_title="=cmd|' /C calc'!A0")
    sent = {"made_as": made_as, "columns": ["title", "years", "status", "reference", "words"]}
    data = content(browser_of(team["viewer"]).post(reverse("country-export", args=["KP"]), sent))
    if made_as == "zip":
        face, head, rows = rows_of(data)
        first = dict(zip(head, rows[0], strict=True))
    else:
        book = openpyxl.load_workbook(io.BytesIO(data))
        cells = [[cell.value or "" for cell in row] for row in book.active.iter_rows()]
        face = [row[0].value for row in book["About this file"].iter_rows()]
        first = dict(zip(cells[0], cells[1], strict=True))
    assert first["Short title"].startswith("'=cmd")
    assert first["2024: Status"] == "Initial steps"
    assert first["2023: Status"] == "Not known: the report of this year is not here"
    assert first["2020: Status"] == "The line is not confirmed yet"
    assert first["2022: Reference"] == "TIP-2022-KP-01"
    assert first["2022: Text of the report"] == "Do the thing that is number 1 at once."
    assert any("2023 no report here; 2024 Tier 3" in words for words in face)
    event = Event.objects.filter(kind="exported").latest("pk")
    assert event.actor == team["viewer"]


def test_nothing_chosen_is_said_and_another_country_is_not_found(team, line):
    browser = browser_of(team["viewer"])
    text = text_of(browser.post(reverse("country-export", args=["KP"]), {"made_as": "csv"}))
    assert "Choose at least one column" in text
    assert browser.get(reverse("country", args=["XX"])).status_code == 404
    assert browser.get(reverse("country", args=["bogus"])).status_code == 404
    assert browser.get(reverse("country", args=["kp"])).status_code == 200
