"""Accessibility checks by axe-core, vendored beside this file so that they run offline."""

from functools import cache
from pathlib import Path

SOURCE = Path(__file__).parent / "vendor" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@cache
def _source():
    return SOURCE.read_text(encoding="utf-8")


def violations(page):
    """Return what axe finds on an open page, one readable line each; an empty list is good.

    The script goes in by ``page.evaluate``, which works under the strictest Content-Security-Policy.
    """
    page.evaluate(_source())
    found = page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", RULES)
    return [
        f"{rule['id']}: {rule['help']} at {' '.join(map(str, node['target']))}: {node['failureSummary']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
