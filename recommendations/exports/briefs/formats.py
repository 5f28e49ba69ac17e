"""The kinds of file that a brief can become: each is one function, and a line in ``FORMATS``."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from recommendations.exports.briefs.pdf import pdf_of
from recommendations.exports.briefs.shapes import Brief
from recommendations.exports.briefs.word import docx_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Format:
    """A kind of file: its name, its type, and the function that makes it."""

    label: "StrOrPromise"
    content_type: str
    make: Callable[[Brief], bytes]


FORMATS = {
    "pdf": Format(_("PDF, to send or print"), "application/pdf", pdf_of),
    "docx": Format(
        _("DOCX, to edit further in Word or LibreOffice"),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        docx_of,
    ),
}
