"""Writing what went over the line as a WARC file (ISO 28500), as web archives keep pages.

Each request and answer is there byte for byte, including redirects. ``warcio`` would write the
headers of an answer again; evidence has to be what the site sent. Each record is compressed on its own, so
that programs can go straight to it. Digests are SHA-256: SHA-1, the custom, can be forged.
"""

import io
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, BinaryIO

from warcio.statusandheaders import StatusAndHeaders
from warcio.utils import Digester
from warcio.warcwriter import WARCWriter

from recommendations.web.client import Exchange

CONTENT_TYPE = "application/warc"
# Where the headers of an answer end. The reading of an answer accepts bare line feeds, so this does.
HEADERS_END = re.compile(rb"\n\r?\n")
# The longest headers that are accepted while an answer is read (h11), and then some.
HEADERS_BYTES = 128 * 1024
# "Wait", before the answer itself; 101 would be another protocol, for which nobody asked.
INTERIM = re.compile(rb"HTTP/1\.[01] 1(?!01)")


class _AsTheyCame(StatusAndHeaders):
    """Headers that are written as the bytes that they were."""

    def __init__(self, raw: bytes) -> None:
        # Headers without words count as none.
        super().__init__("as they came", [])
        self.headers_buff = raw

    def compute_headers_buffer(self, header_filter: object = None) -> None:
        """Leave the bytes alone."""


class _Writer(WARCWriter):
    """Writes records with SHA-256 digests."""

    @staticmethod
    def _create_digester() -> Digester:
        return Digester("sha256")


class _Out:
    """What the writer of records wants of a file."""

    def __init__(self, write: Callable[[bytes], object]) -> None:
        self.write = write

    def flush(self) -> None:
        """Nothing waits here."""


def write(
    target: Callable[[bytes], object], exchanges: Sequence[Exchange], times: Sequence[datetime]
) -> None:
    """Write a WARC file.

    Args:
        target: takes the bytes.
        exchanges: what a ``client.Recording`` holds, in order.
        times: when each of them began.
    """
    writer = _Writer(_Out(target), gzip=True, warc_version="1.1")
    info = {"software": "warcio", "format": "WARC File Format 1.1"}
    about = writer.create_warcinfo_record(None, info)
    about.rec_headers.replace_header("WARC-Date", _date(times[0]))
    writer.write_record(about)
    of_file = {"WARC-Warcinfo-ID": about.rec_headers.get_header("WARC-Record-ID")}
    for exchange, began in zip(exchanges, times, strict=True):
        said = {**of_file, "WARC-Date": _date(began), "WARC-IP-Address": exchange.address}
        response = _record(writer, "response", exchange.url, exchange.answered, said)
        request = _record(writer, "request", exchange.url, io.BytesIO(exchange.asked), said)
        writer.write_request_response_pair(request, response)


def _record(writer: _Writer, kind: str, url: str, stream: BinaryIO, said: Mapping[str, str]) -> Any:
    stream.seek(0)
    head, length = _head(stream)
    headers = {"http_headers": _AsTheyCame(head), "warc_headers_dict": dict(said)}
    return writer.create_warc_record(url, kind, payload=stream, length=length, **headers)


def _head(stream: BinaryIO) -> tuple[bytes, int]:
    """Read the headers off a message; answers that only said "wait" go. Returns: (bytes, length left)."""
    began = stream.read(HEADERS_BYTES)
    size, at = stream.seek(0, io.SEEK_END), 0
    found = HEADERS_END.search(began)
    while found and INTERIM.match(began, at):
        at, found = found.end(), HEADERS_END.search(began, found.end())
    end = found.end() if found else at
    stream.seek(end)
    return began[at:end], size - end


def _date(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
