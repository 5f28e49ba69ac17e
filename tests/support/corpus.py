"""Hostile and mistaken files, made here: wrong names, two things at once, scripts, programs, bombs.

Each sample says what must become of it: ``kept`` as what it is, ``opaque`` (kept and never looked into),
or ``refused``.
"""

import functools
import io
import random
import struct
import zipfile
import zlib

from tests.support import forms

KEPT, OPAQUE, REFUSED = "kept", "opaque", "refused"
OLE = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 504
OOXML = "[Content_Types].xml"
SCRIPT = b"<script>document.title='ran';fetch('/ran')</script>"
HTML = b"<!doctype html><html><head><title>A page</title></head><body>" + SCRIPT + b"</body></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="document.title=\'ran\'">' + SCRIPT + b"</svg>"
GIF = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;"
JPEG_HEAD = bytes.fromhex("ffd8ffe000104a46494600010100000100010000")
ISO = b"\0" * 32768 + b"\x01CD001\x01\0" + b"\0" * 3000
ELF = b"\x7fELF\x02\x01\x01" + b"\0" * 9 + struct.pack("<HHI", 2, 62, 1) + b"\0" * 140
MACHO = b"\xcf\xfa\xed\xfe\x07\0\0\x01\x03\0\0\0\x02\0\0\0" + b"\0" * 100
# The same in every run: a few bytes of chance can spell the mark of a program.
NOISE = random.Random(1).randbytes(2000)
XML_BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b"]><x>&j;</x>"
)


@functools.cache
def png(width, height, *chunks, colour=0, depth=1):
    """Return a whole PNG of zeros; a large one is small on the wire, and huge when it is decoded."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    row = b"\0" * (1 + (width * depth * {0: 1, 2: 3, 6: 4}[colour] + 7) // 8)
    packer, packed = zlib.compressobj(9), b""
    for _ in range(height):
        packed += packer.compress(row)
    packed += packer.flush()
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    extra = b"".join(chunk(kind, data) for kind, data in chunks)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + extra + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def pdf(*pages, size="[0 0 595 842]", extra=b""):
    """Return a PDF with one line of text on each page."""
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R " + extra + b">>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for n, words in enumerate(pages):
        stream = f"BT /F1 24 Tf 72 720 Td ({words}) Tj ET".encode()
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox {size} /Contents {5 + 2 * n} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
    made, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return made + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (len(objects) + 1, table, len(objects) + 1, len(made))
    )


def docx(*paragraphs, document=None):
    """Return a Word document with these paragraphs."""
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = "".join(f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>" for words in paragraphs)
    written = f'<?xml version="1.0"?><w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>'
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(OOXML, "<Types/>")
        archive.writestr("word/document.xml", document or written)
    return made.getvalue()


@functools.cache
def zeros(mebibytes):
    """Return an archive of zeros: 200 MiB in some 200 kB."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("zeros", "w") as member:
        for _ in range(mebibytes):
            member.write(b"\0" * 1024 * 1024)
    return made.getvalue()


def lying():
    """Return an archive whose table of contents says that 100 MiB are 5 kB."""
    whole = zeros(100)
    true = struct.pack("<I", 100 * 1024 * 1024)
    return whole.replace(true, struct.pack("<I", 5_000))


def encrypted(content):
    """Return an archive with the mark of encryption on its members."""
    made = bytearray(content)
    for sign, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = made.find(sign)
        while at >= 0:
            made[at + offset] |= 1
            at = made.find(sign, at + 4)
    return bytes(made)


@functools.cache
def samples():
    """Return (name, bytes, what must become of it) of each sample."""
    makers = (_wrong_names, _two_at_once, _active, _programs, _bombs, _odd_names)
    return tuple(sample for maker in makers for sample in maker())


def _wrong_names():
    yield "picture.pdf", png(8, 8), OPAQUE
    yield "document.jpg", pdf("words"), OPAQUE
    yield "document.png", docx("words"), OPAQUE
    yield "table.xlsx", docx("words"), OPAQUE
    yield "page.txt", HTML, OPAQUE
    yield "page.jpg", HTML, OPAQUE
    yield "page.pdf", HTML, OPAQUE
    yield "drawing.png", SVG, OPAQUE
    yield "drawing.html", SVG, OPAQUE
    yield "page.svg", HTML, OPAQUE
    yield "words.png", b"only words\n", OPAQUE
    yield "noise.pdf", b"\x8f" + NOISE, OPAQUE
    yield "noname", pdf("words"), OPAQUE
    yield "archive.docx", forms.archive("a.txt"), OPAQUE
    yield "hangul.docx", OLE, OPAQUE
    yield "sound.mp4", b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\1\0\1\0" + b"\0" * 30, OPAQUE
    yield "noise.xyz", b"\x8f" + NOISE, REFUSED


def _two_at_once():
    yield "gif-js.gif", b"GIF89a/*" + b"\0" * 40 + b"*/=1;alert(1);", KEPT
    yield "gif-html.gif", GIF + SCRIPT, OPAQUE
    yield "jpeg-html.jpg", JPEG_HEAD + b"\xff\xfe\0\x60" + HTML, OPAQUE
    yield "png-html.png", png(8, 8, (b"tEXt", b"Comment\0" + SCRIPT)), OPAQUE
    yield "png-zip.png", png(8, 8) + forms.archive("a.exe"), OPAQUE
    yield "jpeg-jar.jpg", JPEG_HEAD + b"\0" * 50 + forms.archive("META-INF/MANIFEST.MF"), OPAQUE
    yield "pdf-zip.pdf", pdf("words") + forms.archive("a.exe"), OPAQUE
    yield "pdf-html.pdf", b"%PDF-1.4\n" + HTML + pdf("words")[9:], OPAQUE
    yield "gif-pdf.gif", GIF[:-1] + pdf("words"), OPAQUE
    yield "exe-pdf.pdf", forms.EXE + pdf("words"), REFUSED
    yield "wav-html.wav", b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\1\0\1\0" + HTML, OPAQUE


def _active():
    yield "page.html", HTML, KEPT
    yield "drawing.svg", b'<?xml version="1.0"?>\n' + SVG, KEPT
    yield "plain.svg", SVG, KEPT
    yield "script.pdf", pdf("words", extra=b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >> "), KEPT
    yield "external.html", b"<!doctype html><html><img src=http://127.0.0.1:9/x>" + SCRIPT, KEPT
    yield "hangul.hwp", OLE, KEPT
    yield "old.hwp", b"HWP Document File V3.00 \x1a\x01\x02\x03\x04\x05" + b"\0" * 100, KEPT
    yield "mail.eml", b"From: a@b.c\r\nTo: d@e.f\r\nSubject: hi\r\nMessage-ID: <a@b>\r\n\r\n" + HTML, KEPT
    yield "formula.csv", b"=cmd|'/C calc'!A0,b,c\n1,2,3\n", KEPT
    yield "page.hta", b"<html><head><HTA:APPLICATION ID='x'></head>" + SCRIPT, REFUSED
    yield "hta.html", b"<html><head><HTA:APPLICATION ID='x'></head>" + SCRIPT, REFUSED
    yield "code.js", b"var a=new ActiveXObject('WScript.Shell');a.Run('calc');", REFUSED
    yield "code.vbs", b'Set o=CreateObject("WScript.Shell")\r\no.Run "calc"\r\n', REFUSED
    yield "code.ps1", b"Invoke-Expression 1\n", REFUSED
    yield "run.bat", b"@echo off\r\ndel c:\\\r\n", REFUSED
    yield "shell.txt", b"#!/bin/sh\necho hi\n", REFUSED
    yield "macros.docx", forms.archive(OOXML, "word/document.xml", "word/vbaProject.bin"), REFUSED


def _programs():
    yield "program.exe", forms.EXE, REFUSED
    yield "program.jpg", forms.EXE, REFUSED
    yield "program.hwp", ELF, REFUSED
    yield "program.pdf", MACHO, REFUSED
    yield "report.pdf.exe", pdf("words"), REFUSED
    yield "shortcut.lnk", forms.LNK, REFUSED
    yield "shortcut.pdf", forms.LNK, REFUSED
    yield "shortcut.url", b"[InternetShortcut]\r\nURL=http://127.0.0.1/\r\n", REFUSED
    yield "disk.iso", ISO, REFUSED
    yield "disk.zip", ISO, REFUSED
    yield "help.chm", b"ITSF\x03\0\0\0" + b"\0" * 100, REFUSED
    yield "program.zip", forms.archive("META-INF/MANIFEST.MF", "A.class"), REFUSED
    yield "phone.zip", forms.archive("AndroidManifest.xml", "classes.dex"), REFUSED


def _bombs():
    yield "zeros.zip", zeros(200), REFUSED
    yield "zeros.docx", zeros(200), REFUSED
    yield "many.zip", forms.archive(*(f"{n}" for n in range(2001))), REFUSED
    yield "lying.zip", lying(), KEPT
    yield "broken.zip", b"PK\x03\x04 and no end", REFUSED
    yield "secret.zip", encrypted(forms.archive("a.txt")), KEPT
    yield "secret.odt", encrypted(forms.archive("content.xml", mimetype="application/x")), OPAQUE
    yield "nested.zip", forms.archive("a.zip", content=zeros(20)), KEPT
    yield "huge.png", png(30_000, 30_000), KEPT
    yield "wide.png", png(60_000, 700, colour=2, depth=8), KEPT
    yield "huge.gif", b"GIF89a\xff\xff\xff\xff" + GIF[10:], KEPT
    yield "huge.pdf", pdf("words", size="[0 0 14400 14400]"), KEPT
    yield "vast.pdf", pdf("words", size="[0 0 99999999 99999999]"), KEPT
    yield "entities.docx", docx(document=XML_BOMB), KEPT
    yield "entities.svg", XML_BOMB.replace(b"x>", b"svg>").replace(b"DOCTYPE x", b"DOCTYPE svg"), KEPT
    yield "cut.jpg", JPEG_HEAD + b"\0" * 50, KEPT
    yield "cut.pdf", pdf("words")[:200], KEPT
    yield "empty.pdf", b"", REFUSED


def _odd_names():
    yield "../../../etc/passwd.txt", b"words\n", KEPT
    yield "..\\..\\boot.txt", b"words\n", KEPT
    yield "annex\u202efdp.exe", pdf("words"), REFUSED
    yield "annex\u202etxt.pdf", pdf("words"), KEPT
    # Browsers write line ends in a name so.
    yield 'a"b%0D%0ASet-Cookie: ran=1.txt', b"words\n", KEPT
    yield "한국어 보고서.txt", "안녕하세요\n".encode(), KEPT
    yield "x" * 250 + ".txt", b"words\n", KEPT
