"""Asking the web: into no network of ours, whatever a name or a redirect says, and never for long.

Each way in is tried as a check asks and as a page is recorded, bare and by the jobs that do it.
"""

import pytest

from recommendations import vault
from recommendations.web.client import Answer, NoAnswer, NotAllowed, fetch, is_public
from tests.support import intrusions
from tests.support.factories import NOW
from tests.support.sites import OURS, SITE, answer, ask, drip, endless, leads_to, page


@pytest.mark.django_db
@pytest.mark.parametrize("door", intrusions.DOORS)
def test_no_way_leads_into_our_own_network(site, ours, team, monkeypatch, settings, door):
    settings.LINK_CHECKS = settings.LINK_CAPTURE = True
    monkeypatch.setenv("HTTP_PROXY", f"http://{OURS}:{site.server_port}")
    monkeypatch.setenv("ALL_PROXY", f"http://{OURS}:{site.server_port}")
    tries, slipped = intrusions.tried(door, site, person=team["author"], now=NOW)
    assert slipped == [] and ours.connections == 0 and tries >= 70
    assert site.connections >= 20, "redirects and names that turn were followed as far as the site"
    assert list(vault.object_names()) == [] == list(vault.spool.folder("spool").iterdir())
    # The listener counts: asked plainly, it is reached.
    ask(f"http://{OURS}:{site.server_port}/", site.server_port, allowed=lambda _address: True)
    assert ours.connections == 1


@pytest.mark.parametrize("address", ["93.184.215.14", "8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_the_public_internet_is_public(address):
    assert is_public(address)


@pytest.mark.parametrize("port", [22, 25, 6379, 8000])
def test_only_the_usual_ports_are_asked(port):
    with pytest.raises(NotAllowed, match="usual web ports"):
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
    with pytest.raises(NoAnswer):
        ask(f"http://{SITE}:{port}/drip", port, seconds=0.5)
    assert ask(f"http://{SITE}:{port}/endless", port).status == 200


@pytest.mark.parametrize("broken", [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n"])
def test_a_broken_answer_is_no_answer(site, broken):
    site.paths["/broken"] = lambda handler: handler.wfile.write(broken)
    with pytest.raises(NoAnswer):
        ask(f"http://{SITE}:{site.server_port}/broken", site.server_port)


@pytest.mark.parametrize(
    "charset", ["undefined", "idna", "punycode", "hex", "unicode_escape", "utf-7", "none"]
)
def test_a_page_that_says_a_charset_to_trip_us_has_a_title_or_none(site, charset):
    site.paths["/page"] = lambda handler: answer(
        handler, body=b"<title>\xff \\ud800 +2AA- a</title>", Content_Type=f"text/html; charset={charset}"
    )
    assert ask(f"http://{SITE}:{site.server_port}/page", site.server_port).title.encode().endswith(b"a")
