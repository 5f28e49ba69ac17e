"""The page of a link in each state of its copies, and the page that asks first, at both widths."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from recommendations.choices import CaptureFinding, CaptureState, Role, Sensitivity
from recommendations.models import Capture, Evidence
from recommendations.models.leases import new_lease
from tests.browser.looking import SHOTS, WIDTHS, look, signed_in
from tests.support import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ana(live_server, settings):
    """Ana, where copies may be asked for."""
    settings.LINK_CAPTURE = True
    for role in Role:
        Group.objects.get_or_create(name=role)
    SHOTS.mkdir(parents=True, exist_ok=True)
    return factories.team()["author"]


def link(ana, **said):
    """Add a link with a long address."""
    item = factories.link(ana, "Decree on the conditions of detention")
    url = "https://www.example.org/ko/news/2026/11/25/" + "a-very-long-address-" * 6 + "북한"
    Evidence.objects.filter(pk=item.pk).delete()
    item.url, item.pk = url, None
    for name, value in said.items():
        setattr(item, name, value)
    item.save(force_insert=True)
    return item


def asked(item, ana, number=2, **said):
    """Add the row of a copy that was asked for, in a state."""
    now = timezone.now()
    told = new_lease(now) if said.get("state") == CaptureState.RUNNING else {}
    return Capture.objects.create(
        evidence=item, number=number, asked_by=ana, asked_at=now, was_restricted=False, **told, **said
    )


def states(ana):
    """Return (name, address) of each."""
    plain = link(ana)
    secret = link(ana, sensitivity=Sensitivity.RESTRICTED)
    kept = link(ana)
    factories.captured(kept)
    twice = link(ana)
    factories.captured(twice)
    failed = {"state": CaptureState.FAILED, "finding": CaptureFinding.NO_ANSWER, "detail": "timed out"}
    asked(twice, ana, **failed)
    several = link(ana)
    for number, status in enumerate((200, 200, 500, 404, 200), start=1):
        factories.captured(several, number, status=status, final_url=f"{several.url}/{'moved-' * 20}{number}")
    waiting, running = link(ana), link(ana)
    asked(waiting, ana)
    asked(running, ana, number=1, state=CaptureState.RUNNING)
    pages = {
        "offer": plain,
        "kept": kept,
        "several": several,
        "failed": twice,
        "asked": waiting,
        "running": running,
    }
    shown = [(f"capture-{name}", item.get_absolute_url()) for name, item in pages.items()]
    shown += [("capture-custody", f"{kept.get_absolute_url()}custody/")]
    return shown + [
        (f"capture-{name}", f"{item.get_absolute_url()}capture/")
        for name, item in (("confirm", plain), ("confirm-restricted", secret))
    ]


@pytest.mark.looks
@pytest.mark.parametrize("width", WIDTHS)
def test_each_state_is_whole(ana, live_server, browser, width):
    page = signed_in(browser, live_server, ana, WIDTHS[width])
    blocked = []
    page.on("console", lambda said: blocked.append(said.text) if said.type == "error" else None)
    faults = [fault for shown in states(ana) for fault in look(page, live_server, *shown, width)]
    assert faults + blocked == []
    page.context.close()


def test_it_is_asked_for_by_keyboard_alone(ana, live_server, browser):
    item = link(ana)
    page = signed_in(browser, live_server, ana, WIDTHS["1280"])
    page.goto(live_server.url + item.get_absolute_url())
    page.get_by_role("link", name="Copy this page").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/capture/")
    page.get_by_role("button", name="Copy the page").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{item.get_absolute_url()}")
    assert page.get_by_text("A copy was requested.").count() == 1
    row = Capture.objects.get()
    assert row.state == CaptureState.ASKED and timezone.now() - row.asked_at < timedelta(minutes=1)
    page.context.close()
