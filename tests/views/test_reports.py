"""The reports: kept as received, imported in two steps."""

import hashlib
import html
import re

import pytest
from django.urls import reverse

from recommendations.choices import EventKind
from recommendations.models import Event, Recommendation, Report, Section, SourceVersion
from recommendations.selectors import source
from recommendations.services import following
from tests.support import factories
from tests.support.factories import NOW
from tests.support.importing import IMPORT, NARRATIVE, confirm, last_step, upload
from tests.support.pages import browser_of, text_of

pytestmark = pytest.mark.usefixtures("at_the_time_of_the_story")


@pytest.fixture
def manager(client, team):
    """The client, signed in as a manager."""
    client.force_login(team["manager"])
    return client


def test_the_list_sets_closed_reports_apart(client, team, report):
    factories.report(year=2023, closed_at=NOW)
    factories.report(year=2022, closed_at=NOW)
    client.force_login(team["viewer"])
    response = client.get(reverse("report-list"))
    assert [one.year for one in response.context["followed"]] == [2024]
    assert [one.year for one in response.context["apart"]] == [2023, 2022]
    assert [one.size for one in response.context["followed"]] == [3]


def test_the_facts_say_since_when_a_report_is_followed_and_if_it_never_was(team):
    """The day of release comes before the import: nobody followed it then."""
    actor, later = team["manager"], NOW + 9 * factories.DAY
    report, old = factories.report(year=2024), factories.report(year=2015)
    Report.objects.update(imported_at=NOW)
    Report.objects.filter(pk=old.pk).update(closed_at=NOW)
    old.refresh_from_db()
    vera = browser_of(team["viewer"])

    def said(one):
        return text_of(vera.get(one.get_absolute_url())).partition("Followed ")[2]

    first, again = (f"{when:%-d %b %Y}" for when in (NOW, later))
    assert said(report).startswith(f"since its import on {first}, until a manager closes it")
    assert said(old).startswith("never: it was imported as closed")
    following.close(report=report, actor=actor, now=later)
    assert said(report).startswith(f"since its import on {first}, closed on {again}")
    following.reopen(report=old, actor=actor, now=later)
    assert said(old).startswith(f"again since {again}, until a manager closes it")


def test_many_reports_are_paged_and_a_menu_offers_some_and_the_chosen(client, team, report):
    for year in range(1960, 2023):
        factories.report(year=year, count=0, closed_at=NOW)
    client.force_login(team["viewer"])
    assert "1 to 50 of 64 reports" in text_of(client.get(reverse("report-list")))
    assert len(client.get(reverse("report-list"), {"page": 2}).context["apart"]) == 14
    offered = client.get(reverse("recommendation-list"), {"report": "TIP-1960-KP"}).context["report_choices"]
    assert (len(offered), offered[0][1], offered[-1][1]) == (41, "North Korea 2024", "All 64 reports…")
    assert ("North Korea 1960 (closed)", True) in [(name, chosen) for _address, name, chosen in offered]


def test_the_whole_text_is_shown_as_received_with_every_passage_marked(manager):
    confirm(manager, upload(manager, NARRATIVE))
    report = Report.objects.get()
    body = manager.get(report.get_absolute_url()).content.decode()
    parts = [part.partition("</div>")[0] for part in body.split('<div class="source">')[1:]]
    before, narrative, after = [html.unescape(re.sub(r"<[^>]+>", "", part)) for part in parts]
    assert before + narrative + after == report.text
    assert "IN THIS SECTION" in before and "White House" in after, "what stands around it is apart"
    assert narrative.startswith("The Government of") and narrative.rstrip().endswith(
        report.text[: report.sections.last().end].rstrip()[-40:]
    )
    headings = re.findall(r'id="section-(\w+)"></span><h3\s*>([^<]*)</h3>', body)
    assert headings[:2] == [
        ("recommendations", "PRIORITIZED RECOMMENDATIONS:"),
        ("prosecution", "PROSECUTION"),
    ]
    for one in Recommendation.objects.all():
        words = html.escape(report.text[one.start : one.end])
        marked = body.split(f'id="{one.reference}">')[1].split("</mark>")[0]
        assert f'href="{one.get_absolute_url()}"' in marked
        assert html.unescape(re.sub(r"<[^>]+>", "", marked)) == html.unescape(words)


def test_a_section_that_begins_inside_a_passage_does_not_cut_it(report):
    first = report.recommendations.first()
    section = Section(report=report, kind="prosecution", start=first.start + 3, end=first.end)
    found = source.pieces(report, [section], list(report.recommendations.all()))
    assert "".join(piece.text for piece in found) == report.text
    assert [piece.text for piece in found if piece.recommendation == first] == [first.text]


def test_a_text_in_which_no_section_was_found_is_all_narrative(report):
    found = source.reading(report, [], [])
    assert (found.before, found.start, found.after) == ("", 0, "")
    assert "".join(piece.text for piece in found.pieces) == report.text


def test_a_report_says_where_it_came_from_and_what_the_import_noticed(client, team, report):
    report.complete, report.warnings = False, ["The list ends early."]
    report.save()
    client.force_login(team["viewer"])
    text = text_of(client.get(report.get_absolute_url()))
    assert "The list of recommendations is not complete. The list ends early." in text
    assert report.sha256 in text
    assert "1 Apr 2023 – 31 Mar 2024" in text


def test_html_in_the_source_is_shown_as_text(client, team, report):
    Report.objects.update(text="<script>x</script>" + report.text, heading="<b>x</b>", source_name="<b>")
    client.force_login(team["viewer"])
    body = client.get(report.get_absolute_url()).content.decode()
    assert "<script>x" not in body
    assert "<b>" not in body


@pytest.mark.parametrize(
    "slug", ["TIP-2023-KP", "TIP-2024-US", "TIP-24-KP", "tip", "TIP-²²²²-KP", "A-2024-KP"]
)
def test_a_report_that_is_not_there_is_not_found(client, team, report, slug):
    client.force_login(team["viewer"])
    assert client.get(f"/reports/{slug}/").status_code == 404


def test_the_file_is_chosen_as_on_every_other_page(manager):
    page = manager.get(IMPORT).content.decode()
    field = page.partition("data-dropzone")[2].partition("</div>")[0]
    assert 'type="file"' in field and 'name="document"' in field and "multiple" not in field
    assert "js/upload.js" in page


def test_nothing_is_stored_before_the_preview_is_confirmed(manager):
    preview = upload(manager, NARRATIVE)
    text = text_of(preview)
    assert "North Korea 2024" in text
    assert "Import 11 recommendations" in text_of(last_step(manager, preview))
    assert "Accede to the 2000 UN TIP Protocol" in text
    assert not Report.objects.exists()
    done = confirm(manager, preview)
    report = Report.objects.get()
    assert done.url == report.get_absolute_url()
    assert bytes(report.source_bytes) == NARRATIVE
    assert report.sha256 == hashlib.sha256(NARRATIVE).hexdigest()
    assert report.source_name == "korea.txt"
    assert Event.objects.get().kind == EventKind.IMPORTED


def test_the_same_document_again_is_said_to_be_there_and_changes_nothing(manager):
    preview = upload(manager, NARRATIVE)
    confirm(manager, preview)
    again = upload(manager, NARRATIVE)
    assert "This document was already imported" in text_of(again)
    assert "Import 11 recommendations" not in text_of(again)
    confirm(manager, preview)
    assert Report.objects.count() == 1
    assert Event.objects.count() == 1


def test_other_words_for_the_same_country_and_year_are_a_further_version_of_the_report(manager):
    confirm(manager, upload(manager, NARRATIVE))
    preview = upload(manager, NARRATIVE + b"\nOne more line.")
    assert "This is a further version of North Korea 2024." in text_of(preview)
    assert "This is a further version of North Korea 2024." in text_of(confirm(manager, preview))
    assert (Report.objects.count(), SourceVersion.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"\x00\x01\x02" * 400, "Or choose a document"),
        (b"Dear all, lunch is at noon.", "Or choose a document"),
        (b"x" * (10 * 1024 * 1024 + 1), "larger than 10 MB"),
    ],
)
def test_what_is_no_narrative_is_refused_in_a_sentence(manager, data, said):
    response = upload(manager, data)
    assert said in text_of(response)
    assert response.context["form"].errors["document"]
    assert not Report.objects.exists()


def test_a_heading_that_the_document_cuts_short_is_offered_as_no_recommendation(manager):
    heading = NARRATIVE.index(b"\nPROSECUTION") + 1
    preview = upload(manager, NARRATIVE[: heading + 2])
    assert "Import 11 recommendations" in text_of(last_step(manager, preview))
    assert "The text ends in “PR”, the beginning of a heading" in text_of(preview)


def test_a_file_name_with_a_path_and_marks_is_kept_as_plain_text(manager):
    preview = upload(manager, NARRATIVE, name="../../<b>\u202etxt.exe" + "x" * 300)
    confirm(manager, preview)
    assert Report.objects.count() == 1
    assert "<b>" not in manager.get(Report.objects.get().get_absolute_url()).content.decode()


@pytest.mark.parametrize("role", ["viewer", "author", "reviewer"])
def test_only_managers_import(client, team, report, role):
    client.force_login(team[role])
    assert client.get(IMPORT).status_code == 403
    assert upload(client, NARRATIVE).status_code == 403
    assert Report.objects.get() == report


def test_the_document_is_downloaded_as_received_and_never_shown(team):
    browser = browser_of(team["manager"])
    confirm(browser, upload(browser, NARRATIVE, name="../2024 <korea>.txt"))
    report = Report.objects.get()
    address = reverse("report-document", args=[report.slug])
    assert address in browser.get(report.get_absolute_url()).content.decode()
    answer = browser_of(team["author"]).get(address)
    assert b"".join(answer.streaming_content) == NARRATIVE
    assert answer["Content-Disposition"].startswith("attachment; ")
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff" and "sandbox" in answer["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ("pdf", "read from a PDF"),
        ("html", "read from a saved web page"),
        ("docx", "read from a Word document"),
    ],
)
def test_a_report_says_what_its_text_was_read_from(team, form, said):
    report = factories.report(source_form=form)
    assert said in text_of(browser_of(team["author"]).get(report.get_absolute_url()))
