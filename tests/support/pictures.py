"""Pictures that tell where and by whom they were taken, and what is left in a file of that."""

import io
import struct

from PIL import ExifTags, Image, PngImagePlugin

SECRET_WORDS = b"Kim the courier"
XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" dc:creator="'
    + SECRET_WORDS
    + b'"/></rdf:RDF></x:xmpmeta>'
)


def drawing(size=(60, 40), mode="RGB"):
    """Return a picture whose left half is red, so that turning it shows."""
    made = Image.new(mode, size, "blue" if mode == "RGB" else None)
    made.paste("red" if mode == "RGB" else (255, 0, 0, 90), (0, 0, size[0] // 2, size[1]))
    return made


def exif(*, turned=6):
    """Return EXIF data with a maker, a place, and a sign that the picture lies on its side."""
    made = Image.Exif()
    made[ExifTags.Base.Make] = SECRET_WORDS.decode()
    made[ExifTags.Base.Orientation] = turned
    made[ExifTags.Base.Artist] = SECRET_WORDS.decode()
    made.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2024:01:02 03:04:05"
    place = made.get_ifd(ExifTags.IFD.GPSInfo)
    place[1], place[2], place[3], place[4] = "N", (39.0, 1.0, 30.0), "E", (125.0, 45.0, 0.0)
    return made


def iptc():
    """Return an IPTC block as Photoshop writes it, with a byline."""
    record = b"\x1c\x02\x50" + struct.pack(">H", len(SECRET_WORDS)) + SECRET_WORDS
    padded = record + b"\0" * (len(record) % 2)
    return b"Photoshop 3.0\x008BIM\x04\x04\0\0" + struct.pack(">I", len(record)) + padded


def thumbnail_segment():
    """Return an APP0 segment with a small picture in it (JFXX), as some cameras write."""
    return b"JFXX\0\x13\x02\x02" + SECRET_WORDS[:12]


def landscape():
    """Return a picture of a sensible size: a sky above hills."""
    made = Image.linear_gradient("L").resize((1600, 900))
    return Image.merge(
        "RGB", (made, made.point(lambda value: 140 + value // 4), Image.new("L", made.size, 120))
    )


def jpeg_of(image):
    """Return a picture as a camera keeps it, with EXIF and a place."""
    made = io.BytesIO()
    image.save(made, "JPEG", exif=exif(turned=1))
    return made.getvalue()


def jpeg(*, turned=6):
    """Return a JPEG with EXIF, a place, IPTC, XMP, a thumbnail, a comment, and words after its end."""
    made = io.BytesIO()
    drawing().save(made, "JPEG", exif=exif(turned=turned), xmp=XMP, comment=SECRET_WORDS, quality=90)
    data = made.getvalue()

    def segment(mark, body):
        return b"\xff" + mark + struct.pack(">H", len(body) + 2) + body

    inserted = segment(b"\xed", iptc()) + segment(b"\xe0", thumbnail_segment())
    return data[:20] + inserted + data[20:] + SECRET_WORDS


def png():
    """Return a PNG with text of three kinds, EXIF and a time."""
    said = PngImagePlugin.PngInfo()
    said.add_text("Author", SECRET_WORDS.decode())
    said.add_text("Comment", SECRET_WORDS.decode(), zip=True)
    said.add_itxt("XML:com.adobe.xmp", XMP.decode())
    said.add(b"tIME", bytes(7))
    made = io.BytesIO()
    drawing().save(made, "PNG", pnginfo=said, exif=exif())
    return made.getvalue()


def webp(mode="RGB"):
    """Return a WebP with EXIF and XMP."""
    made = io.BytesIO()
    drawing(mode=mode).save(made, "WEBP", exif=exif(), xmp=XMP)
    return made.getvalue()


def tiff():
    """Return a TIFF with tags of who and where."""
    made = io.BytesIO()
    drawing().save(made, "TIFF", exif=exif(), description=SECRET_WORDS.decode())
    return made.getvalue()


def beside_the_picture(data):
    """Return what a JPEG or PNG holds that is not needed to draw it: names of segments and chunks.

    Reads the bytes itself, so that what the drawing library overlooks is found too.
    """
    if data.startswith(b"\x89PNG"):
        return _chunks(data)
    assert data.startswith(b"\xff\xd8"), data[:8]
    return _segments(data)


def _chunks(data):
    at, found = 8, []
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        if kind not in {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}:
            found.append(kind.decode())
        at += 12 + length
    return found


def _segments(data):
    """Walk the segments up to the dots, then make sure that nothing follows the end mark."""
    at, found = 2, []
    while data[at + 1] != 0xDA:
        mark, length = data[at + 1], struct.unpack(">H", data[at + 2 : at + 4])[0]
        is_frame = mark == 0xE0 and data[at + 4 : at + 9] == b"JFIF\0" and length == 16
        if not (is_frame or mark in {0xDB, 0xC4, 0xDD} or 0xC0 <= mark <= 0xC2):
            found.append(f"{mark:02x}")
        at += 2 + length
    if data.index(b"\xff\xd9", at) != len(data) - 2:
        found.append("after the end")
    return found
