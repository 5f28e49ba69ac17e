"""Accessibility checks by axe-core, vendored beside this file so that they run offline."""

from functools import cache
from pathlib import Path

SOURCE = Path(__file__).parent / "vendor" / "axe.min.js"
# What passes is not written out, and style sheets are not fetched a second time (only a rule that is
# still an experiment would read them): half the time.
OPTIONS = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    "resultTypes": ["violations"],
    "preload": False,
}


@cache
def _source():
    return SOURCE.read_text(encoding="utf-8")


def violations(page):
    """Return what axe finds on an open page, one readable line each; an empty list is good.

    The script goes in by ``page.evaluate``, which works under the strictest Content-Security-Policy.
    """
    page.evaluate(_source())
    found = page.evaluate("options => axe.run(document, options)", OPTIONS)
    return [
        f"{rule['id']}: {rule['help']} at {' '.join(map(str, node['target']))}: {node['failureSummary']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
