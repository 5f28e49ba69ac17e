"""Walking a page by the Tab key alone."""

import re

from recommendations.models import StatusUpdate

ACTIVE = "document.activeElement"
UPDATE = re.compile(r"/updates/[0-9a-f-]{36}/$")
LABEL = f"({ACTIVE}.labels?.[0]?.textContent ?? '').trim()"


def reach(page, label):
    """Press Tab until the control with this label has the focus."""
    press_until(page, LABEL, label)


def reach_name(page, name):
    """Press Tab until a control of this name has the focus."""
    press_until(page, f"{ACTIVE}.name ?? ''", name)


def reach_text(page, text):
    """Press Tab until the button with this text has the focus."""
    press_until(page, f"{ACTIVE}.textContent.trim()", text)


def press_until(page, expression, wanted):
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate(expression) == wanted:
            return
    raise AssertionError(f"the keyboard never reached {wanted}")


def write_by_keyboard(page, url=""):
    """Fill in an assessment and submit it. Returns: the update."""
    page.goto(f"{url}/recommendations/TIP-2024-KP-01/updates/new/")
    reach(page, "What was found (optional)")
    page.keyboard.type("Nothing was published.")
    reach_name(page, "status")
    for _ in range(10):
        page.keyboard.press("ArrowDown")
        if page.evaluate("document.activeElement.value") == "no_action":
            break
    reach(page, "Reason for this status")
    page.keyboard.type("No paper mentions it.")
    reach_name(page, "confidence")
    page.keyboard.press("Space")
    reach(page, "Where we looked")
    page.keyboard.type("KCNA")
    reach_text(page, "Submit for review")
    page.keyboard.press("Enter")
    page.wait_for_url(UPDATE)
    return StatusUpdate.objects.get()
