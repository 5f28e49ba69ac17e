"""Ways into our own network that an address, a name or a redirect can try, and the doors to try."""

import io

from recommendations.choices import (
    CaptureFinding,
    CaptureState,
    EvidenceForm,
    LinkOutcome,
    Sensitivity,
)
from recommendations.models import Capture, Evidence
from recommendations.services.evidence import captures, links
from recommendations.web.client import Answer, NoAnswer, NotAllowed, Recording
from tests.support.sites import OURS, SITE, ask, leads_to

# Asked as they are; the system's resolver reads the odd spellings.
SPELLINGS = """
127.0.0.1 127.1 0.0.0.0 0 2130706433 0x7f000001 0x7f.1 017700000001 127.255.255.254 localhost
[::1] [::] [::ffff:127.0.0.1] [::ffff:7f00:1] [0:0:0:0:0:ffff:7f00:1] [64:ff9b::7f00:1] [2002:7f00:1::]
[fec0::1] [fe80::1] [fc00::1] [fd12:3456::1] [ff02::1] [64:ff9b:1::7f00:1] [2001:0:7f00:1::] [::127.0.0.1]
10.0.0.1 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 192.0.2.1 198.18.0.1 224.0.0.1 240.0.0.1
255.255.255.255 192.0.0.1
"""
# Names that lead there: one address, or a public one with one of ours beside it.
NAMES = (
    ["127.0.0.1"],
    ["::1"],
    ["93.184.215.14", "127.0.0.1"],
    ["127.0.0.1", "93.184.215.14"],
    ["2606:4700::1111", "::1"],
    ["::ffff:127.0.0.1"],
    ["64:ff9b::7f00:1"],
    ["100.64.0.1"],
    ["100.127.255.254"],
    ["169.254.169.254"],
    ["fd00:ec2::254"],
    ["fe80::1%lo"],
    [],
)
TARGETS = (
    "127.0.0.1",
    "localhost",
    "[::ffff:127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "100.64.0.1",
    "2130706433",
    "[::1]",
)


def ways(site):
    """Yield (address, how ``sites.ask`` asks for it), each to be tried before the next is asked for."""
    port = site.server_port
    for host in SPELLINGS.split():
        yield f"http://{host}:{port}/", {}
    for addresses in NAMES:
        yield f"http://name.example:{port}/", {"resolve": lambda _host, _port, found=addresses: list(found)}
    yield from _redirects(site, port)
    # A name that leads to the site first, and to us when it is asked again: after one redirect, and two.
    for path in ("/again", "/twice"):
        turns = iter([[SITE]] * (1 if path == "/again" else 2) + [[OURS]] * 2)
        site.paths |= {"/again": leads_to("/"), "/twice": leads_to("/again")}
        yield f"http://rebinding.example:{port}{path}", {"resolve": lambda *_asked, turns=turns: next(turns)}
    for url in (
        "file:///etc/passwd",
        f"gopher://{OURS}:{port}/",
        f"http://a@{OURS}:{port}/",
        f"ftp://{OURS}/",
    ):
        yield url, {}


def _redirects(site, port):
    for target in TARGETS:
        for path, url in (("/to", f"http://{target}:{port}/"), ("/far", "/near"), ("/near", "/to")):
            site.paths[path] = leads_to(url)
        yield f"http://{SITE}:{port}/to", {}
        yield f"http://{SITE}:{port}/far", {}
    for url in (
        f"//{OURS}:{port}/",
        f"https://{OURS}:{port}/",
        f"http://{SITE}@{OURS}:{port}/",
        f"http://{OURS}:{port}\\@{SITE}/",
        "file:///etc/passwd",
        "http://[::1",
    ):
        site.paths["/to"] = leads_to(url)
        yield f"http://{SITE}:{port}/to", {}


def asked(_person, url, port, how, _now):
    """Ask as a check does. Returns: whether the address was refused, as it has to be."""
    return _is_refused(url, port, how)


def recorded(_person, url, port, how, _now):
    """Ask as for a copy. Returns: as ``asked``."""
    return _is_refused(url, port, {**how, "recording": Recording(io.BytesIO)})


def _is_refused(url, port, how):
    try:
        ask(url, port, **how)
    except NotAllowed:
        return True
    except NoAnswer:
        return False
    return False


def checked(person, url, port, how, now):
    """Have the job look whether the link is dead. Returns: as ``asked``."""
    item = _link(person, url, now)
    links.check_due(
        now=now, fetch=lambda due: ask(url, port, **how) if due == url else Answer(200, due, "another's")
    )
    return item.link_checks.get().outcome == LinkOutcome.REFUSED


def captured(person, url, port, how, now):
    """Have the job keep a copy of the page. Returns: as ``asked``; what is kept counts as not refused."""
    wish = Capture.objects.create(
        evidence=_link(person, url, now),
        number=1,
        asked_by=person,
        asked_at=now,
        was_restricted=False,
    )
    captures.capture_due(now=now, fetch=lambda due, recording: ask(due, port, recording=recording, **how))
    wish.refresh_from_db()
    ended = (wish.state, wish.finding, wish.object_name)
    return ended == (CaptureState.FAILED, CaptureFinding.REFUSED, "")


def _link(person, url, now):
    return Evidence.objects.create(
        form=EvidenceForm.LINK,
        url=url,
        title="A page",
        sensitivity=Sensitivity.INTERNAL,
        uploaded_by=person,
        uploaded_at=now,
    )


DOORS = (asked, recorded, checked, captured)


def tried(door, site, *, person=None, now=None):
    """Try every way at a door. Returns: (how many, the addresses that were not refused)."""
    number, slipped = 0, []
    for url, how in ways(site):
        number += 1
        if not door(person, url, site.server_port, how, now):
            slipped.append(url)
    return number, slipped
