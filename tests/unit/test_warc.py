"""Pages recorded as they came, byte for byte, read back with the library that web archives use."""

import base64
import gzip
import hashlib
import io
import os
from datetime import UTC, datetime

import pytest
from warcio.archiveiterator import ArchiveIterator

from recommendations.web import warc
from recommendations.web.client import NoAnswer, NotRecorded, Recording, TooLarge
from tests.support.capturing import check_warc
from tests.support.sites import SITE, answer, ask, drip, endless, leads_to, raw

AT = datetime(2026, 11, 25, 12, tzinfo=UTC)
HEAD = b"HTTP/1.1 200 Fine\r\nServer:  odd \r\nX-B: \xff\r\nset-cookie: a=b\r\n"


def recorded(site, path, **how):
    """Record a page. Returns: (what was answered, the recording)."""
    recording = Recording(io.BytesIO, **how)
    return ask(f"http://{SITE}:{site.server_port}{path}", site.server_port, recording=recording), recording


def written(recording, folder):
    """Write a WARC file. Returns: its path."""
    path = folder / "page.warc.gz"
    with open(path, "wb") as target:
        warc.write(target.write, recording.exchanges, [AT] * len(recording.exchanges))
    return path


def records(path):
    """Return (type, headers, the block's bytes) of each record, headers of HTTP and all."""
    with open(path, "rb") as stream:
        found = ArchiveIterator(stream, no_record_parse=True)
        return [(one.rec_type, one.rec_headers, one.content_stream().read()) for one in found]


def chunked(body):
    return b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)


BODY = b"<title>A</title>\r\n\r\n\0\xff" * 50
WHOLE = {
    "with its length": HEAD + b"Content-Length: %d\r\n\r\n" % len(BODY) + BODY,
    "in chunks": HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + chunked(BODY),
    "to the end": HEAD + b"\r\n" + BODY,
    "bare line feeds": b"HTTP/1.1 200 OK\nContent-Length: 3\n\nabc",
    "packed": HEAD + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(BODY),
    "packed in chunks": HEAD
    + b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
    + chunked(gzip.compress(BODY)),
    "of nothing": b"HTTP/1.1 204 No Content\r\n\r\n",
    "with an error": b"HTTP/1.0 404 Gone fishing\r\n\r\nNot here.",
}


@pytest.mark.parametrize("name", WHOLE)
def test_what_came_is_kept_byte_for_byte_and_passes_the_fields_own_check(site, tmp_path, name):
    site.paths["/page"] = raw(WHOLE[name])
    _answer, recording = recorded(site, "/page")
    path = written(recording, tmp_path)
    (info, about, _facts), (first, told, block), (second, _headers, request) = records(path)
    assert (info, first, second) == ("warcinfo", "response", "request") and block == WHOLE[name]
    assert told["WARC-Target-URI"] == f"http://{SITE}:{site.server_port}/page"
    assert (told["WARC-IP-Address"], told["WARC-Date"]) == (SITE, "2026-11-25T12:00:00.000000Z")
    assert about["WARC-Record-ID"] == told["WARC-Warcinfo-ID"]
    assert request.startswith(b"GET /page HTTP/1.1\r\nHost: ") and b"racker" not in path.read_bytes()
    assert check_warc(path) == (0, "")
    assert sum(part == b"\x1f\x8b\x08" for part in starts(path)) >= 3, "each record is packed on its own"


def starts(path):
    data = path.read_bytes()
    return [data[at : at + 3] for at in range(len(data))]


def test_the_payloads_digest_is_that_of_the_body_in_sha_256(site, tmp_path):
    site.paths["/page"] = raw(WHOLE["with its length"])
    path = written(recorded(site, "/page")[1], tmp_path)
    told = records(path)[1][1]
    algorithm, _colon, value = told["WARC-Payload-Digest"].partition(":")
    padded = value + "=" * (-len(value) % 8)
    assert algorithm == "sha256" and base64.b32decode(padded) == hashlib.sha256(BODY).digest()


def test_a_flipped_bit_is_found_by_the_fields_own_check(site, tmp_path):
    site.paths["/page"] = raw(WHOLE["with its length"])
    path = written(recorded(site, "/page")[1], tmp_path)
    members = [gzip.decompress(path.read_bytes())]
    path.write_bytes(members[0].replace(b"<title>A", b"<title>B", 1))
    assert check_warc(path)[0] == 1


def test_every_redirect_is_kept_with_the_cookie_it_set_and_none_is_sent_back(site, tmp_path):
    site.paths |= {"/a": leads_to("/b"), "/b": leads_to("/c"), "/c": raw(b"HTTP/1.1 200 OK\r\n\r\nthere")}
    got, recording = recorded(site, "/a")
    found = records(written(recording, tmp_path))
    assert [told["WARC-Target-URI"][-2:] for _kind, told, _block in found[1:]] == [
        "/a",
        "/a",
        "/b",
        "/b",
        "/c",
        "/c",
    ]
    assert got.url.endswith("/c") and b"who=us" in found[1][2] and b"302" in found[1][2]
    assert not any(b"ookie" in block for kind, _told, block in found if kind == "request")


def test_answers_that_only_say_wait_are_left_out(site, tmp_path):
    early = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
    site.paths["/page"] = raw(early, b"HTTP/1.1 100 Continue\r\n\r\n", WHOLE["with its length"])
    path = written(recorded(site, "/page")[1], tmp_path)
    assert records(path)[1][2] == WHOLE["with its length"] and check_warc(path) == (0, "")


NOT_WHOLE = {
    "shorter than it said": b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nabc",
    "a chunk broken off": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n50\r\nabc",
    "no last chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
    "no length but nonsense": b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nabc",
    "two lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
    "headers without end": b"HTTP/1.1 200 OK\r\n" + b"X: %s\r\n" % (b"x" * 200_000),
    "many headers without end": b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 40_000,
    "another protocol": b"SSH-2.0-OpenSSH_9.9\r\n",
    "a mail server": b"220 mail.example.org ESMTP\r\n",
    "HTTP/2": b"\0\0\x12\4\0\0\0\0\0\0\3\0\0\0\x80",
    "nothing": b"",
}


@pytest.mark.parametrize("name", NOT_WHOLE)
def test_what_did_not_come_whole_is_no_page(site, name):
    site.paths["/page"] = raw(NOT_WHOLE[name])
    with pytest.raises(NoAnswer) as raised:
        recorded(site, "/page")
    assert not isinstance(raised.value, TooLarge)


def test_a_page_over_the_limit_is_refused_and_not_cut(site):
    big = os.urandom(1024) * 1024 * 21
    site.paths |= {"/big": lambda handler: answer(handler, body=big), "/endless": endless}
    files = []

    def new_file():
        files.append(io.BytesIO())
        return files[-1]

    for path in ("/big", "/endless"):
        recording = Recording(new_file)
        with pytest.raises(TooLarge):
            ask(f"http://{SITE}:{site.server_port}{path}", site.server_port, recording=recording)
        assert len(files[-1].getvalue()) <= 20 * 1024 * 1024


def test_the_limit_is_for_the_page_with_all_its_redirects(site):
    site.paths["/a"] = raw(b"HTTP/1.1 302 Go\r\nLocation: /b\r\nContent-Length: 900\r\n\r\n" + b"x" * 900)
    site.paths["/b"] = raw(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n" + b"x" * 900)
    assert recorded(site, "/a", left=2000)[0].status == 200
    with pytest.raises(TooLarge):
        recorded(site, "/a", left=1500)


def test_what_drips_is_given_up_in_time(site):
    site.paths["/drip"] = drip
    with pytest.raises(NoAnswer):
        ask(
            f"http://{SITE}:{site.server_port}/drip",
            site.server_port,
            recording=Recording(io.BytesIO),
            seconds=0.5,
        )


def test_a_full_disk_is_told_apart_from_a_site_that_fails(site):
    class Full(io.BytesIO):
        def write(self, _data):
            raise OSError(28, "No space left on device")

    with pytest.raises(NotRecorded, match="No space"):
        ask(f"http://{SITE}:{site.server_port}/", site.server_port, recording=Recording(Full))
