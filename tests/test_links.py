"""Looking up links: into no network of ours, whatever a name or a redirect says; and what the page tells."""

import threading
import time
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core.management import CommandError, call_command

from recommendations import fetching, jobs
from recommendations.choices import LinkOutcome, Sensitivity
from recommendations.fetching import Answer, NoAnswer, NotAllowed, fetch, is_public
from recommendations.models import Evidence, LinkCheck
from recommendations.services import links
from tests import acts
from tests.cast import NOW
from tests.pages import browser_of
from tests.reading import text_of

# Two addresses of this machine: one is taken for a public site in these tests, the other is our own network.
SITE, OURS = "127.0.0.2", "127.0.0.1"

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


class Counted(ThreadingHTTPServer):
    """A server that counts who connects, and answers as its ``paths`` say."""

    allow_reuse_address = True

    def __init__(self, address, paths=None):
        self.connections, self.requests, self.paths = 0, [], paths or {}
        super().__init__(address, Handler)

    def get_request(self):
        self.connections += 1
        return super().get_request()


class Handler(BaseHTTPRequestHandler):
    """Answers with a function of the path, else with a page."""

    def do_GET(self):
        self.server.requests.append((self.path, dict(self.headers)))
        self.server.paths.get(self.path, page)(self)

    def log_message(self, *_args):
        pass


def answer(handler, status=200, body=b"", **headers):
    handler.send_response(status)
    for name, value in {"Content-Length": str(len(body)), **headers}.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


def page(handler):
    answer(handler, body="<html><title>북한 &amp; more</title>".encode(), Content_Type="text/html")


def leads_to(target):
    return lambda handler: answer(handler, 302, Location=target, Set_Cookie="who=us")


def drip(handler):
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for _turn in range(100):
        handler.wfile.write(b"X")
        time.sleep(0.1)


def endless(handler):
    handler.send_response(200)
    handler.end_headers()
    try:
        while True:
            handler.wfile.write(b"x" * 65536)
    except OSError:
        handler.server.stopped = True


@contextmanager
def serving(server):
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def site():
    with serving(Counted((SITE, 0))) as server:
        yield server


@pytest.fixture
def ours(site):
    """A server in our own network, at the site's port."""
    with serving(Counted((OURS, site.server_port))) as server:
        yield server


def ask(url, port, **how):
    """Fetch where the site counts as public and its port as usual, so that the address alone decides."""
    allowed = {"allowed": lambda address: address == SITE or is_public(address)}
    return fetch(url, ports={"http": port, "https": port}, **{**allowed, "seconds": 2, **how})


def ssrf_figures(site, ours):
    """Try every way into our own network. Returns: (ways tried, connections, what was not refused)."""
    port, tried, slipped = site.server_port, 0, []

    def attempt(url, **how):
        nonlocal tried
        tried += 1
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


def test_no_way_leads_into_our_own_network(site, ours, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", f"http://{OURS}:{site.server_port}")
    monkeypatch.setenv("ALL_PROXY", f"http://{OURS}:{site.server_port}")
    tried, connections, slipped = ssrf_figures(site, ours)
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


def look_up(now=NOW, **answers):
    """Look up what is due; each address answers as given."""

    def fetched(url):
        found = answers.get("found")
        if isinstance(found, Exception):
            raise found
        return found

    return links.check_due(now=now, fetch=fetched)


def page_of(item, person):
    return text_of(browser_of(person).get(item.get_absolute_url()))


@pytest.fixture
def on(settings):
    settings.LINK_CHECKS = True


def test_nothing_is_looked_up_unless_it_is_turned_on(team, monkeypatch):
    item = acts.evidence(team["author"])
    monkeypatch.setattr(fetching, "fetch", lambda *_asked: pytest.fail("asked"))
    assert jobs.check_links(NOW) == 0
    with pytest.raises(CommandError, match="LINK_CHECKS=yes"):
        call_command("check_links")
    assert "does not look up links by itself" in page_of(item, team["viewer"])


def test_status_title_and_date_are_told_and_a_dead_link_is_marked(team, on):
    item = acts.evidence(team["author"])
    assert "Not looked up yet." in page_of(item, team["viewer"])
    assert look_up(found=Answer(200, "https://example.org/b", "<b>A decree</b>")) == 1
    said = page_of(item, team["viewer"])
    assert "The page is there (200)" in said and "Its title was “<b>A decree</b>”" in said
    assert "It led to https://example.org/b" in said and "Dead link." not in said
    assert look_up(NOW + timedelta(days=6)) == 0
    look_up(NOW + timedelta(days=7), found=Answer(404, item.url, "Not found"))
    said = page_of(item, team["viewer"])
    assert "Dead link. The page is gone (404)" in said and "“<b>A decree</b>”" in said and "last seen" in said


def test_one_silence_is_not_death_and_two_are(team, on):
    item = acts.evidence(team["author"])
    look_up(found=NoAnswer("timed out"))
    assert "The site does not answer" in (said := page_of(item, team["viewer"])) and "Dead" not in said
    look_up(NOW + timedelta(days=7), found=NoAnswer("timed out"))
    assert "Dead link." in page_of(item, team["viewer"])


def test_a_link_into_our_own_network_is_told_and_not_asked(team, on, ours):
    item = Evidence.objects.create(
        form="link",
        url=f"http://localhost:{ours.server_port}/",
        title="Ours",
        uploaded_by=team["author"],
        uploaded_at=NOW,
    )
    assert jobs.check_links(NOW) == 1
    assert LinkCheck.objects.get().outcome == LinkOutcome.REFUSED and ours.connections == 0
    assert "does not lead to the public web" in page_of(item, team["viewer"])


def test_restricted_links_are_never_looked_up(team, on):
    item = acts.evidence(team["author"], sensitivity=Sensitivity.RESTRICTED)
    assert look_up(found=pytest.fail) == 0
    assert "Restricted links are never looked up." in page_of(item, team["author"])


def test_the_form_says_what_will_happen(team, settings):
    browser = browser_of(team["author"])
    assert "Nothing is fetched" in text_of(browser.get("/evidence/add/?shape=link"))
    settings.LINK_CHECKS = True
    assert "may reveal our interest to the site" in text_of(browser.get("/evidence/add/?shape=link"))
