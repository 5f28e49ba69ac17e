"""What a file is by its bytes, and what becomes of its name."""

import io
import zipfile

import pytest

from recommendations.errors import Refused
from recommendations.files import types
from tests.support import corpus, forms

OLE = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 504
OOXML = "[Content_Types].xml"

KEPT = {
    "a.pdf": forms.PDF,
    "A.PDF": forms.PDF,
    "a.png": forms.PNG,
    "a.jpg": bytes.fromhex("ffd8ffe000104a46494600010100000100010000") + b"\0" * 50,
    "a.heic": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 20,
    "a.mp4": b"\0\0\0\x18ftypisom\0\0\x02\0isomiso2" + b"\0" * 20,
    "a.mov": b"\0\0\0\x14ftypqt  \0\0\x02\0qt  " + b"\0" * 20,
    "a.m4a": b"\0\0\0\x18ftypM4A \0\0\x02\0isomiso2" + b"\0" * 20,
    "a.mp3": b"ID3\x03\0\0\0\0\0\x0a" + b"\0" * 10 + b"\xff\xfb\x90\0" + b"\0" * 400,
    "a.wav": b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\1\0\1\0" + b"\0" * 30,
    "a.txt": "안녕 hello\n".encode(),
    "utf16.txt": "안녕 hello\n".encode("utf-16"),
    "cp949.txt": "안녕하세요 북한 인권\n".encode("cp949") * 3,
    "a.md": b"# Title\n\n* a\n",
    "a.csv": b"a,b,c\n1,2,3\n4,5,6\n",
    "a.eml": b"From: a@b.c\r\nTo: d@e.f\r\nSubject: hi\r\nMessage-ID: <a@b>\r\n\r\nHello\r\n",
    "a.rtf": b"{\\rtf1\\ansi hello}",
    "a.doc": OLE,
    "a.hwp": OLE,
    "old.hwp": b"HWP Document File V3.00 \x1a\x01\x02\x03\x04\x05" + b"\0" * 100,
    "a.hwpx": forms.archive("Contents/content.hpf", mimetype="application/hwp+zip"),
    "a.docx": forms.archive(OOXML, "word/document.xml"),
    "b.docx": forms.archive("word/document.xml", OOXML),
    "a.xlsx": forms.archive(OOXML, "xl/workbook.xml"),
    "a.pptx": forms.archive(OOXML, "ppt/presentation.xml"),
    "a.odt": forms.archive("content.xml", mimetype="application/vnd.oasis.opendocument.text"),
    "a.zip": forms.archive("one.txt", "two.exe"),
    "a.html": b"<!doctype html><html><script>1</script>",
    "a.svg": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
}
# Kept, and never looked into: not what their name says, or two things at once.
OPAQUE = {
    "a.pdf": forms.PNG,
    "a.txt": b"<!doctype html><html><script>1</script>",
    "a.xlsx": forms.archive(OOXML, "word/document.xml"),
    "a.jpg": forms.PDF,
    "noname": forms.PDF,
    "b.pdf": corpus.NOISE,
    "gif.gif": b"GIF89a/*" + b"\0" * 20 + b"*/=1;<script>alert(1)</script>",
    "zip.png": forms.PNG + forms.archive("a.exe"),
    "zip.pdf": forms.PDF + forms.archive("a.exe"),
}
REFUSED = {
    "a.exe": (forms.EXE, "a Windows program"),
    "a.jpg": (forms.EXE, "a Windows program"),
    "a.lnk": (forms.LNK, "a Windows shortcut"),
    "b.zip": (forms.LNK, "a Windows shortcut"),
    "a.hta": (b"<html><head><HTA:APPLICATION ID='x'></head></html>", "HTA"),
    "a.js": (b"function foo(){ return 1; }\n", "a script"),
    "report.pdf.exe": (forms.PDF, "a program"),
    "a.bat": (b"@echo off\r\ndel c:\\\r\n", "a script"),
    "a.sh": (b"#!/bin/sh\necho hi\n", "a script"),
    "b.txt": (b"#!/bin/sh\necho hi\n", "a script"),
    "a.iso": (b"\0" * 32768 + b"\x01CD001\x01\0" + b"\0" * 3000, "a disk image"),
    "a.docm": (forms.archive(OOXML, "word/document.xml", "word/vbaProject.bin"), "macros"),
    "a.docx": (forms.archive(OOXML, "word/document.xml", "word/vbaProject.bin"), "macros"),
    "a.jar": (forms.archive("META-INF/MANIFEST.MF", "A.class"), "a program"),
    "c.zip": (forms.archive("AndroidManifest.xml", "classes.dex"), "a program"),
    "a.rar": (b"Rar!\x1a\x07\x01\0" + b"\0" * 30, "application/vnd.rar"),
    "broken.zip": (b"PK\x03\x04 and no end", "its end is missing"),
}


@pytest.fixture
def on_disk(tmp_path):
    """Write bytes to a file and return its path."""

    def write(content):
        path = tmp_path / "file"
        path.write_bytes(content)
        return path

    return write


@pytest.mark.parametrize("name", KEPT)
def test_what_staff_collect_is_kept(on_disk, name):
    assert types.check(on_disk(KEPT[name]), name) in types.ALLOWED[types.extension_of(name)][1]


@pytest.mark.parametrize("name", OPAQUE)
def test_what_is_not_what_its_name_says_is_kept_unseen(on_disk, name):
    assert types.check(on_disk(OPAQUE[name]), name) == types.OPAQUE


@pytest.mark.parametrize("name", REFUSED)
def test_what_can_harm_or_pretends_is_refused_and_told_apart(on_disk, name):
    content, words = REFUSED[name]
    with pytest.raises(Refused, match=words.replace(".", r"\.")):
        types.check(on_disk(content), name)


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("report.pdf", "report.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\kim\\report.pdf", "report.pdf"),
        ("a\"b'c.pdf", "a”b’c.pdf"),
        ("annex\u202efdp.exe", "annexfdp.exe"),
        ("a\r\nSet-Cookie: x=1.pdf", "aSet-Cookie: x=1.pdf"),
        ("a\0b\x7f.pdf", "ab.pdf"),
        ("..", "file"),
        (".htaccess", "htaccess"),
        ("", "file"),
        ("  two   words .pdf", "two words.pdf"),
        ("한국어 보고서.hwp", "한국어 보고서.hwp"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
        ("한" * 300, "한" * 150),
    ],
)
def test_names_are_cleaned(name, cleaned):
    assert types.clean_name(name) == cleaned
    assert types.clean_name(cleaned) == cleaned


def bomb():
    """An archive of 200 MiB of zeros in some 200 kB."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("zeros", "w") as member:
        for _ in range(200):
            member.write(b"\0" * 1024 * 1024)
    return made.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        bomb(),
        forms.archive(*(f"{n}" for n in range(2001))),
        forms.archive("a")[:-22] + b"PK\x06\x07" + b"\0" * 16 + forms.archive("a")[-22:],
    ],
    ids=["ratio", "members", "large format"],
)
def test_an_archive_made_to_fill_a_disk_is_refused(on_disk, content):
    with pytest.raises(Refused, match="archive"):
        types.check(on_disk(content), "a.zip")


def test_an_archive_is_listed():
    content = forms.archive("a/one.txt", "two.txt", content=b"four")
    assert types.listing(io.BytesIO(content)) == [("a/one.txt", 4), ("two.txt", 4)]
