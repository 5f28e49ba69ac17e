"""A page as somebody sees it in a width: opened, its picture taken, and searched for faults."""

from pathlib import Path

from django.test import Client

from tests.browser.axe import violations
from tests.browser.layout import untidy

SHOTS = Path("test-results/pictures")
WIDTHS = {"1280": {"width": 1280, "height": 800}, "390": {"width": 390, "height": 844}}
# On a phone, the pages that everybody begins with are read, not scrolled past.
LONGEST = {"my-work": 4300, "my-work-contributor": 4300, "desk": 4300}
HEIGHT = "document.documentElement.scrollHeight"


def signed_in(browser, live_server, person, size):
    """Return a page of a browser in which ``person`` is signed in."""
    client = Client()
    client.force_login(person)
    context = browser.new_context(viewport=size)
    cookie = client.cookies["session"]
    context.add_cookies([{"name": "session", "value": cookie.value, "url": live_server.url}])
    return context.new_page()


def look(page, live_server, name, address, width):
    """Open a page, take its picture, and return what is wrong with it."""
    answer = page.goto(live_server.url + address)
    page.screenshot(path=SHOTS / f"{name}-{width}.png", full_page=True)
    faults = list(violations(page))
    if answer.status != 200 or page.url.split("?")[0] != live_server.url + address.split("?")[0]:
        faults.append(f"answers {answer.status} at {page.url}")
    faults += untidy(page)
    if page.evaluate(HEIGHT) > LONGEST.get(name, float("inf")):
        faults.append("is too long")
    return [f"{name} at {width}: {fault}" for fault in faults]
