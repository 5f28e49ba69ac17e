"""The virus scanner, if the operator runs one: clamd, asked over its socket.

Without one, or while it cannot be reached, files are *not scanned*, and their pages say so.
"""

from typing import BinaryIO

from clamav_client.clamd import BufferTooLongError, ClamdError, ClamdNetworkSocket, ClamdUnixSocket
from django.conf import settings

from recommendations.choices import Finding

SECONDS = 120


def is_set_up() -> bool:
    """Say whether the operator named a scanner."""
    return bool(settings.CLAMD)


def scan(stream: BinaryIO) -> tuple[Finding, str]:
    """Ask the scanner about the bytes of a file.

    Returns: (finding, detail): ``Finding.NONE`` when nothing was found; the name of the malware as the
    detail of ``INFECTED``; ``UNREACHABLE`` or ``NOT_SCANNED`` when there is no answer to rely on.
    """
    try:
        answer = _client().instream(stream)
    except BufferTooLongError:
        return Finding.NOT_SCANNED, ""
    except (ClamdError, OSError) as error:
        return Finding.UNREACHABLE, str(error)[:200]
    verdict, detail = answer.get("stream", ("", None))
    if verdict == "OK":
        return Finding.NONE, ""
    if verdict == "FOUND":
        return Finding.INFECTED, (detail or "")[:200]
    return Finding.NOT_SCANNED, (detail or "")[:200]


def _client() -> ClamdUnixSocket | ClamdNetworkSocket:
    if "path" in settings.CLAMD:
        return ClamdUnixSocket(settings.CLAMD["path"], timeout=SECONDS)
    return ClamdNetworkSocket(settings.CLAMD["host"], settings.CLAMD["port"], timeout=SECONDS)
