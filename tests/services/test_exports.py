"""Lists as files: what is in them, what is said on their face, and who gets what."""

import io

import openpyxl
import pytest
from django.urls import reverse

from recommendations.choices import EventKind, Extent, Sensitivity
from recommendations.exports import columns
from recommendations.exports.tables import FORMULA_STARTS
from recommendations.models import Ask, Event, Evidence, Publication, Recommendation, StatusUpdate, User
from tests.support import factories
from tests.support.exports import content, rows_of, take_out
from tests.support.factories import NOW
from tests.support.pages import browser_of, text_of
from tests.support.world import SECRET

pytestmark = pytest.mark.usefixtures("at_the_time_of_the_story")


@pytest.fixture(autouse=True)
def own_scratch(settings, tmp_path):
    settings.DATA_DIR = tmp_path


def test_a_file_says_as_of_when_by_whom_and_at_which_sensitivity(world):
    face, head, rows = rows_of(
        content(take_out(world.reviewer, "recommendations", "?status=no_action", made_as="zip"))
    )
    assert face == [
        "Recommendations",
        "As of: 2 Sep 2024, 09:00 UTC",
        "Exported by: Rita",
        "Who can see this: internal: only for the team",
        "Filters: Status: No action",
        "Reports: North Korea 2024",
        "Rows: 1",
    ]
    assert head[0] == "Reference"
    assert [row[0] for row in rows] == ["TIP-2024-KP-01"]
    assert rows[0][head.index("Evidence you can see")] == "1"


def test_only_the_chosen_columns_are_in_it_in_the_lists_order(world):
    answer = take_out(world.reviewer, "recommendations", columns=["owner", "reference"])
    assert rows_of(content(answer))[1] == ["Reference", "Owner"]


def test_a_workbook_has_the_same(world):
    answer = take_out(world.reviewer, "updates", made_as="xlsx")
    assert 'filename="updates-2024-09-02-internal.xlsx"' in answer["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(content(answer)))
    about = [row[0].value for row in book["About this file"].iter_rows()]
    assert about[:3] == ["Updates", "As of: 2 Sep 2024, 09:00 UTC", "Exported by: Rita"]
    assert [row[0].value for row in book.active.iter_rows()].count("TIP-2024-KP-01") == 1


def test_a_table_for_programs_begins_with_its_heads_and_says_where_each_row_is(world, settings):
    settings.SITE_URL = "https://tracker.example.org"
    answer = take_out(world.reviewer, "recommendations", columns=["reference", "page"])
    assert 'filename="recommendations-2024-09-02-internal.csv"' in answer["Content-Disposition"]
    data = content(answer)
    assert data.startswith(
        b'"Reference","Page in the tracker"\r\n"TIP-2024-KP-01","https://tracker.example.org/'
    )
    browser = browser_of(world.reviewer)
    for listed in ("recommendations", "updates", "evidence", "advocacy"):
        for row in rows_of(content(take_out(world.reviewer, listed, columns=["page"])))[2]:
            assert browser.get(row[0].removeprefix(settings.SITE_URL)).status_code == 200, row


def test_a_recommendation_is_told_with_the_words_that_its_status_rests_on_unless_they_are_restricted(world):
    StatusUpdate.objects.filter(pk=world.approved.pk).update(public_text="It was ordered again.")
    named = {"columns": ["reference", "found", "why"]}
    rows = rows_of(content(take_out(world.author, "recommendations", **named)))[2]
    assert rows[0] == ["TIP-2024-KP-01", "It was ordered again.", world.approved.reason]
    factories.hide(world.approved)
    rows = rows_of(content(take_out(world.author, "recommendations", **named)))[2]
    assert rows[0] == ["TIP-2024-KP-01", "", ""], "its author can see it, and the file is for the team"


def test_each_reader_takes_out_what_they_may_see_and_nothing_else(world):
    """``restricted`` rows belong to Ana, who let in Omar on one item alone."""
    expected = {
        "viewer": {"evidence": 2, "updates": 1},
        "other": {"evidence": 3, "updates": 1},
        "author": {"evidence": 4, "updates": 4},
        "reviewer": {"evidence": 2, "updates": 2},
        "manager": {"evidence": 2, "updates": 2},
        "superuser": {"evidence": 2, "updates": 2},
    }
    for role, numbers in expected.items():
        for listed, number in numbers.items():
            data = content(take_out(world.people[role], listed, level="restricted"))
            assert len(rows_of(data)[2]) == number, (role, listed)
            if role not in ("author", "other"):
                assert SECRET not in data.decode()


def test_restricted_rows_stay_in_the_house_unless_asked_for(world):
    assert SECRET not in content(take_out(world.author, "evidence")).decode()
    answer = take_out(world.author, "evidence", level="restricted")
    assert 'filename="evidence-2024-09-02-RESTRICTED.csv"' in answer["Content-Disposition"]
    assert SECRET in content(answer).decode()
    face, _head, _rows = rows_of(
        content(take_out(world.author, "evidence", level="restricted", made_as="zip"))
    )
    assert "Who can see this: RESTRICTED: only for the people who have access to these rows" in face


def test_what_may_be_quoted_outside_has_no_column_of_the_team(world):
    StatusUpdate.objects.filter(pk=world.approved.pk).update(internal_note="Ask Mr. P.")
    published(world.approved, world.reviewer)
    data = content(take_out(world.reviewer, "updates", level="public"))
    face, _head, _rows = rows_of(content(take_out(world.reviewer, "updates", level="public", made_as="zip")))
    _face, head, rows = rows_of(data)
    assert face[2] == "Who can see this: published: may be quoted outside"
    assert len(rows) == 1
    assert {"Internal note", "Written by", "Approved by"} & set(head) == set()
    assert "Ask Mr. P." not in data.decode()
    refused = take_out(world.reviewer, "updates", level="public", columns=["note"])
    assert "These columns are only for the team" in text_of(refused)


@pytest.mark.parametrize("inside", ["status=no_action", "moved=yes", "sensitivity=public", "author=me"])
def test_a_public_file_names_no_filter_that_tells_what_is_not_published(world, inside):
    """Every row is of the status that was filtered for, so that its name tells what its cells do not."""
    published(world.approved, world.reviewer, Extent.WORDS)
    StatusUpdate.objects.filter(pk=world.approved.pk).update(sensitivity=Sensitivity.PUBLIC)
    reader = world.author if inside == "author=me" else world.reviewer
    taken = take_out(reader, "updates", f"?kind=assessment&{inside}", level="public", made_as="zip")
    face, _head, rows = rows_of(content(taken))
    assert len(rows) == 1 and face[3] == "Filters: Kind: Assessment; others that only the team is told"


def published(update, reviewer, extent=Extent.WORDS_AND_STATUS):
    Publication.objects.decide(update=update, extent=extent, by=reviewer, at=NOW, proposed_by=update.author)


@pytest.mark.parametrize(
    ("extent", "told"), [(Extent.WORDS, ""), (Extent.WORDS_AND_STATUS, "No action"), (Extent.NOTHING, None)]
)
def test_what_may_be_quoted_outside_was_published(world, extent, told):
    StatusUpdate.objects.filter(pk__in=[world.approved.pk, world.submitted.pk]).update(
        sensitivity=Sensitivity.PUBLIC
    )
    Ask.objects.all().update(retired_at=NOW)
    published(world.approved, world.reviewer, extent)
    taken = take_out(world.reviewer, "updates", level="public", columns=["reference", "status", "reason"])
    if told is None:
        assert "There is nothing to export" in text_of(taken)
    else:
        assert rows_of(content(taken))[2] == [[world.recommendation.reference, told]], "and no reason"


def test_taking_out_is_recorded_and_each_restricted_row_on_its_own(world):
    before = Event.objects.count()
    content(take_out(world.author, "evidence", "?q=told", level="restricted", columns=["title"]))
    about, *rest = Event.objects.filter(kind=EventKind.EXPORTED).order_by("seq")
    assert about.actor == world.author
    assert about.payload == {
        **{"list": "evidence", "format": "csv", "level": "restricted", "rows": 0},
        **{"columns": ["title"], "filters": ["q"]},
    }
    assert {event.evidence_id for event in rest} == {world.restricted_evidence.pk, world.restricted_file.pk}
    assert Event.objects.count() == before + 3
    # What was searched for may be secret; who may not see an item learns nothing of its leaving.
    assert "told" not in str([event.payload for event in Event.objects.all()])
    assert Event.objects.visible_to(world.reviewer).filter(kind=EventKind.EXPORTED).count() == 1


def test_published_words_of_a_restricted_update_are_not_counted_for_others(world):
    factories.hide(world.approved)
    published(world.approved, world.reviewer, Extent.WORDS)
    assert len(rows_of(content(take_out(world.author, "updates", level="public")))[2]) == 1
    told = Event.objects.filter(kind=EventKind.EXPORTED)
    assert told.visible_to(world.reviewer).get().payload["rows"] == 0
    assert told.get(update=world.approved).actor == world.author, "recorded on its own"


def test_nothing_to_take_out_says_so_and_records_nothing(world):
    answer = take_out(world.reviewer, "recommendations", "?status=implemented")
    assert "There is nothing to export" in text_of(answer)
    assert not Event.objects.filter(kind=EventKind.EXPORTED).exists()


@pytest.mark.parametrize(
    ("query", "given", "words"),
    [
        ("?status=bogus", {}, "“bogus” is not one of the choices."),
        ("", {"columns": []}, "Choose at least one column."),
        ("", {"columns": ["password"]}, "Select a valid choice."),
        ("", {"made_as": "pdf"}, "Select a valid choice."),
    ],
)
def test_a_wrong_choice_is_told_and_nothing_leaves(world, query, given, words):
    answer = take_out(world.reviewer, "recommendations", query, **given)
    assert words in text_of(answer)
    assert not answer.streaming
    assert not Event.objects.filter(kind=EventKind.EXPORTED).exists()


def test_the_list_leads_to_the_file_with_its_filters(world):
    page = browser_of(world.reviewer).get(reverse("recommendation-list"), {"owner": "me", "sort": "-due"})
    assert "nothing" not in page.content.decode()[:10]
    page = browser_of(world.author).get(reverse("recommendation-list"), {"owner": "me", "sort": "-due"})
    assert "/export/recommendations/?owner=me&amp;sort=-due" in page.content.decode()


def test_a_formula_in_a_title_or_a_name_is_inert_in_the_whole_file(world):
    Recommendation.objects.filter(pk=world.second.pk).update(short_title='=HYPERLINK("http://evil/")')
    world.author.name = "@SUM(1)"
    world.author.save()
    Evidence.objects.filter(pk=world.evidence.pk).update(title="\t=cmd|' /C calc'!A0")
    for listed in ("recommendations", "evidence", "updates"):
        rows = rows_of(content(take_out(world.author, listed)))[2]
        cells = [cell for row in rows for cell in row]
        assert [cell for cell in cells if cell.lstrip(" ")[:1] in FORMULA_STARTS and cell] == []


def test_every_row_of_a_long_list_is_in_it(world):
    for number in range(60):
        factories.link(world.author, f"Item {number}")
    assert len(rows_of(content(take_out(world.people["viewer"], "evidence")))[2]) == 62


@pytest.mark.parametrize("made_as", ["csv", "xlsx"])
def test_the_head_of_an_instant_says_in_which_zone_it_is_told(world, made_as):
    """A cell of a workbook holds none, so the head does, in both kinds of file."""
    User.objects.filter(pk=world.reviewer.pk).update(time_zone="Asia/Seoul")
    reader = User.objects.get(pk=world.reviewer.pk)
    answer = content(take_out(reader, "updates", columns=["reference", "as_of", "approved"], made_as=made_as))
    if made_as == "csv":
        _face, head, rows = rows_of(answer)
        told = {row[-1] for row in rows} - {""}
    else:
        lines = [[cell.value for cell in row] for row in openpyxl.load_workbook(io.BytesIO(answer)).active]
        head = lines[0]
        told = {line[2].isoformat(" ") for line in lines[lines.index(head) + 1 :] if line[2]}
    assert head == ["Reference", "As of", "Approved (time in Asia/Seoul)"]
    at = StatusUpdate.objects.approved().first().approved_at.astimezone(reader.zone)
    assert {one[:16] for one in told} == {f"{at:%Y-%m-%d %H:%M}"}


def test_every_column_of_instants_says_so():
    lists = {
        Recommendation: columns.recommendation_columns,
        StatusUpdate: columns.update_columns,
        Evidence: columns.evidence_columns,
    }
    for model, offered in lists.items():
        kinds = {field.name: type(field).__name__ for field in model._meta.concrete_fields}
        for column in offered():
            assert column.instant == (kinds.get(column.path) == "DateTimeField"), column.name
