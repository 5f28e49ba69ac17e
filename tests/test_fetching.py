"""Asking the web: into no network of ours, whatever a name or a redirect says, and never for long.

Each way in is tried as a check asks and as a page is recorded: both are one function.
"""

import io
import time

import pytest

from recommendations.fetching import Answer, NoAnswer, NotAllowed, Recording, fetch, is_public
from tests.sites import OURS, SITE, answer, ask, drip, endless, leads_to, page

# Asked as they are; the system's resolver reads the odd spellings.
SPELLINGS = """
127.0.0.1 127.1 0.0.0.0 0 2130706433 0x7f000001 0x7f.1 017700000001 127.255.255.254 localhost
[::1] [::] [::ffff:127.0.0.1] [::ffff:7f00:1] [0:0:0:0:0:ffff:7f00:1] [64:ff9b::7f00:1] [2002:7f00:1::]
[fec0::1] [fe80::1] [fc00::1] [fd12:3456::1] [ff02::1] [64:ff9b:1::7f00:1] [2001:0:7f00:1::] [::127.0.0.1]
10.0.0.1 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 192.0.2.1 198.18.0.1 224.0.0.1 240.0.0.1
255.255.255.255 192.0.0.1
"""
LITERALS = SPELLINGS.split()
# Names that lead there: one address, or a public one with one of ours beside it.
NAMES = [["127.0.0.1"], ["::1"], ["93.184.215.14", "127.0.0.1"], ["::ffff:127.0.0.1"], ["100.64.0.1"], []]


def ssrf_figures(site, ours, recorded):
    """Try every way into our own network. Returns: (ways tried, connections, what was not refused)."""
    port, tried, slipped = site.server_port, 0, []

    def attempt(url, **how):
        nonlocal tried
        tried += 1
        how |= {"recording": Recording(io.BytesIO)} if recorded else {}
        try:
            slipped.append((url, ask(url, port, **how)))
        except NotAllowed:
            pass
        except NoAnswer as error:
            slipped.append((url, error))

    for host in LITERALS:
        attempt(f"http://{host}:{port}/")
    for addresses in NAMES:
        attempt(f"http://name.example:{port}/", resolve=lambda _host, _port, found=addresses: found)
    for host in ("127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433", "[::1]"):
        site.paths["/to"] = leads_to(f"http://{host}:{port}/")
        attempt(f"http://{SITE}:{port}/to")
    # A name that leads to the site first, and to us when it is asked again.
    turns = iter([[SITE], [OURS], [OURS]])
    site.paths["/again"] = leads_to("/")
    attempt(f"http://rebinding.example:{port}/again", resolve=lambda *_asked: next(turns))
    for url in (
        "file:///etc/passwd",
        f"gopher://{OURS}:{port}/",
        f"http://a@{OURS}:{port}/",
        f"ftp://{OURS}/",
    ):
        attempt(url)
    return tried, ours.connections, slipped


@pytest.mark.parametrize("recorded", [False, True])
def test_no_way_leads_into_our_own_network(site, ours, monkeypatch, recorded):
    monkeypatch.setenv("HTTP_PROXY", f"http://{OURS}:{site.server_port}")
    monkeypatch.setenv("ALL_PROXY", f"http://{OURS}:{site.server_port}")
    tried, connections, slipped = ssrf_figures(site, ours, recorded)
    assert slipped == [] and connections == 0 and tried >= 45
    # The listener counts: asked plainly, it is reached.
    ask(f"http://{OURS}:{site.server_port}/", site.server_port, allowed=lambda _address: True)
    assert ours.connections == 1


@pytest.mark.parametrize("address", ["93.184.215.14", "8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_the_public_internet_is_public(address):
    assert is_public(address)


@pytest.mark.parametrize("port", [22, 25, 6379, 8000])
def test_only_the_usual_ports_are_asked(port):
    with pytest.raises(NotAllowed, match="usual ports"):
        fetch(f"http://example.org:{port}/", resolve=lambda *_asked: pytest.fail("asked"))


def test_a_name_is_resolved_once_and_that_address_is_asked(site):
    asked = []

    def resolve(host, port):
        asked.append(host)
        return [SITE]

    got = ask(f"http://name.example:{site.server_port}/", site.server_port, resolve=resolve)
    assert got == Answer(200, f"http://name.example:{site.server_port}/", "북한 & more")
    assert asked == ["name.example"]
    (_path, headers), *_rest = site.requests
    assert headers["Host"] == f"name.example:{site.server_port}"
    assert set(headers) == {"Host", "User-Agent", "Accept", "Accept-Encoding"}
    assert "racker" not in headers["User-Agent"]


def test_redirects_are_followed_three_times_without_cookies(site):
    port = site.server_port
    for number in range(4):
        site.paths[f"/{number}"] = leads_to(f"/{number + 1}")
    assert ask(f"http://{SITE}:{port}/1", port).url == f"http://{SITE}:{port}/4"
    assert not any("Cookie" in headers for _path, headers in site.requests)
    with pytest.raises(NoAnswer, match="too many redirects"):
        ask(f"http://{SITE}:{port}/0", port)


def test_an_address_in_korean_is_asked_as_browsers_do(site):
    port = site.server_port
    site.paths["/%ED%95%9C/%20b"] = page
    site.paths["/ko"] = lambda handler: answer(handler, 302, Location="/한/ b#top".encode().decode("latin-1"))
    got = ask(f"http://한국.example:{port}/한/%20b?q=북#top", port, resolve=lambda *_asked: [SITE])
    assert got.status == 200 and got.url.startswith("http://한국.example")
    (path, headers), *_rest = site.requests
    assert path == "/%ED%95%9C/%20b?q=%EB%B6%81"
    assert headers["Host"] == f"xn--3e0b707e.example:{port}"
    assert ask(f"http://{SITE}:{port}/ko", port).title == "북한 & more"
    assert site.requests[-1][0] == "/%ED%95%9C/%20b"


def test_what_drips_ends_in_time_and_what_never_ends_is_cut(site):
    port = site.server_port
    site.paths |= {"/drip": drip, "/endless": endless}
    began = time.monotonic()
    with pytest.raises(NoAnswer):
        ask(f"http://{SITE}:{port}/drip", port, seconds=0.5)
    assert time.monotonic() - began < 2
    assert ask(f"http://{SITE}:{port}/endless", port).status == 200


@pytest.mark.parametrize("broken", [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n"])
def test_a_broken_answer_is_no_answer(site, broken):
    site.paths["/broken"] = lambda handler: handler.wfile.write(broken)
    with pytest.raises(NoAnswer):
        ask(f"http://{SITE}:{site.server_port}/broken", site.server_port)
