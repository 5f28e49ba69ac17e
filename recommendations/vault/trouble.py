"""What can go wrong with the vault, in sentences for people."""

import errno

from django.conf import settings
from django.utils.translation import gettext as _

from recommendations.errors import Refused

NO_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class Damaged(Exception):
    """An object that is missing, or is not the bytes that were recorded."""


class Locked(Damaged):
    """An object that cannot be opened now, though it need not be damaged: the key is missing or wrong.

    Code that catches ``Damaged`` catches this too; code that tells people what is wrong catches this first.
    """


class Unreachable(Locked, OSError):
    """The storage does not answer, or refuses. It need not have lost anything."""

    def __init__(self, why: str) -> None:
        super().__init__(errno.EHOSTUNREACH, f"the storage of evidence cannot be used now: {why}")

    def __str__(self) -> str:
        return str(self.strerror)


def no_room() -> str:
    """Return the sentence for a disk that is full."""
    return _(
        "The tracker’s disk is full, so this file could not be stored. What you typed is not lost. "
        "Tell your manager, and send the file again when there is room."
    )


def too_large() -> str:
    """Return the sentence for a file over the limit."""
    return _("This file is larger than %(limit)s MB, which is the limit. Send a shorter or smaller one.") % {
        "limit": settings.EVIDENCE_MAX_BYTES // (1024 * 1024)
    }


def no_key() -> str:
    """Return the sentence for a person whose file cannot be encrypted."""
    return _(
        "Files cannot be stored at the moment: the key that encrypts evidence is not in order on the "
        "server. What you typed is not lost. Tell your manager, and send the file again later."
    )


def not_sealed() -> str:
    """Return the sentence for a person whose file cannot be sealed to the officers' keys."""
    return _(
        "Nothing can be sealed here at the moment: sealing is switched off, or fewer than two "
        "officers’ keys are named. The file was not stored. Ask the person who runs the tracker before "
        "you choose another level."
    )


def cannot_keep(error: OSError) -> Refused:
    """Return the refusal for an OSError that happened while a file was stored."""
    if error.errno in NO_SPACE:
        return Refused(no_room())
    return Refused(
        _("The tracker could not store this file (%(why)s). What you typed is not lost. Tell your manager.")
        % {"why": error.strerror or error}
    )
