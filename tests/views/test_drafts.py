"""Log an update: what is posted is kept, what is whole is submitted, nothing typed is lost."""

import re
import uuid

import pytest
from django.urls import reverse

from recommendations.choices import EvidenceForm, Role, Sensitivity, Status, UpdateState
from recommendations.models import Event, Evidence, StagedUpload, StatusUpdate
from recommendations.services import updates as update_service
from tests.support import factories, forms
from tests.support.factories import NOW

pytestmark = pytest.mark.usefixtures("at_the_time_of_the_story")


def test_the_form_is_there_in_the_order_people_think(ana, recommendation):
    page = ana.get(forms.update_address(recommendation)).content.decode()
    order = [
        "What was found",
        "Assessment",
        "Evidence",
        "Where we looked",
        "Who can see this",
    ]
    places = [re.search(rf"<legend[^>]*>\s*{words}", page).start() for words in order]
    assert places == sorted(places)
    assert "A concrete step has been taken and is pursued; nothing is in effect yet." in page


def test_a_whole_update_with_files_and_links_is_submitted_in_one_post(ana, team, recommendation):
    data = forms.update_form(
        status=Status.INITIAL,
        evidence=[
            forms.file_row(forms.upload(), source="KCNA", locator="p. 3", kind="press"),
            forms.file_row(
                [forms.upload("a.png", forms.PNG), forms.upload("b.pdf")], sensitivity="restricted"
            ),
            forms.link_row(stance="contradicts"),
        ],
    )
    response = ana.post(forms.update_address(recommendation), data)
    update = StatusUpdate.objects.get()
    assert response.status_code == 302 and response.url == update.get_absolute_url()
    assert (update.state, update.author) == (UpdateState.SUBMITTED, team["author"])
    titles = list(update.citations.order_by("pk").values_list("evidence__title", "stance", "locator"))
    assert titles == [
        ("report.pdf", "supports", "p. 3"),
        ("a.png", "supports", ""),
        ("A page", "contradicts", ""),
        ("b.pdf", "supports", ""),
    ]
    assert Evidence.objects.get(title="b.pdf").sensitivity == Sensitivity.RESTRICTED
    assert not StagedUpload.objects.exists()
    assert Event.objects.filter(kind="evidence_added", recommendation=recommendation).count() == 4
    assert "b.pdf" not in str(list(Event.objects.values_list("payload", flat=True)))


def test_the_same_form_posted_twice_makes_one_update_and_one_item_of_each(ana, recommendation):
    key = uuid.uuid4()
    for _ in range(2):
        data = forms.update_form(key=key, evidence=[forms.file_row(forms.upload()), forms.link_row()])
        assert ana.post(forms.update_address(recommendation), data).status_code == 302
    assert StatusUpdate.objects.count() == 1
    assert Evidence.objects.count() == 2
    assert not StagedUpload.objects.exists()


def test_a_draft_posted_twice_keeps_one_item_of_each(ana, recommendation):
    key = uuid.uuid4()
    for _ in range(2):
        data = forms.update_form(key=key, intent="draft", evidence=[forms.file_row(forms.upload())])
        assert ana.post(forms.update_address(recommendation), data).status_code == 302
    assert Evidence.objects.count() == 1
    assert StatusUpdate.objects.get().citations.count() == 1


def test_a_draft_may_be_as_incomplete_as_it_likes(ana, recommendation):
    data = forms.update_form(intent="draft", status="", confidence="", movement="", reason="", places=())
    response = ana.post(forms.update_address(recommendation), data)
    update = StatusUpdate.objects.get()
    assert response.url == reverse("update-edit", args=[update.key])
    assert (update.state, update.public_text) == (UpdateState.DRAFT, "We read every issue.")


def test_broken_rules_are_named_with_links_and_the_draft_is_kept(ana, recommendation):
    data = forms.update_form(status=Status.INITIAL, reason="", places=(), as_of="2024-09-03")
    page = ana.post(forms.update_address(recommendation), data).content.decode()
    for target, words in {
        "id_as_of": "in the future",
        "id_reason": "Enter the reason for this status",
        "id_evidence": "Add at least one evidence item",
    }.items():
        assert f'href="#{target}"' in page
        assert f'id="{target}"' in page
        assert words in page
    assert "We read every issue." in page
    assert StatusUpdate.objects.get().state == UpdateState.DRAFT


def test_nothing_typed_is_lost_on_an_error_and_no_file_is_sent_twice(ana, recommendation):
    key = uuid.uuid4()
    data = forms.update_form(
        key=key,
        as_of="the 30th",
        internal_note="call again",
        evidence=[
            forms.file_row(forms.upload(), title="My title", sensitivity="", locator="p. 9"),
            forms.link_row("notaweb", title="Odd"),
        ],
    )
    page = ana.post(forms.update_address(recommendation), data).content.decode()
    for typed in ("the 30th", "call again", "My title", "p. 9", "notaweb", "Odd"):
        assert typed in page
    assert "Already uploaded:" in page
    assert "Choose who can see this." in page
    staged = StagedUpload.objects.get()
    again = forms.update_form(
        key=key,
        evidence=[forms.file_row(staged=staged.key, title="My title", sensitivity="restricted")],
    )
    assert ana.post(forms.update_address(recommendation), again).status_code == 302
    item = Evidence.objects.get()
    assert (item.key, item.title, item.sensitivity) == (staged.key, "My title", Sensitivity.RESTRICTED)


def test_errors_of_rows_and_of_rules_are_told_at_once(ana, recommendation):
    data = forms.update_form(status=Status.INITIAL, reason="", evidence=[forms.link_row(sensitivity="")])
    page = ana.post(forms.update_address(recommendation), data).content.decode()
    assert "Choose who can see this." in page and "Enter the reason for this status" in page
    assert "Add at least one evidence item" not in page


def test_a_file_that_waits_is_there_with_its_words_when_the_draft_is_opened(ana, recommendation):
    data = forms.update_form(
        intent="draft", evidence=[forms.file_row(forms.upload(), title="My title", sensitivity="")]
    )
    ana.post(forms.update_address(recommendation), data)
    page = ana.get(reverse("update-edit", args=[StatusUpdate.objects.get().key])).content.decode()
    assert "Already uploaded:" in page and "My title" in page


def test_a_waiting_file_taken_off_is_gone(ana, recommendation):
    key = uuid.uuid4()
    ana.post(
        forms.update_address(recommendation),
        forms.update_form(key=key, intent="draft", evidence=[forms.file_row(forms.upload(), sensitivity="")]),
    )
    staged = StagedUpload.objects.get()
    data = forms.update_form(
        key=key, intent="draft", evidence=[forms.file_row(staged=staged.key, sensitivity="", remove="on")]
    )
    assert ana.post(forms.update_address(recommendation), data).status_code == 302
    assert not StagedUpload.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("empty.pdf", b"", "This file is empty"),
        ("setup.exe", forms.EXE, "is a Windows program"),
        ("report.pdf", forms.EXE, "is a Windows program"),
        ("annex.pdf.lnk", forms.LNK, "a Windows shortcut"),
        ("code.js", b"alert(1)", "is a script"),
        (
            "page.hta",
            b"<html><HTA:APPLICATION><script>alert(1)</script>",
            "a web page that runs as a program",
        ),
    ],
)
def test_a_file_that_is_not_kept_says_why_and_leaves_nothing(
    ana, recommendation, settings, name, content, words
):
    data = forms.update_form(evidence=[forms.file_row(forms.upload(name, content), title="Kept words")])
    page = ana.post(forms.update_address(recommendation), data).content.decode()
    assert words in page and "Kept words" in page
    assert not StagedUpload.objects.exists() and not Evidence.objects.exists()
    assert not list(settings.EVIDENCE_DIR.glob("spool/*")) and not list(
        settings.EVIDENCE_DIR.rglob("objects/*/*/*")
    )
    assert StatusUpdate.objects.get().state == UpdateState.DRAFT


def test_a_file_over_the_limit_is_refused_and_the_rest_of_the_form_is_read(ana, recommendation, settings):
    settings.EVIDENCE_MAX_BYTES = 1024 * 1024
    big = forms.upload("big.pdf", forms.PDF + b"0" * 2 * 1024 * 1024)
    data = forms.update_form(evidence=[forms.file_row(big, locator="p. 4"), forms.file_row(forms.upload())])
    page = ana.post(forms.update_address(recommendation), data).content.decode()
    assert "larger than 1 MB" in page and "p. 4" in page
    assert Evidence.objects.get().title == "report.pdf"
    assert not list(settings.EVIDENCE_DIR.glob("spool/*"))


def test_a_row_asked_for_by_button_comes_without_blame(ana, recommendation):
    data = forms.update_form(evidence=[forms.link_row("", title="Half")], status="")
    del data["intent"]
    data["add"] = "file"
    page = ana.post(forms.update_address(recommendation), data).content.decode()
    assert "evidence-1-file" in page and "Half" in page
    assert "error-summary" not in page


def test_html_in_every_field_is_shown_as_text(ana, recommendation):
    bad = '<script>alert("x")</script>'
    fields = dict.fromkeys(["reason", "public_text", "government_claim", "internal_note"], bad)
    fields["government_answer"] = "claims"
    row = forms.file_row(forms.upload("<img src=x>.pdf"), title=bad, source=bad, locator=bad)
    data = forms.update_form(evidence=[row], places=[(bad, "2024-08-30")], **fields)
    assert ana.post(forms.update_address(recommendation), data).status_code == 302
    update, item = StatusUpdate.objects.get(), Evidence.objects.get()
    for url in (update.get_absolute_url(), item.get_absolute_url(), reverse("evidence-list")):
        page = ana.get(url).content.decode()
        assert "&lt;script&gt;" in page
        assert "<script>alert" not in page and "<img src=x" not in page


def test_evidence_that_we_hold_is_cited_and_kept_when_the_draft_is_saved_again(ana, recommendation):
    ana.post(
        forms.update_address(recommendation), forms.update_form(intent="draft", evidence=[forms.link_row()])
    )
    item, update = Evidence.objects.get(), StatusUpdate.objects.get()
    page = ana.get(reverse("update-edit", args=[update.key])).content.decode()
    assert f'value="{item.key}"' in page
    held = {"shape": "held", "evidence": item.key, "stance": "contradicts", "locator": "p. 1"}
    data = forms.update_form(intent="draft", evidence=[held])
    assert ana.post(reverse("update-edit", args=[update.key]), data).status_code == 302
    citation = update.citations.get()
    assert (citation.evidence, citation.stance, citation.locator) == (item, "contradicts", "p. 1")
    assert item.form == EvidenceForm.LINK


def test_a_restricted_item_of_somebody_else_cannot_be_cited(client, ana, team, recommendation):
    ana.post(
        forms.update_address(recommendation),
        forms.update_form(evidence=[forms.file_row(forms.upload(), sensitivity="restricted")]),
    )
    item = Evidence.objects.get()
    client.force_login(team["manager"])
    page = client.post(
        forms.update_address(recommendation),
        forms.update_form(evidence=[{"shape": "held", "evidence": item.key}]),
    ).content.decode()
    assert "Choose an item from the list." in page
    assert item.title not in page


def test_a_citation_that_its_author_may_not_see_any_more_stays(ana, team, recommendation):
    other = factories.person("Olga", Role.CONTRIBUTOR)
    item = Evidence.objects.create(
        form="link",
        url="https://example.org",
        title="Hidden",
        sensitivity="restricted",
        uploaded_by=other,
        uploaded_at=NOW,
    )
    update = update_service.save_draft(
        author=team["author"],
        recommendation=recommendation,
        key=uuid.uuid4(),
        fields={},
        citations=[(item, "supports", "p. 2")],
        now=NOW,
    )
    url = reverse("update-edit", args=[update.key])
    assert "Hidden" not in ana.get(url).content.decode()
    ana.post(url, forms.update_form(intent="draft"))
    assert update.citations.get().evidence == item
