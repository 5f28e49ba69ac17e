"""Walking a page by the Tab key alone."""

ACTIVE = "document.activeElement"
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
