"""The corpus of hostile and mistaken files at the door that people use: none is ever shown in place."""

from collections import Counter

import pytest

from recommendations.files import types
from recommendations.models import Evidence
from tests.support import corpus, forms
from tests.support.items import ADD, details
from tests.support.pages import browser_of

SAFE = {
    "Content-Type": "application/octet-stream",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
}


def send(browser, name, content):
    """Add a file as a person does. Returns (what became of it, its item or the page that refused it)."""
    answer = browser.post(ADD, details(file=forms.upload(name, content)))
    if answer.status_code == 200:
        return corpus.REFUSED, answer.content.decode()
    item = Evidence.objects.get(key=answer.url.strip("/").split("/")[-1])
    return corpus.OPAQUE if item.content_type == types.OPAQUE else corpus.KEPT, item


def faults_of_download(browser, item):
    """Yield what would let a browser open the file in place, or show its name wrongly."""
    answer = browser.get(f"/evidence/{item.key}/download/")
    b"".join(answer.streaming_content)
    yield from (f"{name}: {answer[name]}" for name, value in SAFE.items() if answer[name] != value)
    policy = answer["Content-Security-Policy"]
    if not answer["Content-Disposition"].startswith("attachment"):
        yield "inline"
    if not ("sandbox" in policy and "default-src 'none'" in policy and "allow-" not in policy):
        yield policy
    if {"/", "\\", "\r", "\n", "\u202e"} & set(item.original_name) or "ran=1" in answer.cookies:
        yield f"name: {item.original_name!r}"


def figures(author, reader):
    """Send the whole corpus in and ask for all that was kept. Returns: counts, and what went wrong.

    Args:
        author, reader: people; the author adds, the reader, who may have originals, asks.
    """
    sending, reading = browser_of(author), browser_of(reader)
    counts, wrong = Counter(), []
    for name, content, wanted in corpus.samples():
        verdict, item = send(sending, name, content)
        counts[verdict] += 1
        if verdict != wanted:
            wrong.append(f"{name}: {verdict}, not {wanted}")
        if verdict != corpus.REFUSED:
            faults = list(faults_of_download(reading, item))
            counts["served inline"] += bool(faults)
            wrong += [f"{name}: {fault}" for fault in faults]
    return counts, wrong


def test_the_corpus_is_sorted_and_nothing_of_it_is_shown_in_place(team):
    counts, wrong = figures(team["author"], team["reviewer"])
    assert wrong == []
    assert counts["served inline"] == 0
    assert counts[corpus.KEPT] > 25 and counts[corpus.OPAQUE] > 20 and counts[corpus.REFUSED] > 20


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("program.exe", forms.EXE, "a Windows program"),
        ("code.js", b"alert(1)", "a script"),
        ("shortcut.lnk", forms.LNK, "a Windows shortcut"),
        ("zeros.zip", corpus.zeros(200), "would unpack to much more"),
        ("empty.pdf", b"", "This file is empty."),
    ],
)
def test_a_refusal_says_what_it_is_and_keeps_what_was_typed(team, name, content, said):
    verdict, page = send(browser_of(team["author"]), name, content)
    assert verdict == corpus.REFUSED and said in page and 'value="A report"' in page


def test_one_byte_over_the_limit_is_refused_and_the_limit_itself_is_kept(team, settings):
    settings.EVIDENCE_MAX_BYTES = 5_000
    browser = browser_of(team["author"])
    fits = forms.PDF + b"%" * (5_000 - len(forms.PDF))
    assert send(browser, "fits.pdf", fits)[0] == corpus.KEPT
    verdict, page = send(browser, "over.pdf", fits + b"%")
    assert verdict == corpus.REFUSED and "larger than" in page
    assert Evidence.objects.count() == 1


def test_a_file_that_is_not_what_its_name_says_carries_a_mark(team):
    browser = browser_of(team["author"])
    _verdict, item = send(browser, "picture.pdf", corpus.png(8, 8))
    page = browser.get(item.get_absolute_url()).content.decode()
    assert (
        "Content does not match its name" in page
        and "Is it the right file?" in page
        and "PDF document" not in page
    )
    assert "Content does not match its name" in browser.get("/evidence/").content.decode()
