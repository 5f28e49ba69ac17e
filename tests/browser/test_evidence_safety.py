"""What the desk says about the safety of evidence, and the pages of files that cannot be opened."""

from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from recommendations.choices import Role
from recommendations.services.evidence import verification
from tests.browser.axe import violations
from tests.support.remembered import remembered
from tests.support.vaulting import flip, keep_only_items
from tests.support.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = Path("test-results/pictures")


@pytest.fixture
def world(live_server):
    """A world of which two files are damaged, one of them restricted, and no recovery key is named."""
    for role in Role:
        Group.objects.get_or_create(name=role)
    SHOTS.mkdir(parents=True, exist_ok=True)
    made = remembered(World)
    keep_only_items()
    flip(made.file.object_name)
    flip(made.restricted_file.object_name)
    verification.verify(now=timezone.now())
    return made


@pytest.fixture
def look(page, live_server, client, context, settings, world):
    """A manager's browser: opens a page, takes its picture, returns what is wrong with it."""
    client.force_login(world.people["manager"])
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])

    def looked(address, name):
        page.goto(live_server.url + address)
        page.screenshot(path=SHOTS / f"{name}.png", full_page=True)
        wide = page.evaluate("document.documentElement.scrollWidth") > page.viewport_size["width"]
        return violations(page) + (["wider than the window"] if wide else [])

    return looked


@pytest.mark.looks
@pytest.mark.parametrize("width", [390, 1280])
def test_alarms_and_notes_are_read_at_every_width(page, world, look, settings, width):
    page.set_viewport_size({"width": width, "height": 800})
    download = f"/evidence/{world.file.key}/download/"
    found = look("/desk/", f"safety-desk-{width}") + look(download, f"safety-damaged-{width}")
    settings.EVIDENCE_KEY_FILE.unlink()
    found += look("/desk/", f"safety-no-key-{width}") + look(download, f"safety-locked-{width}")
    assert found == []
    assert "Nothing is lost" in page.content()
