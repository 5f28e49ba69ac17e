"""What a received file is, by its bytes and by its name, and whether we keep such files.

Evidence is hostile until proven otherwise: a file is kept when its content is of a kind that we know.
A file that is not what its name says is stored as ``OPAQUE``: it is downloaded as an attachment and
never opened. Programs, shortcuts, scripts and disk images are refused. Archives are listed, never
unpacked. No database.
"""

from .archives import ZIP_DECLARED_BYTES, ZIP_MEMBERS, ZIP_RATIO, listing
from .checking import check, type_of
from .kinds import ALLOWED, OPAQUE
from .names import clean_name, extension_of, label_of, shown

__all__ = [
    "ALLOWED",
    "OPAQUE",
    "ZIP_DECLARED_BYTES",
    "ZIP_MEMBERS",
    "ZIP_RATIO",
    "check",
    "clean_name",
    "extension_of",
    "label_of",
    "listing",
    "shown",
    "type_of",
]
