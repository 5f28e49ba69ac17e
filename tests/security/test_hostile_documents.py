"""Whatever a report's document is made of, the outcome is a text or a sentence that says what to do."""

import html
import io
import json
import random
import subprocess
import sys
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from recommendations.documents import read
from recommendations.files.sandbox import limits
from recommendations.importing import NotANarrative
from recommendations.models import Report
from tests.support.documents import WORD, as_page, as_pdf, as_word, packed
from tests.support.importing import upload
from tests.support.limited import limited
from tests.support.narratives import bulleted, narrative
from tests.support.pages import browser_of, text_of

TEXT = narrative(bulleted("\n• "))
WHOLE = {"pdf": as_pdf(TEXT), "docx": as_word(TEXT), "html": as_page(TEXT)}
BOMB = (
    '<!DOCTYPE d [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {two} "{f"&{one};" * 20}">' for one, two in zip("abcdefg", "bcdefgh", strict=True))
    + "]>"
)


def canvas(draw, **options):
    made = io.BytesIO()
    page = Canvas(made, invariant=1, **options)
    draw(page)
    page.showPage()
    page.save()
    return made.getvalue()


def scan():
    picture = Image.new("L", (300, 400), 250)
    return canvas(lambda page: page.drawImage(ImageReader(picture), 50, 50))


def locked_pdf():
    return canvas(
        lambda page: page.drawString(72, 700, "Fiji (Tier 2)"),
        encrypt=StandardEncryption("secret", canPrint=0),
    )


def word(body):
    return packed(
        f'{BOMB}<w:document xmlns:w="{WORD}"><w:body><w:p><w:r><w:t>{body}</w:t></w:r></w:p></w:body>'
        "</w:document>"
    )


def other_archive():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return made.getvalue()


def zip_bomb():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * (64 * 1024 * 1024))
    return made.getvalue()


def lying_zip_bomb():
    """An archive whose directory says that the document is small."""
    data = bytearray(zip_bomb())
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = (1000).to_bytes(4, "little")
    return bytes(data)


REFUSED = {
    "a scan": (scan, "only pictures of its pages and no text"),
    "a PDF without words or pictures": (
        lambda: canvas(lambda page: page.line(0, 0, 90, 90)),
        "This PDF holds no text.",
    ),
    "a PDF with a password": (locked_pdf, "locked with a password"),
    "a Word document with a password": (
        lambda: b"\xd0\xcf\x11\xe0" + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
        "locked with a password",
    ),
    "a PDF that ends early": (lambda: WHOLE["pdf"][:900], "broken or incomplete"),
    "a Word document that ends early": (lambda: WHOLE["docx"][:-300], "broken or incomplete"),
    "an archive of something else": (other_archive, "no Word document"),
    "a zip bomb": (zip_bomb, "far more than the narrative of one country"),
    "a zip bomb that lies": (lying_zip_bomb, "broken or incomplete"),
    "an entity bomb": (lambda: word("&h;"), "broken or incomplete"),
    "an entity from outside": (
        lambda: packed('<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d>&x;</d>'),
        "broken or incomplete",
    ),
    "a page without words": (lambda: b"<!doctype html><script>load()</script>", "holds no text"),
    "many pages": (
        lambda: canvas(lambda page: [page.showPage() for _page in range(limits.NARRATIVE_PAGES)]),
        "longer than the narrative of one country",
    ),
    "a page of nothing, deeply nested": (lambda: b"<!doctype html>" + b"<div>" * 5_000, "holds no text"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_read_is_refused_with_what_to_do(what):
    make, said = REFUSED[what]
    with pytest.raises(NotANarrative) as refusal:
        read(make())
    assert said in str(refusal.value)
    assert str(refusal.value).endswith(".") and "\n" not in str(refusal.value)


def test_the_page_of_the_import_says_why_a_document_was_refused(team):
    page = upload(browser_of(team["manager"]), scan(), name="scan.pdf")
    assert "only pictures of its pages and no text" in text_of(page)
    assert page.context["form"].errors["document"]
    assert not Report.objects.exists()


def outcome(data):
    """Return the text of a document or the sentence that refuses it; anything else fails the test."""
    try:
        document = read(data)
    except NotANarrative as refusal:
        assert str(refusal).endswith("."), str(refusal)
        return str(refusal)
    assert document.text.strip() and "\0" not in document.text
    document.text.encode()
    return document.text


@st.composite
def damaged(draw):
    """Return a document of any form, cut, and with some of its bytes changed."""
    data = bytearray(WHOLE[draw(st.sampled_from(sorted(WHOLE)))])
    chance = random.Random(draw(st.integers(0, 2**32)))
    for _time in range(draw(st.integers(0, 30))):
        data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data[: draw(st.integers(0, len(data)))] if draw(st.booleans()) else data)


CALM = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@CALM
@given(damaged())
def test_a_damaged_document_is_read_or_refused(data):
    outcome(data)


@CALM
@given(
    st.sampled_from(
        [b"%PDF-1.7\n", b"PK\x03\x04", b"<!doctype html>", b"\xff\xfe", b"\xd0\xcf\x11\xe0", b""]
    ),
    st.binary(max_size=2000),
)
def test_any_bytes_are_read_or_refused(head, rest):
    outcome(head + rest)


@CALM
@given(
    st.lists(
        st.sampled_from(["<li>", "</p>", "<table>", "<!--", "]]>", "&#0;", "&#xD800;", "<svg><p>", "a "])
    )
)
def test_any_markup_is_read_or_refused(pieces):
    outcome(f"<!doctype html>{''.join(pieces)}<p>{html.escape(TEXT)}".encode())


@pytest.mark.parametrize("form", WHOLE)
def test_a_document_that_needs_more_memory_than_it_may_have_is_refused(monkeypatch, form):
    limited(monkeypatch, "limits.NARRATIVE_MEMORY_BYTES = 24 * 1024 * 1024")
    with pytest.raises(NotANarrative, match=r"too much memory|far more than|longer than"):
        read(WHOLE[form])


def test_the_clock_ends_what_takes_too_long(monkeypatch):
    monkeypatch.setattr(limits, "NARRATIVE_SECONDS", 0.2)
    limited(monkeypatch, "time.sleep(600)")
    with pytest.raises(NotANarrative, match=r"takes more than 0\.2 seconds"):
        read(WHOLE["pdf"])


def test_the_kernel_ends_what_works_too_long(monkeypatch):
    limited(monkeypatch, "limits.NARRATIVE_SECONDS = 1\nchild.work = lambda *_what: iter(int, 1)")
    with pytest.raises(NotANarrative, match="Reading this PDF was stopped"):
        read(WHOLE["pdf"])


def test_the_limits_are_ten_seconds_and_300_megabytes():
    script = (
        "from recommendations.files.sandbox import limits; limits.apply('narrative')\n"
        "import json, resource\n"
        "bounds = (resource.RLIMIT_AS, resource.RLIMIT_CPU)\n"
        "print(json.dumps([resource.getrlimit(bound)[1] for bound in bounds]))"
    )
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert json.loads(said.stdout) == [300 * 1024 * 1024, 10]
    assert limits.NARRATIVE_SECONDS == 10
