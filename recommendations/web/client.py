"""Fetching a web page that somebody named, without being led into our own network.

The name is resolved once, every address that it has must be public, and the connection goes to exactly
the address that was checked, with the name kept for TLS and for the server. Each redirect is a new page under
the same rule. No cookies, no proxy, nothing about the person who asks. ``is_global`` alone admits
multicast, NAT64, site-local, IPv4-compatible and 6to4 addresses.

A check reads only the beginning of a page. A ``Recording`` takes all that goes over the line, or nothing.
"""

import html
import ipaddress
import re
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO
from urllib.parse import quote, urldefrag, urljoin, urlsplit, urlunsplit

import httpcore

PORTS = {"http": 80, "https": 443}
REDIRECTS = 3
SECONDS = 10
# All that a check reads of a page: its title stands near the beginning.
READ_BYTES = 256 * 1024
# The most of a recorded page, with the redirects that led to it.
WHOLE_BYTES = 20 * 1024 * 1024
# What stands in an address for itself; everything else goes as %XX.
PLAIN = "%/:=&?~#+!$,;'@()*[]"
LEADS_ELSEWHERE = {301, 302, 303, 307, 308}
# All that is given out of IPv6 for the internet; without the tunnels (Teredo, 6to4) that carry IPv4 in it.
UNICAST = ipaddress.ip_network("2000::/3")
NEVER = [ipaddress.ip_network(net) for net in ("2001::/32", "2002::/16", "192.88.99.0/24")]
TITLE = re.compile(rb"<title[^>]{0,200}>(.{0,2000}?)</title", re.IGNORECASE | re.DOTALL)
CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([\w-]{2,20})""", re.IGNORECASE)
# What every browser says: a name of our own would tell who looks.
HEADERS = {"User-Agent": "Mozilla/5.0", "Accept": "text/html,*/*;q=0.8", "Accept-Encoding": "identity"}


# (host, port) -> IP addresses; and IP address -> whether it may be asked.
type Resolve = Callable[[str, int], list[str]]
type Allowed = Callable[[str], bool]


class NotAllowed(Exception):
    """An address that is not asked: not of the web, or not public."""


class NoAnswer(Exception):
    """A page that did not come; the words say why."""


class TooLarge(NoAnswer):
    """A page that is longer than a recording may be; what came of it is no page."""


class NotRecorded(Exception):
    """An answer that came and could not be written down: our disk, not the site."""


@dataclass(frozen=True)
class Answer:
    """What a site answered in the end."""

    status: int
    url: str
    title: str


@dataclass
class Exchange:
    """One question and its answer, as they went over the line; ``began`` is of ``time.monotonic``."""

    url: str
    began: float
    answered: BinaryIO
    address: str = ""
    asked: bytes = b""


@dataclass
class Recording:
    """Takes what goes over the line, each answer into a file; ``left`` is how many bytes it still takes."""

    new_file: Callable[[], BinaryIO]
    left: int = WHOLE_BYTES
    exchanges: list[Exchange] = field(default_factory=list)

    def begin(self, url: str) -> None:
        """Begin with one question, and make room for its answer. Raises: NotRecorded."""
        try:
            self.exchanges.append(Exchange(url, time.monotonic(), self.new_file()))
        except OSError as error:
            raise NotRecorded(str(error)) from error

    def ask(self, data: bytes) -> None:
        """Take in what was sent."""
        self.exchanges[-1].asked += data

    def answer(self, data: bytes) -> None:
        """Take in what came. Raises: TooLarge; NotRecorded."""
        self.left -= len(data)
        if self.left < 0:
            raise TooLarge("the page is too large")
        try:
            self.exchanges[-1].answered.write(data)
        except OSError as error:
            raise NotRecorded(str(error)) from error

    def close(self) -> None:
        """Let the files go."""
        for exchange in self.exchanges:
            exchange.answered.close()


def is_public(address: str) -> bool:
    """Say whether an IP address is one of the public internet."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    if isinstance(found, ipaddress.IPv6Address) and found not in UNICAST:
        return False
    return found.is_global and not found.is_multicast and not any(found in net for net in NEVER)


def resolved(host: str, port: int) -> list[str]:
    """Return the IP addresses of a name, as the system knows them. Raises: OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(place[0]) for *_rest, place in found))


class _Line(httpcore.NetworkStream):
    """A connection that ends at a moment, however slowly the other side drips; it can be recorded."""

    def __init__(self, stream: httpcore.NetworkStream, ends: float, recording: Recording | None) -> None:
        self._stream, self._ends, self._recording = stream, ends, recording

    def _left(self, timeout: float | None) -> float:
        left = self._ends - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("it took too long")
        return left if timeout is None else min(left, timeout)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        data = self._stream.read(max_bytes, self._left(timeout))
        if self._recording:
            self._recording.answer(data)
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._left(timeout))
        if self._recording:
            self._recording.ask(buffer)

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        inner = self._stream.start_tls(ssl_context, server_hostname, self._left(timeout))
        return _Line(inner, self._ends, self._recording)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _Checked(httpcore.NetworkBackend):
    """Connects to the address that was checked, and to no other."""

    def __init__(self, resolve: Resolve, allowed: Allowed, ends: float, recording: Recording | None) -> None:
        self._resolve, self._allowed = resolve, allowed
        self._ends, self.recording = ends, recording

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        addresses = self._resolve(host, port)
        if not addresses or not all(self._allowed(address) for address in addresses):
            raise NotAllowed("it leads to an address that is not public")
        left = max(0.1, self._ends - time.monotonic())
        stream = httpcore.SyncBackend().connect_tcp(addresses[0], port, timeout=left)
        if self.recording:
            self.recording.exchanges[-1].address = addresses[0]
        return _Line(stream, self._ends, self.recording)


def fetch(
    url: str,
    *,
    resolve: Resolve = resolved,
    allowed: Allowed = is_public,
    ports: Mapping[str, int] = PORTS,
    seconds: float = SECONDS,
    recording: Recording | None = None,
) -> Answer:
    """Ask for a page, and follow up to ``REDIRECTS`` redirects.

    Args:
        ports: {scheme: the port that may be asked}.
        seconds: how long all of it may take.
        recording: gets every answer whole; without one the beginning is read.

    Raises: NotAllowed; NoAnswer; with a recording TooLarge and NotRecorded.
    """
    ends = time.monotonic() + seconds
    for _turn in range(REDIRECTS + 1):
        status, headers, body = _once(url, _Checked(resolve, allowed, ends, recording), ports)
        target = quote(headers.get(b"location", b""), safe=PLAIN)
        if status not in LEADS_ELSEWHERE or not target:
            return Answer(status, url, _title(body, headers))
        url = _joined(url, target)
    raise NoAnswer("too many redirects")


def _joined(url: str, target: str) -> str:
    """Return where a redirect leads. Raises: NotAllowed."""
    try:
        return urljoin(url, target)
    except ValueError as error:
        raise NotAllowed("it leads to something that is not a web address") from error


def _once(url: str, backend: _Checked, ports: Mapping[str, int]) -> tuple[int, dict[bytes, bytes], bytes]:
    """Ask once. Returns: (status, headers by lower-case name, the beginning of the body)."""
    url = _plain(url)
    _check(url, ports)
    if backend.recording:
        backend.recording.begin(url)
    try:
        with (
            httpcore.ConnectionPool(
                network_backend=backend, ssl_context=ssl.create_default_context()
            ) as pool,
            pool.stream("GET", url, headers=[("Host", urlsplit(url).netloc), *HEADERS.items()]) as response,
        ):
            body = b""
            for chunk in response.iter_stream():
                if len(body) < READ_BYTES:
                    body += chunk
                elif not backend.recording:
                    break
            return response.status, {name.lower(): value for name, value in response.headers}, body
    except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, OSError) as error:
        raise NoAnswer(str(error)[:200] or type(error).__name__) from error
    except (httpcore.UnsupportedProtocol, ValueError, UnicodeError) as error:
        raise NotAllowed("it is not a web address") from error


def _plain(url: str) -> str:
    """Return an address as it goes over the line: in ASCII, without its fragment. Raises: NotAllowed."""
    try:
        parts = urlsplit(url)
        if not parts.netloc.isascii():
            parts = parts._replace(netloc=parts.netloc.encode("idna").decode())
    except ValueError as error:
        raise NotAllowed("it is not a web address") from error
    return quote(urldefrag(urlunsplit(parts)).url, safe=PLAIN)


def _check(url: str, ports: Mapping[str, int]) -> None:
    """Refuse what is no plain address of the web. Raises: NotAllowed."""
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS.get(parts.scheme)
    except ValueError as error:
        raise NotAllowed("it is not a web address") from error
    if parts.scheme not in ports or not parts.hostname or "@" in parts.netloc:
        raise NotAllowed("it is not a web address")
    if port != ports[parts.scheme]:
        raise NotAllowed("only the usual web ports are allowed")


def _title(body: bytes, headers: Mapping[bytes, bytes]) -> str:
    """Return the title of a page in one line, or nothing."""
    found = TITLE.search(body)
    if not found:
        return ""
    declared = CHARSET.search(headers.get(b"content-type", b"")) or CHARSET.search(body[:2048])
    for encoding in (declared and declared[1].decode("ascii"), "utf-8", "cp949"):
        try:
            words = found[1].decode(encoding or "utf-8")
            break
        except (UnicodeError, LookupError):
            continue
    else:
        words = found[1].decode("utf-8", "replace")
    return " ".join("".join(s if s.isprintable() else " " for s in html.unescape(words)).split())[:200]
