"""Evidence on its own: added, described, kept from who may not see it, let out by one door."""

import re
import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.urls import reverse

from recommendations import vault
from recommendations.choices import EventKind, Sensitivity
from recommendations.errors import Refused
from recommendations.models import Event, Evidence, StagedUpload
from recommendations.services.evidence import items, uploads
from recommendations.services.evidence.details import change
from tests.support import forms
from tests.support.factories import NOW, item_of
from tests.support.items import ADD, details
from tests.support.vaulting import flip

pytestmark = pytest.mark.usefixtures("at_the_time_of_the_story")


def test_a_file_is_added_and_its_page_says_what_it_is(client, team):
    client.force_login(team["author"])
    response = client.post(ADD, details(file=forms.upload(), note="Page two."))
    item = Evidence.objects.get()
    assert response.url == item.get_absolute_url()
    page = client.get(response.url).content.decode()
    for words in ("A report", "KCNA", "PDF document", item.sha256, "Page two.", "report.pdf", "Internal"):
        assert words in page
    assert Event.objects.get().kind == EventKind.EVIDENCE_ADDED


def test_the_form_posted_twice_adds_one_item(client, team):
    client.force_login(team["author"])
    key = uuid.uuid4()
    urls = {client.post(ADD, details(form_key=key, file=forms.upload())).url for _ in range(2)}
    assert len(urls) == 1 and Evidence.objects.count() == 1 and not StagedUpload.objects.exists()


def test_the_level_must_be_chosen_and_the_file_waits_meanwhile(client, team):
    client.force_login(team["author"])
    page = client.get(ADD).content.decode()
    assert [name for name, _value in re.findall(r'name="(\w+)"\s+value="(\w+)"[^>]*\schecked', page)] == [
        "reliability",
        "credibility",
    ], "no level is chosen beforehand; a grade is: that nothing can be judged yet"
    key = uuid.uuid4()
    page = client.post(ADD, details(form_key=key, file=forms.upload(), sensitivity="")).content.decode()
    assert "Choose who can see this." in page and "Already uploaded:" in page
    staged = StagedUpload.objects.get()
    client.post(ADD, details(form_key=key, staged=staged.key))
    assert Evidence.objects.get().sha256 == staged.sha256


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "ftp://example.org/a",
        "data:text/html,x",
        "file:///etc/passwd",
        "example.org",
        "https://kim:secret@example.org/",
        "https://",
        "",
    ],
)
def test_a_link_is_a_web_address_or_nothing(client, team, url):
    client.force_login(team["author"])
    page = client.post(f"{ADD}?shape=link", details(url=url)).content.decode()
    assert 'href="#id_url"' in page
    assert not Evidence.objects.exists()
    with pytest.raises(ValidationError):
        items.add_link(
            key=uuid.uuid4(),
            url=url,
            uploader=team["author"],
            details={"title": "x", "sensitivity": "public"},
            now=NOW,
        )


def test_a_link_is_added_and_opens_apart(client, team):
    client.force_login(team["author"])
    client.post(f"{ADD}?shape=link", details(url="https://example.org/a?b=1&c=2"))
    page = client.get(Evidence.objects.get().get_absolute_url()).content.decode()
    assert (
        'href="https://example.org/a?b=1&amp;c=2" target="_blank" rel="noopener noreferrer nofollow"' in page
    )


def test_a_download_is_an_attachment_that_nothing_opens(client, team):
    content = b"words <b>with</b> signs\n" * 10_000
    item = item_of(team["author"], name='../한국 "x"\r\nA: b.txt', content=content)
    client.force_login(team["viewer"])
    response = client.get(reverse("evidence-download", args=[item.key]))
    assert b"".join(response.streaming_content) == content
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert "\r" not in response["Content-Disposition"] and "/" not in response["Content-Disposition"]
    csp = response["Content-Security-Policy"]
    assert "sandbox" in csp and "default-src 'none'" in csp and "script-src" not in csp
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["Referrer-Policy"] == "no-referrer"
    assert int(response["Content-Length"]) == item.size


def test_a_damaged_file_is_not_sent(client, team, settings):
    item = item_of(team["author"])
    flip(item.object_name)
    client.force_login(team["viewer"])
    response = client.get(reverse("evidence-download", args=[item.key]))
    assert response.status_code == 500 and "damaged" in response.content.decode()


def test_a_file_whose_key_is_missing_is_not_called_damaged(client, team, settings):
    item = item_of(team["author"])
    client.force_login(team["viewer"])
    settings.EVIDENCE_KEY_FILE.rename(settings.EVIDENCE_KEY_FILE.with_suffix(".away"))
    response = client.get(reverse("evidence-download", args=[item.key]))
    page = response.content.decode()
    assert response.status_code == 503 and "Nothing is lost" in page and "damaged" not in page
    assert client.get(item.get_absolute_url()).status_code == 200, "the rest of the site works"
    settings.EVIDENCE_KEY_FILE.with_suffix(".away").rename(settings.EVIDENCE_KEY_FILE)
    response = client.get(reverse("evidence-download", args=[item.key]))
    assert b"".join(response) == forms.PDF


def test_without_its_key_nothing_is_taken_in_and_nothing_typed_is_lost(client, team, settings):
    client.force_login(team["author"])
    settings.EVIDENCE_KEY_FILE.unlink()
    page = client.post(ADD, details(title="Kept words", file=forms.upload())).content.decode()
    assert "Files cannot be stored at the moment" in page and "Kept words" in page
    assert not Evidence.objects.exists() and not list(settings.EVIDENCE_DIR.glob("spool/*"))


def test_details_are_put_right_and_bytes_are_not(client, team):
    item = item_of(team["author"])
    client.force_login(team["author"])
    data = details(title="Better", sensitivity="public", sha256="0" * 64, original_name="x", object_name="y")
    client.post(reverse("evidence-change", args=[item.key]), data)
    fresh = Evidence.objects.get()
    assert (fresh.title, fresh.sensitivity) == ("Better", Sensitivity.PUBLIC)
    assert (fresh.sha256, fresh.original_name, fresh.object_name) == (
        item.sha256,
        item.original_name,
        item.object_name,
    )
    event = Event.objects.get(kind=EventKind.EVIDENCE_CHANGED)
    assert event.payload == {
        "fields": ["title", "kind", "source", "sensitivity"],
        "before": "internal",
        "after": "public",
    }


def test_a_contributor_changes_only_their_own(client, team):
    item = item_of(team["author"])
    client.force_login(team["other"])
    client.post(reverse("evidence-change", args=[item.key]), details(title="Mine"))
    assert Evidence.objects.get().title == "A report"
    with pytest.raises(Refused):
        change(item=item, actor=team["other"], details={"title": "Mine"}, now=NOW)


def test_a_viewer_adds_nothing(client, team):
    client.force_login(team["viewer"])
    assert client.get(ADD).status_code == 403
    assert client.post(ADD, details(file=forms.upload())).status_code == 403
    with pytest.raises(Refused):
        item_of(team["viewer"])
    assert not list(vault.object_names())


def test_a_waiting_file_is_swept_a_day_after_its_last_use(team, settings):
    keys = []
    for name in ("old.pdf", "new.pdf"):
        keys.append(
            uploads.stage(
                incoming=vault.receive(forms.upload()),
                name=name,
                uploader=team["author"],
                form_key=uuid.uuid4(),
                now=NOW,
            )
        )
    uploads.restage(key=keys[1], uploader=team["author"], details={}, now=NOW + timedelta(hours=20))
    gone = uploads.sweep(now=NOW + timedelta(hours=25))
    assert len(gone) == 1
    assert [staged.key for staged in StagedUpload.objects.all()] == [keys[1]]
    assert list(vault.object_names()) == [StagedUpload.objects.get().object_name]
    with pytest.raises(Refused, match="no longer here"):
        items.add_file(key=keys[0], uploader=team["author"], details={"sensitivity": "public"}, now=NOW)


def test_the_sweep_as_a_command(team, capsys):
    uploads.stage(
        incoming=vault.receive(forms.upload()),
        name="old.pdf",
        uploader=team["author"],
        form_key=uuid.uuid4(),
        now=NOW,
    )
    later = (NOW + timedelta(hours=25)).isoformat()
    call_command("sweep_evidence", now=later, dry_run=True)
    assert "never finished: 1." in capsys.readouterr().out and StagedUpload.objects.exists()
    call_command("sweep_evidence", now=later)
    assert "Files removed: 1." in capsys.readouterr().out and not StagedUpload.objects.exists()


def test_a_row_that_cannot_be_written_leaves_no_bytes(team, monkeypatch):
    def fail(*_args, **_kwargs):
        raise RuntimeError("no row")

    monkeypatch.setattr(StagedUpload.objects, "get_or_create", fail)
    with pytest.raises(RuntimeError):
        item_of(team["author"])
    assert not list(vault.object_names())


def test_an_event_that_cannot_be_written_takes_the_item_back(team, monkeypatch):
    def fail(*_args, **_kwargs):
        raise RuntimeError("no event")

    monkeypatch.setattr(items.log, "record", fail)
    with pytest.raises(RuntimeError):
        item_of(team["author"])
    assert not Evidence.objects.exists()
    assert StagedUpload.objects.count() == 1


def test_an_archive_is_listed_and_a_twin_is_named_to_who_may_see_it(client, team):
    content = forms.archive("inside/<b>.txt")
    item = item_of(team["author"], name="a.zip", content=content)
    twin = item_of(team["other"], name="b.zip", content=content, title="The twin")
    hidden = item_of(
        team["other"], name="c.zip", content=content, sensitivity="restricted", title="Hidden twin"
    )
    client.force_login(team["author"])
    page = client.get(item.get_absolute_url()).content.decode()
    assert "inside/&lt;b&gt;.txt" in page and twin.title in page and hidden.title not in page


def test_the_list_filters_sorts_and_pages(client, team, recommendation, django_assert_num_queries):
    for number in range(60):
        Evidence.objects.create(
            form="link",
            url=f"https://example.org/{number}",
            title=f"Item {number:02}",
            kind="press" if number % 2 else "law",
            uploaded_by=team["author"],
            uploaded_at=NOW,
        )
    client.force_login(team["viewer"])
    page = client.get("/evidence/?sort=title").content.decode()
    assert "60 items" in page and "1 to 50 of 60" in page and page.index("Item 00") < page.index("Item 01")
    assert "Items: 30" in client.get("/evidence/?kind=law").content.decode()
    assert "1 item ·" in " ".join(client.get("/evidence/?q=item+07").content.decode().split())
    assert "No evidence fits" in client.get("/evidence/?cited=yes").content.decode()
    page = client.get("/evidence/?kind=bogus&sort=odd&page=x").content.decode()
    assert "is not one of the choices" in page
    client.get("/evidence/")
    # Session, person, count, page, the filters they saved.
    with django_assert_num_queries(5):
        client.get("/evidence/")
