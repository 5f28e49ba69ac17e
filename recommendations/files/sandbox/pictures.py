"""Draws a picture again, without anything else that its file held, and says what that was. In the child."""

import io
import json
import warnings
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from PIL import ExifTags, Image, ImageCms, ImageFile, ImageOps, IptcImagePlugin, UnidentifiedImageError

from recommendations.files.sandbox import limits
from recommendations.files.sandbox.reasons import CannotRead, Part

Image.MAX_IMAGE_PIXELS = limits.PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)

# What a decoder raises over bytes that are not what they say; Pillow promises no common class.
BROKEN = (UnidentifiedImageError, OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, EOFError)
FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "TIFF")
VALUE_LENGTH = 300
VALUES = 200

# Group, name and value of what a file says of its picture, as its library read them.
type Said = tuple[str, str | int, object]


def parts(stream: BinaryIO, content_type: str) -> Iterator[Part]:
    """Yield the picture without metadata, a small one to look at, and the metadata.

    Raises: CannotRead when it is too large or broken.
    """
    try:
        with Image.open(stream, formats=FORMATS) as image:
            said = metadata(image)
            drawn = drawn_anew(image)
            image.close()  # its dots too, which leaving the block would keep
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise CannotRead("too_large") from error
    except BROKEN as error:
        raise CannotRead("broken") from error
    # Photographs pack best as JPEG; drawings and screenshots, and what is see-through, stay exact.
    exact = drawn.mode == "RGBA" or content_type in {"image/png", "image/gif"}
    yield packed("copy", drawn, "PNG" if exact else "JPEG")
    yield preview(drawn, 1)
    yield {"kind": "metadata", "type": "application/json"}, json.dumps(said).encode()


def drawn_anew(image: Image.Image) -> Image.Image:
    """Return a new image of the same dots, turned as it is meant to be seen, and with nothing beside them."""
    image.seek(0)
    profile = image.info.get("icc_profile")
    # In place, since two copies of the largest picture that is taken are all that memory allows.
    ImageOps.exif_transpose(image, in_place=True)
    plain = in_plain_mode(image)
    if profile and plain.mode in {"RGB", "L"}:
        plain = in_common_colours(plain, profile)
    made = Image.new(plain.mode, plain.size)
    made.paste(plain)
    return made


def in_plain_mode(image: Image.Image) -> Image.Image:
    """Return the image in grey, in colours, or in colours that are see-through in part."""
    if image.mode in {"L", "RGB", "RGBA"}:
        return image
    if image.mode.startswith("I;16"):
        return image.point(lambda value: value / 256).convert("L")
    see_through = image.mode in {"LA", "PA", "La", "RGBa"} or "transparency" in image.info
    return image.convert("RGBA" if see_through else "L" if image.mode == "1" else "RGB")


def in_common_colours(image: Image.Image, profile: bytes) -> Image.Image:
    """Return the image in sRGB, since its own profile is not kept; as it is where the profile is broken."""
    try:
        own, common = ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(image, own, common, outputMode="RGB") or image
    except (ImageCms.PyCMSError, OSError):
        return image


def packed(kind: str, image: Image.Image, form: str, number: int = 1, quality: int = 90) -> Part:
    """Return a part that holds an image."""
    made = io.BytesIO()
    options = {"quality": quality, "optimize": True} if form == "JPEG" else {"compress_level": 4}
    image.save(made, form, **options)
    head = {"kind": kind, "number": number, "type": f"image/{form.lower()}"}
    return {**head, "width": image.width, "height": image.height}, made.getvalue()


def preview(image: Image.Image, number: int) -> Part:
    """Return a small picture to look at over a slow line."""
    shrink = max(1, max(image.size) / limits.PREVIEW_EDGE)
    size = [max(1, round(edge / shrink)) for edge in image.size]
    small = image.resize(size, reducing_gap=2.0)
    if small.mode == "RGBA":
        paper = Image.new("RGB", small.size, "white")
        paper.paste(small, mask=small)
        small = paper
    return packed("preview", small, "JPEG", number, quality=80)


def metadata(image: ImageFile.ImageFile) -> list[list[str]]:
    """Return what the file says beside the picture: [group, name, value] triples, cut to a sane length."""
    found = [*_exif(image), *_iptc(image), *_xmp(image), *_texts(image)]
    return [[group, str(name)[:100], _shown(value)] for group, name, value in found[:VALUES]]


def _shown(value: object) -> str:
    words = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    return "".join(sign if sign.isprintable() else " " for sign in words).strip()[:VALUE_LENGTH]


def _exif(image: Image.Image) -> Iterator[Said]:
    exif = image.getexif()
    for number, value in exif.items():
        if number not in {ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo, ExifTags.IFD.Interop}:
            yield "EXIF", ExifTags.TAGS.get(number, number), value
    for number, value in exif.get_ifd(ExifTags.IFD.Exif).items():
        if number not in {37500, 41729}:  # the maker's own notes and a scene type: bytes for no reader
            yield "EXIF", ExifTags.TAGS.get(number, number), value
    place = exif.get_ifd(ExifTags.IFD.GPSInfo)
    if position := _position(place):
        yield "GPS", "Position", position
    for number, value in place.items():
        yield "GPS", ExifTags.GPSTAGS.get(number, number), value


def _position(place: Mapping[int, Any]) -> str | None:
    """Return latitude and longitude in degrees, or None where the file names none."""
    try:
        sides = (place[2], place[1], "S"), (place[4], place[3], "W")
        return ", ".join(
            f"{(-1 if side == negative else 1) * sum(float(n) / 60**i for i, n in enumerate(figures)):.5f}"
            for figures, side, negative in sides
        )
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None


def _iptc(image: ImageFile.ImageFile) -> Iterator[Said]:
    try:
        said = IptcImagePlugin.getiptcinfo(image) or {}
    except BROKEN:
        return
    for (record, number), value in said.items():
        yield "IPTC", f"{record}:{number}", value


def _xmp(image: Image.Image) -> Iterator[Said]:
    def leaves(name: str, value: object) -> Iterator[Said]:
        if isinstance(value, dict):
            for key, inner in value.items():
                yield from leaves(key, inner)
        elif isinstance(value, list):
            for inner in value:
                yield from leaves(name, inner)
        elif value:
            yield "XMP", name, value

    try:
        said = image.getxmp()
    except Exception:  # a parser's many errors over hostile XML; the picture is what counts
        yield "XMP", "unreadable", "yes"
        return
    yield from leaves("", said)


def _texts(image: Image.Image) -> Iterator[Said]:
    if "comment" in image.info:
        yield "Comment", "comment", image.info["comment"]
    for name, value in (getattr(image, "text", None) or {}).items():
        yield "Text", name, value
